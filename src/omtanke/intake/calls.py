"""Segment's calls: which messages a body holds, and whether each can be understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from omtanke.intake.gathering import Sending
from omtanke.intake.http import LARGEST_CALL, Fault, Problem, encode, fault
from omtanke.intake.quotes.orders import remark_on
from omtanke.intake.senders.cloudevents import path_of, told
from omtanke.intake.senders.tracking import BATCH, settle
from omtanke.storage.handed import Handing, Places
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.reading import CALLS, anybody, message_id, read_message
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import read_moment


class Read(Struct):
    """What became of the messages of a call: those to be stored, and those with a fault, each with its place and wire form. `remarks`: what is to be
    said of one that is stored all the same, by its id."""

    taken: list[Incoming]
    refused: list[tuple[dict[str, Any], Fault]]
    remarks: dict[str, Fault] = {}

    def take(self, incoming: Incoming, message: Mapping[str, Any], sending: Sending, keys: Keys, now: int) -> None:
        """One more to be stored."""
        self.taken.append(incoming)
        if remark := remark_on(message, keys, sending, now):
            self.remarks[incoming.message_id] = remark


def calls_of(call: str, body: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(path, message) of each call in the body; a batch shares its `sentAt` and `context`."""
    if call != BATCH:
        return [("", {**body, "type": call})]
    batch = body.get(BATCH)
    if not isinstance(batch, list) or not all(isinstance(message, dict) for message in batch):
        raise Problem(400, "batch is not a list of calls")
    shared = {name: body[name] for name in ("sentAt", "context") if body.get(name)}
    return [(f"batch[{n}]", {**shared, **message}) for n, message in enumerate(batch)]


def read_calls(call: str, body: dict[str, Any], sending: Sending, clock: Callable[[], int], keys: Keys) -> Read:
    """The messages that can be understood, and what is wrong with the others."""
    read, handing = Read([], []), Handing(sending.source, keys)
    for path, message in calls_of(call, body):
        now = clock()
        try:
            settled = settle(message, sending.zone, now)
            read.take(checked(settled, sending, now, handing), settled, sending, keys, now)
        except Refused as refused:
            where = f"{path}.{refused.path}".strip(".")
            read.refused.append((message, fault(where, refused.shown, refused.rule)))
    return read


def read_events(events: Sequence[Mapping[str, Any]], sending: Sending, clock: Callable[[], int], keys: Keys) -> Read:
    """CloudEvents that can be understood, and what is wrong with the others."""
    read, handing = Read([], []), Handing(sending.source, keys)
    for n, event in enumerate(events):
        now = clock()
        try:
            message = told(event)
            read.take(of_something(message, sending, now, handing), message, sending, keys, now)
        except Refused as refused:
            path = path_of(refused.path)
            where = f"[{n}].{path}" if len(events) > 1 else path
            read.refused.append((dict(event), fault(where, refused.shown, refused.rule)))
    return read


def of_something(message: dict[str, Any], sending: Sending, now: int, handing: Handing | None = None) -> Incoming:
    """The message as it is stored. Raises Refused where it is about nobody and nothing."""
    if not message.get("userId") and not message.get("anonymousId"):
        understood = read_message(message, now, sending.zone, sending.currency, lambda kind, number: 1)
        if not understood.identifiers and not understood.numbers:
            raise Refused("userid", None, "is missing, and so is anonymousid: one of them says who it was, or data names an order, a parcel, a case or a store")
    return stored(message, sending, now, handing=handing)


def checked(message: dict[str, Any], sending: Sending, now: int, handing: Handing | None = None) -> Incoming:
    """The message as it is stored. Raises Refused where it breaks a rule."""
    if message.get("type", "track") not in CALLS:
        raise Refused("type", message.get("type"), f"is not one of {', '.join(CALLS)}")
    if not message.get("userId") and not message.get("anonymousId"):
        raise Refused("userId", None, "is missing, and so is anonymousId: one of them says who it was")
    return stored(message, sending, now, handing=handing)


def stored(message: dict[str, Any], sending: Sending, now: int, stamped_at: int = 0, handing: Handing | None = None) -> Incoming:
    """The message as it is stored, once it is known that the worker will understand it. Raises Refused."""
    wire = encode(message)
    if len(wire) > LARGEST_CALL:
        raise Refused("", f"{len(wire)} bytes", f"is larger than {LARGEST_CALL} bytes; send less with each event")
    may_identify = handing.may_identify if handing is not None else anybody
    understood = read_message(message, now, sending.zone, sending.currency, Places().refer, may_identify=may_identify)
    handed = handing.hand_over(understood) if handing is not None else b""
    return Incoming(message_id(message), stamped_at or stamp(message, sending), wire, handed)


def stamp(message: Mapping[str, Any], sending: Sending) -> int:
    """The sender's own moment, 0 when none was sent."""
    stamped = message.get("originalTimestamp") or message.get("timestamp")
    return read_moment(stamped, "timestamp", sending.zone) if stamped else 0
