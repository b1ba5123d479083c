"""A WooCommerce shop's webhooks, after the reference of its REST API (v3).

A webhook says how an order stands, not what has happened: each state is told as an event with an id of its own, so that the
next webhook of the same order adds what is new and repeats nothing. The statuses are WooCommerce's: *processing*, *on-hold*
and *completed* are orders that have been placed, *completed* one that has been sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from omtanke.intake.hooks.telling import (
    Delivery,
    Message,
    Person,
    code_or_nothing,
    filled,
    identify,
    number_of,
    object_of,
    objects_of,
    part_of,
    stamped,
    text_of,
    track,
    whole,
)
from omtanke.vocabulary.refusal import Refused

PLACED = ("processing", "on-hold", "completed", "refunded")
ADDRESS = {"address_1": "address", "city": "city", "postcode": "postal_code", "country": "country"}
PING = "webhook_id"


def tell(delivery: Delivery) -> Iterator[Message]:
    """The events of one delivery. Raises Refused where the payload is not what its topic says."""
    topic, body = delivery.headers.get("x-wc-webhook-topic", ""), object_of(delivery.body)
    if PING in body and not topic:
        return  # said once, when the webhook is made
    match topic:
        case "order.created" | "order.updated" | "order.restored":
            yield from order(body)
        case "customer.created" | "customer.updated":
            yield customer(body)
        case _:
            delivery_id = delivery.headers.get("x-wc-webhook-delivery-id", "")
            if not topic or not delivery_id:
                raise Refused("X-WC-Webhook-Topic", topic, "is missing, or X-WC-Webhook-Delivery-ID is: this did not come from WooCommerce as it documents it")
            yield whole("WooCommerce", topic, f"delivery/{delivery_id}", body, who(body))


def order(body: Mapping[str, Any]) -> Iterator[Message]:
    """Everything that has happened to an order, as far as its state tells it."""
    number, status = number_of(body, "id"), text_of(body, "status")
    created, changed = moment(body, "date_created_gmt"), moment(body, "date_modified_gmt")
    person = who(body)
    if status in PLACED or body.get("date_paid_gmt"):
        yield track("Order Completed", f"order/{number}", created, placed(body, number), "web", person)
    if body.get("date_paid_gmt"):
        yield track("Payment Approved", f"order/{number}/paid", moment(body, "date_paid_gmt"), {"order_id": number}, person=person)
    if body.get("date_completed_gmt"):
        yield track("Order Shipped", f"order/{number}/shipped", moment(body, "date_completed_gmt"), {"order_id": number}, "delivery", person)
    if status == "cancelled":
        yield stamped(track("Order Cancelled", f"order/{number}/cancelled", changed, {"order_id": number}, person=person), created)
    for refund in objects_of(body.get("refunds"), "refunds"):
        said = {"order_id": number, "total": str(refund.get("total", "")).lstrip("-"), "currency": body.get("currency"), "note": refund.get("reason")}
        yield stamped(track("Order Refunded", f"refund/{number_of(refund, 'id')}", changed, said, person=person), created)


def placed(body: Mapping[str, Any], number: str) -> dict[str, Any]:
    """The order as it was placed."""
    to = part_of(body, "shipping") if text_of(part_of(body, "shipping"), "address_1") else part_of(body, "billing")
    return {
        "order_id": number,
        "order_number": body.get("number"),
        "total": body.get("total"),
        "shipping": body.get("shipping_total"),
        "tax": body.get("total_tax"),
        "discount": body.get("discount_total"),
        "currency": body.get("currency"),
        "region": code_or_nothing(to.get("state")),
        "shipping_address": body.get("shipping"),
        "billing_address": body.get("billing"),
        "products": [line(one) for one in objects_of(body.get("line_items"), "line_items")],
    }


def line(item: Mapping[str, Any]) -> dict[str, Any]:
    product = text_of(item, "sku") or item.get("variation_id") or item.get("product_id") or number_of(item, "id")
    return filled({"line_id": item.get("id"), "product_id": product, "name": item.get("name"), "quantity": item.get("quantity"), "price": item.get("price")})


def who(body: Mapping[str, Any]) -> Person:
    """The account, 0 for a guest, and the addresses of the bill."""
    billing, account = part_of(body, "billing"), body.get("customer_id")
    return Person(str(account) if account else "", {name: billing.get(name) for name in ("email", "phone")})


def customer(body: Mapping[str, Any]) -> Message:
    """What is known of a customer."""
    number, billing = number_of(body, "id"), part_of(body, "billing")
    at = moment(body, "date_modified_gmt") or moment(body, "date_created_gmt")
    traits = {name: body.get(name) or billing.get(name) for name in ("email", "first_name", "last_name")}
    traits |= {"phone": billing.get("phone"), "region": code_or_nothing(billing.get("state"))}
    traits |= {name: billing.get(field) for field, name in ADDRESS.items()}
    return identify(Person(number, traits), f"customer/{number}/{at}", at)


def moment(body: Mapping[str, Any], name: str) -> str:
    """A moment that WooCommerce gives in UTC without saying so."""
    written = text_of(body, name)
    return f"{written}Z" if written and not written.endswith("Z") else written
