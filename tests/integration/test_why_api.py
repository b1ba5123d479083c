"""Why something was said to a customer or not, asked over HTTP of a door whose worker runs with plays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from integration.running_door import RunningDoor, running_door
from omtanke.intake.openapi import document
from omtanke.playbook import shipped

DOCUMENT = document()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    data = tmp_path_factory.mktemp("whys") / "data"
    plays = data / "playbook" / "plays"
    plays.mkdir(parents=True)
    for name in ("order_confirmed", "refunded"):
        (plays / f"{name}.toml").write_text(shipped()[name], encoding="utf-8")
    with running_door(data) as opened:
        yield opened


def tell(door: RunningDoor, user: str, event: str, **properties: Any) -> None:
    message = {"messageId": f"{user}-{event}", "userId": user, "event": event, "properties": properties}
    kind = {"type": "identify", "traits": properties} if event == "identify" else {}
    assert door.call("POST", f"/v1/{'identify' if kind else 'track'}", message | kind, door.server_key).status == 200


def whys(door: RunningDoor, user: str, query: str = "") -> Any:
    assert door.say({"promise_id": f"{user}{query}", "kind": "reply", "user_id": user, "until": "2099-11-20"}).status == 201
    answer = door.get(f"/api/customers/{user}/why{query}")
    assert answer.status == 200, answer.body
    Draft202012Validator({"$ref": "#/components/schemas/Whys", "components": DOCUMENT["components"]}).validate(answer.body)
    return answer.body


def test_each_decision_says_what_why_and_by_what(door: RunningDoor) -> None:
    tell(door, "maja", "identify", email="maja@example.com")
    tell(door, "maja", "Order Completed", order_id="10482")
    tell(door, "maja", "Order Refunded", order_id="10482", total=299)
    found = whys(door, "maja", "?play=order_confirmed")
    assert [(one["what"], one["reason"], one["channel"]) for one in found["decisions"]] == [
        ("play_entered", "entry", None),
        ("message_due", "step", None),
        ("message_released", "time_to_say", "mail"),
    ]
    assert (found["is_whole"], found["decisions"][0]["because"], found["decisions"][2]["means"]) == (True, ["order_completed"], "nothing stands in the way")
    assert {one["play"] for one in whys(door, "maja")["decisions"]} == {"order_confirmed", "refunded"}


def test_what_was_not_said_has_its_reason_too(door: RunningDoor) -> None:
    tell(door, "nobody-reaches", "Order Completed", order_id="10483")
    last = [one for one in whys(door, "nobody-reaches")["decisions"] if one["what"] == "message_suppressed"]
    assert [(one["play"], one["reason"]) for one in last] == [("order_confirmed", "no_address")]


@pytest.mark.parametrize(("path", "status", "fault"), [("/api/customers/unknown/why", 404, "id"), ("/api/customers/maja/why?play=", 400, "play")])
def test_question_that_makes_no_sense_is_told_what_is_wrong(door: RunningDoor, path: str, status: int, fault: str) -> None:
    answer = door.get(path)
    assert (answer.status, [one["path"] for one in answer.body["faults"]]) == (status, [fault])


def test_write_key_may_not_ask(door: RunningDoor) -> None:
    assert door.call("GET", "/api/customers/maja/why", None, door.key).status == 403
