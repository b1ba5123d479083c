"""What a customer allows, asked over HTTP of a door whose worker runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from integration.running_door import RunningDoor, running_door
from omtanke.intake.openapi import document

DOCUMENT = document()


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    with running_door(tmp_path_factory.mktemp("consents") / "data") as opened:
        yield opened


def tell(door: RunningDoor, user: str, *said: tuple[str, dict[str, Any]]) -> None:
    """Events of a customer, a minute apart; the last is a promise that is waited for, so that all before it are facts."""
    for n, (event, properties) in enumerate(said):
        message = {"messageId": f"{user}-{n}", "userId": user, "event": event, "timestamp": f"2026-11-18T12:{n:02}:00Z", "properties": properties}
        assert door.call("POST", "/v1/track", message, door.server_key).status == 200
    assert door.say({"promise_id": user, "kind": "reply", "user_id": user, "until": "2099-11-20"}).status == 201


def asked(door: RunningDoor, user: str, query: str = "") -> dict[str, dict[str, Any]]:
    answer = door.get(f"/api/customers/{user}/consents{query}")
    assert answer.status == 200, answer.body
    Draft202012Validator({"$ref": "#/components/schemas/Consents", "components": DOCUMENT["components"]}).validate(answer.body)
    return {one["purpose"]: one for one in answer.body["purposes"]}


def test_each_purpose_says_whether_why_and_since_when(door: RunningDoor) -> None:
    tell(door, "maja", ("Consent Given", {"purpose": "marketing", "for_channel": "mail"}), ("Consent Withdrawn", {"purpose": "recognition"}))
    found = asked(door, "maja")
    assert {name: (one["allowed"], one["why"], one["since"]) for name, one in found.items()} == {
        "recognition": (False, "withdrawn", "2026-11-18T12:01:00Z"),
        "marketing": (False, "not_given", None),
        "advertising": (False, "not_given", None),
        "surveys": (True, "not_refused", None),
        "personalisation": (True, "not_refused", None),
    }
    assert found["marketing"]["channels"]["mail"]["why"] == "given"
    assert door.get(f"/api/events/{found['recognition']['event']}").body["type"] == "consent_withdrawn"


def test_one_purpose_in_one_channel_is_asked_for(door: RunningDoor) -> None:
    tell(door, "moa", ("Consent Given", {"purpose": "marketing", "for_channel": "sms"}))
    for channel, allowed in (("sms", True), ("mail", False)):
        (one,) = asked(door, "moa", f"?purpose=marketing&channel={channel}").values()
        assert (one["allowed"], one["channels"]) == (allowed, {})
    assert asked(door, "moa", "?purpose=club")["club"]["why"] == "not_given"


def test_objection_is_obeyed_as_soon_as_it_is_a_fact(door: RunningDoor) -> None:
    tell(door, "erik", ("Consent Given", {"purpose": "marketing"}), ("Consent Withdrawn", {"purpose": "marketing", "objection": True}))
    assert [asked(door, "erik")[name]["why"] for name in ("marketing", "advertising", "surveys")] == ["objected", "objected", "not_refused"]


@pytest.mark.parametrize(
    ("path", "status", "fault"),
    [
        ("/api/customers/nobody/consents", 404, "id"),
        ("/api/customers/maja/consents?channel=pigeon", 400, "channel"),
        ("/api/customers/maja/consents?purpose=", 400, "purpose"),
        ("/api/customers/maja/consents?reason=x", 400, "reason"),
    ],
)
def test_what_cannot_be_answered_is_said(door: RunningDoor, path: str, status: int, fault: str) -> None:
    answer = door.get(path)
    assert (answer.status, [one["path"] for one in answer.body["faults"]]) == (status, [fault])


def test_key_that_can_only_write_is_told_nothing(door: RunningDoor) -> None:
    tell(door, "liv", ("Consent Withdrawn", {"purpose": "marketing"}))
    answer = door.call("GET", "/api/customers/liv/consents", None, door.key)
    assert (answer.status, "marketing" in str(answer.body)) == (403, False)


def test_no_sender_says_who_recorded_it(door: RunningDoor) -> None:
    message = {"messageId": "staff", "userId": "liv", "event": "Consent Given", "properties": {"purpose": "marketing", "staff": 1}}
    answer = door.call("POST", "/v1/track", message, door.server_key)
    assert (answer.status, answer.body["faults"][0]["path"]) == (400, "properties.staff")
