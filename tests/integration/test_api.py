"""The promise API over HTTP, against a door and a worker that run: what the document shows is what happens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from integration.running_door import Answered, RunningDoor, running_door
from omtanke.intake.openapi import document

DOCUMENT = document()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    with running_door(tmp_path_factory.mktemp("api") / "data") as opened:
        yield opened


def delivery(number: str, **more: Any) -> dict[str, Any]:
    """A promise to deliver an order."""
    return {"promise_id": f"d{number}", "kind": "delivery", "user_id": f"u{number}", "order_id": number, "until": "2099-11-20", "words": "På fredag", **more}


def require_shape(answer: Answered, name: str) -> None:
    """The body has the shape of that name in the document."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(answer.body)


# The document


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Everything that the document describes: what is written first, then what is read."""
    found = [(path, method, said) for path, methods in DOCUMENT["paths"].items() for method, said in methods.items()]
    return sorted(found, key=lambda one: one[1] == "get")


def calls() -> list[tuple[str, str, str, Any]]:
    """(operation, method, path, body) of every example, in the order of the document."""
    found = []
    for path, method, said in operations():
        where, asked = path, {}
        for one in said.get("parameters", []):
            if one["in"] == "path":
                where = where.replace(f"{{{one['name']}}}", one["example"])
            elif one["in"] == "query" and "example" in one:
                asked[one["name"]] = one["example"]
        where += "?" + "&".join(f"{name}={value}" for name, value in asked.items()) if asked else ""
        bodies = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {"": {"value": None}})
        found += [(said["operationId"], method.upper(), where, example["value"]) for example in bodies.values()]
    return found


def test_document_is_served_as_it_is_kept(door: RunningDoor) -> None:
    kept = (Path(__file__).parents[2] / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8")
    assert door.call("GET", "/api/openapi.json").body == json.loads(kept)


def test_every_example_of_the_document_does_what_it_says(door: RunningDoor) -> None:
    statuses = []
    for operation, method, path, body in calls():
        answer = door.call(method, path, body, door.server_key, {"prefer": "wait=10"})
        responses = next(said["responses"] for _, _, said in operations() if said["operationId"] == operation)
        schema = responses[str(answer.status)]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(answer.body)
        statuses.append((operation, answer.status))
    said = [status for operation, status in statuses if operation == "say"]
    assert said == [201, 200, 200, 201, 200]
    assert [one for one in statuses if one[0] != "say" and one[1] != 200] == []


# Saying


def test_promise_that_is_stated_is_durable_and_shown(door: RunningDoor) -> None:
    answer = door.say(delivery("1", timezone="Europe/Stockholm", place="kassan"))
    assert (answer.status, answer.headers["preference-applied"]) == (201, "wait=10")
    promise = answer.body["promise"]
    assert (promise["promise_id"], promise["state"], promise["order_id"]) == ("d1", "made", "1")
    assert (promise["first"]["until"], promise["first"]["words"], promise["first"]["place"]) == ("2099-11-20T23:00:00Z", "På fredag", "kassan")
    assert [one["what"] for one in answer.body["event"]["decided"]] == ["promise_made"]


def test_promise_that_is_renegotiated_keeps_its_first_window(door: RunningDoor) -> None:
    door.say(delivery("2"))
    answer = door.say(delivery("2", action="renegotiate", until="2099-11-27", words="En vecka senare"))
    assert answer.status == 200
    promise = answer.body["promise"]
    assert [(one["until"], one["words"]) for one in promise["windows"]] == [("2099-11-20T23:00:00Z", "På fredag"), ("2099-11-27T23:00:00Z", "En vecka senare")]
    assert (promise["first"], promise["current"]) == (promise["windows"][0], promise["windows"][1])


@pytest.mark.parametrize(("action", "state"), [("fulfil", "exceeded"), ("retract", "withdrawn")])
def test_promise_ends_by_its_id(door: RunningDoor, action: str, state: str) -> None:
    door.say(delivery(action))
    answer = door.say({"action": action, "promise_id": f"d{action}"})
    assert (answer.status, answer.body["promise"]["state"]) == (200, state)
    assert answer.body["promise"]["why"][-1]["because"][0] == answer.body["event"]["fact"]


def test_promise_that_is_not_known_cannot_end(door: RunningDoor) -> None:
    answer = door.say({"action": "fulfil", "promise_id": "nobody's"})
    assert answer.status == 404
    assert answer.body["faults"] == [{"path": "promise_id", "value": "nobody's", "rule": "is not the id of a promise that this sender has stated"}]


def test_without_a_wish_to_wait_the_answer_says_where_to_look(door: RunningDoor) -> None:
    answer = door.say(delivery("3"), wait=0)
    assert (answer.status, answer.body["event"]["state"], answer.headers["location"]) == (202, "waiting", answer.body["look"])
    door.say(delivery("4"))
    assert door.get(answer.body["look"]).body["state"] == "understood"


def test_call_that_is_said_again_under_its_key_is_said_once(door: RunningDoor) -> None:
    headers = {"idempotency-key": '"order-5"'}
    first, again = door.say(delivery("5"), **headers), door.say(delivery("5"), **headers)
    assert (first.status, again.status, first.body["event"]) == (201, 201, again.body["event"])
    assert len(door.get("/api/customers/u5/promises").body["promises"]) == 1


def test_key_that_was_used_for_another_call_is_refused(door: RunningDoor) -> None:
    door.say(delivery("6"), **{"idempotency-key": "order-6"})
    answer = door.say(delivery("6", until="2099-12-24"), **{"idempotency-key": "order-6"})
    assert (answer.status, answer.body["title"]) == (422, "This Idempotency-Key was used for another call; use a new one for what is new")


def test_write_key_learns_that_it_was_understood_and_no_more(door: RunningDoor) -> None:
    answer = door.say(delivery("7"), key=door.key)
    assert (answer.status, answer.body["promise"], answer.body["event"].keys()) == (201, None, {"id", "source", "fact", "state"})


def test_key_that_can_only_read_states_nothing(door: RunningDoor) -> None:
    assert door.say(delivery("8"), key=door.read_key).status == 403
    assert door.post("track", {"messageId": "x", "userId": "u", "event": "Cart Viewed"}, key=door.read_key).status == 403


@pytest.mark.parametrize("path", ["/api/customers/u1/promises", "/api/promises?user_id=u1", "/api/events/x?source=shop"])
def test_write_key_reads_nothing(door: RunningDoor, path: str) -> None:
    assert [door.get(path, key=door.key).status, door.get(path, key="nobody").status] == [403, 401]


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": None}, "kind", "is missing: what is promised"),
    ({"kind": "gift"}, "kind", "is not one of delivery, pickup, refund, call_back, reply, repair, restock, appointment, opening_hours, benefit"),
    ({"until": "friday"}, "until", "is not a moment; write it as 2026-11-21T09:14:00+01:00"),
    ({"from": "2099-12-24"}, "from", "is after until; a window begins before it ends"),
    ({"action": "break"}, "action", "is not one of state, renegotiate, fulfil, retract"),
    ({"user_id": None, "order_id": None}, "user_id", "is missing, and so are anonymous_id and order_id: one of them says to whom it was promised"),
    ({"user_id": ["u"]}, "user_id", "is not an identifier: text or a number"),
    ({"words": 7}, "words", "is not text of at most 2000 characters"),
    ({"channel": "pigeon"}, "channel", ""),
    ({"timezone": "Mars/Olympus"}, "timezone", "is not a time zone; write it as in Europe/Stockholm"),
    ({"attended": "yes"}, "attended", "is not true or false"),
    ({"subject": {"kind": "ship", "id": "1"}}, "subject", ""),
    ({"promise": 7}, "promise", ""),
    ({"action": "renegotiate", "promise_id": None}, "promise_id", "is missing: which promise to renegotiate"),
    ({"occurred_at": "yesterday"}, "occurred_at", "is not a moment; write it as 2026-11-21T09:14:00+01:00"),
]


@pytest.mark.parametrize(("wrong", "path", "rule"), FAULTS, ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "")
def test_wrong_promise_is_told_what_is_wrong(door: RunningDoor, wrong: dict[str, Any], path: str, rule: str) -> None:
    answer = door.say(delivery("9", **wrong))
    assert (answer.status, answer.headers["content-type"], [one["path"] for one in answer.body["faults"]]) == (400, "application/problem+json", [path])
    assert rule in ("", answer.body["faults"][0]["rule"])
    require_shape(answer, "Problem")


def test_several_faults_are_told_at_once(door: RunningDoor) -> None:
    answer = door.say(delivery("9", colour="blue", channel="pigeon"))
    assert [one["path"] for one in answer.body["faults"]] == ["colour", "channel"]


# Looking


def test_promises_of_a_customer_come_page_by_page(door: RunningDoor) -> None:
    for n in range(5):
        door.say(delivery(f"p{n}", user_id="reader", occurred_at=f"2026-11-0{n + 1}T09:00:00+01:00"))
    seen, path = [], "/api/customers/reader/promises?limit=2"
    while path:
        page = door.get(path).body
        seen.append([one["promise_id"] for one in page["promises"]])
        path = f"/api/customers/reader/promises?limit=2&cursor={page['next']}" if page["next"] else ""
    assert seen == [["dp4", "dp3"], ["dp2", "dp1"], ["dp0"]]


def test_promises_are_shown_as_they_were_known_then(door: RunningDoor) -> None:
    made = door.say(delivery("10")).body["event"]
    then = door.get(f"/api/events/{made['id']}?source=shop").body["received_at"]
    door.say({"action": "fulfil", "promise_id": "d10"})
    states = [door.get(f"/api/customers/u10/promises{asked}").body["promises"][0]["state"] for asked in ("", f"?as_of={then}")]
    assert states == ["exceeded", "made"]
    assert door.get("/api/customers/u10/promises?as_of=2020-01-01").body == {"promises": [], "next": None}


def test_promises_are_filtered_by_state_and_order(door: RunningDoor) -> None:
    for number in ("11", "12"):
        door.say(delivery(number, user_id="two-orders"))
    door.say({"action": "retract", "promise_id": "d11"})
    of = "/api/customers/two-orders/promises"
    assert [one["promise_id"] for one in door.get(f"{of}?state=made").body["promises"]] == ["d12"]
    assert [one["promise_id"] for one in door.get(f"{of}?order_id=11").body["promises"]] == ["d11"]
    assert door.get(f"{of}?order_id=nobody's").body["promises"] == []


def test_guest_is_found_by_order_and_by_device(door: RunningDoor) -> None:
    door.say(delivery("13", user_id=None))
    door.say(delivery("14", user_id=None, anonymous_id="device-14"))
    assert [one["promise_id"] for one in door.get("/api/promises?order_id=13").body["promises"]] == ["d13"]
    assert [one["promise_id"] for one in door.get("/api/promises?anonymous_id=device-14").body["promises"]] == ["d14"]


@pytest.mark.parametrize(
    ("path", "status", "where"),
    [
        ("/api/customers/nobody/promises", 404, "id"),
        ("/api/promises", 400, "user_id"),
        ("/api/promises?user_id=a&order_id=b", 400, "user_id"),
        ("/api/promises?user_id=u1&state=happy", 400, "state"),
        ("/api/promises?user_id=u1&limit=0", 400, "limit"),
        ("/api/promises?user_id=u1&limit=101", 400, "limit"),
        ("/api/promises?user_id=u1&cursor=%00", 400, "cursor"),
        ("/api/promises?user_id=u1&as_of=then", 400, "as_of"),
        ("/api/promises?user_id=u1&colour=blue", 400, "colour"),
        ("/api/promises?user_id=u1&user_id=u2", 400, "user_id"),
        ("/api/events/x", 400, "source"),
        ("/api/events/never?source=shop", 404, "id"),
        ("/api/events/00112233445566778899aabbccddeeff", 404, "id"),
    ],
)
def test_wrong_question_is_told_what_is_wrong(door: RunningDoor, path: str, status: int, where: str) -> None:
    answer = door.get(path)
    assert (answer.status, answer.body["faults"][0]["path"]) == (status, where)
    require_shape(answer, "Problem")


def test_event_is_found_with_what_was_decided_on_it(door: RunningDoor) -> None:
    properties = {"order_id": "15", "promises": [{"kind": "delivery", "until": "2099-11-20"}]}
    door.post("track", {"messageId": "order/15", "userId": "u15", "event": "Order Completed", "properties": properties})
    door.say(delivery("16"))
    found = door.get("/api/events/order%2F15?source=shop").body
    assert (found["state"], found["type"], [one["what"] for one in found["decided"]]) == ("understood", "order_completed", ["promise_made"])
    assert door.get(f"/api/events/{found['fact']}").body["position"] == found["position"]


def test_method_that_a_path_does_not_take_is_named(door: RunningDoor) -> None:
    answer = door.call("DELETE", "/api/promises", key=door.server_key)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")
