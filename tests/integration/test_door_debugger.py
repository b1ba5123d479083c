"""What came in, what it became, why it was refused: the record of the door, beside the log, as others read it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.running_door import RunningDoor, running_door
from omtanke.runtime.door_keys import make_write_key, open_write_keys, revoke
from omtanke.storage.door_record import MOST_CALLS, CallSeen, DoorWindow

WRITTEN_SECONDS = 1.2
PATIENCE_SECONDS = 30.0


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    data = tmp_path_factory.mktemp("debugger") / "data"
    for sender in ("shop", "till", "flood"):
        make_write_key(data / "keys", sender)
    with running_door(data) as opened:
        yield opened


def page(number: object) -> dict[str, Any]:
    return {"type": "page", "messageId": f"m{number}", "userId": "u"}


def key_of(door: RunningDoor, sender: str) -> tuple[str, str]:
    """(id, key) of a sender."""
    found = next(key for key in open_write_keys(door.data / "keys") if key.sender == sender)
    return found.id, found.key


def calls(data: Path, key_id: str, only_refused: bool = False) -> list[CallSeen]:
    """What is kept of a key, once the door has written it."""
    time.sleep(WRITTEN_SECONDS)
    window = DoorWindow(data)
    try:
        return window.calls(key_id, only_refused, 10_000)
    finally:
        window.close()


def fact_of(door: RunningDoor, taken: CallSeen) -> dict[str, Any]:
    """What became of it, once the worker has come to it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while "type" not in (found := door.get(f"/api/events/{taken.fact_id.hex()}").body) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def test_events_are_kept_as_they_came_with_what_was_wrong(door: RunningDoor) -> None:
    key_id, key = key_of(door, "till")
    door.post("batch", {"batch": [page(1), {"type": "track", "messageId": "m2", "userId": "u", "event": "Order Completd"}]}, key=key)
    refused, taken = sorted(calls(door.data, key_id), key=lambda call: call.message_id, reverse=True)
    assert (taken.endpoint, taken.message_id, taken.is_refused, taken.wire) == ("batch", "m1", 0, '{"type":"page","messageId":"m1","userId":"u"}')
    assert (refused.path, refused.value, refused.rule) == ("batch[1].event", "'Order Completd'", "is not known. Did you mean 'Order Completed'?")
    assert fact_of(door, taken)["type"] == "page_viewed"


def test_flood_leaves_its_last_events_and_its_faults(door: RunningDoor) -> None:
    key_id, key = key_of(door, "flood")
    door.post("track", {"messageId": "wrong", "userId": "u"}, key=key)
    for n in range(8):
        door.post("batch", {"batch": [page(f"{n}-{m}") for m in range(100)]}, key=key)
    kept = calls(door.data, key_id)
    assert [call.message_id for call in kept if not call.is_refused] == [f"m{n}-{m}" for n in (7, 6) for m in reversed(range(100))]
    assert (len(kept), [call.message_id for call in calls(door.data, key_id, only_refused=True)]) == (MOST_CALLS + 1, ["wrong"])


def test_body_that_is_no_json_is_kept_too(door: RunningDoor) -> None:
    key_id, key = key_of(door, "shop")
    door.post("page", b"{'messageId'", key=key)
    (found,) = [call for call in calls(door.data, key_id, only_refused=True) if call.wire.startswith("{'")]
    assert found.rule.startswith("The body is not JSON")


def test_key_that_nobody_has_is_seen_without_what_it_sent(door: RunningDoor) -> None:
    door.post("page", page("secret"), key="not-a-key-1234")
    found = calls(door.data, "")[0]
    assert (found.value, found.wire, found.message_id) == ("…1234", "", "")


def test_key_that_is_revoked_counts_no_longer_and_a_new_one_does(door: RunningDoor) -> None:
    made = make_write_key(door.data / "keys", "app")
    time.sleep(WRITTEN_SECONDS)
    assert door.post("page", page("app"), key=made.key).status == 200
    revoke(door.data / "keys", made.id)
    time.sleep(WRITTEN_SECONDS)
    assert door.post("page", page("app-2"), key=made.key).status == 401


def test_sender_with_a_zone_of_its_own_is_read_in_it(door: RunningDoor) -> None:
    made = make_write_key(door.data / "keys", "helsinki", zone="Europe/Helsinki", currency="EUR")
    time.sleep(WRITTEN_SECONDS)
    properties = {"promise_id": "p", "kind": "reply", "until": "2099-06-01T12:00:00"}
    door.post("track", {"messageId": "h", "userId": "finn", "event": "Promise Stated", "properties": properties}, key=made.key)
    door.say({"promise_id": "after", "kind": "reply", "user_id": "finn", "until": "2099-06-01"})
    promises = door.get("/api/customers/finn/promises").body["promises"]
    assert {one["promise_id"]: one["current"]["until"] for one in promises} == {"p": "2099-06-01T09:00:00Z", "after": "2099-06-01T22:00:00Z"}
