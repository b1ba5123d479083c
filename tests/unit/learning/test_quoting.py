"""Windows from a distribution that can be read by eye."""

from __future__ import annotations

import numpy as np
import pytest

from omtanke.learning.delivery.quoting import Window, cost, level

# 5 % on day 1, half by day 3, 90 % by day 6, 95 % at most.
CHANCES = np.array([0.0, 0.05, 0.3, 0.5, 0.7, 0.8, 0.9, 0.94, 0.95, 0.95])


@pytest.mark.parametrize(("chance", "last", "sure", "reached"), [(0.5, 3, 0.5, True), (0.9, 6, 0.9, True), (0.945, 8, 0.95, True), (0.99, 9, 0.95, False)])
def test_level_is_the_first_day_that_reaches_it(chance: float, last: int, sure: float, reached: bool) -> None:
    assert level(CHANCES, chance) == Window(2, last, sure, reached)


@pytest.mark.parametrize(("chance", "last", "sure"), [(0.81, 5, 0.8), (0.86, 6, 0.9), (0.91, 6, 0.9), (0.55, 3, 0.5), (0.58, 4, 0.7)])
def test_level_is_the_day_before_where_that_is_nearer_and_breaks_little_more(chance: float, last: int, sure: float) -> None:
    assert level(CHANCES, chance) == Window(2, last, sure)


def test_a_day_before_that_breaks_far_more_is_too_far_however_near() -> None:
    """Two thirds by day 2, all by day 3: two thirds are no promise of 80 %."""
    assert level(np.array([0.0, 0.1, 0.67, 1.0]), 0.8) == Window(1, 3, 1.0)


def test_never_under_the_first_day() -> None:
    assert level(np.array([0.9, 1.0]), 0.85) == Window(0, 0, 0.9)


@pytest.mark.parametrize(("broken", "last"), [(3, 0), (8, 4), (11, 6), (30, 7), (150, 8)])
def test_cost_ends_where_a_day_more_costs_more_than_it_saves(broken: float, last: int) -> None:
    found = cost(CHANCES, 1, broken)
    bill = [at + broken * (1 - chance) for at, chance in enumerate(CHANCES)]
    assert found.last == last == int(np.argmin(bill))


def test_only_the_ratio_of_the_costs_counts() -> None:
    assert cost(CHANCES, 2, 22) == cost(CHANCES, 1, 11)


def test_no_window_under_the_floor() -> None:
    assert cost(CHANCES, 1, 3, floor=0.75) == Window(2, 5, 0.8)
    assert cost(CHANCES, 1, 30, floor=0.75).last == 7
