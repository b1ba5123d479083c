"""Which promises a changed capacity puts at risk: by what is known now against what was known when they were given."""

from __future__ import annotations

import pytest

from fakes.story import at
from omtanke.engine.at_risk import Judge, Owed, Risk
from omtanke.engine.capacity import Change
from omtanke.engine.quote_policy import QuotePolicy
from omtanke.runtime.working_days import is_working_day
from unit.engine.test_capacity import DHL, LAGER, told

POLICY = QuotePolicy(14 * 60, "SE", {"SE": (1, 2)}, spare=25)
MONDAY, TOLD = at("2026-11-23 09:00"), "2026-11-23 10:00"
PROMISED = Owed(MONDAY, MONDAY, at("2026-11-26 00:00"))


def judged(owed: Owed, *calendar: Change) -> Risk | None:
    return Judge(calendar, POLICY, "Europe/Stockholm", is_working_day).judge(owed)


def slow(unit: int = LAGER, pace: int = 60, told_at: str = TOLD, position: int = 1) -> Change:
    return told(unit, pace, "2026-11-23 00:00", "2026-12-07 00:00", position, told_at)


def test_what_is_told_after_the_promise_puts_it_at_risk_and_says_the_new_day() -> None:
    assert judged(PROMISED, slow()) == Risk(at("2026-11-27 00:00"), (slow(),))


@pytest.mark.parametrize(
    "calendar",
    [(), (slow(told_at="2026-11-23 08:00"),), (slow(pace=100),), (slow(pace=150),), (told(LAGER, 0, "2026-12-24 00:00", "2026-12-25 00:00", told_at=TOLD),)],
)
def test_what_was_known_or_slows_nothing_puts_nothing_at_risk(calendar: tuple[Change, ...]) -> None:
    assert judged(PROMISED, *calendar) is None


def test_what_is_on_its_way_waits_for_its_carrier_alone() -> None:
    sent = Owed(MONDAY, MONDAY, PROMISED.until_at, at("2026-11-23 16:00"), "DHL")
    other = Owed(MONDAY, MONDAY, PROMISED.until_at, at("2026-11-23 16:00"), "PostNord")
    strike = told(DHL, 0, "2026-11-24 00:00", "2026-11-26 00:00", told_at=TOLD)
    assert judged(sent, slow()) is None
    assert judged(sent, strike) == Risk(at("2026-11-28 00:00"), (strike,))
    assert judged(other, strike) == judged(sent, strike)  # nobody has said who else carries


def test_a_window_that_was_said_anew_rests_on_what_was_known_then() -> None:
    anew = Owed(MONDAY, at("2026-11-23 11:00"), at("2026-11-27 00:00"))
    more = told(LAGER, 0, "2026-11-24 00:00", "2026-11-25 00:00", 2, "2026-11-23 12:00")
    assert judged(anew, slow()) is None
    assert judged(anew, slow(), more) == Risk(at("2026-11-28 00:00"), (more,))


def test_while_all_is_closed_until_told_otherwise_no_day_can_be_promised() -> None:
    closed = told(LAGER, 0, "2026-11-23 00:00", told_at=TOLD)
    assert judged(PROMISED, closed) == Risk(0, (closed,))


def test_the_other_way_round_it_is_no_risk() -> None:
    """It was given while the warehouse was known to be slow, which has been told over."""
    before = slow(told_at="2026-11-23 08:00")
    assert judged(PROMISED, before, told(LAGER, 100, "2026-11-23 00:00", "", 2, TOLD)) is None


def test_a_promise_with_days_to_spare_is_at_risk_when_they_are_used_up() -> None:
    """By the table the goods are there on Wednesday at the latest; with half a pace, or a week in which all is closed, later."""
    spare = Owed(MONDAY, MONDAY, at("2026-12-05 00:00"))
    closed = told(LAGER, 0, "2026-11-23 00:00", "2026-12-05 00:00", told_at=TOLD)
    assert judged(spare, slow()) is None
    found = judged(spare, closed)
    assert found is not None and found.new_until > spare.until_at
