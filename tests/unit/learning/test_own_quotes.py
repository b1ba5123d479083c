"""What a region's own quotes say of it, where the truth is known."""

from __future__ import annotations

import numpy as np

from fakes.delivery_shops import FIRST, shop
from omtanke.learning.delivery.orders import Floats
from omtanke.learning.delivery.own_quotes import FOLLOWED, Quotes, paces_by_quotes

DAYS, A_DAY = 60, 60


def paces(transit: Floats | float, today: int) -> tuple[float, float]:
    """Of N and S, where every order was quoted as one that takes six days in transit."""
    truth = shop(DAYS, A_DAY, 6.0, seed=2)
    chances = ((truth.delivered - truth.placed)[:, None] <= np.arange(FOLLOWED)).mean(axis=0)
    known = shop(DAYS, A_DAY, transit, until=today)
    quoted = [Quotes(day, np.flatnonzero(known.placed == day), np.tile(chances, (A_DAY, 1))) for day in range(FIRST, min(today, FIRST + DAYS))]
    north, south = paces_by_quotes(known, quoted, today)
    return float(north), float(south)


def slow_in_the_north(days: int) -> Floats:
    """For orders of the first days."""
    at = np.arange(DAYS * A_DAY)
    return np.where((at % 2 == 0) & (at < days * A_DAY), 12.0, 6.0)


def test_regions_that_do_as_quoted_stay_as_they_are() -> None:
    assert np.allclose(paces(6.0, FIRST + DAYS), 1.0, atol=0.1)


def test_a_region_slower_than_quoted_is_slower_than_the_whole_though_its_late_orders_are_under_way() -> None:
    north, south = paces(slow_in_the_north(DAYS), FIRST + 14)
    assert north < 0.75 and south > 1.05


def test_a_region_that_is_as_quoted_again_is_believed_in_within_weeks() -> None:
    then, _ = paces(slow_in_the_north(15), FIRST + 20)
    now, _ = paces(slow_in_the_north(15), FIRST + DAYS)
    assert then < 0.75 and now > 0.85
