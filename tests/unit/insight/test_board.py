"""The board: the questions' figures, filtered, paged, renewed behind the reader's back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fakes.story import at
from omtanke.insight.ask import ask
from omtanke.insight.board import GROUPS, MEASURES, Board, Chosen, Filters, Period, Satisfaction, Satisfied, UnknownGroup, span_of
from omtanke.insight.board_making import made
from omtanke.insight.log import NoStore
from omtanke.insight.question import UnknownDimension, question
from omtanke.insight.statistics import Sample, mean_interval
from unit.insight.stored import Stored, answer, order, tell_everyone

SHORT = 0.02


@pytest.fixture(name="stored")
def stored_history(tmp_path: Path) -> Iterator[Stored]:
    stored = Stored(tmp_path)
    tell_everyone(stored)
    yield stored
    for thread in threading.enumerate():
        if thread.name == "board":
            thread.join()


def add_kept_order(stored: Stored, number: str) -> None:
    story = stored.story()
    story.tell("2026-10-05 10:00", "Order Completed", **order(number, "2026-10-09"))
    story.tell("2026-10-09 10:00", "Shipment Delivered", order_id=number)
    stored.add(story.facts)


def wait_for(condition: object) -> None:
    for _ in range(2_000):
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.01)
    pytest.fail("did not come within twenty seconds")


@pytest.mark.parametrize("by", question("promises").dimensions)
def test_the_board_answers_as_the_question_does(stored: Stored, by: str) -> None:
    assert Board(stored.folder, making=made).kept_by(by).rows == ask(stored.folder, "promises", by=by).rows


def test_the_boards_cost_is_the_questions(stored: Stored) -> None:
    assert Board(stored.folder, making=made).broken_cost().rows == ask(stored.folder, "broken-cost").rows


def test_filters_choose_the_promises_that_count(stored: Stored) -> None:
    board = Board(stored.folder, making=made)
    for filters, promises in (
        (Filters(), 8),
        (Filters(status="broken"), 2),
        (Filters(status="open"), 1),
        (Filters(region="Uppsala"), 1),
        (Filters(region=""), 5),
        (Filters(carrier="PostNord", kind="delivery"), 1),
        (Filters(touchpoint="checkout", owner="logistics"), 7),
        (Filters(due_from=date(2026, 10, 10), due_before=date(2026, 11, 1)), 1),
    ):
        assert board.kept_by("all", filters).records[0]["promises"] == promises, filters
    assert board.kept_by("all", Filters(kind="reply")).rows == ()
    assert board.broken_cost(Filters(region="Uppsala")).records[1]["answers"] == 1


def test_a_filter_is_a_value_and_never_sql(stored: Stored) -> None:
    assert Board(stored.folder, making=made).kept_by("all", Filters(region="x' OR 'a' = 'a")).rows == ()


def test_weeks_are_named_by_their_monday(stored: Stored) -> None:
    found = Board(stored.folder, making=made).kept_by_week()
    assert [(record["part"], record["promises"], record["kept_rate"]) for record in found.records] == [
        ("2026-10-05", 6, 0.6),
        ("2026-10-26", 1, 0.0),
        ("2026-11-30", 1, None),
    ]


@pytest.mark.parametrize(
    ("group", "count"),
    [
        ("promises", 8),
        ("kept", 3),
        ("exceeded", 1),
        ("broken", 2),
        ("withdrawn", 1),
        ("open", 1),
        ("came_due", 6),
        ("held", 3),
        ("missed", 3),
        ("sure_came_due", 0),
        ("sure_held", 0),
        ("put_right", 1),
        ("still_waiting", 1),
        ("answered_kept", 2),
        ("answered_broken", 3),
        ("answered_never_arrived", 1),
        ("answered_late", 2),
        ("answered_late_waiting", 1),
        ("answered_late_after", 1),
        ("answered_withdrawn", 1),
    ],
)
def test_every_figure_opens_the_promises_behind_it(stored: Stored, group: str, count: int) -> None:
    page = Board(stored.folder, making=made).people(group=group)
    assert (page.total, len(page.promises), page.next) == (count, count, None)


def test_every_group_is_tested() -> None:
    mark = next(mark for mark in test_every_figure_opens_the_promises_behind_it.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
    assert [case[0] for case in mark.args[1]] == list(GROUPS)


def test_pages_follow_each_other_without_gap_or_repeat(stored: Stored) -> None:
    board = Board(stored.folder, making=made)
    whole = board.people(limit=50).promises
    pages, after = [], None
    while True:
        page = board.people(after=after, limit=3)
        pages += page.promises
        assert page.total == 8
        after = page.next
        if after is None:
            break
    assert tuple(pages) == whole
    assert 8 not in {person for _, person in whole}, "customer 8 is person 1 today"


def test_a_period_counts_what_happened_in_it(stored: Stored) -> None:
    board = Board(stored.folder, making=made)
    assert board.period(at("2026-10-01 00:00"), at("2026-11-01 00:00")) == Period(promised=7, kept=3, exceeded=1, broken=1, put_right=1)
    assert board.period(at("2026-11-01 00:00"), at("2026-12-01 00:00")) == Period(promised=1, kept=0, exceeded=0, broken=1, put_right=0)
    assert board.period(at("2026-10-12 10:00"), at("2026-10-12 10:01")) == Period(promised=0, kept=0, exceeded=0, broken=0, put_right=1)


def test_a_broken_promise_is_put_right_by_one_that_followed_and_was_kept(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    story = stored.story()
    story.tell("2026-10-05 10:00", "Promise Stated", kind="call_back", until="2026-10-06T12:00:00+02:00")
    story.tell("2026-10-07 10:00", "Promise Stated", kind="call_back", until="2026-10-08T12:00:00+02:00")
    story.tell("2026-10-08 09:00", "Callback Made")
    stored.add(story.facts)
    board = Board(tmp_path, making=made)
    states = {record["part"]: (record["kept"] + record["exceeded"], record["broken"]) for record in board.kept_by("kind").records}
    assert states == {"call_back": (1, 1)}
    assert board.people(group="put_right").total == 1


def test_satisfaction_is_over_all_answers_of_one_to_five(stored: Stored) -> None:
    found = Board(stored.folder, making=made).satisfaction(at("2026-10-07 00:00"), at("2026-11-03 00:00"), most=10)
    assert (found.all.n, found.all.sample, found.all.interval) == (6, Sample(6, 17, 59), mean_interval(Sample(6, 17, 59)))
    assert [(one.question, one.touchpoint, one.n, one.mean, one.interval is None) for one in found.parts] == [
        ("", "checkout", 5, 3.0, False),
        ("", "store/nordstan", 1, 2.0, True),
    ]
    assert len(found.answers) == 6


def test_satisfaction_counts_what_was_answered_in_the_span_and_opens_it(stored: Stored) -> None:
    board = Board(stored.folder, making=made)
    found = board.satisfaction(at("2026-10-12 10:00"), at("2026-10-15 10:00"), most=10)
    assert (found.all.sample, len(found.answers)) == (Sample(1, 4, 16), 1)
    whole = board.satisfaction(0, at("2026-12-01 00:00"), most=10).answers
    assert board.satisfaction(0, at("2026-12-01 00:00"), skip=2, most=3).answers == whole[2:5]
    assert len(board.satisfaction(0, at("2026-12-01 00:00"), ("", "store/nordstan"), most=10).answers) == 1
    assert board.satisfaction(0, 1, ("x' OR 'a' = 'a", ""), most=10) == Satisfaction(Satisfied("", "", Sample(0, 0, 0)), (), ())


def test_choices_are_what_occurs(stored: Stored) -> None:
    board = Board(stored.folder, making=made)
    assert board.choices("region") == ["Skåne", "Uppsala"]
    assert board.choices("touchpoint") == ["checkout", "store/nordstan"]


def test_what_cannot_be_asked_is_refused(stored: Stored, tmp_path: Path) -> None:
    board = Board(stored.folder, making=made)
    with pytest.raises(UnknownDimension):
        board.kept_by("customer")
    with pytest.raises(UnknownDimension):
        board.choices("customer")
    with pytest.raises(UnknownGroup, match="'lost' is not a figure"):
        board.people(group="lost")
    with pytest.raises(NoStore):
        Board(tmp_path / "nowhere", making=made).kept_by_week()


def test_the_board_stands_where_it_is_told(stored: Stored) -> None:
    board = Board(stored.folder, as_of="2026-10-08", zone="Europe/Stockholm", making=made)
    assert board.as_of == at("2026-10-09 00:00")
    assert board.kept_by("all").records[0]["promises"] == 6


def test_news_come_without_anyone_waiting(stored: Stored) -> None:
    board = Board(stored.folder, refresh_seconds=SHORT, making=made)
    assert board.kept_by("all").records[0]["promises"] == 8
    add_kept_order(stored, "new")
    wait_for(lambda: board.kept_by("all").records[0]["promises"] == 9)
    assert board.position == stored.position
    assert board.failure is None


def test_what_was_asked_last_is_known_before_anyone_asks_again(stored: Stored) -> None:
    board = Board(stored.folder, making=made)
    before = board.measure("satisfaction", "touchpoint").rows
    add_kept_order(stored, "N")
    assert board.refresh()
    assert board._current is not None
    assert [sought[:2] for sought in board._current.answers] == [("satisfaction", "touchpoint")]
    assert board.measure("satisfaction", "touchpoint").rows == before


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("by", ["touchpoint", "channel", "store", "about", "question"])
def test_the_boards_measures_are_the_questions(stored: Stored, measure: str, by: str) -> None:
    assert Board(stored.folder, making=made).measure(measure, by).rows == ask(stored.folder, measure, by=by).rows


def test_a_measure_counts_what_was_answered_in_the_span(stored: Stored) -> None:
    found = Board(stored.folder, making=made).measure("satisfaction", since=at("2026-10-12 10:00"), until=at("2026-10-15 10:00")).records
    assert [(one["answers"], one["mean_score"]) for one in found] == [(1, 4.0)]


def test_answers_are_chosen_by_place_fate_level_and_where_words_stand(stored: Stored) -> None:
    board = Board(stored.folder, making=made)
    every = board.given(Chosen(), 0, 0)
    assert (every.total, len(every.answers)) == (7, 7)
    assert [board.given(Chosen(**one), 0, 0).total for one in ({"fate": "broken"}, {"level": "low"}, {"touchpoint": "store/nordstan"}, {"touchpoint": ""})] == [
        3,
        3,
        1,
        0,
    ]
    assert board.given(Chosen(), 0, 0, among=[every.answers[2].position]).answers == (every.answers[2],)
    assert board.given(Chosen(), 0, 0, among=[]).total == 0
    assert board.given(Chosen(question="x' OR 'a' = 'a"), 0, 0).total == 0
    assert board.given(Chosen(), 0, 0, skip=5, most=10).answers == every.answers[5:]


def test_nothing_new_is_not_made_again(stored: Stored) -> None:
    board = Board(stored.folder, making=made)
    assert board.refresh() is True
    assert board.refresh() is False


def test_figures_stay_when_a_renewal_fails(stored: Stored) -> None:
    board = Board(stored.folder, refresh_seconds=SHORT, making=made)
    before = board.kept_by("all")
    (stored.folder / "log.db").rename(stored.folder / "elsewhere.db")
    wait_for(lambda: board.kept_by("all") is not None and board.failure is not None)
    assert board.kept_by("all") == before
    (stored.folder / "elsewhere.db").rename(stored.folder / "log.db")
    wait_for(lambda: board.refresh() is False and board.failure is None)


def test_many_threads_read_while_it_is_renewed(stored: Stored) -> None:
    board = Board(stored.folder, refresh_seconds=SHORT, making=made)
    seen: list[int] = []
    failures: list[Exception] = []

    def read() -> None:
        try:
            for n in range(15):
                seen.append(board.kept_by("all", Filters(due_from=date(2026, 1, 1 + n))).records[0]["promises"])
                board.people(group="kept", limit=2)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=read, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(3):
        add_kept_order(stored, f"more {n}")
        time.sleep(SHORT)
    for thread in threads:
        thread.join()
    assert failures == []
    assert {*seen} <= {8, 9, 10, 11}
    wait_for(lambda: board.kept_by("all").records[0]["promises"] == 11)


def test_months_and_iso_weeks_as_spans() -> None:
    assert span_of("2026-11") == (date(2026, 11, 1), date(2026, 12, 1))
    assert span_of("2026-12") == (date(2026, 12, 1), date(2027, 1, 1))
    assert span_of("2026-W53") == (date(2026, 12, 28), date(2027, 1, 4))
    with pytest.raises(ValueError, match="week"):
        span_of("2026-W54")


def test_an_answer_is_on_its_promise(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    story = stored.story()
    story.tell("2026-10-05 10:00", "Order Completed", **order("A", "2026-10-09"))
    story.tell("2026-10-08 10:00", "Shipment Delivered", order_id="A")
    story.tell("2026-10-09 10:00", "Survey Answered", **answer("A", 2))
    stored.add(story.facts)
    assert Board(tmp_path, making=made).people(group="answered_kept").total == 1
