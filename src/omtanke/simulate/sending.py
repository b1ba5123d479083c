"""Messages as they lie in the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from omtanke.simulate.retailer import wires
from omtanke.simulate.telling import Message
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.time import moment_of


class _Envelope(msgspec.Struct):
    messageId: str
    timestamp: str


def incoming(messages: Iterable[Message]) -> Iterator[Incoming]:
    """Each message encoded, with its id and its own moment."""
    encoder = msgspec.json.Encoder()
    for message in messages:
        yield Incoming(message["messageId"], moment_of(datetime.fromisoformat(message["timestamp"])), encoder.encode(message))


def incoming_history(seed: int, until: datetime, months: int = 4, customers: int = 2_000) -> Iterator[Incoming]:
    """The same as `incoming(retail_history(...))`, without building each message twice; for a million of them."""
    decoder = msgspec.json.Decoder(_Envelope)
    for wire in wires(seed, until, months, customers):
        envelope = decoder.decode(wire)
        yield Incoming(envelope.messageId, moment_of(datetime.fromisoformat(envelope.timestamp)), wire)
