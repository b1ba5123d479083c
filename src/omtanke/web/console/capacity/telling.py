"""Customers whose promises a changed capacity puts at risk hear the new day: a new promise, and the fact with which a play that tells of delays begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from omtanke.runtime.at_risk import AtRisk
from omtanke.storage.pages import Pages
from omtanke.storage.seen import FactSeen, PromiseSeen
from omtanke.vocabulary.delivery import ShipmentDelayed
from omtanke.vocabulary.task import PromiseRenegotiationRequested
from omtanke.vocabulary.time import datetime_of, zone_named
from omtanke.web.console.acting.saving import Act, Event
from omtanke.web.console.acting.suggestions import Window
from omtanke.web.console.acting.words import new_date_words
from omtanke.web.console.plays import plays_in_force
from omtanke.web.words.stated import Shown, numbers_of, shown_with
from omtanke.web.words.voice import Voice

BEGINS_WITH = "shipment_delayed"
CAPACITY = "capacity"


class Waiting(Struct, frozen=True):
    """A promise at risk, to whom it was given and what was shown. `order`: its number as the shop writes it, empty when nobody knows it."""

    risk: AtRisk
    promise: PromiseSeen
    shown: Shown
    order: str

    @property
    def is_told(self) -> bool:
        """Whether they can be told: there is a day, and an order that it is about."""
        return self.risk.new_until > 0 and bool(self.order)


def waiting(pages: Pages, risks: Sequence[AtRisk]) -> list[Waiting]:
    """In the same order, by two statements however many they are."""
    numbers = [risk.promise for risk in risks]
    seen, stating = {one.promise: one for one in pages.promises(numbers)}, pages.stating(numbers)
    return [
        Waiting(risk, one, shown_with(one, facts := stating.get(one.promise, [])), _order(one, facts))
        for risk in risks
        if (one := seen.get(risk.promise)) is not None
    ]


def _order(promise: PromiseSeen, facts: Sequence[FactSeen]) -> str:
    return next((number for fact in facts if (number := numbers_of(fact.personal).get(("order", promise.order)))), "") if promise.order else ""


def is_told_by_play(pages: Pages) -> bool:
    """Whether a play in force begins when a parcel is known to be late; else nobody would hear of it."""
    return any(active.play.entry.fact == BEGINS_WITH for active in plays_in_force(pages).values())


def told(one: Waiting, staff: int, say: Voice, fallback: str) -> Act:
    """The new promise first, so that the message says it. Once for each promise and change, whoever presses and how often. `fallback`: the shop's language."""
    change = max(one.risk.why, key=lambda why: why.position)
    local = say.of(one.shown.zone)
    words = new_date_words(one.promise, Window(0, one.risk.new_until), local, fallback)
    until = datetime_of(one.risk.new_until, zone_named(one.shown.zone) if one.shown.zone else say.zone).isoformat()
    promised = {"staff": staff, "promise": one.risk.promise, "until": until, "words": words}
    late: Mapping[str, object] = {"order_id": one.order, "expected": until, "reason": change.why or CAPACITY}
    events = [Event(PromiseRenegotiationRequested, promised, step="-promise"), Event(ShipmentDelayed, late, step="-late")]
    return Act(one.risk.customer, f"capacity:{one.risk.promise}:{change.position}", events)
