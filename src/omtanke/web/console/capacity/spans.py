"""The days on which something is other than ordinary, as they count today: what was told over is not among them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from omtanke.engine.capacity import MOST_AHEAD, ONE_DAY, ORDINARY, Calendar, Change, bearing_on, still_bearing
from omtanke.vocabulary.time import day_starts_at


class Span(Struct, frozen=True):
    """Days in a row that go by one change, today or later. `last`: None, until something else is told."""

    change: Change
    first: date
    last: date | None


class Pace(Struct, frozen=True):
    """A day, and per cent of the ordinary on it."""

    day: date
    pace: int


def spans_of(calendar: Calendar, today: date, zone: ZoneInfo) -> list[Span]:
    """Of all units, the earliest first. `zone`: the shop's. Of the next MOST_AHEAD days."""
    still = still_bearing(calendar, day_starts_at(today, zone))
    units = dict.fromkeys(change.unit for change in still)
    found = [span for unit in units for span in _spans(tuple(change for change in still if change.unit == unit), unit, today, zone)]
    return sorted(found, key=lambda span: (span.first, span.change.position))


def _spans(calendar: Calendar, unit: int, today: date, zone: ZoneInfo) -> Iterator[Span]:
    began: date | None = None
    was: Change | None = None
    end = today + MOST_AHEAD * ONE_DAY
    for n in range(MOST_AHEAD + 1):
        day = today + n * ONE_DAY
        bears = bearing_on(calendar, unit, day, zone) if day < end else None
        if bears is was:
            continue
        if was is not None and began is not None and was.pace != ORDINARY:
            yield Span(was, began, None if day == end and not was.until_at else day - ONE_DAY)
        began, was = day, bears


def paces_of(calendar: Calendar, unit: int, today: date, days: int, zone: ZoneInfo) -> list[Pace]:
    """Of one unit, from today on."""
    bearing = [(today + n * ONE_DAY, bearing_on(calendar, unit, today + n * ONE_DAY, zone)) for n in range(days)]
    return [Pace(day, ORDINARY if change is None else change.pace) for day, change in bearing]
