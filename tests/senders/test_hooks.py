"""Webhooks at the door, signed as their senders sign them: what comes becomes facts, once, and of the right customer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time
from typing import Any

import pytest

from integration.running_door import Answered, RunningDoor
from omtanke.runtime.hooks import Hook, make_hook, read_hooks
from omtanke.vocabulary.caring import ConsentGiven
from omtanke.vocabulary.order import OrderCompleted, OrderRefunded
from omtanke.vocabulary.store import ReceiptIssued
from senders.arrived import Arrived, arrived
from senders.payloads import BUDBEE, CART, CHECKOUT, CUSTOMER, DHL, FULFILLMENT, POSTNORD, RECEIPT, REFUND, SHOPIFY_ORDER, WOO_ORDER

SECRET = "hush-hush"
MAP = """
[source]
name = "lager"
zone = "Europe/Stockholm"
currency = "SEK"

[[event]]
name = "Order Shipped"
key = ["parcel.number"]
at = "parcel.handed_over"
channel = "warehouse"
when = { "parcel.state" = "gone" }

[event.properties]
order_id = "order.id"
parcel_id = "parcel.number"
carrier = { value = "Schenker" }
"""


@pytest.fixture(scope="module")
def hooks(door: RunningDoor) -> dict[str, Hook]:
    """One of each kind."""
    keys = door.data / "keys"
    made = {kind: make_hook(keys, kind, kind, SECRET) for kind in ("shopify", "woocommerce")}
    made |= {kind: make_hook(keys, kind, kind) for kind in ("bring", "budbee", "dhl", "instabox", "postnord", "till")}
    made["mapped"] = make_hook(keys, "mapped", "lager", map_text=MAP)
    time.sleep(1.1)  # the door looks at its keys once a second
    return made


def signed(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def push(door: RunningDoor, hook: Hook, body: Any, topic: str = "", secret: str = SECRET, **headers: str) -> Answered:
    """One delivery, as the sender sends it."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    said = {
        "shopify": {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": signed(raw, secret), "X-Shopify-Event-Id": f"e-{topic}"},
        "woocommerce": {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": signed(raw, secret), "X-WC-Webhook-Delivery-ID": "d1"},
    }.get(hook.kind, {})
    return door.call("POST", hook.path, raw, headers={"content-type": "application/json", **said, **headers})


def types(facts: list[Arrived]) -> list[tuple[str, str]]:
    return [(one.fact.type, one.fact.channel) for one in facts]


SHOPIFY_STORY = [
    ("carts/update", CART),
    ("customers/create", CUSTOMER),
    ("checkouts/create", CHECKOUT),
    ("orders/create", SHOPIFY_ORDER),
    ("orders/paid", SHOPIFY_ORDER),
    ("fulfillments/create", FULFILLMENT),
    ("fulfillments/update", {**FULFILLMENT, "shipment_status": "ready_for_pickup", "updated_at": "2026-11-19T09:00:00+01:00"}),
    ("refunds/create", REFUND),
    ("orders/edited", {"order_edit": {"id": 1}, "customer": CUSTOMER}),
    ("products/update", {"id": 1, "title": "Löparskor"}),
]
SHOPIFY_TYPES = [
    ("product_added", "web"),
    ("product_added", "web"),
    ("customer_identified", "none"),
    ("consent_given", "none"),
    ("checkout_started", "web"),
    ("order_completed", "web"),
    ("payment_approved", "none"),
    ("order_shipped", "delivery"),
    ("pickup_ready", "delivery"),
    ("order_refunded", "none"),
    ("return_received", "none"),
    ("unknown_observed", "none"),
]


def test_shopify_tells_an_orders_whole_way_once(door: RunningDoor, hooks: dict[str, Hook]) -> None:
    for _ in range(2):  # Shopify sends again what was not answered in time
        assert [push(door, hooks["shopify"], body, topic).status for topic, body in SHOPIFY_STORY] == [200] * len(SHOPIFY_STORY)
    facts = arrived(door, "shopify", len(SHOPIFY_TYPES))
    assert types(facts) == SHOPIFY_TYPES
    by_type = {one.fact.type: one for one in facts}
    placed, consent, refunded = (by_type[name].fact.body for name in ("order_completed", "consent_given", "order_refunded"))
    assert isinstance(placed, OrderCompleted) and isinstance(consent, ConsentGiven) and isinstance(refunded, OrderRefunded)
    assert (placed.total, placed.shipping, placed.tax, placed.currency, placed.region) == (154_600, 4_900, 30_920, "SEK", "Skåne län")
    assert [(line.quantity, line.price) for line in placed.lines] == [(1, 129_900), (2, 9_900)]
    assert by_type["order_completed"].who == {"user_id": "115310627314723954", "email": "ann@example.se", "phone": "+46701740605"}
    assert (consent.purpose, consent.for_channel, refunded.total) == ("marketing", "mail", 19_800)
    customers = {one.fact.customer for one in facts if one.fact.type != "product_added"}
    assert customers == {by_type["order_completed"].fact.customer}
    assert by_type["unknown_observed"].personal["properties"]["event"] == "Shopify orders/edited"


def test_carrier_tells_of_a_parcel_and_it_is_known_whose(door: RunningDoor, hooks: dict[str, Hook]) -> None:
    push(door, hooks["shopify"], SHOPIFY_ORDER, "orders/create")
    push(door, hooks["shopify"], FULFILLMENT, "fulfillments/create")
    shipped = next(one for one in arrived(door, "shopify", 2) if one.fact.type == "order_shipped")
    assert [push(door, hooks["postnord"], POSTNORD).status for _ in range(2)] == [200, 200]
    facts = arrived(door, "postnord", 2)
    assert types(facts) == [("shipment_updated", "delivery"), ("shipment_delivered", "delivery")]
    assert {one.fact.customer for one in facts} == {shipped.fact.customer}


def test_woocommerce_tells_how_an_order_stands_and_each_state_is_one_fact(door: RunningDoor, hooks: dict[str, Hook]) -> None:
    hook, paid = hooks["woocommerce"], {"status": "processing", "date_paid_gmt": "2026-11-17T09:05:00", "date_modified_gmt": "2026-11-17T09:05:00"}
    sent = {"status": "completed", "date_completed_gmt": "2026-11-18T12:00:00", "date_modified_gmt": "2026-11-18T12:00:00"}
    back = {"refunds": [{"id": 800, "reason": "trasig", "total": "-149.00"}], "status": "refunded"}
    states = [{}, paid, paid | sent, paid | sent | back | {"date_modified_gmt": "2026-11-19T08:00:00"}]
    states.append(paid | sent | back | {"date_modified_gmt": "2026-12-20T08:00:00"})
    topics = ["order.created", *["order.updated"] * 4]
    assert [push(door, hook, WOO_ORDER | state, topic).status for topic, state in zip(topics, states, strict=True)] == [200] * 5
    facts = arrived(door, "woocommerce", 4)
    assert types(facts) == [("order_completed", "web"), ("payment_approved", "none"), ("order_shipped", "delivery"), ("order_refunded", "none")]
    assert facts[0].fact.occurred_at == 1_794_906_000_000_000
    assert facts[0].who == {"email": "bo@example.se", "phone": "0701740606"}
    assert isinstance(facts[3].fact.body, OrderRefunded)
    assert facts[3].fact.body.total == 14_900


def test_woocommerce_greets_when_a_webhook_is_made(door: RunningDoor, hooks: dict[str, Hook]) -> None:
    ping = door.call("POST", hooks["woocommerce"].path, b"webhook_id=5", headers={"content-type": "application/x-www-form-urlencoded"})
    assert ping.status == 200


@pytest.mark.parametrize("kind", ["shopify", "woocommerce"])
def test_body_that_is_not_signed_with_the_secret_is_refused(door: RunningDoor, hooks: dict[str, Hook], kind: str) -> None:
    order = {"shopify": SHOPIFY_ORDER | {"id": 666}, "woocommerce": WOO_ORDER | {"id": 666, "status": "processing"}}[kind]
    topic = {"shopify": "orders/create", "woocommerce": "order.created"}[kind]
    unsigned = door.call("POST", hooks[kind].path, order)
    assert (push(door, hooks[kind], order, topic, secret="another").status, unsigned.status) == (401, 401)
    assert "compare the secret" in unsigned.body["title"]
    time.sleep(0.3)
    assert [one for one in arrived(door, kind, 0) if "666" in str(one.personal)] == []


def test_address_that_nobody_made_is_not_there(door: RunningDoor, hooks: dict[str, Hook]) -> None:
    answers = [door.call("POST", path, {}) for path in ("/hooks/", "/hooks/shopify", f"{hooks['till'].path}x")]
    assert [answer.status for answer in answers] == [404] * 3
    assert door.call("GET", hooks["till"].path).status == 405


def test_till_tells_of_a_purchase_and_of_what_comes_back(door: RunningDoor, hooks: dict[str, Hook]) -> None:
    returned = {
        "kind": "return",
        "receipt_id": "lund-1-000418",
        "returns_of": "lund-1-000417",
        "store_id": "lund",
        "at": "2026-11-22T10:00:00+01:00",
        "total": 199,
    }
    returned["lines"] = [{"sku": "MOS-1", "quantity": 1}]
    assert push(door, hooks["till"], {"receipts": [RECEIPT, returned]}).status == 200
    facts = arrived(door, "till", 3)
    assert types(facts) == [("receipt_issued", "store"), ("return_received", "store"), ("order_refunded", "store")]
    assert isinstance(facts[0].fact.body, ReceiptIssued)
    assert (facts[0].fact.body.total, facts[0].fact.body.is_known, facts[0].who["loyalty_number"]) == (39_800, True, "7700 1234")
    assert len({one.fact.customer for one in facts}) == 1


def test_what_does_not_fit_is_told_with_its_place(door: RunningDoor, hooks: dict[str, Hook]) -> None:
    answer = push(door, hooks["till"], RECEIPT | {"cashier": "Ulla"})
    assert (answer.status, answer.body["faults"][0]["path"]) == (400, "cashier")
    assert push(door, hooks["budbee"], {k: v for k, v in BUDBEE.items() if k != "eventId"}).body["faults"][0]["path"] == "eventType"
    assert door.call("POST", hooks["dhl"].path, b"<xml/>").status == 400


def test_anything_else_is_told_by_a_map(door: RunningDoor, hooks: dict[str, Hook]) -> None:
    parcels = [
        {"order": {"id": 5}, "parcel": {"number": f"P{n}", "state": state, "handed_over": "2026-11-18 10:00"}}
        for n, state in enumerate(["gone", "packed", "gone"])
    ]
    assert push(door, hooks["mapped"], parcels).status == 200
    facts = arrived(door, "lager", 2)
    assert types(facts) == [("order_shipped", "warehouse")] * 2
    assert [number for _, _, number in facts[1].personal["numbers"]] == ["5", "P2"]


def test_dhl_sends_all_events_each_time_and_new_ones_are_facts(door: RunningDoor, hooks: dict[str, Hook]) -> None:
    shipment = DHL["shipments"][0]
    earlier = {"shipments": [shipment | {"events": shipment["events"][1:]}]}
    assert [push(door, hooks["dhl"], body).status for body in (earlier, DHL, DHL)] == [200] * 3
    assert types(arrived(door, "dhl", 2)) == [("shipment_updated", "delivery"), ("shipment_delivered", "delivery")]


def test_hook_is_made_listed_and_removed_by_command(door: RunningDoor) -> None:
    def omtanke(*words: str, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "omtanke.cli", "hook", *words, "--data", str(door.data)], capture_output=True, text=True, input=said, check=False
        )

    made = omtanke("add", "shopify", "--sender", "shopify-no", "--zone", "Europe/Oslo", "--currency", "NOK", "--secret", "-", said="hemlig\n")
    hook = next(one for one in read_hooks(door.data / "keys") if one.sender == "shopify-no")
    assert (made.stdout.strip().removeprefix("http://127.0.0.1:8401"), hook.secret, hook.zone) == (hook.path, "hemlig", "Europe/Oslo")
    assert hook.id in omtanke("list").stdout
    unsigned = omtanke("add", "shopify")
    assert (unsigned.returncode, "secret" in unsigned.stderr) == (2, True)
    assert omtanke("remove", hook.id).returncode == 0
    assert hook.id not in omtanke("list").stdout
