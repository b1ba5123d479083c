"""The date that may be offered with a cart: by the lanes of the policy, from the next cut-off that can still be met."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from omtanke.engine.quote_policy import NO_QUOTES, QuotePolicy, read_quotes
from omtanke.messages.stated import StatedQuote
from omtanke.runtime.working_days import is_working_day, working_days
from omtanke.vocabulary.time import day_ends_at, day_starts_at, local_date, time_of_day_at, zone_named


@lru_cache(maxsize=4)
def quotes_of(policy: str) -> QuotePolicy:
    """The lanes of a policy that counts; it was checked as a whole when it began to."""
    return read_quotes(tomllib.loads(policy).get("quotes", {}), [])


def quote_for(policy: QuotePolicy, country: str, number: int, now: int, zone: str) -> StatedQuote | None:
    """What may be offered to a customer in a country at a moment; None where the policy has no lane. `zone`: the shop's, IANA.

    It can be taken until the next cut-off of a working day. The days count from that day, at the customer.
    """
    lane = policy.lanes.get(country) or policy.lanes.get(policy.country)
    if policy is NO_QUOTES or lane is None:
        return None
    here, to = zone_named(zone), country if country in policy.lanes else policy.country
    leaves = local_date(now, here)
    while not is_working_day(leaves, policy.country or to) or time_of_day_at(leaves, policy.cut_off, here) <= now:
        leaves += timedelta(days=1)
    first, last = (_later(leaves, days, to) for days in lane)
    return StatedQuote(
        id=number, from_at=day_starts_at(first, here), until_at=day_ends_at(last, here), valid_until=time_of_day_at(leaves, policy.cut_off, here), zone=zone
    )


def _later(day: date, days: int, country: str) -> date:
    """So many working days later."""
    return next(islice(working_days(day, country), days - 1, None)) if days else day
