"""Which open promises of delivery a changed capacity puts at risk, and which day could be promised instead."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from functools import cache

from msgspec import Struct

from omtanke.engine.capacity import ONE_DAY, ORDINARY, Calendar, Going
from omtanke.engine.quote_policy import IsWorkingDay, QuotePolicy, arrives_on, going_for, grounds, lane_to, units_for
from omtanke.vocabulary.time import MINUTE, day_ends_at, local_date, time_of_day_at, zone_named


class Owed(Struct, frozen=True):
    """A delivery that is promised. `known_at`: when its window was last said; `sent_at`: 0 until it is; `carrier`: of what was sent. UTC microseconds."""

    made_at: int
    known_at: int
    until_at: int
    sent_at: int = 0
    carrier: str = ""


class Risk(Struct, frozen=True):
    """`new_until`: the end of the day that could be promised today, UTC microseconds; 0, nothing goes until something else is told. `because`: what was told
    since, and bears on it."""

    new_until: int
    because: Calendar


class Judge:
    """Tells which promises are at risk by what is known of capacity today. Days are the shop's, in `zone`, and its own country's working days.

    A window rests on what was known when it was said. It is at risk when an order in the same state, not sent yet or on its way, comes later by what is known
    now, by as many days as the new day is later. A promise that leaves more working days than the lane takes at the latest has some to spare, and is not at
    risk before they are used up. What is equal for many promises is reckoned once.
    """

    def __init__(self, calendar: Calendar, policy: QuotePolicy, zone: str, is_working_day: IsWorkingDay) -> None:
        self._calendar = tuple(sorted(calendar, key=lambda change: change.told_at))
        self._told = [change.told_at for change in self._calendar]
        self._policy, self._zone, self._here = policy, zone, zone_named(zone)
        self._country = policy.country or next(iter(policy.lanes), "")
        lane = lane_to(policy, self._country)
        self._longest = lane.last if lane else 0
        self._is_working_day = is_working_day
        self._day, self._placed = cache(self._day_of), cache(self._placed_on)
        self._going: dict[tuple[int, str], Going] = {}
        self._judged: dict[tuple[date, int, date, date | None, str], Risk | None] = {}

    def judge(self, owed: Owed) -> Risk | None:
        """None: it is not at risk, as far as is told."""
        known = bisect_right(self._told, owed.known_at)
        if known == len(self._calendar):
            return None
        sent = self._day(owed.sent_at // MINUTE) if owed.sent_at else None
        key = (self._placed(owed.made_at // MINUTE), known, self._day((owed.until_at - 1) // MINUTE), sent, owed.carrier)
        if key not in self._judged:
            self._judged[key] = self._risk(*key)
        return self._judged[key]

    def _goes(self, known: int, carrier: str) -> Going:
        """By the first so many that were told, in the order of the log."""
        if (known, carrier) not in self._going:
            calendar = tuple(sorted(self._calendar[:known], key=lambda change: change.position))
            self._going[known, carrier] = going_for(calendar, units_for(self._policy, calendar, service=carrier), self._zone)
        return self._going[known, carrier]

    def _risk(self, placed: date, known: int, until: date, sent: date | None, carrier: str) -> Risk | None:
        then, now = self._goes(known, carrier), self._goes(len(self._calendar), carrier)
        left_then = sent or self._leaves(placed, then)
        left_now = sent or self._leaves(placed, now)
        if left_then is None:
            return None
        days = sum(self._works(left_then + n * ONE_DAY) for n in range(1, (until - left_then).days + 1))
        needed = min(days, self._longest) if self._longest else days
        was = self._arrives(left_then, needed, then)
        comes = left_now and self._arrives(left_now, needed, now)
        if was is None or comes and comes <= (due := was if needed == days else until):
            return None
        if not comes or not left_now:
            return Risk(0, tuple(self._calendar[known:]))
        because = grounds(left_now if sent else placed, left_now, comes, self._works, self._works, self._policy.spare, now)
        new = until + (comes - due)
        while not self._works(new):
            new += ONE_DAY
        since = {change.position for change in self._calendar[known:]}
        return Risk(day_ends_at(new, self._here), tuple(change for change in because if change.position in since) or because)

    def _day_of(self, minute: int) -> date:
        return local_date(minute * MINUTE, self._here)

    def _placed_on(self, minute: int) -> date:
        """The first day that counts: that of the order, or the next when its cut-off had passed."""
        day = self._day(minute)
        return day + ONE_DAY if time_of_day_at(day, self._policy.cut_off, self._here) <= minute * MINUTE else day

    def _works(self, day: date) -> bool:
        return self._is_working_day(day, self._country)

    def _leaves(self, placed: date, going: Going) -> date | None:
        taken = going.handling.opens(placed, self._works)
        return taken and going.handling.done(taken, ORDINARY, self._works, self._policy.spare)

    def _arrives(self, leaves: date, days: int, going: Going) -> date | None:
        return arrives_on(leaves, days, self._works, self._policy.spare, going)
