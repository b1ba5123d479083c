"""`POST /api/quotes`: the shortest days that may be said to a customer, from the policy's table, with an id that an order makes a promise of.

Nothing is read for it but the policy, once a second for all who ask, and nothing is written: what was offered stands in the id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from secrets import token_bytes
from typing import Any

from omtanke.engine.quote_policy import NO_QUOTES, Lane, QuotePolicy, on_lane, wide_lane
from omtanke.intake.http import Answer, Fault, Problem, fault
from omtanke.intake.looking import Looking
from omtanke.intake.quotes.asked import Asked, countries_without_lane, read_asked
from omtanke.intake.quotes.json_ld import shipping_details
from omtanke.intake.representation import moment
from omtanke.runtime.quotes import NONCE, TABLE, Offer, asked_at, id_of
from omtanke.runtime.to_customers.quoting import quotes_of
from omtanke.runtime.working_days import days_off, is_working_day
from omtanke.settings import Settings
from omtanke.storage.keys import Keys
from omtanke.storage.lookups import Lookups
from omtanke.vocabulary.time import SECOND, datetime_of, local_date, zone_named

LOOKS_EVERY, OLDEST = SECOND, 5 * SECOND
NO_LANES = fault("quotes.lanes", "", "the policy has none, so no day is said; write one for each country, as lanes.SE = [1, 2]")
TIME_AT = len("2026-11-25T")
# It changes by the minute.
FRESH = (b"cache-control", b"no-store")


class Quoting:
    """Answers quotes. `clock`: the shop's; `wall`: by which the policy is looked at again."""

    def __init__(self, looking: Looking, settings: Settings, clock: Callable[[], int], wall: Callable[[], int]) -> None:
        self._looking = looking
        self._settings = settings
        self._clock, self._wall = clock, wall
        self._version, self._policy = 0, NO_QUOTES
        self._looked_at, self._has_looked = 0, False
        self._reading: asyncio.Task[None] | None = None

    async def answer(self, body: dict[str, Any]) -> Answer:
        """Whatever the object says. Raises Problem 503 while the policy has never been read."""
        await self._look()
        asked = read_asked(body, self._clock(), self._settings.zone, self._settings.locale)
        return Answer(200, said_of(self._policy, self._version, asked, self._settings, self._looking.keys), (FRESH,))

    async def _look(self) -> None:
        """The policy as it stands. While many ask it is looked at again beside them; the first for a while waits for it."""
        age = self._wall() - self._looked_at
        if not self._has_looked:
            await self._read()
        elif not 0 <= age < OLDEST:
            await self._read_again()
        elif age >= LOOKS_EVERY and (self._reading is None or self._reading.done()):
            self._reading = asyncio.create_task(self._read_again())

    async def _read_again(self) -> None:
        with suppress(Problem):  # while it cannot be read it is as it was
            await self._read()

    async def _read(self) -> None:
        self._looked_at = self._wall()
        self._version, self._policy = await self._looking.ask(self._found)
        self._has_looked = True

    def _found(self, lookups: Lookups) -> tuple[int, QuotePolicy]:
        """Version and table, in the thread that reads. The days off of its countries are found there too, before anybody waits for them."""
        found = lookups.policy_text()
        if found is None:
            return 0, NO_QUOTES
        policy = quotes_of(found[1])
        year = datetime_of(self._clock()).year
        for country in policy.lanes:
            for one in (year, year + 1):
                days_off(country, one)
        return found[0], policy


def said_of(policy: QuotePolicy, version: int, asked: Asked, settings: Settings, keys: Keys) -> dict[str, Any]:
    """What is answered. `version`: the policy's."""
    remarks = [*asked.remarks, *(countries_without_lane(asked.country, policy.lanes) if policy.lanes else [NO_LANES])]
    lane, is_wide = lane_of(policy, asked)
    if lane is None:
        return nothing(asked, version, remarks)
    found = on_lane(policy, lane, asked.at, settings.zone, asked.zone, is_working_day)
    offer = Offer(
        from_at=found.from_at,
        until_at=found.until_at,
        valid_until=found.valid_until,
        asked_at=asked_at(asked.at),
        language=asked.language,
        zone=asked.zone,
        shop_zone=settings.zone,
        policy=version,
        is_wide=is_wide,
        nonce=token_bytes(NONCE),
    )
    cut_off = datetime_of(found.valid_until, zone_named(settings.zone))
    there = zone_named(asked.zone)
    return {
        "id": id_of(keys, offer),
        "from": moment(found.from_at),
        "until": moment(found.until_at),
        "zone": asked.zone,
        "first_day": local_date(found.from_at, there).isoformat(),
        "last_day": local_date(found.until_at - 1, there).isoformat(),
        "words": offer.words,
        "language": asked.language,
        "valid_until": moment(found.valid_until),
        "probability": None,
        "rests_on": rests_on(version, asked, lane, is_wide, f"{cut_off:%H:%M}"),
        "remarks": remarks,
        "json_ld": None if is_wide else shipping_details(lane, cut_off.isoformat()[TIME_AT:]),
    }


def lane_of(policy: QuotePolicy, asked: Asked) -> tuple[Lane | None, bool]:
    """The lane, and whether it is the wide one because not all could be understood, or there is none to that country."""
    country = asked.country or policy.country
    if asked.is_whole and country in policy.lanes:
        return Lane(country, *policy.lanes[country]), False
    return wide_lane(policy, country if asked.country or asked.is_whole else ""), True


def rests_on(version: int, asked: Asked, lane: Lane | None, is_wide: bool, cut_off: str) -> dict[str, Any]:
    """What the days were reckoned from. How sure they are nobody has reckoned: the table is what the shop says."""
    return {
        "kind": TABLE,
        "policy": version,
        "country": lane.country if lane else None,
        "working_days": [lane.first, lane.last] if lane else None,
        "cut_off": cut_off or None,
        "is_wide": is_wide,
        "unused": list(asked.unused),
    }


def nothing(asked: Asked, version: int, remarks: list[Fault]) -> dict[str, Any]:
    """No day is said."""
    empty = dict.fromkeys(("id", "from", "until", "zone", "first_day", "last_day", "words"))
    return {
        **empty,
        "language": asked.language,
        "valid_until": None,
        "probability": None,
        "rests_on": rests_on(version, asked, None, False, ""),
        "remarks": remarks,
        "json_ld": None,
    }
