"""Windows that make sense to promise next, in the days of the one they are promised to."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from omtanke.runtime.working_days import working_days
from omtanke.vocabulary.time import MINUTE, datetime_of, day_ends_at, day_starts_at, moment_of


class Window(Struct, frozen=True):
    """From (0: from now on) and until, in UTC microseconds."""

    from_at: int
    until_at: int


def hours(day: date, start: int, end: int, zone: ZoneInfo) -> Window:
    """Some hours of a day."""
    return Window(moment_of(datetime.combine(day, time(start), zone)), moment_of(datetime.combine(day, time(end), zone)))


def whole_day(day: date, zone: ZoneInfo) -> Window:
    return Window(day_starts_at(day, zone), day_ends_at(day, zone))


def suggested(kind: str, now: int, zone: ZoneInfo, country: str) -> tuple[Window, ...]:
    """Three windows for a kind of promise, the one to try first at the head."""
    today = datetime_of(now, zone).date()
    following = working_days(today, country)
    first, second, third = next(following), next(following), next(following)
    match kind:
        case "call_back" | "reply":
            return within_the_hour(now, zone), hours(first, 9, 12, zone), hours(first, 13, 16, zone)
        case "refund":
            return by_the_end(first, zone), by_the_end(third, zone), by_the_end(fifth(today, country), zone)
        case "restock":
            return by_the_end(third, zone), by_the_end(fifth(today, country), zone), by_the_end(today + timedelta(days=14), zone)
        case "appointment":
            return hours(first, 10, 11, zone), hours(first, 16, 17, zone), hours(second, 10, 11, zone)
    return hours(first, 17, 21, zone), whole_day(first, zone), whole_day(second, zone)


def by_the_end(day: date, zone: ZoneInfo) -> Window:
    return Window(0, day_ends_at(day, zone))


def fifth(today: date, country: str) -> date:
    """The fifth working day from today."""
    following = working_days(today, country)
    return [next(following) for _ in range(5)][-1]


def within_the_hour(now: int, zone: ZoneInfo) -> Window:
    """An hour and a little, to a full quarter."""
    end = datetime_of(now + 60 * MINUTE, zone)
    return Window(0, moment_of(end.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=15 * (end.minute // 15 + 1))))
