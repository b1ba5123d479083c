"""Open promises of delivery that a changed capacity puts at risk, those that come latest first: so that their customers are told before it happens."""

from __future__ import annotations

from heapq import nsmallest

from msgspec import Struct

from omtanke.engine.at_risk import Judge, Owed
from omtanke.engine.capacity import Calendar, still_bearing
from omtanke.engine.quote_policy import NO_QUOTES
from omtanke.runtime.to_customers.quoting import quotes_of
from omtanke.runtime.working_days import is_working_day
from omtanke.storage.capacity import deliveries_owed
from omtanke.storage.pages import Pages

SHOWN = 200


class AtRisk(Struct, frozen=True, gc=False):
    """A promise at risk. `until_at`: what was promised; `new_until`: what could be today, 0 while nothing goes; `why`: what was told since it was said.
    `is_sent`: it has left the house. UTC microseconds."""

    promise: int
    order: int
    customer: int
    until_at: int
    new_until: int
    is_sent: bool
    why: Calendar


class AllAtRisk(Struct, frozen=True):
    """How many there are, and those who come latest, the latest first."""

    count: int
    latest: tuple[AtRisk, ...]


NOBODY = AllAtRisk(0, ())


def at_risk(pages: Pages, now: int, zone: str, shown: int = SHOWN) -> AllAtRisk:
    """As of a moment. `zone`: the shop's, IANA. A shop that has been told nothing of its capacity, or has no lanes, has none."""
    calendar, policy = still_bearing(pages.capacity(), now), pages.policy_text()
    quotes = quotes_of(policy[1]) if policy else NO_QUOTES
    if not calendar or not quotes.lanes:
        return NOBODY
    judge, found = Judge(calendar, quotes, zone, is_working_day), list[AtRisk]()
    for one in deliveries_owed(pages.ask, now, max(change.told_at for change in calendar)):
        risk = judge.judge(Owed(one.made_at, one.known_at, one.until_at, one.sent_at, one.carrier))
        if risk is not None:
            found.append(AtRisk(one.promise, one.order, one.customer, one.until_at, risk.new_until, one.sent_at > 0, risk.because))
    return AllAtRisk(len(found), tuple(nsmallest(shown, found, key=_latest_first)))


def _latest_first(one: AtRisk) -> tuple[bool, int, int, int]:
    return one.new_until > 0, one.until_at - one.new_until, one.until_at, one.promise
