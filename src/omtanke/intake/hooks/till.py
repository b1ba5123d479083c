"""Receipts from the till, in a form of ours (docs/how-to, webhooks in): what any till can be made to send at the end of a purchase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from omtanke.intake.hooks.telling import Delivery, Message, Person, filled, number_of, object_of, objects_of, part_of, track
from omtanke.vocabulary.refusal import Refused

SALE, RETURN = "sale", "return"
FIELDS = ("kind", "receipt_id", "store_id", "till_id", "at", "total", "discount", "currency", "cart_id", "customer", "lines", "returns_of")
OF_A_LINE = ("line_id", "product_id", "sku", "name", "category", "quantity", "price")


def tell(delivery: Delivery) -> Iterator[Message]:
    """The events of one receipt, or of several. Raises Refused where a receipt is not of the form."""
    body = object_of(delivery.body)
    receipts = objects_of(body["receipts"], "receipts") if "receipts" in body else [body]
    for receipt in receipts:
        yield from tell_receipt(receipt)


def tell_receipt(receipt: Mapping[str, Any]) -> Iterator[Message]:
    unknown = [name for name in receipt if name not in FIELDS]
    if unknown:
        raise Refused(unknown[0], receipt[unknown[0]], f"is not a field of a receipt; they are {', '.join(FIELDS)}")
    number, kind = number_of(receipt, "receipt_id"), receipt.get("kind", SALE)
    if not isinstance(receipt.get("at"), str):
        raise Refused("at", receipt.get("at"), "is missing: when it was, as 2026-11-21T09:14:00+01:00")
    customer = part_of(receipt, "customer")
    person = Person(str(customer.get("user_id") or ""), {name: customer.get(name) for name in ("loyalty_number", "email", "phone")})
    said = {"store_id": receipt.get("store_id"), "till_id": receipt.get("till_id"), "currency": receipt.get("currency")}
    lines = [line(one, f"lines[{n}]") for n, one in enumerate(objects_of(receipt.get("lines"), "lines"))]
    if kind == SALE:
        said |= {"receipt_id": number, "cart_id": receipt.get("cart_id"), "total": receipt.get("total"), "discount": receipt.get("discount"), "products": lines}
        yield track("Receipt Issued", f"receipt/{number}", receipt["at"], said, "store", person)
    elif kind == RETURN:
        order = number_of(receipt, "returns_of")
        yield track("Return Received", f"receipt/{number}/return", receipt["at"], {**said, "order_id": order, "products": lines}, "store", person)
        if receipt.get("total"):
            yield track("Order Refunded", f"receipt/{number}/refund", receipt["at"], {**said, "order_id": order, "total": receipt["total"]}, "store", person)
    else:
        raise Refused("kind", kind, f"is not one of {SALE}, {RETURN}")


def line(one: Mapping[str, Any], path: str) -> dict[str, Any]:
    """A line; one without a name of its own is named by its product."""
    unknown = [name for name in one if name not in OF_A_LINE]
    if unknown:
        raise Refused(f"{path}.{unknown[0]}", one[unknown[0]], f"is not a field of a line; they are {', '.join(OF_A_LINE)}")
    return filled(one)
