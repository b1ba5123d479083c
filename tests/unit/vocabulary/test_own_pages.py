"""What only our own pages may say, and what they may say of: numbers of the log's own, and what staff do."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fakes.story import at
from omtanke.vocabulary.catalogue import OBSERVED
from omtanke.vocabulary.fact import StaffAct
from omtanke.vocabulary.reading import Understood, read_message
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.task import CustomerTold, PromiseRenegotiationRequested

ZONE = ZoneInfo("Europe/Stockholm")
PROMISE = 2**62 + 7
ACTS = {
    "Promise Renegotiation Requested": {"staff": 3, "promise": PROMISE, "until": "2026-11-25"},
    "Task Taken": {"staff": 3, "task": PROMISE},
    "Customer Told": {"staff": 3, "task": PROMISE},
    "Task Closed": {"staff": 3, "task": PROMISE, "outcome": "told"},
    "Note Added": {"staff": 3, "note": "Ring efter fem."},
    "Link Confirmed": {"staff": 3, "other": 7},
    "Link Refused": {"staff": 3, "other": 7},
    "Split Requested": {"staff": 3, "one": 5, "two": 7},
    "Erasure Requested": {"staff": 3},
    "Rights Extended": {"staff": 3, "promise": PROMISE, "why": "complex"},
    "Rights Answered": {"staff": 3, "promise": PROMISE, "outcome": "done"},
    "Details Corrected": {"staff": 3, "corrected": ["name"], "name": "Maja Lind"},
    "Processing Restricted": {"staff": 3, "why": "accuracy"},
    "Restriction Lifted": {"staff": 3},
    "Data Exported": {"staff": 3},
    "Retry Requested": {"staff": 3},
    "Own Page Link Made": {"staff": 3},
}


def read(event: str, properties: dict[str, Any], is_own: bool, **more: Any) -> Understood:
    message = {"type": "track", "event": event, "userId": "u", "properties": properties, **more}
    return read_message(message, at("2026-11-21 12:00"), ZONE, "SEK", lambda kind, number: 5, is_own)


def refused(event: str, properties: dict[str, Any], is_own: bool, **more: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as refusal:
        read(event, properties, is_own, **more)
    return refusal.value.path, refusal.value.rule


def test_every_staff_act_is_tried_here() -> None:
    assert set(ACTS) == {name for name, body in OBSERVED.items() if issubclass(body, StaffAct)}


@pytest.mark.parametrize("event", ACTS)
def test_staff_act_is_for_our_own_pages_only(event: str) -> None:
    assert refused(event, ACTS[event], is_own=False) == ("event", "is said by those who work here, in the console; no sender says it")
    assert read(event, ACTS[event], is_own=True).body.staff == 3  # type: ignore[attr-defined]


def test_own_number_is_refused_at_a_door() -> None:
    path, rule = refused("Survey Answered", {"survey_id": "1", "score": 4, "asked": 99}, is_own=False)
    assert (path, rule.startswith("is a number of Omtanke's own")) == ("properties.asked", True)
    assert read("Survey Answered", {"survey_id": "1", "score": 4, "asked": 99}, is_own=True).body.asked == 99  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", ["7", -1, True, 2**63, 1.0, 0])
def test_what_is_no_number_of_ours_is_refused(number: object) -> None:
    assert refused("Task Taken", {"staff": 3, "task": number}, is_own=True) == ("properties.task", "is not a number that the log has given")


def test_only_our_own_pages_name_a_customer_by_number() -> None:
    note = ACTS["Note Added"]
    assert read("Note Added", note, is_own=True, customer=4).customer == 4
    assert read("Cart Viewed", {}, is_own=False, customer=4).customer == 0


@pytest.mark.parametrize("customer", ["4", -4, True])
def test_what_is_no_customer_is_refused(customer: object) -> None:
    assert refused("Note Added", ACTS["Note Added"], is_own=True, customer=customer) == ("customer", "is not the number of a customer")


def test_words_and_notes_stay_in_the_personal_part() -> None:
    told = read("Customer Told", {**ACTS["Customer Told"], "words": "Hej Maja! Paketet kommer på onsdag."}, is_own=True)
    assert (told.body, told.personal["properties"]) == (CustomerTold(staff=3, task=PROMISE), {"words": "Hej Maja! Paketet kommer på onsdag."})


def test_new_date_is_the_whole_day() -> None:
    asked = read("Promise Renegotiation Requested", {"staff": 3, "promise": PROMISE, "from": "2026-11-24", "until": "2026-11-25"}, is_own=True)
    assert asked.body == PromiseRenegotiationRequested(staff=3, promise=PROMISE, from_at=at("2026-11-24 00:00"), until_at=at("2026-11-26 00:00"))


@pytest.mark.parametrize(
    ("event", "properties", "path", "rule"),
    [
        ("Promise Renegotiation Requested", {"staff": 3, "promise": 7, "from": "2026-11-27", "until": "2026-11-25"}, "properties.from", "is after until"),
        ("Promise Renegotiation Requested", {"staff": 3, "promise": 7}, "properties.until", "is missing: at the latest"),
        ("Task Closed", {"staff": 3, "task": 7, "outcome": "gone"}, "properties.outcome", "is not one of done, put_right, told, agreed"),
        ("Task Taken", {"task": 7}, "properties.staff", "is missing: who did it"),
    ],
)
def test_wrong_act_is_refused_with_path_and_rule(event: str, properties: dict[str, Any], path: str, rule: str) -> None:
    found = refused(event, properties, is_own=True)
    assert (found[0], found[1].startswith(rule)) == (path, True)
