"""Windows from a distribution that can be read by eye."""

from __future__ import annotations

import numpy as np
import pytest

from omtanke.learning.delivery.quoting import Window, cost, level

# 5 % on day 1, half by day 3, 90 % by day 6, 95 % at most.
CHANCES = np.array([0.0, 0.05, 0.3, 0.5, 0.7, 0.8, 0.9, 0.94, 0.95, 0.95])


@pytest.mark.parametrize(("chance", "last", "sure", "reached"), [(0.5, 3, 0.5, True), (0.9, 6, 0.9, True), (0.91, 7, 0.94, True), (0.99, 9, 0.95, False)])
def test_level_is_the_first_day_that_reaches_it(chance: float, last: int, sure: float, reached: bool) -> None:
    assert level(CHANCES, chance) == Window(2, last, sure, reached)


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
