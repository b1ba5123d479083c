"""What was told of capacity, as the model reads it: of each stage, how much a day counts, and how long is waited for what was left undone.

A day's pace is part of the clock, for days to come as for those past: what is learnt by that clock holds at any pace, and so it is not learnt that
deliveries are slow while a warehouse is known to be.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
from msgspec import Struct

from omtanke.engine.capacity import ORDINARY, Calendar, Going, Paces, Works
from omtanke.engine.quote_policy import QuotePolicy, going_for, units_for
from omtanke.learning.delivery.pace import HORIZON, Slowed
from omtanke.vocabulary.time import day_starts_at, numbered_day, zone_named

# As far as a distribution reaches, and the days behind it.
AHEAD = 120 + HORIZON


class Told(Struct, frozen=True, eq=False):
    """From day `first` on. None: nothing was told of those of the stage."""

    first: int
    handling: Slowed | None
    transit: Slowed | None


# What was known when a day began.
Telling = Callable[[int], Told | None]


def nothing_told(day: int) -> Told | None:
    """A shop that tells nothing of its capacity."""
    return None


def told_ahead(going: Going, placed: int, works: Works, spare: int) -> Told | None:
    """For an order placed on a day."""
    return told_of(going, placed, AHEAD, works, spare)


def told_of(going: Going, first: int, count: int, works: Works, spare: int) -> Told | None:
    """Of so many days from `first` on; None when nothing bears on them."""
    stages = [slowed(paces, first, count, works, spare) for paces in (going.handling, going.way)]
    return Told(first, *stages) if any(stages) else None


def slowed(paces: Paces, first: int, count: int, works: Works, spare: int) -> Slowed | None:
    """None when nothing was told."""
    if paces.begins is None:
        return None
    days = [numbered_day(first) + timedelta(days=n) for n in range(count)]
    told = np.array([paces.on(day) for day in days], float)
    waits = np.fromiter(paces.waits_by_day(days[0], count, works, spare), float, count)
    return Slowed(np.minimum(told / ORDINARY, 1.0), waits / (ORDINARY + spare), waits / ORDINARY)


def telling_of(calendar: Calendar, policy: QuotePolicy, zone: str, first: int, last: int, works: Works) -> Telling:
    """What had been told when each day began, for orders placed from `first` to `last`. `zone`: the shop's, IANA."""
    here, found = zone_named(zone), dict[Calendar, Told | None]()

    def told_by(day: int) -> Told | None:
        begins = day_starts_at(numbered_day(day), here)
        known = tuple(change for change in calendar if change.told_at < begins)
        if known not in found:
            going = going_for(known, units_for(policy, known), zone)
            found[known] = told_of(going, first, last - first + 2 * HORIZON, works, policy.spare)
        return found[known]

    return told_by if calendar else nothing_told
