"""What the model would have quoted: day after day, each day with what was known when it began, and with the orders placed that day before the one in hand."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
from msgspec import Struct

from omtanke.learning.delivery.model import DAYS, SLOWLY_EVERY, Learner, corrected, distribution, of_orders
from omtanke.learning.delivery.orders import NEVER, Floats, Ints, Orders
from omtanke.learning.delivery.told import Telling, nothing_told

Progress = Callable[[int, int], None]


class Quoted(Struct, frozen=True, eq=False):
    """The orders that were quoted for, and the distribution that each would have had. `corrected`: the same, as windows by level are quoted from."""

    rows: Ints
    distributions: Floats
    corrected: Floats


def is_quoted(orders: Orders, first: int, end: int) -> Ints:
    """The orders placed from `first` to `end` (not included), those left out that were called off and never came."""
    called_off = (orders.cancelled < NEVER) & (orders.delivered >= NEVER)
    return np.flatnonzero((orders.placed >= first) & (orders.placed < end) & ~called_off)


def quote_again(
    orders: Orders, days_off: Collection[int], first: int, end: int, delivered_weight: float, progress: Progress, telling: Telling = nothing_told
) -> Quoted:
    """Every day from `first` on. An order not yet delivered is known to be not yet delivered, no more. `telling`: what had been told of capacity by then."""
    rows = is_quoted(orders, first, end)
    distributions, by_level = np.zeros((len(rows), DAYS)), np.zeros((len(rows), DAYS))
    learner = Learner(orders, days_off, delivered_weight, telling)
    learner.recall(first)
    begins = np.searchsorted(orders.placed, np.arange(first, end + 1))
    slow = first - SLOWLY_EVERY
    for today in range(first, end):
        placed = np.flatnonzero(orders.placed[rows] == today)
        progress(today - first + 1, end - first)
        if today - slow >= SLOWLY_EVERY:
            learner.learn_slowly(today)
            slow = today
        if len(placed):
            model, features = learner.learn(today), of_orders(orders, rows[placed])
            since = (rows[placed] - begins[today - first]).astype(float)
            distributions[placed] = distribution(model, today, features, since, telling(today))
            by_level[placed] = corrected(model, features, distributions[placed])
        learner.remember(today)
    return Quoted(rows, distributions, by_level)
