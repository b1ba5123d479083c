"""Windows from a distribution. Two policies: the shortest one that is kept with a chance, or the cheapest one. Days are counted from the order."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from omtanke.learning.delivery.orders import Floats, Ints

# A window begins on the first day by which more than this share has come.
EARLY = 0.08


class Window(Struct, frozen=True):
    """`first` and `last` day after the order, and the chance that it comes by the last. `reached`: whether the chance asked for can be had at all."""

    first: int
    last: int
    sure: float
    reached: bool = True


def level(distribution: Floats, chance: float) -> Window:
    """The shortest window that is kept with that chance."""
    last = int(last_by_level(distribution[None], chance)[0])
    return Window(first_day(distribution), last, float(distribution[last]), bool(distribution[last] >= chance))


def cost(distribution: Floats, day: float, broken: float, floor: float = 0.0) -> Window:
    """The window with the least (cost of a day) x days + (cost of a broken promise) x P(broken), kept at least with the chance `floor`."""
    last = int(last_by_cost(distribution[None], broken / day, floor)[0])
    return Window(first_day(distribution), last, float(distribution[last]), bool(distribution[last] >= floor))


def first_day(distribution: Floats) -> int:
    return int(first_days(distribution[None])[0])


def last_by_level(distributions: Floats, chance: float) -> Ints:
    """The first day on which the chance is reached; the last of the distribution where it never is."""
    reached = distributions >= chance
    return np.asarray(np.where(reached.any(axis=1), reached.argmax(axis=1), distributions.shape[1] - 1))


def last_by_cost(distributions: Floats, ratio: float, floor: float = 0.0) -> Ints:
    """`ratio`: how many days longer a broken promise weighs up."""
    cheapest = np.argmax(ratio * distributions - np.arange(distributions.shape[1]), axis=1)
    return np.asarray(np.maximum(cheapest, last_by_level(distributions, floor)) if floor else cheapest)


def first_days(distributions: Floats) -> Ints:
    return np.asarray(np.argmax(distributions > EARLY, axis=1))
