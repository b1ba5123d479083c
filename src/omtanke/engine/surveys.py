"""Rule family: when we ask how it was, and when we let it be. Module: `omtanke.engine.surveys`.

One question, some time after something that was delivered, visited, settled or sent back; never while the customer
waits for a broken promise, never so soon after another question, nobody who does not want it, and nobody who has not
said who they are. What can be
known at once is decided at once: that we have asked lately, or that this one is not among those who are asked. History
asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine import consent
from omtanke.engine.consent import Consents
from omtanke.engine.consent_policy import SURVEYS
from omtanke.engine.draft import Draft
from omtanke.engine.policy import Policy
from omtanke.engine.promises.ledger import promise_number
from omtanke.engine.survey_policy import QUESTIONS
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.vocabulary.case import CaseResolved, RefundIssued, ReturnReceived
from omtanke.vocabulary.delivery import OrderShipped, PickupCollected, ShipmentDelivered
from omtanke.vocabulary.erasure import CustomerErased
from omtanke.vocabulary.fact import Body, Fact, Mode
from omtanke.vocabulary.identity import CustomersLinked
from omtanke.vocabulary.order import OrderRefunded
from omtanke.vocabulary.promise import PromiseBroken, PromiseEndingCorrected, PromiseMetLate, PromiseWithdrawn
from omtanke.vocabulary.rights import ProcessingRestricted, RestrictionLifted, RightsRequested
from omtanke.vocabulary.running import WakeReached
from omtanke.vocabulary.store import ReceiptIssued, StoreVisited
from omtanke.vocabulary.survey import SurveyAnswered, SurveyAsked, SurveySent, SurveyWithheld
from omtanke.vocabulary.time import DAY

MOST_OCCASIONS = 20
MOST_REMEMBERED = 20
WAITED_SPAN = 60 * DAY
LATE_SPAN = 14 * DAY


class Occasion(Struct, frozen=True, array_like=True, gc=False):
    """Something that could be asked about. `at`: when it happened; `by`: the fact that shows it; `customer`: of that fact."""

    about: str
    at: int
    by: bytes
    order: int = 0
    case: int = 0
    store: int = 0
    customer: int = 0

    @property
    def thing(self) -> tuple[str, int, int, int]:
        return (self.about, self.order, self.case, self.store)


class Surveys(Struct, frozen=True, array_like=True):
    """The slice of state. `asked_at`: when anybody last asked; `waiting`: broken promises that the customer waits for,
    with the moment; `returned`: orders and cases of which something has come back; `parcels`: the order of each; `allows`: what
    the customer has said of being asked, and of direct marketing; `is_restricted`: whether what we know of them is to be left alone."""

    asked_at: int = 0
    occasions: tuple[Occasion, ...] = ()
    waiting: dict[int, int] = {}
    returned: tuple[int, ...] = ()
    parcels: dict[int, int] = {}
    allows: Consents = Consents()
    is_restricted: bool = False


def evolve_shipped(slice_: Surveys, fact: Fact) -> Surveys:
    """Carriers name parcels and not orders."""
    body: Any = fact.body
    if fact.mode is Mode.HISTORY or not (body.parcel and body.order):
        return slice_
    others = [(parcel, order) for parcel, order in slice_.parcels.items() if parcel != body.parcel]
    return replace(slice_, parcels=dict([*others, (body.parcel, body.order)][-MOST_REMEMBERED:]))


def evolve_delivered(slice_: Surveys, fact: Fact) -> Surveys:
    """A delivery of which nobody has said what was ordered is not asked about: no answer could be held against anything."""
    body: Any = fact.body
    order = body.order or slice_.parcels.get(body.parcel, 0)
    return _with(slice_, fact, Occasion("delivery", fact.occurred_at, fact.fact_id, order=order)) if order else slice_


def evolve_visited(slice_: Surveys, fact: Fact) -> Surveys:
    """Somebody who did not say who they are cannot be asked; nor can a store, whose ledger holds such visits."""
    body: Any = fact.body
    asks = body.store and body.is_known
    return _with(slice_, fact, Occasion("store_visit", fact.occurred_at, fact.fact_id, store=body.store)) if asks else slice_


def evolve_resolved(slice_: Surveys, fact: Fact) -> Surveys:
    body: Any = fact.body
    return _with(slice_, fact, Occasion("case", fact.occurred_at, fact.fact_id, case=body.case))


def evolve_returned(slice_: Surveys, fact: Fact) -> Surveys:
    body: Any = fact.body
    thing = body.order or body.case
    if fact.mode is Mode.HISTORY or not thing or thing in slice_.returned:
        return slice_
    return replace(slice_, returned=(*slice_.returned, thing)[-MOST_REMEMBERED:])


def evolve_refunded(slice_: Surveys, fact: Fact) -> Surveys:
    """The money for what was sent back is on its way: the return is over."""
    order, case = getattr(fact.body, "order", 0), getattr(fact.body, "case", 0)
    if not {order, case} & set(slice_.returned) - {0}:
        return slice_
    slice_ = replace(slice_, returned=tuple(thing for thing in slice_.returned if thing not in (order, case)))
    return _with(slice_, fact, Occasion("return", fact.occurred_at, fact.fact_id, order=order, case=case))


def _with(slice_: Surveys, fact: Fact, occasion: Occasion) -> Surveys:
    """Of several facts about the same thing the last one counts."""
    if fact.mode is Mode.HISTORY:
        return slice_
    others = tuple(one for one in slice_.occasions if one.thing != occasion.thing)
    return replace(slice_, occasions=(*others, replace(occasion, customer=fact.customer))[-MOST_OCCASIONS:])


def evolve_asked(slice_: Surveys, fact: Fact) -> Surveys:
    """A question has gone out, ours or another tool's, or was left unasked."""
    body: Any = fact.body
    asked_at = slice_.asked_at if isinstance(body, SurveyWithheld) else max(slice_.asked_at, fact.occurred_at)
    if not slice_.occasions:
        return slice_ if asked_at == slice_.asked_at else replace(slice_, asked_at=asked_at)
    thing = (body.about, body.order, body.case, body.store)
    return replace(slice_, asked_at=asked_at, occasions=tuple(one for one in slice_.occasions if one.thing != thing))


def evolve_answered(slice_: Surveys, fact: Fact) -> Surveys:
    """An answer to what another tool has asked: the customer has been asked."""
    body: Any = fact.body
    return slice_ if body.asked else replace(slice_, asked_at=max(slice_.asked_at, fact.occurred_at))


def evolve_broken(slice_: Surveys, fact: Fact) -> Surveys:
    """Broken, or broken after all."""
    body: Any = fact.body
    if not body.is_waited_for:
        return evolve_over(slice_, fact)
    if fact.mode is Mode.HISTORY:
        return slice_
    waiting = list((slice_.waiting | {body.promise: fact.now}).items())[-MOST_REMEMBERED:]
    return replace(slice_, waiting=dict(waiting))


def evolve_over(slice_: Surveys, fact: Fact) -> Surveys:
    body: Any = fact.body
    if body.promise not in slice_.waiting:
        return slice_
    return replace(slice_, waiting={number: at for number, at in slice_.waiting.items() if number != body.promise})


def evolve_consent(slice_: Surveys, fact: Fact) -> Surveys:
    """What the customer says of being asked; an objection to direct marketing too, since a shop may count it as that."""
    body: Any = fact.body
    if body.purpose != SURVEYS and not getattr(body, "is_objection", False):
        return slice_
    return replace(slice_, allows=consent.EVOLVES[type(body)](slice_.allows, fact))


def evolve_requested(slice_: Surveys, fact: Fact) -> Surveys:
    """So may whoever asks for the right to object."""
    allows = consent.evolve_requested(slice_.allows, fact)
    return slice_ if allows is slice_.allows else replace(slice_, allows=allows)


def evolve_erased(slice_: Surveys, fact: Fact) -> Surveys:
    """Somebody who has been erased is asked nothing."""
    return replace(slice_, occasions=()) if slice_.occasions else slice_


def evolve_restricted(slice_: Surveys, fact: Fact) -> Surveys:
    return replace(slice_, is_restricted=isinstance(fact.body, ProcessingRestricted))


def decide(slice_: Surveys, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """What is due to be asked about; at most one question at a time."""
    asked_at = slice_.asked_at
    for occasion in slice_.occasions:
        due = due_at(occasion, policy)
        if due > now:
            continue
        number = number_of(occasion)
        reason = _refused(slice_, policy) or _too_soon(slice_, now, due) or why_never(occasion, policy, now, asked_at, number)
        if reason:
            yield _withheld(occasion, number, reason)
        else:
            asked_at = now
            yield Draft(_asked(occasion, policy, now, number), "time_to_ask", (occasion.by,))


def foresee(slice_: Surveys, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """What will not be asked, whatever happens until it would be time: nobody has to be woken for it."""
    for occasion in slice_.occasions:
        if occasion.by == fact.fact_id:
            number = number_of(occasion)
            reason = why_never(occasion, policy, max(now, due_at(occasion, policy)), slice_.asked_at, number)
            if reason:
                yield _withheld(occasion, number, reason)


def owner(slice_: Surveys, body: object) -> int:
    """The customer of what a question is about; 0 for another decision."""
    return next((one.customer for one in slice_.occasions if number_of(one) == getattr(body, "survey", 0)), 0)


def number_of(occasion: Occasion) -> int:
    return promise_number("survey", *occasion.thing, occasion.by.hex())


def _refused(slice_: Surveys, policy: Policy) -> str:
    """The reason that the customer gives; empty when they may be asked. We do not know the channel: a no in one of them is its sender's to obey."""
    found = consent.may(slice_.allows, SURVEYS, "", policy)
    return "" if found.is_allowed else "objected" if found.why == "objected" else "no_consent"


def _too_soon(slice_: Surveys, now: int, due: int) -> str:
    """The reason not to ask now; empty when there is none."""
    if slice_.is_restricted:
        return "restricted"
    if now - due > LATE_SPAN:
        return "too_late"
    return "still_waiting" if any(now - at < WAITED_SPAN for at in slice_.waiting.values()) else ""


def why_never(occasion: Occasion, policy: Policy, when: int, asked_at: int, number: int) -> str:
    """The reason not to ask at a moment, as far as it is known beforehand; empty when there is none."""
    if occasion.about in policy.plays.asks_about:
        return "asked_in_a_play"
    if number // 100 % 100 >= policy.surveys.kinds[occasion.about].share:
        return "not_in_share"
    return "asked_lately" if asked_at and when - asked_at < policy.surveys.rest else ""


def _withheld(occasion: Occasion, number: int, reason: str) -> Draft:
    body = SurveyWithheld(survey=number, about=occasion.about, order=occasion.order, case=occasion.case, store=occasion.store)
    return Draft(body, reason, (occasion.by,))


def _asked(occasion: Occasion, policy: Policy, now: int, number: int) -> SurveyAsked:
    surveys = policy.surveys
    question = "recommendation" if number % 100 < surveys.recommendation else surveys.kinds[occasion.about].question
    return SurveyAsked(
        survey=number,
        about=occasion.about,
        question=question,
        scale=QUESTIONS[question][0],
        order=occasion.order,
        case=occasion.case,
        store=occasion.store,
        expires_at=now + surveys.lasts,
    )


def due_at(occasion: Occasion, policy: Policy) -> int:
    """When it is time to ask, UTC microseconds."""
    return occasion.at + policy.surveys.kinds[occasion.about].after


def next_wake(slice_: Surveys, policy: Policy) -> int | None:
    """The soonest moment at which it is time to ask."""
    return min((due_at(one, policy) for one in slice_.occasions), default=None) if slice_.occasions else None


OCCASIONS: tuple[type[Body], ...] = (ShipmentDelivered, PickupCollected, StoreVisited, ReceiptIssued, CaseResolved, RefundIssued, OrderRefunded)
EVOLVES: dict[type[Body], Any] = {
    OrderShipped: evolve_shipped,
    ShipmentDelivered: evolve_delivered,
    PickupCollected: evolve_delivered,
    StoreVisited: evolve_visited,
    ReceiptIssued: evolve_visited,
    CaseResolved: evolve_resolved,
    ReturnReceived: evolve_returned,
    RefundIssued: evolve_refunded,
    OrderRefunded: evolve_refunded,
    SurveyAnswered: evolve_answered,
    SurveySent: evolve_asked,
    SurveyAsked: evolve_asked,
    SurveyWithheld: evolve_asked,
    PromiseBroken: evolve_broken,
    PromiseMetLate: evolve_over,
    PromiseWithdrawn: evolve_over,
    PromiseEndingCorrected: evolve_broken,
    ConsentGiven: evolve_consent,
    ConsentWithdrawn: evolve_consent,
    RightsRequested: evolve_requested,
    CustomerErased: evolve_erased,
    ProcessingRestricted: evolve_restricted,
    RestrictionLifted: evolve_restricted,
}
FORESEEN: dict[type[Body], tuple[Any, ...]] = dict.fromkeys(OCCASIONS, (foresee,))
DECIDES: dict[type[Body], tuple[Any, ...]] = {WakeReached: (decide,), CustomersLinked: (decide,), **FORESEEN}


def settled(slice_: Surveys, edge: int, now: int) -> Surveys:
    """Without what nobody waits for since before the edge."""
    asked_at = slice_.asked_at if slice_.asked_at >= edge else 0
    waiting = {number: at for number, at in slice_.waiting.items() if at >= edge}
    lately = (slice_.returned, slice_.parcels) if now >= edge else ((), {})
    return Surveys(asked_at, slice_.occasions, waiting, *lately, allows=consent.settled(slice_.allows, edge, now))


def part_of(slice_: Surveys, customer: int, is_first: bool) -> Surveys:
    """What one of several customers could be asked about; the rest goes with the first."""
    mine = tuple(one for one in slice_.occasions if one.customer == customer or (is_first and not one.customer))
    allows = consent.part_of(slice_.allows, customer, is_first)
    return replace(slice_, occasions=mine, allows=allows) if is_first else Surveys(asked_at=slice_.asked_at, occasions=mine, allows=allows)


def united(one: Surveys, other: Surveys) -> Surveys:
    """Both as one person's, as far as `settled` leaves something."""
    return Surveys(
        asked_at=max(one.asked_at, other.asked_at),
        occasions=(*one.occasions, *(occasion for occasion in other.occasions if occasion not in one.occasions))[-MOST_OCCASIONS:],
        waiting=dict(list((one.waiting | other.waiting).items())[-MOST_REMEMBERED:]),
        returned=(*one.returned, *(thing for thing in other.returned if thing not in one.returned))[-MOST_REMEMBERED:],
        parcels=dict(list((one.parcels | other.parcels).items())[-MOST_REMEMBERED:]),
        allows=consent.united(one.allows, other.allows),
        is_restricted=one.is_restricted or other.is_restricted,
    )
