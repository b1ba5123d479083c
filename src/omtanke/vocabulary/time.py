"""Moments and days. A moment is an integer: microseconds since 1970-01-01T00:00Z."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from omtanke.vocabulary.refusal import Refused

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LOCAL_EPOCH = datetime(1970, 1, 1)  # what a clock on a wall shows
DAY_ZERO = LOCAL_EPOCH.date()
MICROSECOND = timedelta(microseconds=1)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
LOCAL_DATE_LENGTH = len("2026-11-21")


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises Refused for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused("zone", name, "is not a time zone; write it as in Europe/Stockholm") from error


def moment_of(when: datetime) -> int:
    """Microseconds of an aware datetime."""
    span = when - EPOCH
    return span.days * DAY + span.seconds * SECOND + span.microseconds


def moment_of_local(when: datetime, zone: ZoneInfo) -> int:
    """Microseconds of a datetime without a zone, as the clocks in `zone` show it. Four times as fast as giving it the zone first."""
    offset = zone.utcoffset(when)
    assert offset is not None  # a zone has one for every moment
    return (when - LOCAL_EPOCH - offset) // MICROSECOND


def datetime_of(moment: int, zone: ZoneInfo | timezone = UTC) -> datetime:
    """The moment as a datetime in `zone`."""
    return (EPOCH + timedelta(microseconds=moment)).astimezone(zone)


def months_before(moment: int, months: int) -> int:
    """The same time of the same day so many calendar months earlier, in UTC; the month's last day where it has no such day."""
    when = datetime_of(moment)
    year, month = divmod(when.year * 12 + when.month - 1 - months, 12)
    day = min(when.day, monthrange(year, month + 1)[1])
    return moment_of(when.replace(year=year, month=month + 1, day=day))


def read_moment(text: object, path: str, zone: ZoneInfo) -> int:
    """A moment from RFC 3339 or ISO 8601 text; without an offset it is local in `zone`."""
    if not isinstance(text, str) or len(text) < LOCAL_DATE_LENGTH:
        raise Refused(path, text, "is not a moment; write it as 2026-11-21T09:14:00+01:00")
    try:
        moment = _moment_of_text(text, zone)
    except ValueError as error:
        raise Refused(path, text, "is not a moment; write it as 2026-11-21T09:14:00+01:00") from error
    except OverflowError:
        moment = LATEST + 1
    if not EARLIEST <= moment <= LATEST:
        raise Refused(path, text, "lies outside the years 1900 to 2200")
    return moment


@lru_cache(maxsize=4096)
def _moment_of_text(text: str, zone: ZoneInfo) -> int:
    """One order's facts share their moment, so that it is read once."""
    when = datetime.fromisoformat(text)
    return moment_of(when) if when.tzinfo is not None else moment_of_local(when, zone)


EARLIEST = moment_of(datetime(FIRST_DAY.year, 1, 1, tzinfo=UTC))
LATEST = moment_of(datetime(LAST_DAY.year + 1, 1, 1, tzinfo=UTC))


@lru_cache(maxsize=8192)
def day_starts_at(day: date, zone: ZoneInfo) -> int:
    """The moment at which `day` begins in `zone`; days on which clocks change have 23 or 25 hours."""
    return moment_of(datetime(day.year, day.month, day.day, tzinfo=zone))


def day_ends_at(day: date, zone: ZoneInfo) -> int:
    """24.00 of `day` in `zone`, which is the start of the day after."""
    return day_starts_at(day + timedelta(days=1), zone)


def time_of_day_at(day: date, minute: int, zone: ZoneInfo) -> int:
    """When the clocks in `zone` show that minute of `day`. An hour that they skip is taken an hour later, one that comes twice the first time."""
    return moment_of(datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone))


def next_time_of_day(minute: int, now: int, zone: ZoneInfo) -> int:
    """The first moment after `now` at which the clocks in `zone` show that minute of a day."""
    today = local_date(now, zone)
    return next(at for days in range(3) if (at := time_of_day_at(today + timedelta(days=days), minute, zone)) > now)


def calendar_months_end(moment: int, months: int, zone: ZoneInfo) -> int:
    """24.00 in `zone` of the day so many calendar months later; of the month's last day where it has no such day.

    The day on which something happens does not count, its number in the later month does (Regulation 1182/71, article 3).
    """
    day = local_date(moment, zone)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day_ends_at(date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])), zone)


def local_date(moment: int, zone: ZoneInfo) -> date:
    """The calendar day in `zone` on which the moment lies."""
    return datetime_of(moment, zone).date()


def read_date(text: object, path: str) -> date | None:
    """The date, when `text` is a date without a time of day; else None."""
    if not isinstance(text, str) or len(text) != LOCAL_DATE_LENGTH:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Refused(path, text, "is not a date; write it as 2026-11-21") from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Refused(path, text, "lies outside the years 1900 to 2200")
    return day


def read_start(text: object, path: str, zone: ZoneInfo) -> int:
    """The start of a window: a moment, or a date, which begins at 00.00 in `zone`."""
    day = read_date(text, path)
    return read_moment(text, path, zone) if day is None else day_starts_at(day, zone)


def read_end(text: object, path: str, zone: ZoneInfo) -> int:
    """The end of a window: a moment, or a date, which ends at 24.00 in `zone`."""
    day = read_date(text, path)
    return read_moment(text, path, zone) if day is None else day_ends_at(day, zone)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - DAY_ZERO).days


def numbered_day(number: int) -> date:
    """The day of a number."""
    return DAY_ZERO + timedelta(days=number)
