"""What follows for promises: made, renegotiated, at risk, due, ended, corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from omtanke.engine.draft import Draft
from omtanke.engine.policy import Policy
from omtanke.engine.promises.evidence import EVOLVES
from omtanke.engine.promises.ledger import BROKEN, EXCEEDED, KEPT, STATUS_NAMES, WITHDRAWN, Ledger, Promise, promise_number
from omtanke.engine.promises.standing import GOODS_KINDS, Standing, standing
from omtanke.vocabulary.appointment import AppointmentBooked, AppointmentHeld, AppointmentMissed
from omtanke.vocabulary.case import (
    CallbackMade,
    CallbackRequested,
    CaseMessageSent,
    CaseOpened,
    LiveChatMessageSent,
    RefundIssued,
    RepairCompleted,
    ReturnReceived,
    ReturnRequested,
)
from omtanke.vocabulary.delivery import OrderShipped, PickupCollected, PickupReady, ShipmentDelayed, ShipmentDelivered
from omtanke.vocabulary.fact import Body, Decided, Fact
from omtanke.vocabulary.identity import CustomersLinked
from omtanke.vocabulary.order import OrderCancelled, OrderCompleted, OrderLineRecorded, OrderRefunded, OrderUpdated
from omtanke.vocabulary.product import ProductRestocked
from omtanke.vocabulary.promise import (
    InputSetAside,
    PromiseAtRisk,
    PromiseBroken,
    PromiseEndingCorrected,
    PromiseExceeded,
    PromiseFellDue,
    PromiseFirstWindowLearned,
    PromiseFulfilled,
    PromiseKept,
    PromiseMade,
    PromiseMetLate,
    PromisePartlyMet,
    PromiseRenegotiated,
    PromiseRetracted,
    PromiseStated,
    PromiseWithdrawn,
    Stated,
)
from omtanke.vocabulary.running import WakeReached
from omtanke.vocabulary.store import StoreClosed, StoreOpened

MOST_OPEN = 200
KIND_LASTING = {"made": 0, "at_risk": 1, "due": 2}

Decide = Callable[[Ledger, Fact, Policy, int], Iterator[Draft]]


# Stating


def state_promises(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """Every promise that the fact states: a new one, a new window of one that stands, or nothing new."""
    body: Any = fact.body
    stated: Iterable[Stated] = body.stated
    opened: set[int] = set()
    for number, one in enumerate(stated):
        subject_kind, subject = one.subject_kind, one.subject
        if not subject_kind:
            subject_kind, subject = default_subject(body)
        promise = one.promise or promise_number(one.kind, subject_kind, subject or fact.customer)
        yield from state_one(ledger, fact, policy, number, one, promise, subject_kind, subject, opened)
    yield from settle_order(ledger, fact, policy, now)


def default_subject(body: Any) -> tuple[str, int]:
    """What a promise without a subject is about: the order, case or appointment of the fact, else the customer."""
    for kind in ("order", "case", "appointment"):
        number = getattr(body, kind, 0)
        if number:
            return kind, number
    return "customer", 0


def state_one(
    ledger: Ledger,
    fact: Fact,
    policy: Policy,
    number: int,
    one: Stated,
    promise: int,
    subject_kind: str,
    subject: int,
    opened: set[int],
) -> Iterator[Draft]:
    """A statement against the chain of promises that its id began; each next one follows a promise that is over."""
    follows, at = 0, fact.occurred_at
    while promise in ledger.promises:
        known = ledger.promises[promise]
        draft = restated(known, fact, policy, number, one)
        if draft is not None:
            if promise not in opened and draft.body is not None:
                opened.add(promise)
                yield draft
            return
        follows, promise = promise, promise_number(promise, "after")
    if promise in opened:
        return
    opened.add(promise)
    if sum(1 for each in ledger.promises.values() if each.is_open) + len(opened) > MOST_OPEN:
        yield Draft(InputSetAside(promise=promise, subject_kind=subject_kind, subject=subject), "too_many_open")
        return
    reason = "stated" if not follows else "after_broken" if ledger.promises[follows].status == BROKEN else "after_ending"
    order = subject if subject_kind == "order" else getattr(fact.body, "order", 0) or ledger.parcels.get(subject, 0)
    yield made(policy, number, one, promise, subject_kind, subject, order, follows, reason, at)


class NothingNew:
    """A statement that says what is known already."""

    body = None


NOTHING_NEW = NothingNew()


def restated(known: Promise, fact: Fact, policy: Policy, number: int, one: Stated) -> Draft | NothingNew | None:
    """What a statement means for a promise that is known; None when it begins a new one after it."""
    at, window = fact.occurred_at, (one.from_at, one.until_at)
    if window == (known.from_at, known.until_at) and (known.is_open or at <= known.until_at):
        return NOTHING_NEW
    if at < known.made_at and not known.follows:
        if window == (known.first_from, known.first_until):
            return NOTHING_NEW
        body = PromiseFirstWindowLearned(promise=known.promise, from_at=one.from_at, until_at=one.until_at, statement=number)
        return Draft(body, "earlier_window", (known.made_by,))
    if at <= known.window_at:
        if window == (known.first_from, known.first_until) or at < known.made_at:
            return NOTHING_NEW
        return Draft(InputSetAside(promise=known.promise, subject_kind=known.subject_kind, subject=known.subject), "window_replaced")
    if known.status not in (KEPT, EXCEEDED, WITHDRAWN) and at <= known.until_at:
        return renegotiated(known, fact, policy, number, one)
    return None


def watch(policy: Policy, kind: str, made_at: int, from_at: int, until_at: int) -> dict[str, int]:
    """The moments at which a promise of that kind is looked at; half of its time passes before it is at risk."""
    rule = policy.promises[kind]
    return {
        "risk_at": max(until_at - rule.at_risk, (made_at + until_at) // 2) if made_at < until_at else until_at,
        "lapse_at": until_at + rule.grace,
        "exceeds_before": until_at - rule.margin if rule.margin and not from_at else 0,
    }


def made(policy: Policy, number: int, one: Stated, promise: int, subject_kind: str, subject: int, order: int, follows: int, reason: str, at: int) -> Draft:
    body = PromiseMade(
        promise=promise,
        kind=one.kind,
        subject_kind=subject_kind,
        subject=subject,
        order=order,
        from_at=one.from_at,
        until_at=one.until_at,
        attended=one.attended,
        owner=one.owner or policy.promises[one.kind].owner,
        zone=one.zone,
        statement=number,
        follows=follows,
        **watch(policy, one.kind, at, one.from_at, one.until_at),
    )
    return Draft(body, reason)


def renegotiated(known: Promise, fact: Fact, policy: Policy, number: int, one: Stated) -> Draft:
    body = PromiseRenegotiated(
        promise=known.promise,
        from_at=one.from_at,
        until_at=one.until_at,
        zone=one.zone,
        statement=number,
        **watch(policy, known.kind, fact.occurred_at, one.from_at, one.until_at),
    )
    return Draft(body, "new_window", (known.made_by,))


def state_by_order(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """An order states its promises, and makes one of the quote that it names."""
    body: Any = fact.body
    yield from state_promises(ledger, fact, policy, now)
    if body.quote:
        quote = ledger.quotes.get(body.quote)
        if quote is None or fact.occurred_at > quote.valid_until:
            reason = "quote_unknown" if quote is None else "quote_expired"
            yield Draft(InputSetAside(subject_kind="quote", subject=body.quote), reason)
            return
        one = Stated(kind="delivery", from_at=quote.from_at, until_at=quote.until_at, attended=quote.attended, zone=quote.zone)
        promise = promise_number("delivery", "order", body.order)
        if promise not in ledger.promises and not any(each.kind == "delivery" for each in body.stated):
            yield made(policy, 0, one, promise, "order", body.order, body.order, 0, "quote_taken", fact.occurred_at)


# Settling


def settle(ledger: Ledger, promises: Iterable[Promise], fact: Fact, now: int) -> Iterator[Draft]:
    """What has become of the promises, by evidence and clock, where it differs from what is on record."""
    for promise in promises:
        if not promise.is_open and not may_change(ledger, promise):
            continue
        stands = standing(ledger, promise, now)
        if promise.status in (KEPT, EXCEEDED) and stands.status not in (KEPT, EXCEEDED) and promise.kind not in GOODS_KINDS:
            continue
        if stands.status != promise.status or (stands.met_at != promise.met_at and promise.status == BROKEN) or stands.part > promise.part:
            draft = turn(promise, stands, fact)
            if draft is not None:
                yield draft


def may_change(ledger: Ledger, promise: Promise) -> bool:
    """Whether what is remembered is enough to judge an ending anew: signs are few, and goods may have left."""
    return promise.order in ledger.goods or promise.kind not in GOODS_KINDS or promise.status == BROKEN


def turn(promise: Promise, stands: Standing, fact: Fact) -> Draft | None:
    """The fact that takes a promise from where it is on record to where it stands."""
    because = () if promise.made_by == fact.fact_id else (promise.made_by,)
    if promise.is_open:
        body = opened_turn(promise, stands)
        return None if body is None else Draft(body, "partly_met" if isinstance(body, PromisePartlyMet) else stands.reason, because)
    if stands.status == promise.status:
        if promise.status == BROKEN and stands.met_at and not promise.met_at:
            return Draft(PromiseMetLate(promise=promise.promise, met_at=stands.met_at), stands.reason, because)
        return None
    ending = STATUS_NAMES[stands.status] if stands.status >= KEPT else "open"
    corrected = PromiseEndingCorrected(
        promise=promise.promise,
        ending=ending,
        was=STATUS_NAMES[promise.status],
        met_at=stands.met_at,
        first_window_met=first_window_met(promise, stands),
    )
    return Draft(corrected, "late_evidence", because)


def first_window_met(promise: Promise, stands: Standing) -> bool:
    """Whether what was said first has been held, whatever was agreed later."""
    if stands.status not in (KEPT, EXCEEDED):
        return False
    return stands.met_at <= promise.first_until


def opened_turn(promise: Promise, stands: Standing) -> Decided | None:
    """From an open state: onwards only; a warning is not taken back."""
    number, first = promise.promise, first_window_met(promise, stands)
    match STATUS_NAMES[stands.status]:
        case "kept":
            return PromiseKept(promise=number, met_at=stands.met_at, first_window_met=first)
        case "exceeded":
            return PromiseExceeded(promise=number, met_at=stands.met_at, first_window_met=first)
        case "withdrawn":
            return PromiseWithdrawn(promise=number)
        case "broken":
            incident = promise_number("incident", number)
            return PromiseBroken(promise=number, incident=incident, owner=promise.owner, met_at=stands.met_at)
        case status if KIND_LASTING[status] > KIND_LASTING[STATUS_NAMES[promise.status]]:
            if status == "due":
                return PromiseFellDue(promise=number, until_at=promise.until_at)
            return PromiseAtRisk(promise=number, until_at=promise.until_at)
    return PromisePartlyMet(promise=number, met=stands.part, lines=stands.lines) if stands.part > promise.part else None


def settle_order(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """Promises that a fact about an order or parcel touches."""
    body: Any = fact.body
    order = getattr(body, "order", 0) or ledger.parcels.get(getattr(body, "parcel", 0), 0)
    parcel = getattr(body, "parcel", 0)
    touched = [p for p in ledger.promises.values() if (order and p.order == order) or (parcel and p.subject_kind == "parcel" and p.subject == parcel)]
    return settle(ledger, touched, fact, now)


def settle_kinds(*kinds: str) -> Decide:
    """Promises of these kinds, all of the customer's: a sign may be about any of them."""

    def decide(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
        return settle(ledger, [p for p in ledger.promises.values() if p.kind in kinds], fact, now)

    return decide


def settle_answered(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """An answer may carry promises of its own, beside meeting the one to reply."""
    yield from settle_kinds("reply")(ledger, fact, policy, now)
    yield from state_promises(ledger, fact, policy, now)


def settle_all(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    return settle(ledger, ledger.promises.values(), fact, now)


def settle_open(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    return settle(ledger, [p for p in ledger.promises.values() if p.is_open], fact, now)


def settle_first_window(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """An ending that was held against a later window is held against the first."""
    body: Any = fact.body
    promise = ledger.promises[body.promise]
    if promise.status in (KEPT, EXCEEDED) and promise.met_at > promise.first_until:
        ending = STATUS_NAMES[promise.status]
        corrected = PromiseEndingCorrected(promise=promise.promise, ending=ending, was=ending, met_at=promise.met_at, first_window_met=False)
        yield Draft(corrected, "earlier_window", (promise.made_by,))


def settle_named(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """The promise that the fact names; an unknown one is put on record as such."""
    body: Any = fact.body
    promise = ledger.promises.get(body.promise)
    if promise is None:
        yield Draft(InputSetAside(promise=body.promise), "promise_unknown")
    else:
        yield from settle(ledger, (promise,), fact, now)


DECIDES: dict[type[Body], Decide] = {
    OrderCompleted: state_by_order,
    OrderUpdated: state_promises,
    OrderLineRecorded: settle_order,
    OrderCancelled: settle_order,
    OrderShipped: state_promises,
    ShipmentDelivered: settle_order,
    ShipmentDelayed: settle_order,
    PickupReady: settle_order,
    PickupCollected: settle_order,
    OrderRefunded: settle_kinds("refund"),
    RefundIssued: settle_kinds("refund"),
    CallbackMade: settle_kinds("call_back"),
    CallbackRequested: state_promises,
    CaseOpened: state_promises,
    CaseMessageSent: settle_answered,
    LiveChatMessageSent: settle_kinds("reply"),
    RepairCompleted: settle_kinds("repair"),
    ReturnRequested: state_promises,
    ReturnReceived: state_promises,
    ProductRestocked: settle_kinds("restock"),
    AppointmentBooked: state_promises,
    AppointmentHeld: settle_kinds("appointment"),
    AppointmentMissed: settle_kinds("appointment"),
    StoreOpened: settle_kinds("opening_hours"),
    StoreClosed: settle_kinds("opening_hours"),
    PromiseStated: state_promises,
    PromiseFulfilled: settle_named,
    PromiseRetracted: settle_named,
    PromiseMade: settle_named,
    PromiseRenegotiated: settle_named,
    PromiseFirstWindowLearned: settle_first_window,
    PromiseEndingCorrected: settle_named,
    WakeReached: settle_open,
    CustomersLinked: settle_all,
}


# The family's other duties


def next_wake(ledger: Ledger) -> int | None:
    """The soonest moment at which an open promise changes by the clock alone."""
    soonest = 0
    for promise in ledger.promises.values():
        status = promise.status
        if status >= KEPT:
            continue
        at = promise.risk_at if status == 0 else promise.until_at if status == 1 else promise.lapse_at
        if not soonest or at < soonest:
            soonest = at
    return soonest or None


__all__ = ["DECIDES", "EVOLVES", "next_wake"]
