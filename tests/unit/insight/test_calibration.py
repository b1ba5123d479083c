"""Promises of which it is known how sure they were, held against what was kept: over log and lake, in a period, and on the board."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from omtanke.insight import charts_of_windows
from omtanke.insight.ask import ask
from omtanke.insight.board import Board, Filters
from omtanke.insight.board_making import made
from omtanke.insight.statistics import wilson
from unit.insight.stored import Stored

Record = dict[str, Any]


def buy(stored: Stored, number: int, sure: int, until: str = "2026-10-09", *, came: str = "2026-10-07", **more: object) -> None:
    """An order on 5 October that takes a quote; `came` empty: it never does."""
    story = stored.story()
    quote = {"quote_id": f"q{number}", "until": until, "valid_until": "2026-10-05T23:00:00+02:00", **({"sure_permille": sure} if sure else {})}
    story.tell("2026-10-05 09:00", "Quote Given", **quote)
    story.tell("2026-10-05 10:00", "Order Completed", order_id=f"n{number}", quote_id=f"q{number}", **more)
    story.tell("2026-10-06 10:00", "Order Shipped", order_id=f"n{number}", carrier="PostNord" if number % 2 else "Bring")
    if came:
        story.tell(f"{came} 12:00", "Shipment Delivered", order_id=f"n{number}")
    story.wait("2026-11-05 12:00")
    stored.add(story.facts, number, touchpoint="north" if number < 6 else "south")
    stored.know(number)


@pytest.fixture
def stored(tmp_path: Path) -> Stored:
    """Ten that were 90 or 96 % sure: eight kept, one late, one never come. One of a table; one withdrawn; one not due yet; one without a quote."""
    stored = Stored(tmp_path)
    for number in range(1, 11):
        buy(stored, number, 900 if number < 6 else 960, came={3: "2026-10-12", 8: ""}.get(number, "2026-10-08"), region="Skåne" if number < 4 else "Dalarna")
    buy(stored, 11, 0, came="")
    buy(stored, 12, 900, until="2026-12-01", came="")
    withdrawn = stored.story()
    withdrawn.tell("2026-10-05 09:00", "Quote Given", quote_id="q13", until="2026-10-09", valid_until="2026-10-05T23:00:00+02:00", sure_permille=950)
    withdrawn.tell("2026-10-05 10:00", "Order Completed", order_id="n13", quote_id="q13")
    withdrawn.tell("2026-10-06 10:00", "Order Cancelled", order_id="n13")
    stored.add(withdrawn.facts, 13)
    own = stored.story()
    own.tell("2026-10-05 10:00", "Order Completed", order_id="n14", promises=[{"kind": "delivery", "until": "2026-10-09"}])
    stored.add(own.facts, 14)
    for customer in (13, 14):
        stored.know(customer)
    stored.set_clock("2026-11-05 12:00")
    return stored


def parts(records: list[Record], *names: str) -> dict[object, tuple[object, ...]]:
    return {one["part"]: tuple(round(one[name], 6) for name in names) for one in records}


def test_only_what_said_how_sure_it_was_is_counted(stored: Stored) -> None:
    (row,) = ask(stored.folder, "calibration").records
    assert [row[name] for name in ("promises", "withdrawn", "came_due", "held")] == [12, 1, 10, 8]
    interval = wilson(8, 10)
    assert interval is not None
    assert (row["promised"], row["kept_rate"], row["kept_rate_low"], row["kept_rate_high"]) == (0.93, 0.8, interval.low, interval.high)
    assert round(row["gap"], 6) == -13.0


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("region", {"Skåne": (3, 2, 0.9), "Dalarna": (7, 6, 0.942857)}),
        ("carrier", {"PostNord": (5, 4, 0.924), "Bring": (5, 4, 0.936)}),
        ("warehouse", {"north": (5, 4, 0.9), "south": (5, 4, 0.96)}),
        ("sure", {"90": (5, 4, 0.9), "95": (5, 4, 0.96)}),
    ],
)
def test_each_part_is_held_against_its_own_promise(stored: Stored, by: str, found: dict[str, tuple[float, ...]]) -> None:
    records = [one for one in ask(stored.folder, "calibration", by=by).records if one["came_due"]]
    assert parts(records, "came_due", "held", "promised") == found


def test_a_part_of_which_nothing_is_due_has_no_share(stored: Stored) -> None:
    december = ask(stored.folder, "calibration", by="month").records[-1]
    assert [december[name] for name in ("part", "promises", "came_due", "promised", "kept_rate", "kept_rate_low", "gap")] == ["2026-12", 1, 0, *[None] * 4]


def test_lake_and_period_and_board_say_the_same(stored: Stored) -> None:
    whole = ask(stored.folder, "calibration", by="month").records[0]
    stored.log.commit()
    stored.lake.flush(stored.log)
    assert ask(stored.folder, "calibration", by="month").records[0] == whole
    assert ask(stored.folder, "calibration", by="month", since="2026-10-01", until="2026-10-31").records == [whole]
    board = Board(stored.folder, making=made)
    assert board.calibration("month").records[0] == whole
    assert [one["part"] for one in board.calibration("warehouse", Filters(warehouse="north")).records] == ["north"]


def test_people_behind_are_as_many_as_are_counted(stored: Stored) -> None:
    board = Board(stored.folder, making=made)
    assert [board.people(group=group).total for group in ("sure_came_due", "sure_held")] == [10, 8]


@pytest.mark.parametrize(("lang", "said"), [("sv", "80,0\u00a0% av 5"), ("en", "80.0% of 5")])
def test_picture_says_what_was_promised_and_kept(stored: Stored, lang: str, said: str) -> None:
    drawn = charts_of_windows.calibration(ask(stored.folder, "calibration", by="carrier")).svg(lang)
    assert said in drawn and "PostNord" in drawn
