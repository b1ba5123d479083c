"""A day is asked for at the door, an order names it, and the promise in the ledger has that window and those words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fakes.delivery_shops import FIRST, NO_DAYS_OFF, later, shop
from integration.running_door import Answered, RunningDoor, running_door
from omtanke.bootstrap import check_folder
from omtanke.folder import Folder
from omtanke.insight.ask import ask as ask_question
from omtanke.intake.openapi import document
from omtanke.learning.delivery.keeping import keep
from omtanke.learning.delivery.model import learn_delivery
from omtanke.runtime.quotes import Offer, asked_at, id_of
from omtanke.storage.door_record import CallSeen, DoorWindow
from omtanke.storage.keys import Keys
from omtanke.vocabulary.promise import QuoteGiven
from omtanke.vocabulary.time import DAY, HOUR, local_date, zone_named

LANES = '\n[quotes]\ncut_off = "14.00"\ncountry = "SE"\nlanes.SE = [1, 2]\nlanes.FI = [2, 4]\n'
ZONE = "Europe/Stockholm"
WRITTEN_SECONDS = 1.2


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    data = tmp_path_factory.mktemp("quotes") / "data"
    data.mkdir()
    Folder(data).policy_text()
    with (data / "policy" / "policy.toml").open("a", encoding="utf-8") as policy:
        policy.write(LANES)
    with running_door(data, 'door_origins = ["https://shop.example"]\n') as opened:
        wait_for_lanes(opened)
        yield opened


def wait_for_lanes(door: RunningDoor) -> None:
    """The worker has begun to follow the policy."""
    deadline = time.monotonic() + 20
    while ask(door, {}).body["id"] is None and time.monotonic() < deadline:
        time.sleep(0.1)


def ask(door: RunningDoor, body: Any, key: str | None = None, **headers: str) -> Answered:
    answer = door.call("POST", "/api/quotes", body, key or door.read_key, headers)
    if answer.status == 200:
        Draft202012Validator({"$ref": "#/components/schemas/Quote", "components": document()["components"]}).validate(answer.body)
    return answer


def order(door: RunningDoor, number: str, **properties: Any) -> list[dict[str, Any]]:
    """What was decided on an order, once the worker has taken it."""
    message = {"messageId": f"order-{number}", "userId": f"u{number}", "event": "Order Completed", "properties": {"order_id": number, **properties}}
    assert door.post("track", message).status == 200
    door.say({"promise_id": f"after-{number}", "kind": "reply", "user_id": f"u{number}", "until": "2099-11-20"})
    found = door.get(f"/api/events/order-{number}?source=shop")
    assert found.body["state"] == "understood", found.body
    decided: list[dict[str, Any]] = found.body["decided"]
    return decided


def promise_of(door: RunningDoor, number: str) -> dict[str, Any]:
    (found,) = door.get(f"/api/promises?order_id={number}").body["promises"]
    return dict(found)


def seen(door: RunningDoor, message_id: str) -> CallSeen:
    """An event as the debugger has it."""
    time.sleep(WRITTEN_SECONDS)
    window = DoorWindow(door.data)
    try:
        return next(call for key in window.traffic() for call in window.calls(key, False, 1_000) if call.message_id == message_id)
    finally:
        window.close()


def offer_of(now: int, **changed: Any) -> Offer:
    said = {"from_at": now + DAY, "until_at": now + 2 * DAY, "valid_until": now + HOUR, "asked_at": asked_at(now), "language": "sv", "version": 1}
    return Offer(**said | {"zone": ZONE, "shop_zone": ZONE} | changed)


def test_quote_that_an_order_names_is_its_promise_with_the_words_that_were_shown(door: RunningDoor) -> None:
    quote = ask(door, {"destination": {"country": "SE", "postal_code": "111 22"}}).body
    assert quote["words"].startswith("Hos dig mellan ") and quote["remarks"] == [] and quote["probability"] is None
    decided = order(door, "taken", quote_id=quote["id"])
    assert [(one["what"], one["reason"]) for one in decided] == [("promise_made", "quote_taken")]
    promise = promise_of(door, "taken")
    assert (promise["first"]["from"], promise["first"]["until"], promise["first"]["words"]) == (quote["from"], quote["until"], quote["words"])
    event, given = promise["why"][0]["because"]
    assert door.get(f"/api/events/{event}").body["type"] == "order_completed"
    assert door.get(f"/api/events/{given}").body["type"] == "quote_given"
    assert (seen(door, "order-taken").is_refused, seen(door, "order-taken").rule) == (0, "")


def test_days_of_a_learnt_model_become_the_promise(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    folder = Folder(data)
    folder.policy_text()
    with (data / "policy" / "policy.toml").open("a", encoding="utf-8") as policy:
        policy.write(f"{LANES}level = 0.9\n")
    today = (local_date(folder.clock(), zone_named(ZONE)) - date(1970, 1, 1)).days
    keep(data, learn_delivery(later(shop(60, 40, until=FIRST + 60), today - FIRST - 60), NO_DAYS_OFF, today))
    with running_door(data) as door:
        wait_for_lanes(door)
        quote = ask(door, {"destination": {"country": "SE", "region": "N"}}).body
        assert (quote["rests_on"]["kind"], quote["rests_on"]["region"], 0.9 <= quote["probability"] < 1) == ("model", "N", True)
        assert [(one["what"], one["reason"]) for one in order(door, "learnt", quote_id=quote["id"])] == [("promise_made", "quote_taken")]
        first = promise_of(door, "learnt")["first"]
        assert (first["from"], first["until"], first["words"]) == (quote["from"], quote["until"], quote["words"])
        (sure,) = ask_question(data, "calibration", by="sure").records
        assert (sure["part"], sure["promises"], sure["came_due"]) == (str(round(quote["probability"] * 1000) // 50 * 5), 1, 0)


@pytest.mark.parametrize(("language", "first"), [("en-GB", "With you between "), ("sv", "Hos dig mellan "), ("fi", "Hos dig mellan ")])
def test_words_are_in_the_language_that_was_asked_for(door: RunningDoor, language: str, first: str) -> None:
    assert ask(door, {"language": language}).body["words"].startswith(first)


def test_quote_that_has_expired_leaves_the_order_without_a_promise_and_says_so(door: RunningDoor) -> None:
    long_ago = Folder(door.data).clock() - 3 * DAY
    decided = order(door, "late", quote_id=id_of(Folder(door.data).keys, offer_of(long_ago)))
    assert [(one["what"], one["reason"]) for one in decided] == [("input_set_aside", "quote_expired")]
    assert door.get("/api/promises?order_id=late").body["promises"] == []
    call = seen(door, "order-late")
    assert (call.is_refused, call.path, "could be taken until" in call.rule) == (0, "properties.quote_id", True)


@pytest.mark.parametrize("whose", ["changed", "another shop's"])
def test_quote_that_was_not_given_here_leaves_the_order_without_a_promise_and_says_so(door: RunningDoor, whose: str) -> None:
    number = whose.split(maxsplit=1)[0]
    now = Folder(door.data).clock()
    foreign = id_of(Keys(b"another shop" * 2 + bytes(8)), offer_of(now))
    own = ask(door, {}).body["id"]
    changed = own[:9] + ("A" if own[9] != "A" else "B") + own[10:]
    decided = order(door, number, quote_id=changed if whose == "changed" else foreign)
    assert [(one["what"], one["reason"]) for one in decided] == [("input_set_aside", "quote_unknown")]
    assert door.get(f"/api/promises?order_id={number}").body["promises"] == []
    assert "was not given by this shop" in seen(door, f"order-{number}").rule


def test_promise_that_the_order_states_counts_before_the_quote_and_that_is_said(door: RunningDoor) -> None:
    own = {"kind": "delivery", "until": "2099-11-20", "words": "På fredag"}
    decided = order(door, "both", quote_id=ask(door, {}).body["id"], promises=[own])
    assert [(one["what"], one["reason"]) for one in decided] == [("promise_made", "stated"), ("input_set_aside", "promise_told")]
    assert promise_of(door, "both")["first"]["words"] == "På fredag"
    assert "stands beside a delivery promise" in seen(door, "order-both").rule


def test_order_of_a_cloud_event_names_a_quote_too(door: RunningDoor) -> None:
    quote = ask(door, {"language": "en"}).body
    event = {"specversion": "1.0", "type": "order.completed", "source": "/checkout", "id": "1", "userid": "cloud"}
    event["data"] = {"order_id": "cloud", "quote_id": quote["id"]}  # type: ignore[assignment]
    assert door.call("POST", "/v1/events", event, door.key).status == 200
    door.say({"promise_id": "after-cloud", "kind": "reply", "user_id": "cloud", "until": "2099-11-20"})
    assert promise_of(door, "cloud")["first"]["words"] == quote["words"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"destination": {"country": "Atlantis"}}, "destination.country"),
    ({"destination": {"country": "DE"}}, "destination.country"),
    ({"destination": {"country": "SE", "postal_code": "1"}}, "destination.postal_code"),
    ({"destination": "SE"}, "destination"),
    ({"items": [{"product_id": "p", "weight": -1}]}, "items[0].weight"),
    ({"items": [{"quantity": 0}]}, "items[0].quantity"),
    ({"moment": "2020-01-01T00:00:00Z"}, "moment"),
    ({"moment": "soon"}, "moment"),
    ({"timezone": "Mars/Base"}, "timezone"),
]


@pytest.mark.parametrize(("body", "path"), WRONG)
def test_what_cannot_be_understood_is_remarked_on_and_the_day_is_a_wide_one(door: RunningDoor, body: dict[str, Any], path: str) -> None:
    answer = ask(door, body)
    assert (answer.status, [one["path"] for one in answer.body["remarks"]]) == (200, [path])
    plain = ask(door, {}).body
    assert answer.body["until"] > plain["until"] and answer.body["from"] <= plain["from"]
    assert (answer.body["rests_on"]["is_wide"], answer.body["json_ld"], plain["rests_on"]["is_wide"]) == (True, None, False)


def test_field_that_is_no_field_is_remarked_on_and_changes_nothing(door: RunningDoor) -> None:
    answer, plain = ask(door, {"destinaton": {"country": "FI"}, "language": "xx"}).body, ask(door, {}).body
    assert ([one["path"] for one in answer["remarks"]], answer["until"]) == (["destinaton", "language"], plain["until"])


@pytest.mark.parametrize("raw", [b"[]", b"3", b"{", b"null", b""])
def test_what_is_no_object_is_refused(door: RunningDoor, raw: bytes) -> None:
    assert ask(door, raw).status == 400


def test_date_stays_while_the_customer_looks_about(door: RunningDoor) -> None:
    found = [ask(door, {"items": [{"sku": f"{n}", "quantity": n}]}).body for n in (1, 2, 3)]
    assert len({(one["from"], one["until"], one["valid_until"]) for one in found}) == 1
    assert found[0]["rests_on"]["unused"] == ["items"]


def test_page_asks_with_the_key_that_stands_in_it_where_the_shop_lets_it(door: RunningDoor) -> None:
    ours, theirs = (ask(door, {}, door.key, origin=origin) for origin in ("https://shop.example", "https://other.example"))
    assert (ours.status, ours.headers["access-control-allow-origin"], theirs.status) == (200, "https://shop.example", 403)
    before = door.call("OPTIONS", "/api/quotes", headers={"origin": "https://shop.example", "access-control-request-method": "POST"})
    assert (before.status, before.headers["access-control-allow-methods"]) == (204, "POST, OPTIONS")
    assert (ask(door, {}, "nobody").status, ask(door, {}, door.key, origin="https://shop.example").body["id"] != ours.body["id"]) == (401, True)


def test_asking_writes_nothing(door: RunningDoor) -> None:
    folder = Folder(door.data)
    before = folder.inbox().last_entry(), folder.log().last_position()
    time.sleep(WRITTEN_SECONDS)
    window = DoorWindow(door.data)
    calls = window.last_call()
    for _ in range(20):
        ask(door, {"destination": {"country": "FI"}})
    time.sleep(WRITTEN_SECONDS)
    after = window.last_call()
    window.close()
    assert (folder.inbox().last_entry(), folder.log().last_position(), after) == (*before, calls)


def test_everything_is_decided_as_it_was(door: RunningDoor) -> None:
    order(door, "replayed", quote_id=ask(door, {}).body["id"])
    *_, checked = check_folder(door.data)
    assert (checked.is_clean, checked.decided > 0, checked.other_engines) == (True, True, 0)


def test_shop_without_lanes_says_no_day(tmp_path: Path) -> None:
    with running_door(tmp_path / "data", with_worker=False) as opened:
        answer = ask(opened, {"destination": {"country": "SE"}})
    assert (answer.status, answer.body["id"], answer.body["words"], [one["path"] for one in answer.body["remarks"]]) == (200, None, None, ["quotes.lanes"])


def tell_capacity(door: RunningDoor, number: int, pace: int, **more: Any) -> None:
    event = {"specversion": "1.0", "type": "capacity.changed", "source": "/warehouse", "id": f"capacity-{number}"}
    data = {"unit_id": "lager", "pace_percent": pace, **more}
    assert door.call("POST", "/v1/events", event | {"data": data}, door.key).status == 200


def quoted_within_two_seconds(door: RunningDoor, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + 2
    while not wanted(said := ask(door, {}).body):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return dict(said)


def test_every_new_quote_follows_what_is_told_of_capacity_and_the_promise_says_what_it_rests_on(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    Folder(data).policy_text()
    with (data / "policy" / "policy.toml").open("a", encoding="utf-8") as policy:
        policy.write(LANES)
    with running_door(data) as door:
        wait_for_lanes(door)
        plain = ask(door, {}).body
        tell_capacity(door, 1, 40, reason="temporary staff")
        slow = quoted_within_two_seconds(door, lambda said: said["until"] > plain["until"] and said["from"] > plain["from"])
        (said,) = slow["rests_on"]["capacity"]
        assert (said["unit"], said["pace_percent"], said["until"], said["reason"]) == ("lager", 40, None, "temporary staff")
        slow = ask(door, {"origin": "lager"}).body
        assert slow["rests_on"]["unused"] == [] and ask(door, {"origin": "elsewhere"}).body["until"] == plain["until"]
        order(door, "slow", quote_id=slow["id"])
        assert promise_of(door, "slow")["first"]["until"] == slow["until"]
        (given,) = (one.fact.body for one in Folder(data).log().facts_from(0, 1_000) if one.fact.type == "quote_given")
        (told,) = Folder(data).log().capacity()
        assert isinstance(given, QuoteGiven) and given.rests_on == f"{plain['rests_on']['kind']}/{plain['rests_on']['policy']}/capacity/{told.position}"
        tell_capacity(door, 2, 100)
        assert quoted_within_two_seconds(door, lambda said: said["until"] == plain["until"])["rests_on"]["capacity"] == []
        tell_capacity(door, 3, 0)
        closed = quoted_within_two_seconds(door, lambda said: said["id"] is None)
        assert (closed["words"], [one["path"] for one in closed["remarks"]]) == (None, ["quotes.origin"])
        *_, checked = check_folder(data)
        assert (checked.is_clean, checked.decided > 0, checked.other_engines) == (True, True, 0)
