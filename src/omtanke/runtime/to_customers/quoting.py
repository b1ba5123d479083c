"""The date that may be offered with a cart: by the lanes of the policy, on the working days that are known here."""

from __future__ import annotations

import tomllib
from functools import lru_cache

from omtanke.engine.capacity import Calendar, still_bearing
from omtanke.engine.quote_policy import QuotePolicy, going_for, quoted, read_quotes, units_for
from omtanke.messages.stated import StatedQuote
from omtanke.runtime.working_days import is_working_day


@lru_cache(maxsize=4)
def quotes_of(policy: str) -> QuotePolicy:
    """The lanes of a policy that counts; it was checked as a whole when it began to."""
    return read_quotes(tomllib.loads(policy).get("quotes", {}), [])


def quote_for(policy: QuotePolicy, country: str, number: int, now: int, zone: str, calendar: Calendar = ()) -> StatedQuote | None:
    """What may be offered to a customer in a country at a moment, under a number; None where the policy has no lane, or all is closed. `zone`: the shop's,
    IANA. `calendar`: what was told of capacity."""
    still = still_bearing(calendar, now)
    found = quoted(policy, country, now, zone, is_working_day, going_for(still, units_for(policy, still), zone))
    return StatedQuote(id=number, from_at=found.from_at, until_at=found.until_at, valid_until=found.valid_until, zone=zone) if found else None
