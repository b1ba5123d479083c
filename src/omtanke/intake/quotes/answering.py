"""`POST /api/quotes`: the shortest days that may be said to a customer, from a learnt model or the policy's table, with an id that an order makes a promise of.

Nothing is read for it but policy, model and what was told of capacity, once a second for all who ask, and nothing is written: what was offered stands in
the id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes
from typing import Any

from omtanke.engine.capacity import Calendar, still_bearing
from omtanke.engine.quote_policy import NO_QUOTES, Lane, Quoted, QuotePolicy, on_lane, wide_lane
from omtanke.intake.http import Answer, Fault, Problem, fault
from omtanke.intake.looking import Looking
from omtanke.intake.quotes.asked import Asked, countries_without_lane, read_asked
from omtanke.intake.quotes.json_ld import shipping_details
from omtanke.intake.quotes.learnt import TOO_SLOW, Days, Learnt
from omtanke.intake.quotes.told import Told, changes_said
from omtanke.intake.representation import moment
from omtanke.runtime.logs import note
from omtanke.runtime.quotes import MODEL, NONCE, TABLE, Offer, asked_at, id_of
from omtanke.runtime.to_customers.quoting import quotes_of
from omtanke.runtime.working_days import days_off, is_working_day
from omtanke.settings import Settings
from omtanke.storage.keys import Keys
from omtanke.storage.lookups import Lookups
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import SECOND, datetime_of, day_ends_at, day_starts_at, local_date, zone_named

LOOKS_EVERY, OLDEST = SECOND, 5 * SECOND
NO_LANES = fault("quotes.lanes", "", "the policy has none, so no day is said; write one for each country, as lanes.SE = [1, 2]")
CLOSED = fault(TOO_SLOW, "", "nothing goes until something else is told with Capacity Changed, so no day is said")
TIME_AT = len("2026-11-25T")
# It changes by the minute.
FRESH = (b"cache-control", b"no-store")


class Quoting:
    """Answers quotes. `clock`: the shop's; `wall`: by which the policy is looked at again."""

    def __init__(self, looking: Looking, settings: Settings, clock: Callable[[], int], wall: Callable[[], int], data: Path) -> None:
        self._looking = looking
        self._learnt = Learnt(data)
        self._settings = settings
        self._clock, self._wall = clock, wall
        self._version, self._policy = 0, NO_QUOTES
        self._told = Told(0, (), settings.zone)
        self._looked_at, self._has_looked = 0, False
        self._reading: asyncio.Task[None] | None = None

    async def answer(self, body: dict[str, Any]) -> Answer:
        """Whatever the object says. Raises Problem 503 while the policy has never been read."""
        await self._look()
        asked = read_asked(body, self._clock(), self._settings.zone, self._settings.locale)
        return Answer(200, said_of(self._policy, self._version, asked, self._settings, self._looking.keys, self._learnt, self._told), (FRESH,))

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
        self._version, self._policy, self._told = await self._looking.ask(self._found)
        self._has_looked = True

    def _found(self, lookups: Lookups) -> tuple[int, QuotePolicy, Told]:
        """Version and table, and what was told, in the thread that reads. The days off of its countries are found there too, before anybody waits for them."""
        found = lookups.policy_text()
        if found is None:
            return 0, NO_QUOTES, self._told
        policy = quotes_of(found[1])
        year = datetime_of(self._clock()).year
        for country in policy.lanes:
            for one in (year, year + 1):
                days_off(country, one)
        try:
            self._learnt.look(policy)
        except (CannotDo, OSError) as fault_found:
            note("model_not_read", "error", fault=str(fault_found))
        return found[0], policy, self._told_by_now(lookups)

    def _told_by_now(self, lookups: Lookups) -> Told:
        position = lookups.capacity_told()
        if position == self._told.position:
            return self._told
        return Told(position, still_bearing(lookups.capacity(), self._clock()), self._settings.zone)


def said_of(policy: QuotePolicy, version: int, asked: Asked, settings: Settings, keys: Keys, learnt: Learnt, told: Told) -> dict[str, Any]:
    """What is answered. `version`: the policy's."""
    remarks = [*asked.remarks, *(countries_without_lane(asked.country, policy.lanes) if policy.lanes else [NO_LANES])]
    lane, is_wide = lane_of(policy, asked)
    if lane is None:
        return nothing(asked, version, remarks)
    units = told.units(policy, asked.origin, asked.service)
    going = told.going(units)
    days, why_not = (None, []) if is_wide else learnt.days(policy, local_date(asked.at, zone_named(settings.zone)), asked.region, units, told)
    remarks += why_not
    if any(one["path"] == TOO_SLOW for one in why_not):
        return nothing(asked, version, remarks)
    found = on_days(days, asked, settings) if days else on_lane(policy, lane, asked.at, settings.zone, asked.zone, is_working_day, going)
    if found is None:
        return nothing(asked, version, [*remarks, CLOSED])
    offer = Offer(
        from_at=found.from_at,
        until_at=found.until_at,
        valid_until=found.valid_until,
        asked_at=asked_at(asked.at),
        language=asked.language,
        zone=asked.zone,
        shop_zone=settings.zone,
        version=days.model if days else version,
        is_wide=is_wide,
        is_learnt=days is not None,
        capacity=max((change.position for change in found.because), default=0),
        sure_permille=round(days.sure * 1000) if days else 0,
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
        "probability": round(days.sure, 3) if days else None,
        "rests_on": rests_on_model(version, asked, lane, days) if days else rests_on(version, asked, lane, is_wide, f"{cut_off:%H:%M}", found.because),
        "remarks": remarks,
        "json_ld": None if is_wide or days else shipping_details(lane, cut_off.isoformat()[TIME_AT:]),
    }


def on_days(days: Days, asked: Asked, settings: Settings) -> Quoted:
    """Those days at the customer. They can be taken until the day is over here: the model counts from the day of the order."""
    here, there = zone_named(settings.zone), zone_named(asked.zone)
    return Quoted(day_starts_at(days.first, there), day_ends_at(days.last, there), day_ends_at(local_date(asked.at, here), here), days.because)


def lane_of(policy: QuotePolicy, asked: Asked) -> tuple[Lane | None, bool]:
    """The lane, and whether it is the wide one because not all could be understood, or there is none to that country."""
    country = asked.country or policy.country
    if asked.is_whole and country in policy.lanes:
        return Lane(country, *policy.lanes[country]), False
    return wide_lane(policy, country if asked.country or asked.is_whole else ""), True


def rests_on(version: int, asked: Asked, lane: Lane | None, is_wide: bool, cut_off: str, because: Calendar = ()) -> dict[str, Any]:
    """What the days were reckoned from. How sure they are nobody has reckoned: the table is what the shop says."""
    return {
        "kind": TABLE,
        "policy": version,
        "model": None,
        "learnt_until": None,
        "region": None,
        "country": lane.country if lane else None,
        "working_days": [lane.first, lane.last] if lane else None,
        "cut_off": cut_off or None,
        "is_wide": is_wide,
        "capacity": changes_said(because),
        "unused": [name for name in asked.unused if not any(change.name and change.name == getattr(asked, name, "") for change in because)],
    }


def rests_on_model(version: int, asked: Asked, lane: Lane, days: Days) -> dict[str, Any]:
    """The same of a learnt model. `region`: where it knows the order to go; null, it reckons with all regions."""
    unused = [name for name in asked.unused if name != "destination.region" or not days.region]
    learnt = {"kind": MODEL, "model": days.model, "learnt_until": days.learnt_until.isoformat(), "region": days.region or None}
    found = rests_on(version, asked, lane, False, "", days.because)
    return found | learnt | {"working_days": None, "unused": [name for name in found["unused"] if name in unused]}


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
