"""What needs a person, and whose it is."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from fakes.story import Story, at, first_policy
from omtanke.engine import tasks
from omtanke.engine.tasks import Task
from omtanke.vocabulary.fact import Mode

POLICY = replace(first_policy(), units={"logistics": (7,), "service": (8, 9)})


def living() -> Story:
    return Story(POLICY, mode=Mode.LIVE)


def promised(story: Story, kind: str = "delivery", **about: Any) -> int:
    """A promise until 20 November; its number."""
    story.tell("2026-11-17 18:00", "Promise Stated", kind=kind, until="2026-11-20", **(about or {"order_id": "7"}))
    return int(story.last("promise_made").promise)


def broken() -> tuple[Story, int]:
    """A delivery that was promised until 20 November and has not come; broken after 12 hours' grace."""
    story = living()
    number = promised(story)
    story.wait("2026-11-21 12:00")
    return story, number


def task_of(story: Story, number: int) -> Task:
    return story.state.tasks.tasks[number]


def test_broken_promise_becomes_a_task_of_its_unit_and_of_somebody_there() -> None:
    story, number = broken()
    assert task_of(story, number) == Task("promise", number, 0, "logistics", 7, at("2026-11-21 12:00"), customer=1)
    assert story.why("task_assigned") == ["promise_broken"]


def test_unit_without_people_has_the_task_without_a_name() -> None:
    story = Story(mode=Mode.LIVE)
    number = promised(story)
    story.wait("2026-11-21 12:00")
    assert (task_of(story, number).unit, task_of(story, number).assignee) == ("logistics", 0)


def test_history_assigns_nothing() -> None:
    story = Story(POLICY)
    promised(story)
    story.wait("2026-11-30 12:00")
    story.tell("2026-11-30 13:00", "Survey Answered", survey_id="1", score=1)
    assert (story.why("promise_broken"), story.state.tasks.tasks) == (["no_evidence"], {})


@pytest.mark.parametrize(("kind", "about"), [("opening_hours", {"store_id": "nordstan"}), ("appointment", {"subject": {"kind": "appointment", "id": "a"}})])
def test_what_nobody_waits_for_any_more_needs_nobody(kind: str, about: dict[str, Any]) -> None:
    story = living()
    promised(story, kind, **about)
    story.wait("2026-11-30 12:00")
    assert (story.why("promise_broken"), story.why("task_assigned")) == (["no_evidence"], [])


def test_promise_met_too_late_needs_nobody() -> None:
    story = living()
    promised(story)
    assert "promise_broken" in story.tell("2026-11-21 09:00", "Shipment Delivered", order_id="7")
    assert story.state.tasks.tasks == {}


def test_delivery_after_all_ends_the_task() -> None:
    story, number = broken()
    assert story.tell("2026-11-23 09:00", "Shipment Delivered", order_id="7") == ["promise_met_late", "task_done"]
    assert (task_of(story, number).done_at, task_of(story, number).outcome) == (at("2026-11-23 09:00"), "met")


def test_cancelled_order_ends_the_task() -> None:
    story, number = broken()
    story.tell("2026-11-20 15:00", "Order Cancelled", known="2026-11-23 15:00", order_id="7")
    assert (task_of(story, number).outcome, story.why("task_done")) == ("withdrawn", ["promise_withdrawn"])


def test_new_date_by_hand_is_a_new_promise_and_ends_the_task() -> None:
    story, number = broken()
    decided = story.act("2026-11-23 09:00", "Promise Renegotiation Requested", staff=7, promise=number, until="2026-11-25")
    new = story.last("promise_made")
    assert (decided, new.follows, new.until_at, new.kind) == (["promise_made", "task_done"], number, at("2026-11-26 00:00"), "delivery")
    assert task_of(story, number).outcome == "new_promise"


def test_new_date_for_a_promise_that_stands_renegotiates_it() -> None:
    story = living()
    number = promised(story)
    assert story.act("2026-11-18 09:00", "Promise Renegotiation Requested", staff=7, promise=number, until="2026-11-25") == ["promise_renegotiated"]
    story.wait("2026-11-22 12:00")
    assert (story.last("promise_renegotiated").until_at, story.why("promise_broken")) == (at("2026-11-26 00:00"), [])


def test_new_date_agreed_while_due_leaves_nothing_to_do_when_the_first_breaks() -> None:
    story = living()
    number = promised(story)
    story.act("2026-11-21 09:00", "Promise Renegotiation Requested", staff=7, promise=number, until="2026-11-25")
    story.wait("2026-11-22 12:00")
    assert (story.why("promise_broken"), story.why("task_assigned")) == (["no_evidence"], [])


def test_new_date_for_an_unknown_promise_is_set_aside() -> None:
    story, number = broken()
    assert story.act("2026-11-23 09:00", "Promise Renegotiation Requested", staff=7, promise=number + 1, until="2026-11-25") == ["input_set_aside"]
    assert story.why("input_set_aside") == ["promise_unknown"]


def test_new_date_for_a_promise_that_has_left_the_state_is_given() -> None:
    story, number = broken()
    for n in range(40):
        story.tell(f"2027-{2 + n // 10:02}-{1 + n % 10:02} 10:00", "Order Completed", order_id=f"o{n}", promises=[{"kind": "delivery", "until": "2027-12-31"}])
    assert number not in story.state.promises.promises
    story.act("2027-06-01 09:00", "Promise Renegotiation Requested", staff=7, promise=number, until="2027-06-10")
    assert story.last("promise_made").follows == number


def test_taken_told_and_closed_stand_on_the_task() -> None:
    story, number = broken()
    story.act("2026-11-21 13:00", "Task Taken", staff=9, task=number)
    story.act("2026-11-21 13:05", "Customer Told", staff=9, task=number)
    assert story.act("2026-11-21 13:06", "Task Closed", staff=9, task=number, outcome="told") == ["task_done"]
    found = task_of(story, number)
    assert (found.assignee, found.taken_at, found.told_at, found.told_by) == (9, at("2026-11-21 13:00"), at("2026-11-21 13:05"), 9)
    assert (found.done_at, found.outcome) == (at("2026-11-21 13:06"), "told")


def test_closed_twice_is_done_once() -> None:
    story, number = broken()
    story.act("2026-11-21 13:00", "Task Closed", staff=9, task=number, outcome="told")
    assert story.act("2026-11-21 14:00", "Task Closed", staff=7, task=number, outcome="not_ours") == []
    assert (task_of(story, number).outcome, task_of(story, number).done_at) == ("told", at("2026-11-21 13:00"))


def test_whoever_took_it_before_it_broke_keeps_it() -> None:
    story = living()
    number = promised(story)
    story.act("2026-11-20 09:00", "Task Taken", staff=9, task=number)
    story.act("2026-11-20 09:10", "Customer Told", staff=9, task=number)
    story.wait("2026-11-21 12:00")
    begun = at("2026-11-20 09:00")
    assert task_of(story, number) == Task("promise", number, 0, "logistics", 9, begun, taken_at=begun, told_at=at("2026-11-20 09:10"), told_by=9, customer=1)


def test_taken_before_it_broke_and_kept_after_all_is_done() -> None:
    story = living()
    number = promised(story)
    story.act("2026-11-20 09:00", "Task Taken", staff=9, task=number)
    assert story.tell("2026-11-20 15:00", "Shipment Delivered", order_id="7") == ["promise_kept", "task_done"]
    assert task_of(story, number).outcome == "met"


def test_kept_that_was_broken_after_all_needs_somebody() -> None:
    story = living()
    story.tell("2026-11-17 18:00", "Order Completed", order_id="7", promises=[{"kind": "delivery", "until": "2026-11-20"}], products=[{"line_id": "1"}])
    story.tell("2026-11-20 10:00", "Shipment Delivered", order_id="7", products=[{"line_id": "1"}])
    story.tell("2026-11-17 18:01", "Order Updated", known="2026-11-24 09:00", order_id="7", products=[{"line_id": "1"}, {"line_id": "2"}])
    assert (story.last("promise_ending_corrected").ending, story.last("task_assigned").unit) == ("broken", "logistics")


def test_low_answer_becomes_a_task_of_the_unit_that_answers_for_what_was_asked() -> None:
    story = living()
    story.tell("2026-11-21 10:00", "Survey Answered", survey_id="1", score=2, about="delivery", order_id="7")
    story.tell("2026-11-21 11:00", "Survey Answered", survey_id="2", score=6, scale="0-10")
    assert [(task.about, task.unit) for task in story.state.tasks.tasks.values()] == [("answer", "logistics"), ("answer", "service")]
    assert story.why("task_assigned") == ["low_answer", "low_answer"]


@pytest.mark.parametrize(("scale", "score"), [("1-5", 3), ("0-10", 7), ("1-7", 4), ("1-3", 2), ("0-1", 1)])
def test_answer_that_is_not_low_needs_nobody(scale: str, score: int) -> None:
    story = living()
    assert story.tell("2026-11-21 10:00", "Survey Answered", survey_id="1", score=score, scale=scale) == []
    assert story.tell("2026-11-21 10:05", "Survey Answered", survey_id="2", score=POLICY.surveys.low[scale], scale=scale) == ["task_assigned"]


def test_answers_to_several_questions_without_one_as_a_whole_assign_nothing() -> None:
    story = living()
    assert story.tell("2026-11-21 10:00", "Survey Answered", survey_id="1", answers=[{"question": "staff", "score": 1}]) == []


def test_answered_again_is_the_same_task_until_it_is_done() -> None:
    story = living()
    for minute in ("00", "05"):
        story.act(f"2026-11-21 10:{minute}", "Survey Answered", survey_id="1", asked=99, score=1)
    (number,) = story.state.tasks.tasks
    assert (task_of(story, number).survey, story.why("task_assigned")) == (99, ["low_answer"])
    story.act("2026-11-21 11:00", "Task Closed", staff=8, task=number, outcome="put_right")
    assert story.act("2026-11-21 12:00", "Survey Answered", survey_id="1", asked=99, score=1) == ["task_assigned"]
    assert task_of(story, number).done_at == 0


def test_one_survey_for_everybody_gives_each_customer_and_order_a_task_of_its_own() -> None:
    numbers: set[int] = set()
    for customer in (1, 2):
        story = Story(POLICY, mode=Mode.LIVE, customer=customer)
        story.tell("2026-11-21 10:00", "Survey Answered", survey_id="nps", order_id="7", score=1)
        story.tell("2026-11-21 10:00", "Survey Answered", survey_id="nps", order_id="8", score=1)
        numbers |= set(story.state.tasks.tasks)
    assert len(numbers) == 4


def test_what_was_done_long_ago_leaves_and_comes_back_when_somebody_acts() -> None:
    story, number = broken()
    story.act("2026-11-21 13:00", "Task Closed", staff=9, task=number, outcome="told")
    for n in range(8):
        story.tell("2027-03-01 10:00", "Survey Answered", survey_id=f"s{n}", score=1)
    story.tell("2027-03-01 11:00", "Order Completed", order_id="later")
    assert (number in story.state.tasks.tasks, story.state.tasks.has_left) == (False, True)
    story.act("2027-03-02 10:00", "Task Taken", staff=8, task=number)
    assert (task_of(story, number).outcome, task_of(story, number).assigned_at) == ("told", at("2026-11-21 12:00"))


def test_too_many_tasks_leave_the_oldest_first_and_done_before_open() -> None:
    story, number = broken()
    story.tell("2026-11-21 13:00", "Survey Answered", survey_id="first", score=1)
    first = next(one for one in story.state.tasks.tasks if one != number)
    story.act("2026-11-21 13:30", "Task Closed", staff=8, task=first, outcome="told")
    for n in range(tasks.MOST_TASKS - 1):
        story.tell("2026-11-22 10:00", "Survey Answered", survey_id=f"s{n}", score=1)
    story.tell("2026-11-22 11:00", "Order Completed", order_id="later")
    assert (len(story.state.tasks.tasks), first in story.state.tasks.tasks, number in story.state.tasks.tasks) == (tasks.MOST_TASKS, False, True)
