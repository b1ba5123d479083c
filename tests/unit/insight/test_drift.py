"""When it is said that we keep fewer promises than we said, and when that is over."""

from __future__ import annotations

from math import log
from pathlib import Path

import pytest

from omtanke.insight.board import Board
from omtanke.insight.board_making import made
from omtanke.insight.drift import Due, drift_of, weight_of
from omtanke.insight.drift_looking import drift_in
from unit.insight.stored import Stored
from unit.insight.test_calibration import buy


def dues(*kept: int, sure: int = 950) -> list[Due]:
    """One after the other, 1 for held."""
    return [Due(at, sure, bool(one)) for at, one in enumerate(kept, 1)]


# As often as was said: one of twenty breaks. Odds three times as high: one of seven.
AS_SAID = [0, *[1] * 19] * 50
WORSE = [0, *[1] * 6] * 20


def test_weights_are_log_likelihood_ratios() -> None:
    assert weight_of(Due(1, 950, False)) == pytest.approx(log(2 / 1.05))
    assert weight_of(Due(1, 950, True)) == pytest.approx(log(1 / 1.05))
    assert weight_of(Due(1, 1000, True)) == weight_of(Due(1, 999, True))


def test_nothing_is_said_while_as_many_are_kept_as_was_said() -> None:
    assert drift_of(dues(*AS_SAID)) is None
    assert drift_of([]) is None


def test_ten_broken_in_a_row_are_enough_and_nine_are_not() -> None:
    assert drift_of(dues(*AS_SAID, 1, *[0] * 9)) is None
    found = drift_of(dues(*[1] * 30, *[0] * 10))
    assert found is not None
    assert (found.at, found.since, found.promises, found.promised, found.held) == (40, 31, 10, 0.95, 0)


def test_more_broken_than_was_said_is_found_whatever_was_before() -> None:
    found = drift_of(dues(*[1] * 5000, *WORSE))
    assert found is not None
    assert found.since > 5000 and found.held / found.promises < 0.9


def test_windows_that_were_less_sure_may_break_more_often() -> None:
    assert drift_of(dues(*WORSE, sure=850)) is None


def test_it_stands_until_as_much_speaks_for_what_was_said() -> None:
    first = drift_of(dues(*WORSE))
    assert first is not None
    assert drift_of(dues(*WORSE, *WORSE)) == first
    assert drift_of(dues(*WORSE, *[1] * 100)) == first
    assert drift_of(dues(*WORSE, *[1] * 130)) is None


def test_it_is_found_again_when_it_comes_again() -> None:
    again = drift_of(dues(*WORSE, *[1] * 200, *WORSE))
    assert again is not None
    assert again.since > len(WORSE) + 200


def test_log_and_board_say_the_same_in_the_order_of_coming_due(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    for number in range(1, 13):
        buy(stored, number, 950, until=f"2026-10-{21 - number:02d}", came="")
    buy(stored, 13, 950, until="2026-10-22", came="2026-10-21")
    stored.set_clock("2026-11-05 12:00")
    found = drift_in(tmp_path)
    assert found is not None
    assert (found.promises, found.held, found.promised) == (10, 0, 0.95)
    assert found.since < found.at
    assert Board(tmp_path, making=made).drift() == found
