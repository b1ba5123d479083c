"""The calendar of capacity, read from the facts that tell of it. There is no table: an index holds these facts alone, those of older logs among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from omtanke.engine.capacity import Calendar, Change
from omtanke.storage.codec import decode_body, decode_personal
from omtanke.storage.statements import statements
from omtanke.vocabulary.delivery import OrderShipped
from omtanke.vocabulary.store import CapacityChanged

TYPE, STORE = "capacity_changed", "store"
SQL = statements("capacity/log.sql")

Ask = Callable[[str], Iterable[Any]]


def calendar_of(ask: Ask) -> Calendar:
    """All that was told, the latest last. `ask`: what a statement answers, on a connection of the caller's."""
    return tuple(_change_of_row(*row) for row in ask(SQL["capacity_told"]))


def last_told(ask: Ask) -> int:
    """The position at which something was told last, 0 for never: a calendar read at that position still holds."""
    return next((int(row[0]) for row in ask(SQL["capacity_last"])), 0)


def change_of(body: CapacityChanged, position: int, told_at: int, personal: Mapping[str, Any]) -> Change:
    """A fact as a change. What was told without a beginning begins when it was told. The name stands in the personal part, and is erased with it."""
    name = next((written for kind, number, written in personal.get("numbers") or () if (kind, number) == (STORE, body.store)), "")
    return Change(body.store, name, body.kind, body.pace, body.from_at or told_at, body.until_at, body.why, told_at, position, body.staff)


def _change_of_row(position: int, version: int, body: bytes, told_at: int, part: bytes | None) -> Change:
    told = decode_body(TYPE, version, body)
    assert isinstance(told, CapacityChanged)
    return change_of(told, position, told_at, decode_personal(part) if part else {})


class OwedDelivery(Struct, frozen=True, gc=False):
    """An open promise of delivery. `known_at`: when its window was last said; `sent_at`, `carrier`: of the first of the order's parcels, 0 and empty until one
    has left. UTC microseconds."""

    promise: int
    customer: int
    order: int
    made_at: int
    until_at: int
    known_at: int
    sent_at: int
    carrier: str


def deliveries_owed(ask: Callable[..., Iterable[Any]], now: int, told: int) -> Iterator[OwedDelivery]:
    """All whose time is not over and that were made up to a moment. `ask`: what a statement answers with named values."""
    sent: dict[int, tuple[int, str]] = {}
    for at, version, body in ask(SQL["shipments_of_owed"], now=now, told=told):
        shipped = decode_body("order_shipped", version, body)
        assert isinstance(shipped, OrderShipped)
        sent[shipped.order] = min(sent.get(shipped.order, (at, shipped.carrier)), (at, shipped.carrier))
    for promise, customer, order, made_at, until_at, known_at in ask(SQL["deliveries_owed"], now=now, told=told):
        yield OwedDelivery(promise, customer, order, made_at, until_at, known_at, *sent.get(order, (0, "")))
