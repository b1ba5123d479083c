"""Translations of what platforms and carriers send: each status, and whatever else may come."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from conftest import SHARED, missing
from omtanke.intake.hooks.receiving import SIGNATURES, TRANSLATIONS
from omtanke.intake.hooks.telling import LARGEST_KEPT, STAMPED, Delivery, LeftAside
from omtanke.intake.hooks.text_messages import FORMS
from omtanke.runtime.hooks import KINDS, MAIL_RETURNS, SIGNED
from omtanke.vocabulary.reading import read_message
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import zone_named
from senders.payloads import BRING, BUDBEE, BUDBEE_OLDER, CART, DHL, EXAMPLES, FULFILLMENT, INSTABOX, POSTNORD, SHOPIFY_ORDER

STOCKHOLM = zone_named("Europe/Stockholm")
SHOPIFY_TOPICS = (
    "orders/create orders/paid orders/cancelled fulfillments/create fulfillments/update fulfillment_events/create refunds/create "
    "customers/create carts/create checkouts/create x/y"
).split()


def told(kind: str, body: Any, **headers: str) -> list[dict[str, Any]]:
    """Its events, each understood as the worker understands it."""
    messages = list(TRANSLATIONS[kind](Delivery({name.replace("_", "-"): value for name, value in headers.items()}, body)))
    for message in messages:
        message.pop(STAMPED, "")
        read_message(message, 1_795_000_000_000_000, STOCKHOLM, "SEK", lambda kind, number: 1)
    return messages


def names(messages: list[dict[str, Any]]) -> list[str]:
    return [message.get("event", message["type"]) for message in messages]


def test_every_kind_of_hook_is_translated_and_every_signature_read() -> None:
    assert ({*TRANSLATIONS, *FORMS, MAIL_RETURNS}, {*SIGNATURES, "twilio"}) == (set(KINDS), set(SIGNED))


@pytest.mark.parametrize(
    ("kind", "body", "event"),
    [
        ("bring", BRING, "Pickup Ready"),
        ("bring", BRING | {"status": "DELIVERED"}, "Shipment Delivered"),
        ("bring", BRING | {"status": "DEVIATION"}, "Shipment Delayed"),
        ("bring", BRING | {"status": "IN_TRANSIT"}, "Shipment Updated"),
        ("bring", BRING | {"status": "DELIVERED_SENDER"}, "Shipment Updated"),
        ("budbee", BUDBEE, "Shipment Delivered"),
        ("budbee", BUDBEE | {"eventType": "CONSUMER_PICKED_UP_FROM_LOCKER"}, "Pickup Collected"),
        ("budbee", BUDBEE | {"eventType": "DELIVERY_FAILED"}, "Shipment Updated"),
        ("instabox", INSTABOX, "Pickup Ready"),
        ("instabox", INSTABOX | {"type": "CustomerPickupCheckpoint"}, "Pickup Collected"),
        ("instabox", INSTABOX | {"type": "ReturnToSenderCheckpoint"}, "Shipment Updated"),
    ],
)
def test_carriers_word_for_what_happened_is_an_event(kind: str, body: Any, event: str) -> None:
    (message,) = told(kind, body)
    assert (message["event"], message["context"]) == (event, {"channel": "delivery"})


def test_budbees_older_form_has_its_type_and_id_in_the_headers() -> None:
    (message,) = told("budbee", BUDBEE_OLDER, budbee_event_id="7", timestamp="2026-11-20T16:10:00Z")
    assert (message["event"], message["messageId"], message["timestamp"]) == ("Pickup Ready", "Budbee/7", "2026-11-20T16:10:00Z")
    assert message["properties"]["parcel_id"] == "PKG-002"


def test_dhls_published_sample_is_understood() -> None:
    file = SHARED / "data" / "payloads" / "carriers" / "dhl_universal__tracking.json"
    if not file.exists():
        missing("DHL's published sample is not beside this project")
    (message,) = told("dhl", json.loads(file.read_text(encoding="utf-8")))
    assert (message["event"], message["properties"]["parcel_id"], message["properties"]["status"]) == ("Shipment Updated", "7777777770", "pre-transit")


def test_dhls_question_whether_a_subscription_is_wanted_says_nothing() -> None:
    assert told("dhl", {"scope": "subscription", "secret": "s", "self": "https://api.example/1"}) == []


def test_ids_of_carriers_events_tell_them_apart() -> None:
    assert len({message["messageId"] for kind, body in (("dhl", DHL), ("postnord", POSTNORD)) for message in told(kind, body)}) == 4


def test_order_handed_over_at_shopifys_till_is_a_receipt() -> None:
    taken = SHOPIFY_ORDER | {"source_name": "pos", "fulfillment_status": "fulfilled", "location_id": 17}
    (receipt,) = told("shopify", taken, x_shopify_topic="orders/create")
    (order,) = told("shopify", taken | {"fulfillment_status": None}, x_shopify_topic="orders/create")
    assert (receipt["event"], receipt["context"]["channel"], order["event"], order["context"]["channel"]) == (
        "Receipt Issued",
        "store",
        "Order Completed",
        "store",
    )


def test_what_is_put_into_a_cart_later_is_told_with_its_own_moment() -> None:
    delivery = Delivery({"x-shopify-topic": "carts/update"}, CART | {"updated_at": "2026-11-17T09:30:00.000Z"})
    messages = list(TRANSLATIONS["shopify"](delivery))
    assert {(message["timestamp"], message[STAMPED]) for message in messages} == {("2026-11-17T09:30:00.000Z", CART["created_at"])}
    assert len({message["messageId"] for message in messages}) == 2


def test_strange_province_refuses_no_order() -> None:
    strange = SHOPIFY_ORDER | {"shipping_address": {"province": "<Skåne>"}}
    (order,) = told("shopify", strange, x_shopify_topic="orders/create")
    assert "region" not in order["properties"]


def test_fulfilment_without_a_tracking_number_is_a_parcel_all_the_same() -> None:
    (shipped,) = told("shopify", FULFILLMENT | {"tracking_number": None}, x_shopify_topic="fulfillments/create")
    assert shipped["properties"]["parcel_id"] == "fulfillment 4711"
    assert told("shopify", FULFILLMENT | {"status": "cancelled"}, x_shopify_topic="fulfillments/update") == []


def test_what_is_too_large_to_keep_leaves_its_id() -> None:
    (kept,) = told("shopify", {"id": 5, "text": "x" * LARGEST_KEPT}, x_shopify_topic="customers/redact", x_shopify_event_id="e1")
    assert (kept["properties"], kept["userId"]) == ({"id": 5, "left_out": f"{LARGEST_KEPT + 18} bytes"}, "5")


def test_topic_that_names_nobody_is_left_aside() -> None:
    with pytest.raises(LeftAside, match="Shopify products/update is none of the topics that are told"):
        told("shopify", {"id": 5}, x_shopify_topic="products/update", x_shopify_event_id="e1")
    with pytest.raises(LeftAside, match=r"WooCommerce product\.updated"):
        told("woocommerce", {"id": 5}, x_wc_webhook_topic="product.updated", x_wc_webhook_delivery_id="d1")


def test_topic_without_an_id_did_not_come_from_shopify() -> None:
    with pytest.raises(Refused, match="X-Shopify-Event-Id"):
        told("shopify", {"id": 5}, x_shopify_topic="products/update")


# Whatever may come

ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers(-5, 10**15) | some.floats(allow_nan=False) | some.text(max_size=20),
    lambda inside: some.lists(inside, max_size=3) | some.dictionaries(some.text(max_size=8), inside, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for name, one in inside for place in places(one, (*path, name)))]


@given(kind=some.sampled_from(sorted(EXAMPLES)), topic=some.sampled_from(SHOPIFY_TOPICS), data=some.data())
def test_whatever_stands_in_a_field_is_told_or_refused(kind: str, topic: str, data: some.DataObject) -> None:
    body: Any = copy.deepcopy(data.draw(some.sampled_from([EXAMPLES[kind], FULFILLMENT])))
    place = data.draw(some.sampled_from(places(body)))
    value = data.draw(ANYTHING)
    if not place:
        body = value
    else:
        inside = body
        for name in place[:-1]:
            inside = inside[name]
        inside[place[-1]] = value
    headers = {"x_shopify_topic": topic, "x_shopify_event_id": "e", "x_wc_webhook_topic": "order.updated", "x_wc_webhook_delivery_id": "d"}
    try:
        for message in told(kind, body, **headers):
            json.dumps(message)
    except (Refused, LeftAside):
        return
