"""CloudEvents, written by the standard's own library and sent by curl, in every mode of its HTTP binding."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from conftest import missing
from integration.running_door import RunningDoor
from omtanke.vocabulary.identity import CustomerIdentified
from omtanke.vocabulary.order import OrderCompleted
from senders.arrived import arrived
from senders.conftest import made_key

ORDER = {"order_id": "10482", "total": 1299, "currency": "SEK", "promises": [{"kind": "delivery", "until": "2099-11-20"}]}
WHEN = datetime(2026, 11, 17, 8, 14, tzinfo=UTC)
MOMENT = 1_794_903_240_000_000


def event(type_: str, number: int, data: Any, **attributes: Any) -> CloudEvent:
    return CloudEvent({"type": type_, "source": "/butik/kassan", "id": str(number), "time": WHEN, **attributes}, data)


@pytest.fixture
def curl(door: RunningDoor) -> Any:
    """Sends a message with curl; status and answer."""
    program = shutil.which("curl")
    if program is None:
        missing("there is no curl on this machine")

    def send(key: str, message: HTTPMessage) -> tuple[int, Any]:
        headers = [word for name, value in message.headers.items() for word in ("-H", f"{name}: {value}")]
        command = [program, "-sS", "-u", f"{key}:", "-w", "\n%{http_code}", *headers, "--data-binary", "@-", f"{door.address}/v1/events"]
        said = subprocess.run(command, input=message.body, capture_output=True, check=True, timeout=30).stdout.decode()
        body, _, status = said.rpartition("\n")
        return int(status), json.loads(body)

    return send


def test_events_of_every_mode_become_facts_once(door: RunningDoor, curl: Any) -> None:
    key = made_key(door, "buss")
    order = event("se.butik.order.completed", 1, ORDER, userid="kund-9", channel="app", touchpoint="checkout")
    known = event("customer_identified", 2, {"userId": "kund-9", "email": "bo@example.se", "address": {"country": "SE"}})
    parcel = event("Shipment Delivered", 3, {"order_id": "10482", "parcel_id": "P1"}, channel="delivery")
    batch = [json.loads(to_structured_event(one).body) for one in (order, event("se.butik.weather.changed", 4, {"sky": "grey"}, anonymousid="d-1"))]
    batched = HTTPMessage({"content-type": "application/cloudevents-batch+json"}, json.dumps(batch).encode())
    messages = [to_structured_event(order), to_binary_event(order), to_structured_event(known), to_binary_event(parcel), batched]
    assert [curl(key, message) for message in messages] == [(200, {"success": True})] * 5
    facts = arrived(door, "buss", 4)
    assert [(one.fact.type, one.fact.channel) for one in facts] == [
        ("order_completed", "app"),
        ("customer_identified", "none"),
        ("shipment_delivered", "delivery"),
        ("unknown_observed", "none"),
    ]
    placed, identified, delivered, unknown = facts
    assert isinstance(placed.fact.body, OrderCompleted) and isinstance(identified.fact.body, CustomerIdentified)
    assert (placed.fact.body.total, placed.fact.occurred_at, placed.fact.touchpoint, len(placed.fact.body.stated)) == (129_900, MOMENT, "checkout", 1)
    assert (identified.fact.body.country, identified.who) == ("SE", {"user_id": "kund-9", "email": "bo@example.se"})
    assert {one.fact.customer for one in (placed, identified, delivered)} == {placed.fact.customer}
    assert unknown.personal["properties"] == {"event": "se.butik.weather.changed", "sky": "grey"}
    assert unknown.personal["context"] == {"source": "/butik/kassan"}


def test_what_is_wrong_is_told_by_the_standards_names(door: RunningDoor, curl: Any) -> None:
    good = json.loads(to_structured_event(event("Cart Viewed", 10, {"cart_id": "c"}, userid="u")).body)
    wrong = [
        {name: value for name, value in good.items() if name != "id"},
        good | {"id": "11", "specversion": "0.3"},
        good | {"id": "12", "data": {"cart_id": "c"}, "userid": None},
        good | {"id": "13", "type": "order.completed", "data": {"total": 5}},
        good | {"id": "14", "time": "yesterday"},
        good | {"id": "15", "type": "weather.changed", "userid": None},
        good | {"id": "16", "data": "text"},
    ]
    status, answer = curl(door.key, HTTPMessage({"content-type": "application/cloudevents-batch+json"}, json.dumps([good, *wrong]).encode()))
    assert (status, answer["title"]) == (400, "6 of 8 calls cannot be understood")
    assert [one["path"] for one in answer["faults"]] == ["[1].id", "[2].specversion", "[4].data.order_id", "[5].time", "[6].userid", "[7].data"]
    assert curl(door.key, HTTPMessage({}, b'"text"'))[0] == 400
    assert curl("a-stranger", to_structured_event(event("Cart Viewed", 17, {}, userid="u")))[0] == 401


def test_sender_that_asks_first_is_told_that_it_may(door: RunningDoor) -> None:
    answer = door.call("OPTIONS", "/v1/events", headers={"webhook-request-origin": "eventgrid.example"})
    assert (answer.status, answer.headers["webhook-allowed-origin"]) == (200, "eventgrid.example")
