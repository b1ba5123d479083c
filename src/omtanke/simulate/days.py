"""The shop's calendar: working days, holidays, the weeks when everybody orders, and Swedish words for days.

A moment here is a whole second since 1970 in UTC; a day is a date in Stockholm.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Stockholm")
MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR
ONE_DAY = timedelta(days=1)
WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december")
FIXED_HOLIDAYS = {(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)}
DAYS_SHOWN_BY_NAME = 6

# How much busier than an ordinary day the warehouse is (orders), and from when it falls behind.
BLACK_WEEK_PRESSURE = 2.4
CHRISTMAS_PRESSURE = 1.6
PEAK = 1.5


@lru_cache(maxsize=16384)
def hour_of_day(day: date, hour: int) -> int:
    """The moment of that full hour in Stockholm; clocks change at full hours only."""
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).timestamp())


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> int:
    """The moment of that time of day in Stockholm."""
    return hour_of_day(day, hour) + minute * MINUTE + second


def within(rng: Random, day: date, first_hour: int, last_hour: int) -> int:
    """Some moment of the day between the two hours."""
    return at(day, first_hour) + int(rng.random() * (last_hour - first_hour) * HOUR)


def local(moment: int) -> datetime:
    """The moment on a clock in Stockholm."""
    return datetime.fromtimestamp(moment, ZONE)


def day_of(moment: int) -> date:
    """The day in Stockholm."""
    return _hour(moment // HOUR)[0]


def written(moment: int) -> str:
    """As senders write it, with the offset."""
    hour, rest = divmod(moment, HOUR)
    _, before, offset = _hour(hour)
    return f"{before}{rest // MINUTE:02d}:{rest % MINUTE:02d}{offset}"


@lru_cache(maxsize=32768)
def _hour(hour: int) -> tuple[date, str, str]:
    """Of an hour since 1970: its day in Stockholm, how its moments are written up to the minutes, and the offset."""
    when = local(hour * HOUR)
    text = when.isoformat()
    return when.date(), text[:14], text[19:]


@lru_cache(maxsize=64)
def easter(year: int) -> date:
    """Easter Sunday (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Monday to Friday and no Swedish holiday; carriers and warehouse rest on the others."""
    if day.weekday() >= 5 or (day.month, day.day) in FIXED_HOLIDAYS:
        return False
    from_easter = (day - easter(day.year)).days
    midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4
    return from_easter not in (-2, 1, 39) and not midsummer_eve


@lru_cache(maxsize=16384)
def working_day(day: date, steps: int) -> date:
    """So many working days after `day` (before it, when negative); 0 is the day itself or the next one that is."""
    while steps == 0 and not is_working_day(day):
        day += ONE_DAY
    while steps:
        day += ONE_DAY if steps > 0 else -ONE_DAY
        if is_working_day(day):
            steps -= 1 if steps > 0 else -1
    return day


@lru_cache(maxsize=16384)
def delivery_day(day: date, steps: int, saturdays: bool) -> date:
    """Like `working_day` for a carrier that may come on Saturdays too; holidays are nobody's."""
    while steps:
        day += ONE_DAY if steps > 0 else -ONE_DAY
        on_saturday = saturdays and day.weekday() == 5 and (day.month, day.day) not in FIXED_HOLIDAYS
        if is_working_day(day) or on_saturday:
            steps -= 1 if steps > 0 else -1
    return day


@lru_cache(maxsize=4096)
def pressure(day: date) -> float:
    """Orders of the day beside an ordinary one: Black Week (Monday to the Monday after) and 10 to 21 December."""
    black_friday = date(day.year, 11, 23) + timedelta(days=(4 - date(day.year, 11, 23).weekday()) % 7)
    if -4 <= (day - black_friday).days <= 3:
        return BLACK_WEEK_PRESSURE
    if day.month == 12 and 10 <= day.day <= 21:
        return CHRISTMAS_PRESSURE
    return 1.0


def is_peak(day: date) -> bool:
    """Whether warehouse and carriers are behind: a peak, or the three days after one."""
    return any(pressure(day - timedelta(days=back)) >= PEAK for back in range(4))


def dated(day: date) -> str:
    """`21 november`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def days_in_words(today: date, first: date, last: date) -> str:
    """`torsdag eller fredag` for the coming days, `3–4 december` further off."""
    if (last - today).days <= DAYS_SHOWN_BY_NAME:
        names = f"{WEEKDAYS[first.weekday()]}", f"{WEEKDAYS[last.weekday()]}"
        if first == last:
            return names[0]
        return " eller ".join(names) if (last - first).days == 1 else "–".join(names)
    if first == last:
        return dated(first)
    return f"{first.day}–{dated(last)}" if first.month == last.month else f"{dated(first)}–{dated(last)}"


def evening_of(day: date) -> int:
    """24.00, when a window that ends on that day is over."""
    return at(day, 23, 59, 59) + 1


def in_daytime(moment: int) -> int:
    """The same moment, or 8.30 when people are awake again."""
    when = local(moment)
    if 8 <= when.hour < 21:
        return moment
    return at(when.date() + ONE_DAY if when.hour >= 21 else when.date(), 8, 30)
