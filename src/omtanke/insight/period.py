"""The period that a question is asked about: whole local days, the first and the last included.

Each question's comment says which relations it restricts, and by which of their columns (`period: answer.answered_at`): those of
dates hold a day of whoever is concerned, those of moments lie in days of the shop's zone. What a question reads beside, it reads of all times.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from omtanke.insight.composing import with_steps
from omtanke.insight.question import Mark, Question
from omtanke.vocabulary.refusal import CannotDo, Refused
from omtanke.vocabulary.time import DAY, datetime_of, day_ends_at, day_starts_at, local_date, read_date, zone_named

DAYS_AGO = re.compile(r"(\d{1,4})d")
WRITTEN = "is not a date; write it as 2026-11-21, or 7d for seven days before"
UTC = ZoneInfo("UTC")


class NotAPeriod(CannotDo):
    """The period ends before it begins."""


class Period(Struct, frozen=True):
    """From the beginning of the day `since` to the end of the day `until`."""

    since: date
    until: date
    zone: str

    @property
    def moments(self) -> range:
        """The moments in it, in microseconds."""
        zone = zone_named(self.zone)
        return range(day_starts_at(self.since, zone), day_ends_at(self.until, zone))

    @property
    def anywhere(self) -> range:
        """The moments that lie in it somewhere on earth, where days begin up to half a day earlier or later than in UTC."""
        return range(day_starts_at(self.since, UTC) - DAY, day_ends_at(self.until, UTC) + DAY)

    @property
    def said(self) -> dict[str, str]:
        """How an answer tells it."""
        return {"since": self.since.isoformat(), "until": self.until.isoformat(), "zone": self.zone}


def read_period(since: str | None, until: str | None, as_of: int, zone: str) -> Period | None:
    """The period that is meant by dates, or by days before the one that is asked as of (`7d`); without an end it ends on that day.

    None when none is meant. `as_of` in microseconds, 0 where it is not known yet. Raises Refused, NotAPeriod.
    """
    if since is None and until is None:
        return None
    if since is None:
        raise NotAPeriod(f"--until {until} says where the period ends; say --since too, or ask --as-of {until} for all that had happened by then")
    today = local_date(as_of - 1, zone_named(zone)) if as_of else None  # 24.00 belongs to the day before
    period = Period(read_day(since, "since", today), read_day(until or "0d", "until", today), zone)
    if period.until < period.since:
        raise NotAPeriod(f"the period ends on {period.until}, before it begins on {period.since}; let --until name a later day")
    return period


def read_day(text: str, path: str, today: date | None) -> date:
    """A date, or a number of days before today. Raises Refused, NotAPeriod where today is not known."""
    days = DAYS_AGO.fullmatch(text)
    if days is None:
        day = read_date(text, path)
        if day is None:
            raise Refused(path, text, WRITTEN)
        return day
    if today is None:
        raise NotAPeriod("what is printed runs at another time; say both --since and --until as dates, or --as-of")
    return today - timedelta(days=int(days[1]))


def within(asked: Question, period: Period) -> Question:
    """The question about a period: a step of its own leaves of each relation what lies in it, and the question reads that."""
    text, steps = asked.text, {}
    for mark in asked.period:
        name = f"{mark.relation}_in_period"
        text = re.sub(rf"\b(FROM|JOIN) {mark.relation}\b", rf"\1 {name}", text)
        steps[name] = f"SELECT * FROM {mark.relation} WHERE {condition(mark, period)}"
    return replace(asked, text=with_steps(text, steps))


def condition(mark: Mark, period: Period) -> str:
    """That a row lies in the period, in SQL."""
    if mark.is_day:
        return f"{mark.column} >= CAST('{period.since}' AS DATE) AND {mark.column} <= CAST('{period.until}' AS DATE)"
    begins, ends = (datetime_of(end).isoformat() for end in (period.moments.start, period.moments.stop))
    return f"{mark.column} >= CAST('{begins}' AS TIMESTAMPTZ) AND {mark.column} < CAST('{ends}' AS TIMESTAMPTZ)"
