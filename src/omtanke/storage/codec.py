"""Bodies and personal parts as bytes. A body's type and version stand beside it in the log."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Body

LEAST_INTEGER, LARGEST_INTEGER = -(2**63), 2**64 - 1
DEEPEST = 50

_ENCODER = msgspec.msgpack.Encoder()
encode: Callable[[Any], bytes] = _ENCODER.encode

Data = bytes | msgspec.Raw
# One reader for each type and version that has ever been written.
READERS: dict[tuple[str, int], Callable[[Data], Body]] = {(name, body.version): msgspec.msgpack.Decoder(body).decode for name, body in BODIES.items()}
_PERSONAL = msgspec.msgpack.Decoder(dict[str, Any])


def decode_body(type_: str, version: int, data: Data) -> Body:
    """The body of a fact. Raises KeyError for a type or version that this version of Omtanke cannot read."""
    return READERS[type_, version](data)


class Part(Mapping[str, Any]):
    """A personal part of which most is bytes already, and is seldom looked into. `said`: those, a small map; `more`: what comes after it."""

    __slots__ = ("_said", "_more")

    def __init__(self, said: bytes, more: dict[str, Any]) -> None:
        self._said = said
        self._more = more

    def encoded(self) -> bytes:
        """All of it as bytes. The first byte of a map of at most 15 entries says how many there are."""
        return bytes((self._said[0] + len(self._more),)) + self._said[1:] + encode(self._more)[1:]

    def may_name(self, name: bytes) -> bool:
        """False where nothing that was said can have the name."""
        return name in self._said

    def __getitem__(self, name: str) -> Any:
        return self._more[name] if name in self._more else _PERSONAL.decode(self._said)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_PERSONAL.decode(self._said) | self._more)

    def __len__(self) -> int:
        return (self._said[0] & 0x0F) + len(self._more)


def encode_personal(part: Any) -> bytes:
    """A personal part as bytes. What msgpack cannot hold, JSON can: such a number, and what is nested very deep, is kept as JSON text."""
    try:
        return part.encoded() if isinstance(part, Part) else encode(part)
    except (OverflowError, RecursionError):
        return encode(_holdable(part, 0))


def _holdable(value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        return {key: _holdable(one, depth + 1) for key, one in value.items()} if depth < DEEPEST else json.dumps(value)
    if isinstance(value, list | tuple):
        return [_holdable(one, depth + 1) for one in value] if depth < DEEPEST else json.dumps(value)
    return str(value) if isinstance(value, int) and not LEAST_INTEGER <= value <= LARGEST_INTEGER else value


def decode_personal(data: bytes) -> dict[str, Any]:
    """A personal part: `properties` or `traits`, `items`, `numbers`, `identifiers`, `context`, as far as there are any."""
    return _PERSONAL.decode(data)
