"""What may happen in a shop, as Hypothesis draws it: few people, few numbers, much confusion."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from hypothesis import strategies as st

from fakes.shop import text_of
from fakes.story import at
from omtanke.vocabulary.time import DAY, HOUR

FIRST = at("2026-11-01 00:00")
DAYS = 24
KINDS = ("delivery", "pickup", "refund", "call_back", "reply", "repair", "restock", "appointment", "opening_hours", "benefit")

moments = st.integers(0, DAYS * 24).map(lambda hours: FIRST + hours * HOUR)
orders = st.sampled_from(["o1", "o2", "o3"])
parcels = st.sampled_from(["p1", "p2", "p3"])
cases = st.sampled_from(["c1", "c2"])
products = st.sampled_from(["shoes", "socks", "laces"])
purposes, ways = st.sampled_from(["surveys", "marketing", "recognition"]), st.sampled_from(["", "mail"])
banners = st.fixed_dictionaries(
    {"consentMode": st.dictionaries(st.sampled_from(["ad_user_data", "personalization_storage"]), st.sampled_from(["granted", "denied"]))}
)
lines = st.lists(st.sampled_from(["1", "2", "3"]).map(lambda n: {"line_id": n}), max_size=3, unique_by=lambda line: line["line_id"])


@st.composite
def windows(draw: st.DrawFn) -> dict[str, Any]:
    """When it is promised: by a day or an hour, perhaps not before another."""
    until = draw(moments) + draw(st.integers(0, 5)) * DAY
    window: dict[str, Any] = {"until": text_of(until) if draw(st.booleans()) else text_of(until)[:10]}
    if draw(st.booleans()):
        window["from"] = (
            text_of(until - draw(st.integers(1, 72)) * HOUR)[:10] if len(window["until"]) == 10 else text_of(until - draw(st.integers(1, 72)) * HOUR)
        )
    if draw(st.integers(0, 3)) == 0:
        window["attended"] = True
    return window


@st.composite
def stated(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS) -> dict[str, Any]:
    promise = {"kind": draw(st.sampled_from(kinds)), **draw(windows())}
    subject = draw(st.sampled_from(["", "", "order_id", "parcel_id", "case_id", "product_id", "store_id", "line_id"]))
    number = {
        "order_id": orders,
        "parcel_id": parcels,
        "case_id": cases,
        "product_id": products,
        "store_id": st.just("s1"),
        "line_id": st.sampled_from(["1", "2"]),
    }
    if subject:
        promise[subject] = draw(number[subject])
    return promise


promised = st.lists(stated(), max_size=2)
EVENTS: dict[str, dict[str, Any]] = {
    "Order Completed": {"order_id": orders, "promises": promised, "products": lines, "cart_id": st.sampled_from(["k1", "k2"])},
    "Order Updated": {"order_id": orders, "promises": promised, "products": lines},
    "Order Line Recorded": {"order_id": orders, "line_id": st.sampled_from(["1", "2", "3"])},
    "Order Cancelled": {"order_id": orders, "products": lines},
    "Order Shipped": {"order_id": orders, "parcel_id": parcels, "products": lines, "promises": promised},
    "Shipment Delayed": {"parcel_id": parcels, "expected": moments.map(text_of)},
    "Shipment Delivered": {"parcel_id": parcels, "order_id": orders, "products": lines},
    "Pickup Ready": {"order_id": orders, "parcel_id": parcels},
    "Pickup Collected": {"order_id": orders},
    "Product Added": {"cart_id": st.sampled_from(["k1", "k2"]), "product_id": products, "price": st.integers(0, 10**9), "quantity": st.integers(0, 100_000)},
    "Product Removed": {"cart_id": st.sampled_from(["k1", "k2"]), "product_id": products},
    "Case Opened": {"case_id": cases, "order_id": orders, "promises": promised},
    "Case Message Sent": {"case_id": cases, "order_id": orders, "promises": promised},
    "Callback Requested": {"case_id": cases, "promises": promised},
    "Callback Made": {"case_id": cases},
    "Refund Issued": {"order_id": orders, "case_id": cases, "amount": st.integers(0, 1000)},
    "Return Received": {"order_id": orders, "promises": promised},
    "Repair Completed": {"order_id": orders, "case_id": cases},
    "Product Restocked": {"product_id": products},
    "Appointment Booked": {"appointment_id": st.just("a1"), "promises": promised},
    "Appointment Held": {"appointment_id": st.just("a1")},
    "Appointment Missed": {"appointment_id": st.just("a1"), "by": st.sampled_from(["us", "customer"])},
    "Store Opened": {"store_id": st.just("s1")},
    "Store Closed": {"store_id": st.just("s1")},
    "Promise Stated": {},
    "Promise Fulfilled": {"promise_id": st.sampled_from(["x1", "x2"])},
    "Promise Retracted": {"promise_id": st.sampled_from(["x1", "x2"])},
    "Quote Given": {"quote_id": st.just("q1"), "valid_until": moments.map(text_of)},
    "Survey Answered": {"survey_id": st.just("v1"), "order_id": orders, "score": st.integers(1, 5)},
    "Survey Sent": {"survey_id": st.just("v1"), "order_id": orders},
    "Store Visited": {"store_id": st.sampled_from(["s1", "s2"])},
    "Receipt Issued": {"order_id": orders, "store_id": st.just("s1")},
    "Case Resolved": {"case_id": cases},
    "Something Of Our Own": {"anything": st.text(max_size=5)},
    "Consent Given": {"purpose": purposes, "for_channel": ways, "lifts_objection": st.booleans()},
    "Consent Withdrawn": {"purpose": purposes, "for_channel": ways, "objection": st.booleans()},
}
NEEDED = {
    "order_id": ("Order Completed", "Order Updated", "Order Line Recorded", "Order Cancelled", "Receipt Issued"),
    "case_id": ("Case Resolved",),
    "product_id": ("Product Added", "Product Removed", "Product Restocked"),
}


def with_id(draw: st.DrawFn, message: dict[str, Any]) -> dict[str, Any]:
    """The same id is the same message; what is alike may also happen twice."""
    copy = draw(st.integers(0, 3))
    return message | {"messageId": blake2b(f"{copy}:{message}".encode(), digest_size=8).hexdigest()}


@st.composite
def happenings(draw: st.DrawFn, events: tuple[str, ...] = tuple(EVENTS)) -> dict[str, Any]:
    """One message."""
    event = draw(st.sampled_from(events))
    properties: dict[str, Any] = {}
    for name, values in EVENTS[event].items():
        always = name not in ("parcel_id", "order_id", "products", "promises", "case_id", "cart_id") or event in NEEDED.get(name, ())
        if always or draw(st.integers(0, 2)):
            properties[name] = draw(values)
    if event in ("Case Opened", "Promise Stated"):
        properties.setdefault("case_id", "c1") if event == "Case Opened" else properties.update(draw(stated()))
    if event == "Quote Given":
        properties.update(draw(windows()))
    if event == "Order Completed" and draw(st.integers(0, 4)) == 0:
        properties["quote_id"] = "q1"
    message: dict[str, Any] = {"type": "track", "event": event, "properties": properties, "timestamp": text_of(draw(moments))}
    message |= draw(
        st.sampled_from(
            [{}, {}, {"userId": "u1"}, {"userId": "u2"}, {"anonymousId": "d1"}, {"userId": "u1", "context": {"externalIds": [{"type": "club", "id": "7"}]}}]
        )
    )
    if draw(st.integers(0, 3)) == 0:
        message["context"] = {**message.get("context", {}), "consent": draw(banners)}
    if message.get("userId") == "u1":
        for promise in (*properties.get("promises", ()), *([properties] if event == "Promise Stated" else [])):
            promise.update(draw(st.sampled_from([{}, {"promise_id": "x1"}, {"promise_id": "x2"}])))
    return with_id(draw, message)


@st.composite
def named(draw: st.DrawFn) -> dict[str, Any]:
    """Someone says who they are."""
    message: dict[str, Any] = {"type": "identify", "timestamp": text_of(draw(moments))}
    message |= draw(st.sampled_from([{"userId": "u1"}, {"userId": "u2"}, {"anonymousId": "d1"}, {"userId": "u3", "anonymousId": "d1"}]))
    traits = draw(st.sampled_from([{}, {"email": "ebba@example.org"}, {"loyalty_number": "L1"}, {"loyalty_number": "L2", "name": "Ebba Åkesson"}]))
    return with_id(draw, message | {"traits": traits})


messages = st.one_of(happenings(), happenings(), happenings(), named())
