"""Questions over lake and tail, on a history small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes.story import at
from omtanke.engine.promises.ledger import STATUS_NAMES
from omtanke.insight.answer import Answer
from omtanke.insight.ask import ask
from omtanke.insight.board import Board
from omtanke.insight.board_making import made
from omtanke.insight.composing import composed, recorded_read
from omtanke.insight.duck import open_database
from omtanke.insight.relations import create_relations, look
from omtanke.vocabulary.fact import Body, Fact
from omtanke.vocabulary.order import OrderCompleted
from omtanke.vocabulary.play import MessageDue, PlayEntered
from omtanke.vocabulary.store import ReceiptIssued
from omtanke.vocabulary.time import DAY
from unit.insight.stored import Stored, answer, order, tell_everyone


@pytest.fixture(name="stored")
def stored_history(tmp_path: Path) -> Stored:
    stored = Stored(tmp_path)
    tell_everyone(stored)
    return stored


def picked(found: Answer, *names: str) -> list[tuple[object, ...]]:
    return [tuple(record[name] for name in names) for record in found.records]


def test_promises_stand_as_in_the_ledgers_that_the_engine_keeps(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    stories = tell_everyone(stored)
    ledgers = [promise for story in stories.values() for promise in story.state.promises.promises.values()]
    columns = ("first_until", "until_at", "met_at", "made_at", "ended_at")
    with open_database() as connection:
        create_relations(connection, look(tmp_path), recorded_read("SELECT 1 FROM promise"))
        moments = ", ".join(f"COALESCE(epoch_us({column}), 0)" for column in columns)
        text = composed(f"\nWITH\nevery AS (SELECT * FROM promise)\nSELECT promise, state, {moments} FROM every").replace("$as_of", "'2026-11-05 11:00:00+00'")
        rows = connection.execute(text).fetchall()
    assert sorted(rows) == sorted((one.promise, STATUS_NAMES[one.status], *(getattr(one, column) for column in columns)) for one in ledgers)


def test_promises_counts_each_once_with_its_last_ending(stored: Stored) -> None:
    found = ask(stored.folder, "promises")
    assert picked(found, "orders", "promises", "kept", "exceeded", "broken", "withdrawn", "open") == [(8, 8, 3, 1, 2, 1, 1)]


def test_kept_rate_is_held_against_the_first_window_and_again_against_the_current(stored: Stored) -> None:
    found = ask(stored.folder, "promises")
    assert picked(found, "came_due", "held", "kept_rate", "kept_rate_current") == [(6, 3, 3 / 6, 4 / 6)]


def test_on_time_among_delivered_leaves_out_those_who_wait(stored: Stored) -> None:
    found = ask(stored.folder, "promises")
    assert picked(found, "delivered", "delivered_on_time", "on_time_among_delivered") == [(5, 3, 3 / 5)]


def test_kept_rate_has_its_wilson_interval(stored: Stored) -> None:
    ((low, high),) = picked(ask(stored.folder, "promises"), "kept_rate_low", "kept_rate_high")
    assert (round(low, 4), round(high, 4)) == (0.1876, 0.8124)


def test_a_month_is_that_of_the_day_promised_though_it_ends_at_midnight(stored: Stored) -> None:
    found = ask(stored.folder, "promises", by="month")
    assert picked(found, "part", "promises", "broken") == [("2026-10", 7, 2), ("2026-11", 1, 0)]


def test_region_is_the_orders_else_the_persons_across_links(stored: Stored) -> None:
    found = ask(stored.folder, "promises", by="region")
    assert picked(found, "part", "promises") == [("Skåne", 2), ("Uppsala", 1), (None, 5)]


def test_carrier_is_the_one_told_last_else_the_orders(stored: Stored) -> None:
    assert picked(ask(stored.folder, "promises", by="carrier"), "part", "promises") == [("Bring", 1), ("PostNord", 1), (None, 6)]


def test_touchpoint_is_where_it_was_promised(stored: Stored) -> None:
    assert picked(ask(stored.folder, "promises", by="touchpoint"), "part", "promises") == [("checkout", 7), ("store/nordstan", 1)]


def test_as_of_counts_only_what_had_happened(stored: Stored) -> None:
    found = ask(stored.folder, "promises", as_of="2026-10-08", zone="Europe/Stockholm")
    assert picked(found, "promises", "exceeded", "withdrawn", "open", "came_due") == [(6, 1, 1, 4, 0)]


def test_broken_cost_tells_waiting_from_after_arrival(stored: Stored) -> None:
    found = ask(stored.folder, "broken-cost")
    assert picked(found, "part", "answers", "mean_score")[:-1] == [
        ("kept or exceeded", 2, 4.5),
        ("broken", 3, 2.0),
        ("- never arrived", 1, 2.0),
        ("- arrived before an agreed slot", 0, None),
        ("- arrived late", 2, 2.0),
        ("- - answered while waiting", 1, 1.0),
        ("- - answered after arrival", 1, 3.0),
        ("withdrawn", 1, 2.0),
        ("still open", 0, None),
        ("no delivery promised", 0, None),
        ("on another scale", 1, None),
    ]


def test_broken_cost_has_welchs_difference(stored: Stored) -> None:
    broken = ask(stored.folder, "broken-cost").records[1]
    assert (broken["difference"], round(broken["difference_low"], 3), round(broken["difference_high"], 3)) == (-2.5, -4.988, -0.012)


def test_a_survey_answered_again_counts_with_its_last_answer(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    story = stored.story()
    story.tell("2026-10-05 10:00", "Order Completed", **order("A", "2026-10-09"))
    story.tell("2026-10-06 10:00", "Shipment Delivered", order_id="A")
    story.tell("2026-10-07 10:00", "Survey Answered", **answer("A", 2))
    story.tell("2026-10-08 10:00", "Survey Answered", **answer("A", 5))
    stored.add(story.facts)
    assert picked(ask(tmp_path, "broken-cost"), "answers", "mean_score")[0] == (1, 5.0)


def test_overview_counts_persons_orders_and_what_senders_told(stored: Stored) -> None:
    found = ask(stored.folder, "overview")
    assert picked(found, "section", "item", "number")[:4] == [
        ("customers", "all", 7),
        ("customers", "known only by an order or case", 0),
        ("orders", "placed", 8),
        ("orders", "receipts", 0),
    ]
    assert [str(record["moment"]) for record in found.records[4:6]] == ["2026-10-01 06:00:00+00:00", "2026-11-02 09:00:00+00:00"]
    assert picked(found, "section", "item", "number")[6:10] == [
        ("open promises", "made", 1),
        ("open promises", "at_risk", 0),
        ("open promises", "due", 0),
        ("facts", "all", 24),
    ]
    assert ("survey_answered", "2026-10", 5) in picked(found, "item", "month", "number")
    assert sum(record["number"] for record in found.records[10:]) == 24


def test_an_empty_store_answers_with_nothing(tmp_path: Path) -> None:
    Stored(tmp_path)
    assert ask(tmp_path, "promises").rows == ()
    assert [record["number"] for record in ask(tmp_path, "overview").records[:4]] == [0, 0, 0, 0]
    assert picked(ask(tmp_path, "broken-cost"), "answers")[0] == (0,)


@pytest.mark.parametrize("question", ["promises", "broken-cost", "overview"])
def test_answers_are_the_same_from_tail_lake_or_both(stored: Stored, question: str) -> None:
    from_tail = ask(stored.folder, question)
    for position in (1, stored.position // 2, stored.position):
        stored.lake.flush(stored.log, upto=position)
        assert ask(stored.folder, question) == from_tail


def test_answers_are_the_same_in_whatever_order_customers_came(tmp_path: Path) -> None:
    one, other = Stored(tmp_path / "one"), Stored(tmp_path / "other")
    tell_everyone(one)
    tell_everyone(other)
    other.log.execute("UPDATE fact SET position = position + 1000 WHERE customer < 5")
    for by in ("kind", "month", "region", "carrier", "touchpoint"):
        assert ask(one.folder, "promises", by=by) == ask(other.folder, "promises", by=by)
    assert ask(one.folder, "broken-cost") == ask(other.folder, "broken-cost")


def surveyed(tmp_path: Path) -> Stored:
    """Three customers: one who answers several questions about several touchpoints, one who answers twice, one who was asked in vain."""
    stored = Stored(tmp_path)
    anna, bo, cia = stored.story(), stored.story(), stored.story()
    several = [
        {"question": "till", "touchpoint": "store/utopia/till", "score": 4},
        {"question": "queue", "touchpoint": "store/utopia/queue", "scale": "1-7", "score": 6},
        {"question": "nps", "scale": "0-10", "score": 9},
        {"question": "face", "scale": "1-3", "score": 1},
    ]
    anna.tell("2026-10-05 10:00", "Survey Sent", survey_id="a")
    anna.tell("2026-10-06 10:00", "Survey Answered", survey_id="a", about="store_visit", store_id="utopia", question="visit", score=5, answers=several)
    bo.tell("2026-10-05 10:00", "Survey Sent", survey_id="b", question="visit", scale="1-5", about="store_visit", store_id="utopia")
    bo.tell("2026-10-07 10:00", "Survey Answered", survey_id="b", about="store_visit", store_id="utopia", question="visit", score=1)
    bo.tell("2026-11-01 10:00", "Survey Answered", survey_id="b", about="store_visit", store_id="utopia", question="visit", score=2)
    cia.tell("2026-10-05 10:00", "Survey Sent", survey_id="c", about="delivery", scale="0-10")
    for customer, story in enumerate((anna, bo, cia), start=1):
        stored.add(story.facts, customer, touchpoint="store/utopia")
        stored.know(customer)
    stored.set_clock("2026-11-05 12:00")
    return stored


def test_one_message_with_several_questions_is_several_answers(tmp_path: Path) -> None:
    surveyed(tmp_path)
    assert picked(ask(tmp_path, "satisfaction", by="touchpoint"), "part", "answers", "mean_score", "satisfied") == [
        ("store/utopia", 2, 3.5, 0.5),
        ("store/utopia/till", 1, 4.0, 1.0),
    ]
    assert picked(ask(tmp_path, "effort"), "answers", "mean_score", "easy") == [(1, 6.0, 1.0)]
    assert picked(ask(tmp_path, "recommendation"), "answers", "nps", "variance") == [(1, 100.0, 0.0)]
    assert picked(ask(tmp_path, "feeling"), "answers", "feeling", "sad") == [(1, -100.0, 1.0)]


def test_a_measure_is_divided_by_store_about_question_channel_and_month(tmp_path: Path) -> None:
    surveyed(tmp_path)
    parts = {by: picked(ask(tmp_path, "satisfaction", by=by), "part", "answers") for by in ("store", "about", "question", "channel", "month")}
    assert parts == {
        "store": [("store/utopia", 3)],
        "about": [("store_visit", 3)],
        "question": [("till", 1), ("visit", 2)],
        "channel": [("store", 3)],
        "month": [("2026-10", 2), ("2026-11", 1)],
    }


def test_coverage_counts_the_surveys_that_were_sent(tmp_path: Path) -> None:
    surveyed(tmp_path)
    assert picked(ask(tmp_path, "satisfaction"), "asked", "coverage") == [(2, 1.0)]
    assert picked(ask(tmp_path, "recommendation"), "asked", "coverage") == [(2, 0.5)]


def test_few_answers_are_marked(tmp_path: Path) -> None:
    surveyed(tmp_path)
    assert picked(ask(tmp_path, "satisfaction"), "note") == [("fewer than 10 answers",)]


def test_stores_are_held_against_the_mean_over_stores(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    for n, (store, score) in enumerate([("nordstan", 5), ("nordstan", 4), ("utopia", 3), ("utopia", 2), ("granby", 5)]):
        story = stored.story()
        story.tell("2026-10-06 10:00", "Survey Answered", survey_id=f"s{n}", about="store_visit", store_id=store, question="visit", score=score)
        stored.add(story.facts, n + 1, touchpoint=f"store/{store}")
        stored.know(n + 1)
    stored.set_clock("2026-11-05 12:00")
    assert picked(ask(tmp_path, "stores"), "part", "answers", "mean_score", "estimate", "n1", "n0") == [
        ("store/granby", 1, 5.0, None, 1, None),
        ("store/nordstan", 2, 4.5, 1.0, 2, 2),
        ("store/utopia", 2, 2.5, -1.0, 2, 2),
    ]


def told(stored: Stored, number: str, score: int, *happened: tuple[str, str, dict[str, object]]) -> None:
    """An order promised for 9 October in Skåne by Bring, what happened, and an answer on 15 October."""
    story = stored.story()
    story.tell("2026-10-05 10:00", "Order Completed", **order(number, "2026-10-09", region="Skåne", carrier="Bring"))
    for when, event, said in happened:
        story.tell(when, event, order_id=number, **said)
    story.tell("2026-10-15 10:00", "Survey Answered", **answer(number, score))
    stored.stories += 1
    stored.add(story.facts, stored.stories)
    stored.know(stored.stories)


def test_told_first_is_before_the_first_window_has_ended(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    anew = {"kind": "delivery", "until": "2026-10-14"}
    came, late = ("2026-10-09 12:00", "Shipment Delivered", {}), ("2026-10-13 12:00", "Shipment Delivered", {})
    told(stored, "kept", 4, came)
    told(stored, "kept too", 5, came)
    told(stored, "told", 4, ("2026-10-08 10:00", "Promise Stated", anew), late)
    told(stored, "told too", 3, ("2026-10-09 23:00", "Promise Stated", anew), late)
    told(stored, "not told", 2, late)
    told(stored, "told too late", 1, ("2026-10-10 09:00", "Promise Stated", anew), late)
    stored.set_clock("2026-11-05 12:00")
    told_row, not_told, effect = ask(tmp_path, "told-first").records
    assert [(row["answers"], row["mean_score"]) for row in (told_row, not_told)] == [(2, 3.5), (2, 1.5)]
    assert (effect["estimate"], effect["n1"], effect["n0"], effect["left_out"]) == (2.0, 2, 2, 0)
    cost = ask(tmp_path, "broken-cost").records[-1]
    assert (cost["estimate"], cost["n1"], cost["n0"]) == (-3.0, 2, 2)


def test_plays_counts_each_person_once_and_compares_those_told_with_those_held_out(tmp_path: Path) -> None:
    """Four were due: two told, one of whom bought; one held out who bought too late; one whose seven days are not over. Linked customers are one."""
    stored, hour = Stored(tmp_path), at("2026-11-01 08:00")

    def fact(body: Body, when: int) -> Fact:
        return Fact(b"%016d" % stored.position, 1, body, when, when, when)

    def due(customer: int, when: int, is_held_out: bool = False) -> None:
        run = stored.position + 1
        entered = PlayEntered(play="remembered_cart", play_digest="d", run=run, key="person", since_at=when, is_held_out=is_held_out)
        said = MessageDue(message=run, play="remembered_cart", run=run, step=0, message_class="promotional", template="remembered_cart", channels=("mail",))
        stored.add([fact(entered, when), fact(said, when)], customer)

    for customer, person in ((1, 1), (2, 2), (3, 3), (4, 4), (5, 1)):
        stored.know(customer, person)
    due(1, hour)
    due(5, hour + DAY)
    due(2, hour)
    due(3, hour, is_held_out=True)
    due(4, hour + 6 * DAY)
    stored.add([fact(OrderCompleted(order=1), hour + 2 * DAY)], 5)
    stored.add([fact(ReceiptIssued(order=2), hour + 8 * DAY)], 3)
    stored.set_clock("2026-11-11 09:00")
    found = ask(stored.folder, "plays")
    assert picked(found, "part", "told", "told_bought", "held_out", "held_out_bought", "too_early") == [("remembered_cart", 2, 1, 1, 0, 1)]
    assert picked(found, "told_share", "held_out_share", "effect") == [(0.5, 0.0, 50.0)]
    board = Board(stored.folder, making=made)
    assert (board.play_effects().records, board.as_of) == (found.records, found.as_of)
