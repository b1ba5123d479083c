"""Bodies and personal parts as bytes. A body's type and version stand beside it in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Body

_ENCODER = msgspec.msgpack.Encoder()
encode: Callable[[Any], bytes] = _ENCODER.encode

# One reader for each type and version that has ever been written.
READERS: dict[tuple[str, int], Callable[[bytes], Body]] = {(name, body.version): msgspec.msgpack.Decoder(body).decode for name, body in BODIES.items()}
_PERSONAL = msgspec.msgpack.Decoder(dict[str, Any])


def decode_body(type_: str, version: int, data: bytes) -> Body:
    """The body of a fact. Raises KeyError for a type or version that this version of Omtanke cannot read."""
    return READERS[type_, version](data)


def decode_personal(data: bytes) -> dict[str, Any]:
    """A personal part: `properties` or `traits`, `items`, `numbers`, `identifiers`, `context`, as far as there are any."""
    return _PERSONAL.decode(data)
