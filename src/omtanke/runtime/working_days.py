"""Working days of a country: its weekends and holidays are none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5


@lru_cache(maxsize=128)
def days_off(country: str, year: int) -> frozenset[date]:
    """Public holidays, and the eves that are kept as such; none for a country that is not known. Loading those of all countries takes twelve megabytes."""
    import holidays
    from holidays.countries.sweden import Sweden

    try:
        known = holidays.country_holidays(country)
    except NotImplementedError:
        return frozenset()
    categories = tuple(one for one in ("public", "de_facto") if one in known.supported_categories)
    if country == "SE":
        return frozenset(Sweden(years=year, include_sundays=False, categories=categories))
    return frozenset(holidays.country_holidays(country, years=year, categories=categories))


def is_working_day(day: date, country: str) -> bool:
    """Neither at the weekend nor a day off."""
    return day.weekday() < SATURDAY and day not in days_off(country, day.year)


def working_days(after: date, country: str) -> Iterator[date]:
    """The working days after a day, in order."""
    while True:
        after += timedelta(days=1)
        if is_working_day(after, country):
            yield after
