"""What was bought or lies in a cart, as the sender named it: the names are in the personal part, the rest in the body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from omtanke.messages.context import MOST_LINES, Line, Money, Order
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.cart import ProductAdded, ProductRemoved
from omtanke.vocabulary.order import OrderCompleted, OrderLineRecorded, OrderUpdated
from omtanke.vocabulary.product import Line as LineTold
from omtanke.vocabulary.store import ReceiptIssued

ORDER_TYPES = ("order_completed", "order_updated", "order_line_recorded", "receipt_issued")
CART_TYPES = ("product_added", "product_removed")
LISTS = ("products", "lines")
Numbers = Mapping[tuple[str, int], str]


def order_of(order: int, facts: Iterable[FactSeen], numbers: Numbers, currency: str) -> Order | None:
    """The order as it stands after these facts, the earliest first; None when its number is not known as the customer has seen it.

    A line whose name nobody has told has the number of the goods for a name.
    """
    number = numbers.get(("order", order))
    if number is None:
        return None
    lines: tuple[Line, ...] = ()
    alone: list[Line] = []
    total: Money | None = None
    for fact in facts:
        body = fact.body
        if getattr(body, "order", 0) != order:
            continue
        if isinstance(body, OrderLineRecorded):
            alone += _line(body.product, body.quantity, body.price, fact.personal.get("properties") or {}, numbers, body.currency or currency)
        elif isinstance(body, OrderCompleted | OrderUpdated | ReceiptIssued):
            lines = tuple(_lines(body.lines, fact.personal, numbers, body.currency or currency)) or lines
            total = Money(body.total, body.currency or currency) if body.total else total
    return Order(number=number, lines=(lines or tuple(alone))[:MOST_LINES], total=total)


def _lines(told: Sequence[LineTold], personal: Mapping[str, Any], numbers: Numbers, currency: str) -> Iterable[Line]:
    items = personal.get("items") or {}
    for n, line in enumerate(told):
        said: Mapping[str, Any] = next((items[path] for path in (f"properties.{name}[{n}]" for name in LISTS) if path in items), {})
        yield from _line(line.product, line.quantity, line.price, said, numbers, currency)


def _line(product: int, quantity: int, price: int, said: Mapping[str, Any], numbers: Numbers, currency: str) -> Iterable[Line]:
    """At most one: what has neither name nor number cannot be said. `price`: of one, in minor units."""
    name = _text(said.get("name")) or numbers.get(("product", product), "")
    if name:
        yield Line(name=name, variant=_text(said.get("variant")), quantity=quantity, price=Money(price * quantity, currency) if price else None)


def cart_of(cart: int, facts: Iterable[FactSeen], numbers: Numbers, currency: str) -> tuple[Line, ...]:
    """What lies in a cart after these facts, the earliest first."""
    held: dict[int, Line] = {}
    for fact in facts:
        body = fact.body
        if not isinstance(body, ProductAdded | ProductRemoved) or body.cart != cart:
            continue
        before = held.get(body.product)
        had = before.quantity if before else 0
        if isinstance(body, ProductRemoved):
            one = before.price.minor // had if before and before.price else 0
            held |= _held(body.product, had - body.quantity, one, before, currency)
        else:
            said = fact.personal.get("properties") or {}
            named = next(iter(_line(body.product, 1, body.price, said, numbers, body.currency or currency)), before)
            held |= _held(body.product, had + body.quantity, body.price, named, body.currency or currency)
    return tuple(line for line in held.values() if line.quantity > 0)[:MOST_LINES]


def _held(product: int, quantity: int, price: int, named: Line | None, currency: str) -> dict[int, Line]:
    if named is None:
        return {}
    return {product: Line(name=named.name, variant=named.variant, quantity=max(0, quantity), price=Money(price * quantity, currency) if price else None)}


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
