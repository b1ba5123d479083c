"""The part of the policy that says which days may be quoted with a cart, until a model of deliveries says more. Without lanes nothing is quoted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from omtanke.engine.contact_policy import COUNTRY, minute_of
from omtanke.vocabulary.time import day_ends_at, day_starts_at, local_date, time_of_day_at, zone_named

KEYS = ("cut_off", "country", "lanes")
MOST_DAYS = 90


class QuotePolicy(Struct, frozen=True):
    """`cut_off`: the minute of a working day until which an order leaves the same day. `country`: of customers of whom no other is known.

    `lanes`: by ISO 3166 country of the customer, how many working days after that day it is with them, at the earliest and at the latest.
    """

    cut_off: int = 14 * 60
    country: str = ""
    lanes: dict[str, tuple[int, int]] = {}


NO_QUOTES = QuotePolicy()


class Quoted(Struct, frozen=True):
    """A window, and until when it can be taken. UTC microseconds."""

    from_at: int
    until_at: int
    valid_until: int


def quoted(policy: QuotePolicy, country: str, now: int, zone: str, is_working_day: Callable[[date, str], bool]) -> Quoted | None:
    """What may be offered to a customer in a country at a moment; None where there is no lane. `zone`: the shop's, IANA.

    It can be taken until the next cut-off of a working day here. The days count from that day on, at the customer. `is_working_day`: by day and country.
    """
    to = country.upper() if country.upper() in policy.lanes else policy.country
    if to not in policy.lanes:
        return None

    def later(day: date, days: int) -> date:
        while days:
            day += timedelta(days=1)
            days -= is_working_day(day, to)
        return day

    here, leaves = zone_named(zone), local_date(now, zone_named(zone))
    while not is_working_day(leaves, policy.country or to) or time_of_day_at(leaves, policy.cut_off, here) <= now:
        leaves += timedelta(days=1)
    first, last = (later(leaves, days) for days in policy.lanes[to])
    return Quoted(day_starts_at(first, here), day_ends_at(last, here), time_of_day_at(leaves, policy.cut_off, here))


def read_quotes(table: object, faults: list[str]) -> QuotePolicy:
    """The table `quotes`; nothing is quoted without it. Adds to `faults`."""
    if not isinstance(table, dict):
        faults.append("quotes: is not a table")
        return NO_QUOTES
    faults += [f"quotes.{name}: is not known; the table has {', '.join(KEYS)}" for name in table if name not in KEYS]
    lanes = table.get("lanes", {})
    if not isinstance(lanes, dict):
        faults.append("quotes.lanes: is not a table of countries, as in SE = [1, 2]")
        lanes = {}
    faults += [f"quotes.lanes.{country}: is not a country; write its two letters, as SE" for country in lanes if not COUNTRY.fullmatch(country)]
    country = table.get("country", "")
    if country and country not in lanes:
        faults.append(f"quotes.country: {country!r} has no lane; write quotes.lanes.{country}")
    return QuotePolicy(_cut_off(table, faults), country, {country: _lane(country, days, faults) for country, days in lanes.items()})


def _cut_off(table: dict[str, Any], faults: list[str]) -> int:
    written = table.get("cut_off", "14.00")
    minute = minute_of(written) if isinstance(written, str) else None
    if minute is None:
        faults.append(f'quotes.cut_off: {written!r} is not a time of day; write "14.00"')
    return minute or 0


def _lane(country: str, days: object, faults: list[str]) -> tuple[int, int]:
    if isinstance(days, list) and len(days) == 2:
        first, last = days
        if type(first) is int and type(last) is int and 0 <= first <= last <= MOST_DAYS:
            return first, last
    faults.append(f"quotes.lanes.{country}: {days!r} is not two numbers of working days, the earliest and the latest, from 0 to {MOST_DAYS}; write [1, 2]")
    return 0, 0
