"""The law's month as a promise, and what is left alone."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from fakes.story import Story, at, first_policy
from omtanke.engine.promises.ledger import AT_RISK, BROKEN, KEPT, MADE
from omtanke.engine.rights import MOST_OPEN, SMALL
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import MINUTE, calendar_months_end, moment_of
from unit.engine.test_surveys import asking


def asked(when: str = "2026-01-31 10:00", **more: object) -> Story:
    story = Story(mode=Mode.LIVE)
    story.act(when, "Rights Requested", staff=3, right="access", text="Skicka allt ni har om mig.", **more)
    return story


def request_of(story: Story) -> int:
    return int(story.last("promise_made").promise)


@pytest.mark.parametrize(
    ("asked_at", "months", "end"),
    [
        ("2026-01-31 10:00", 1, "2026-03-01 00:00"),
        ("2024-01-31 10:00", 1, "2024-03-01 00:00"),
        ("2026-11-26 23:59", 1, "2026-12-27 00:00"),
        ("2026-12-15 09:00", 3, "2027-03-16 00:00"),
        ("2026-11-30 09:00", 3, "2027-03-01 00:00"),
        # The clocks change in between: a month ends at midnight all the same.
        ("2026-02-28 12:00", 1, "2026-03-29 00:00"),
        ("2026-03-10 12:00", 1, "2026-04-11 00:00"),
        ("2026-09-25 12:00", 1, "2026-10-26 00:00"),
    ],
)
def test_month_ends_with_the_day_of_its_number(asked_at: str, months: int, end: str) -> None:
    assert calendar_months_end(at(asked_at), months, ZoneInfo("Europe/Stockholm")) == at(end)


def test_month_counts_in_the_days_of_the_shop() -> None:
    late = at("2026-01-14 00:30")
    assert calendar_months_end(late, 1, ZoneInfo("UTC")) == moment_of(datetime(2026, 2, 14, tzinfo=ZoneInfo("UTC")))
    assert calendar_months_end(late, 1, ZoneInfo("Europe/Stockholm")) == at("2026-02-15 00:00")


def test_request_is_a_promise_of_an_answer_within_the_month() -> None:
    story = asked()
    made = story.last("promise_made")
    assert (made.kind, made.subject_kind, made.owner, made.until_at) == ("reply", "request", "privacy", at("2026-03-01 00:00"))
    assert story.why("promise_made") == ["right_requested"]
    assert story.wake == at("2026-02-22 00:00")


def test_month_counts_from_when_it_reached_us() -> None:
    story = asked("2026-02-10 10:00", reached="2026-02-03")
    assert story.last("promise_made").until_at == at("2026-03-04 00:00")


def test_request_with_less_than_a_week_left_is_at_risk_at_once() -> None:
    assert asked("2026-03-01 10:00", reached="2026-02-03").statuses() == [AT_RISK]


def test_request_that_was_taken_down_too_late_is_broken_at_once() -> None:
    assert asked("2026-05-10 10:00", reached="2026-02-03").statuses() == [BROKEN]


@pytest.mark.parametrize(("event", "about"), [("Case Message Sent", {}), ("Case Message Sent", {"case_id": "4"}), ("Live Chat Message Sent", {})])
def test_other_answers_do_not_meet_it(event: str, about: dict[str, str]) -> None:
    story = asked()
    story.tell("2026-02-01 10:00", event, **about)
    assert story.statuses() == [MADE]


@pytest.mark.parametrize("outcome", ["done", "partly", "refused"])
def test_answer_meets_it(outcome: str) -> None:
    story = asked()
    assert story.act("2026-02-10 10:00", "Rights Answered", staff=3, promise=request_of(story), outcome=outcome) == ["promise_kept"]
    one = story.state.rights.requests[request_of(story)]
    assert (story.statuses(), one.outcome, one.answered_at) == ([KEPT], outcome, at("2026-02-10 10:00"))


def test_answer_to_one_request_leaves_the_other_open() -> None:
    story = asked()
    story.act("2026-02-01 10:00", "Rights Requested", staff=3, right="erasure")
    story.act("2026-02-10 10:00", "Rights Answered", staff=3, promise=request_of(story), outcome="done")
    assert story.statuses() == [MADE, KEPT]


def test_partly_done_and_then_done_is_kept_once() -> None:
    story = asked()
    for day, outcome in (("05", "partly"), ("20", "done")):
        story.act(f"2026-02-{day} 10:00", "Rights Answered", staff=3, promise=request_of(story), outcome=outcome)
    assert story.state.rights.requests[request_of(story)].outcome == "done"
    assert [fact.type for fact in story.facts].count("promise_kept") == 1


def test_nobody_answers_and_it_is_broken_with_a_task_for_its_unit() -> None:
    story = asked()
    assert story.wait("2026-02-23 00:00") == ["promise_at_risk"]
    assert story.statuses() == [AT_RISK]
    story.wait("2026-03-01 00:20")
    assert (story.statuses(), story.last("task_assigned").unit) == ([BROKEN], "privacy")


def test_it_can_be_given_two_months_more_once() -> None:
    story = asked()
    assert story.act("2026-02-20 10:00", "Rights Extended", staff=3, promise=request_of(story), why="complex") == ["promise_renegotiated"]
    assert (story.state.promises.promises[request_of(story)].until_at, story.why("promise_renegotiated")) == (at("2026-05-01 00:00"), ["right_extended"])
    assert story.act("2026-02-21 10:00", "Rights Extended", staff=3, promise=request_of(story), why="many") == ["input_set_aside"]
    assert story.why("input_set_aside") == ["extended_before"]


def test_more_time_cannot_be_taken_after_the_month() -> None:
    story = asked()
    story.act("2026-03-02 10:00", "Rights Extended", staff=3, promise=request_of(story), why="complex")
    assert (story.statuses(), story.why("input_set_aside")) == ([BROKEN], ["extended_before"])


def test_answer_to_what_nobody_asked_is_set_aside() -> None:
    story = asked()
    story.act("2026-02-20 10:00", "Rights Answered", staff=3, promise=99, outcome="done")
    assert (story.statuses(), story.why("input_set_aside")) == ([MADE], ["promise_unknown"])


def test_requests_beyond_what_a_state_holds_are_set_aside() -> None:
    story = asked()
    for n in range(MOST_OPEN):
        story.act(f"2026-02-01 10:{n:02}", "Rights Requested", staff=3, right="access")
    assert (len(story.state.rights.requests), story.why("input_set_aside")) == (MOST_OPEN, ["too_many_open"])


def test_answered_request_leaves_and_comes_back_when_a_fact_is_about_it() -> None:
    story = asked()
    first = request_of(story)
    story.act("2026-02-01 10:00", "Rights Answered", staff=3, promise=first, outcome="partly")
    for n in range(SMALL):
        story.act(f"2026-06-0{n + 1} 10:00", "Rights Requested", staff=3, right="access")
    story.act("2026-06-20 10:00", "Rights Requested", staff=3, right="access")
    assert (first in story.state.rights.requests, story.state.rights.has_left) == (False, True)
    story.act("2026-06-21 10:00", "Rights Answered", staff=3, promise=first, outcome="done")
    assert story.state.rights.requests[first].outcome == "done"


def test_restricted_customer_is_asked_nothing() -> None:
    story = Story(asking(), mode=Mode.LIVE)
    story.tell("2026-02-01 10:00", "Shipment Delivered", order_id="7")
    story.act("2026-02-01 10:30", "Processing Restricted", staff=3, why="accuracy")
    assert story.wait("2026-02-01 12:30") == ["survey_withheld"]
    assert story.why("survey_withheld") == ["restricted"]


def test_lifted_restriction_lets_surveys_go_again() -> None:
    story = Story(asking(), mode=Mode.LIVE)
    story.act("2026-02-01 09:00", "Processing Restricted", staff=3, why="claim")
    story.act("2026-02-01 09:30", "Restriction Lifted", staff=3)
    story.tell("2026-02-01 10:00", "Shipment Delivered", order_id="7")
    assert (story.wait("2026-02-01 12:30"), story.state.rights.restricted_at) == (["survey_asked"], 0)


def test_grace_is_that_of_replies() -> None:
    made = asked().last("promise_made")
    assert made.lapse_at - made.until_at == first_policy().promises["reply"].grace == 15 * MINUTE
