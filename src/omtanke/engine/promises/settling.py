"""Settling promises: what has become of them, by evidence and clock, where it differs from what is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from omtanke.engine.draft import Draft
from omtanke.engine.policy import Policy
from omtanke.engine.promises.ledger import BROKEN, EXCEEDED, KEPT, STATUS_NAMES, WITHDRAWN, Ledger, Promise, promise_number
from omtanke.engine.promises.standing import GOODS_KINDS, Standing, standing
from omtanke.vocabulary.fact import Decided, Fact
from omtanke.vocabulary.promise import (
    InputSetAside,
    PromiseAtRisk,
    PromiseBroken,
    PromiseEndingCorrected,
    PromiseExceeded,
    PromiseFellDue,
    PromiseKept,
    PromiseMetLate,
    PromisePartlyMet,
    PromiseWithdrawn,
)

KIND_LASTING = {"made": 0, "at_risk": 1, "due": 2}

Decide = Callable[[Ledger, Fact, Policy, int], Iterable[Draft]]


def settle(ledger: Ledger, promises: Iterable[Promise], fact: Fact, now: int) -> Iterator[Draft]:
    """What has become of the promises, by evidence and clock, where it differs from what is on record."""
    for promise in promises:
        if not promise.is_open and not may_change(ledger, promise):
            continue
        stands = standing(ledger, promise, now)
        because = () if promise.made_by == fact.fact_id else (promise.made_by,)
        if promise.is_open:
            body = opened_turn(promise, stands)
            if body is not None:
                yield Draft(body, "partly_met" if isinstance(body, PromisePartlyMet) else stands.reason, because)
        elif (stands.status, stands.met_at) != (promise.status, promise.met_at) and outweighs(ledger, promise, stands):
            yield correction(promise, stands, because)


def may_change(ledger: Ledger, promise: Promise) -> bool:
    """Whether an ending may still be judged anew: goods may have left."""
    return promise.order in ledger.goods or promise.kind not in GOODS_KINDS or promise.status == BROKEN


def outweighs(ledger: Ledger, promise: Promise, stands: Standing) -> bool:
    """Whether what is remembered counts for more than the ending on record.

    Goods are known as a whole. Signs are few and leave, so that only an earlier one, or one where none was known, says more.
    """
    if promise.kind in GOODS_KINDS and promise.order in ledger.goods:
        return True
    if stands.met_at:
        return not promise.met_at or stands.met_at <= promise.met_at
    return not promise.met_at and (stands.status == WITHDRAWN or promise.status == BROKEN)


def correction(promise: Promise, stands: Standing, because: tuple[bytes, ...]) -> Draft:
    """What replaces an ending; a broken promise that is met after all stays broken."""
    if stands.status == promise.status == BROKEN and not promise.met_at:
        return Draft(PromiseMetLate(promise=promise.promise, met_at=stands.met_at), stands.reason, because)
    is_broken = stands.status == BROKEN
    corrected = PromiseEndingCorrected(
        promise=promise.promise,
        ending=STATUS_NAMES[stands.status] if stands.status >= KEPT else "open",
        was=STATUS_NAMES[promise.status],
        owner=promise.owner if is_broken else "",
        kind=promise.kind if is_broken else "",
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
            return PromiseBroken(promise=number, incident=incident, owner=promise.owner, kind=promise.kind, met_at=stands.met_at)
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


def settle_all(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    return settle(ledger, ledger.promises.values(), fact, now)


def settle_open(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterable[Draft]:
    return settle(ledger, open_, fact, now) if (open_ := [p for p in ledger.promises.values() if p.is_open]) else ()


def withdraw_open(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """The customer has been erased: no sign of what is still open can find its way here any more, so it can be neither kept nor broken."""
    for promise in ledger.promises.values():
        if promise.is_open:
            yield Draft(PromiseWithdrawn(promise=promise.promise), "customer_erased", (promise.made_by,))


def settle_first_window(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """An ending that was held against a later window is held against the first."""
    body: Any = fact.body
    promise = ledger.promises[body.promise]
    if promise.status in (KEPT, EXCEEDED) and promise.met_at > promise.first_until:
        ending = STATUS_NAMES[promise.status]
        corrected = PromiseEndingCorrected(promise=promise.promise, ending=ending, was=ending, met_at=promise.met_at, first_window_met=False)
        yield Draft(corrected, "earlier_window", (promise.made_by,))


def settle_given(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """The promises of the sender's id that the fact names; an unknown one is put on record as such."""
    body: Any = fact.body
    known = [promise for promise in ledger.promises.values() if promise.given == body.promise]
    if not known:
        yield Draft(InputSetAside(promise=body.promise), "promise_unknown")
    yield from settle(ledger, known, fact, now)


def settle_named(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """The promise that a decision is about."""
    body: Any = fact.body
    promise = ledger.promises.get(body.promise)
    return settle(ledger, () if promise is None else (promise,), fact, now)
