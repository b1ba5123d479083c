"""Time as deliveries see it: a Sunday hardly counts. And how much is under way against the usual, which slows what is sent next.

Everything that is learnt is learnt in this time, and goes back to the calendar when a window is quoted. So weekends and holidays need no terms
of their own.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from msgspec import Struct

from omtanke.learning.delivery.orders import Floats, Ints

DAY_OFF = 7
# What is supposed until the shop's own days say otherwise: Monday to Sunday, and a holiday; as if seen on this many orders.
SUPPOSED = np.array([1, 1, 1, 1, 1, 0.2, 0.05, 0.1])
SUPPOSED_FROM = 200.0
# The load is held against that of so many days before; orders older than LONGEST_OPEN are no load.
USUAL_DAYS = 30
LONGEST_OPEN = 40
LEAST_LOAD, MOST_LOAD = 0.5, 3.0
LOAD_FROM, GROUP_FROM = 10.0, 50.0
# Carriers have room for so many times the usual. What is more than that takes as many times as long; less than the usual goes faster by this power.
ROOM, LESS_POWER = 1.16, 0.6
HORIZON = 200


class Slowed(Struct, frozen=True, eq=False):
    """What was told of capacity, day by day: how much of an ordinary day each is, and how many days are waited, at the ordinary pace and with the room there
    is, for what was left undone when it begins. `work_left`: how much that is, in ordinary days' work."""

    pace: Floats
    waits: Floats
    work_left: Floats


class Clock(Struct, frozen=True, eq=False):
    """`pace`: how much each day counts, from day `first` on. `before`: how much has passed when it begins, with a last entry after the last day.
    `starts`: how much has passed when whatever begins on a day is taken in hand: in the middle of the day, and after what waits."""

    first: int
    pace: Floats
    before: Floats
    starts: Floats

    def passed(self, began: Ints, ended: Ints) -> Floats:
        """From when it is taken in hand to the end of a day; less than nothing while it waits."""
        return np.asarray(self.before[ended - self.first + 1] - self.starts[began - self.first])


def clock_of(first: int, pace: Floats, slowed: Slowed | None = None) -> Clock:
    """`slowed`: what was told of capacity, of the same days."""
    waits = np.zeros(len(pace))
    if slowed is not None:
        waits = slowed.waits * float(np.median(pace))  # more than half of all days are working days
        pace = pace * slowed.pace
    before = np.concatenate([[0.0], np.cumsum(pace)])
    return Clock(first, pace, before, before[:-1] + 0.5 * pace + waits)


def kinds_of_day(first: int, count: int, days_off: Collection[int]) -> Ints:
    """Monday 0 to Sunday 6, and DAY_OFF. Day 0 was a Thursday."""
    days = np.arange(first, first + count)
    return np.where(np.isin(days, np.asarray(sorted(days_off), np.int64)), DAY_OFF, (days + 3) % 7)


def paces(kinds: Ints, began: Ints, ended: Ints, gone: Ints, first: int, today: int) -> Floats:
    """How fast each kind of day is, from what ended on such days and what was open on them before today; 1 is the usual day."""
    count = today - first
    ends = np.bincount(ended[ended < today] - first, minlength=count)[:count]
    waiting = open_on_days(began, np.minimum(ended, gone), first, today) + np.bincount(began[began < today] - first, minlength=count)[:count]
    usual = (ends.sum() + 1.0) / (float(waiting.sum()) + 10.0)
    share = SUPPOSED / SUPPOSED[:5].mean()
    by_kind = np.bincount(kinds[:count], ends, 8), np.bincount(kinds[:count], waiting, 8)
    rate = (by_kind[0] + SUPPOSED_FROM * usual * share) / (by_kind[1] + SUPPOSED_FROM)
    return np.asarray(rate / np.average(rate[:7]))


def open_on_days(began: Ints, left: Ints, first: int, until: int) -> Floats:
    """How many were open when each day from `first` to `until` (not included) began, as was known then."""
    left = np.minimum(left, began + LONGEST_OPEN)
    counts = [np.bincount(days[days < until] - first, minlength=until - first)[: until - first] for days in (began, left)]
    change = np.cumsum(counts[0] - counts[1])
    return np.concatenate([[0], change[:-1]]).astype(float)


def usual_before(waiting: Floats) -> Floats:
    """The mean of the days before each day; the first days have what there is."""
    total = np.concatenate([[0.0], np.cumsum(waiting)])
    here = np.arange(len(waiting))
    since = np.maximum(here - USUAL_DAYS, 0)
    return np.asarray((total[here] - total[since]) / np.maximum(here - since, 1))


def load_of(waiting: Floats, usual: Floats | float) -> Floats:
    """How much is under way against the usual, within bounds; near 1 for a small shop."""
    return np.asarray(np.clip((waiting + LOAD_FROM) / (usual + LOAD_FROM), LEAST_LOAD, MOST_LOAD))


def longer_by(load: Floats) -> Floats:
    """How many times as long transit takes under a load."""
    return np.asarray(np.where(load > 1.0, np.maximum(load / ROOM, 1.0), load**LESS_POWER))


def load_by_group(of: Ints, groups: int, began: Ints, left: Ints, today: int) -> Floats:
    """The load of each group against that of all, drawn towards 1 for small groups; as was known when today began."""
    days = np.arange(today - USUAL_DAYS, today + 1)
    counted = np.zeros((groups, len(days)))
    for at, day in enumerate(days):
        is_open = (began < day) & (left >= day) & (day - began <= LONGEST_OPEN)
        counted[:, at] = np.bincount(of[is_open], minlength=groups)
    now, usual = counted[:, -1], counted[:, :-1].mean(axis=1)
    whole = (now.sum() + LOAD_FROM) / (usual.sum() + LOAD_FROM)
    return np.asarray(np.clip((now + GROUP_FROM * whole) / (usual + GROUP_FROM) / whole, LEAST_LOAD, MOST_LOAD))
