"""What facts say: which goods an order holds and where they are, and signs that something was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from omtanke.engine.promises.ledger import (
    AT_RISK,
    BROKEN,
    DUE,
    EXCEEDED,
    KEPT,
    LATEST,
    MADE,
    STATUS_NAMES,
    WITHDRAWN,
    Goods,
    Ledger,
    Parcel,
    Promise,
    Quote,
    sign_key,
)
from omtanke.vocabulary.appointment import AppointmentHeld, AppointmentMissed
from omtanke.vocabulary.case import CallbackMade, CaseMessageSent, LiveChatMessageSent, RefundIssued, RepairCompleted
from omtanke.vocabulary.delivery import OrderShipped, PickupCollected, PickupReady, ShipmentDelayed, ShipmentDelivered
from omtanke.vocabulary.fact import Body, Fact
from omtanke.vocabulary.order import OrderCancelled, OrderCompleted, OrderLineRecorded, OrderRefunded, OrderUpdated
from omtanke.vocabulary.product import Line, ProductRestocked
from omtanke.vocabulary.promise import (
    REQUEST,
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
    PromiseWithdrawn,
    QuoteGiven,
)
from omtanke.vocabulary.rights import RightsAnswered
from omtanke.vocabulary.store import StoreClosed, StoreOpened

MOST_SIGNS = 8
# Of one order; more than a state has room for beside the rest.
MOST_WEIGHT = 600

Evolve = Callable[[Ledger, Fact], Ledger]


def earliest(known: int, at: int) -> int:
    """The earlier of two moments, of which the first may be unknown (0)."""
    return at if not known else min(known, at)


def line_numbers(lines: Iterable[Line]) -> tuple[int, ...]:
    """The lines that are told apart by a number."""
    return tuple(line.line for line in lines if line.line)


def with_goods(ledger: Ledger, order: int, goods: Goods) -> Ledger:
    """The ledger with these goods; beyond MOST_WEIGHT no more lines and parcels of an order are told apart."""
    known, weight = ledger.goods.get(order), goods.weight
    before = known.weight if known is not None else 0
    if weight > MOST_WEIGHT and weight > before:
        goods, weight = known if known is not None else Goods(goods.touched_at), before
    every = dict(ledger.goods)
    every[order] = goods
    weight, stays_until = ledger.weight + weight - before, min(ledger.stays_until, goods.touched_at)
    return Ledger(ledger.promises, every, ledger.parcels, ledger.quotes, ledger.signs, ledger.left_until, weight, stays_until)


def with_promise(ledger: Ledger, promise: Promise) -> Ledger:
    every = dict(ledger.promises)
    every[promise.promise] = promise
    stays_until = ledger.stays_until if promise.is_open else min(ledger.stays_until, promise.ended_at)
    return Ledger(every, ledger.goods, ledger.parcels, ledger.quotes, ledger.signs, ledger.left_until, ledger.weight, stays_until)


def with_sign(ledger: Ledger, what: str, subject_kind: str, subject: int, at: int) -> Ledger:
    key = sign_key(what, subject_kind, subject)
    signs = dict(ledger.signs)
    signs[key] = tuple(sorted({*signs.get(key, ()), at}))[-MOST_SIGNS:]
    stays_until = min(ledger.stays_until, signs[key][-1])
    return Ledger(ledger.promises, ledger.goods, ledger.parcels, ledger.quotes, signs, ledger.left_until, ledger.weight, stays_until)


def with_parcel(ledger: Ledger, parcel: int, order: int) -> Ledger:
    """The ledger in which it is known whose parcel it is: what was told of it before counts for the order."""
    if ledger.parcels.get(parcel) == order:
        return ledger
    promises = ledger.promises
    if any(one.subject_kind == "parcel" and one.subject == parcel and not one.order for one in promises.values()):
        promises = {n: replace(one, order=order) if (one.subject_kind, one.subject, one.order) == ("parcel", parcel, 0) else one for n, one in promises.items()}
    # A parcel of an order of whose goods nothing is known leaves the next time that it is looked at.
    stays_until = ledger.stays_until if order in ledger.goods else -LATEST
    ledger = replace(ledger, promises=promises, parcels=ledger.parcels | {parcel: order}, stays_until=stays_until)
    delivered, ready, shipped = (ledger.signs.get(sign_key(what, "parcel", parcel), (0,))[0] for what in ("delivered", "ready", "shipped"))
    if not (delivered or ready or shipped):
        return ledger
    goods = goods_of(ledger, order, max(delivered, ready, shipped))
    return with_goods(ledger, order, replace(goods, parcels=goods.parcels | {parcel: arrived(goods.parcels.get(parcel, Parcel()), delivered, ready)}))


def holding(parcel: Parcel, lines: tuple[int, ...]) -> Parcel:
    """The parcel, with these lines beside those that it was said to hold."""
    return replace(parcel, lines=tuple(dict.fromkeys((*parcel.lines, *lines)))) if lines else parcel


def arrived(parcel: Parcel, delivered_at: int, ready_at: int) -> Parcel:
    """The parcel, delivered or ready at a moment (0: not told); the earliest counts."""
    return Parcel(
        parcel.lines,
        earliest(parcel.delivered_at, delivered_at) if delivered_at else parcel.delivered_at,
        earliest(parcel.ready_at, ready_at) if ready_at else parcel.ready_at,
    )


def goods_of(ledger: Ledger, order: int, at: int) -> Goods:
    """What is known of the order's goods, marked as touched."""
    known = ledger.goods.get(order)
    if known is None:
        return Goods(at)
    return known if known.touched_at >= at else replace(known, touched_at=at)


def order_of(ledger: Ledger, body: Any) -> int:
    """The order a delivery fact is about: named, or that of its parcel."""
    return int(body.order or ledger.parcels.get(body.parcel, 0))


def evolve_order(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    goods = goods_of(ledger, body.order, fact.occurred_at)
    if body.lines and fact.occurred_at >= goods.lines_at:
        goods = replace(goods, lines=line_numbers(body.lines), lines_at=fact.occurred_at)
    return with_goods(ledger, body.order, goods)


def evolve_line(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    goods = goods_of(ledger, body.order, fact.occurred_at)
    if body.line not in goods.lines and fact.occurred_at >= goods.lines_at:
        goods = replace(goods, lines=(*goods.lines, body.line))
    return with_goods(ledger, body.order, goods)


def evolve_cancelled(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    at = fact.occurred_at
    goods = goods_of(ledger, body.order, at)
    if body.lines:
        cancelled = goods.cancelled | {line: earliest(goods.cancelled.get(line, 0), at) for line in line_numbers(body.lines)}
        return with_goods(ledger, body.order, replace(goods, cancelled=cancelled))
    return with_goods(ledger, body.order, replace(goods, cancelled_at=earliest(goods.cancelled_at, at)))


def evolve_shipped(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    order = order_of(ledger, body)
    if not order:
        return with_sign(ledger, "shipped", "parcel", body.parcel, fact.occurred_at) if body.parcel else ledger
    goods = goods_of(ledger, order, fact.occurred_at)
    if not body.parcel:
        return with_goods(ledger, order, goods)
    known = goods.parcels.get(body.parcel, Parcel())
    ledger = with_goods(ledger, order, replace(goods, parcels=goods.parcels | {body.parcel: holding(known, line_numbers(body.lines))}))
    return with_parcel(ledger, body.parcel, order)


def evolve_arrival(ledger: Ledger, fact: Fact) -> Ledger:
    """Delivered to the door, or ready to be collected; a parcel of an unknown order waits under its own number."""
    body: Any = fact.body
    at, is_delivery = fact.occurred_at, isinstance(body, ShipmentDelivered)
    order = order_of(ledger, body)
    if not order:
        return with_sign(ledger, "delivered" if is_delivery else "ready", "parcel", body.parcel, at)
    goods = goods_of(ledger, order, at)
    lines = line_numbers(getattr(body, "lines", ()))
    if lines:
        by_line = goods.delivered if is_delivery else goods.ready
        by_line = by_line | {line: earliest(by_line.get(line, 0), at) for line in lines}
        goods = replace(goods, delivered=by_line) if is_delivery else replace(goods, ready=by_line)
        if body.parcel:
            goods = replace(goods, parcels=goods.parcels | {body.parcel: holding(goods.parcels.get(body.parcel, Parcel()), lines)})
    elif body.parcel:
        parcel = arrived(goods.parcels.get(body.parcel, Parcel()), at if is_delivery else 0, 0 if is_delivery else at)
        goods = replace(goods, parcels=goods.parcels | {body.parcel: parcel})
    elif is_delivery:
        goods = replace(goods, delivered_at=earliest(goods.delivered_at, at))
    else:
        goods = replace(goods, ready_at=earliest(goods.ready_at, at))
    ledger = with_goods(ledger, order, goods)
    return with_parcel(ledger, body.parcel, order) if body.parcel and body.parcel not in ledger.parcels else ledger


def evolve_delayed(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    order = order_of(ledger, body)
    if not order:
        return ledger
    goods = goods_of(ledger, order, fact.occurred_at)
    return with_goods(ledger, order, replace(goods, expected_at=body.expected_at or max(goods.expected_at, 1)))


def evolve_quote(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    quote = Quote(body.from_at, body.until_at, body.valid_until, body.attended, body.zone, fact.fact_id)
    return replace(ledger, quotes=ledger.quotes | {body.quote: quote}, stays_until=min(ledger.stays_until, quote.valid_until))


def signing(what: str, *subjects: str) -> Evolve:
    """Signs about each subject that the fact names, and about the customer; one that names none counts for any."""

    def evolve(ledger: Ledger, fact: Fact) -> Ledger:
        named = [(kind, number) for kind in subjects if (number := getattr(fact.body, kind))]
        for kind, number in (*named, ("customer", 0)) if named else (("customer", 0), ("any", 0)):
            ledger = with_sign(ledger, what, kind, number, fact.occurred_at)
        return ledger

    return evolve


def evolve_rights_answered(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    return with_sign(ledger, "reply", REQUEST, body.promise, fact.occurred_at)


def evolve_missed(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    return with_sign(ledger, "missed" if body.by == "us" else "not_come", "appointment", body.appointment, fact.occurred_at)


def evolve_made(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    ledger = with_promise(
        ledger,
        Promise(
            promise=body.promise,
            kind=body.kind,
            subject_kind=body.subject_kind,
            subject=body.subject,
            order=body.order,
            made_at=fact.occurred_at,
            first_from=body.from_at,
            first_until=body.until_at,
            from_at=body.from_at,
            until_at=body.until_at,
            risk_at=body.risk_at,
            lapse_at=body.lapse_at,
            exceeds_before=body.exceeds_before,
            attended=body.attended,
            owner=body.owner,
            made_by=fact.fact_id,
            window_at=fact.occurred_at,
            follows=body.follows,
            given=body.given,
            customer=fact.customer,
        ),
    )
    if body.subject_kind == "parcel" and body.order and body.subject not in ledger.parcels:
        return with_parcel(ledger, body.subject, body.order)
    return ledger


def evolve_renegotiated(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    promise = ledger.promises.get(body.promise)
    if promise is None:
        return ledger
    renewed = replace(
        promise,
        from_at=body.from_at,
        until_at=body.until_at,
        risk_at=body.risk_at,
        lapse_at=body.lapse_at,
        exceeds_before=body.exceeds_before,
        made_by=fact.fact_id,
        window_at=fact.occurred_at,
        status=MADE if promise.is_open else promise.status,
    )
    return with_promise(ledger, renewed)


def evolve_first_window(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    promise = ledger.promises.get(body.promise)
    if promise is None:
        return ledger
    return with_promise(ledger, replace(promise, first_from=body.from_at, first_until=body.until_at, made_at=fact.occurred_at))


def becoming(status: int) -> Evolve:
    """The promise named by the fact takes this status."""

    def evolve(ledger: Ledger, fact: Fact) -> Ledger:
        body: Any = fact.body
        promise = ledger.promises.get(body.promise)
        if promise is None:
            return ledger
        ended_at = fact.now if status >= KEPT else 0
        return with_promise(ledger, replace(promise, status=status, ended_at=ended_at, met_at=getattr(body, "met_at", 0)))

    return evolve


def evolve_met_late(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    promise = ledger.promises.get(body.promise)
    return ledger if promise is None else with_promise(ledger, replace(promise, met_at=body.met_at))


def evolve_partly(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    promise = ledger.promises.get(body.promise)
    return ledger if promise is None else with_promise(ledger, replace(promise, part=body.met))


def evolve_corrected(ledger: Ledger, fact: Fact) -> Ledger:
    body: Any = fact.body
    promise = ledger.promises.get(body.promise)
    if promise is None:
        return ledger
    status = MADE if body.ending == "open" else STATUS_NAMES.index(body.ending)
    ended_at = fact.now if status >= KEPT else 0
    return with_promise(ledger, replace(promise, status=status, ended_at=ended_at, met_at=body.met_at))


EVOLVES: dict[type[Body], Evolve] = {
    OrderCompleted: evolve_order,
    OrderUpdated: evolve_order,
    OrderLineRecorded: evolve_line,
    OrderCancelled: evolve_cancelled,
    OrderShipped: evolve_shipped,
    ShipmentDelivered: evolve_arrival,
    PickupReady: evolve_arrival,
    PickupCollected: evolve_arrival,
    ShipmentDelayed: evolve_delayed,
    QuoteGiven: evolve_quote,
    OrderRefunded: signing("refund", "order"),
    RefundIssued: signing("refund", "order", "case"),
    CallbackMade: signing("call_back", "case"),
    CaseMessageSent: signing("reply", "case", "order"),
    LiveChatMessageSent: signing("reply", "case"),
    RepairCompleted: signing("repair", "case", "order", "line"),
    ProductRestocked: signing("restock", "product"),
    AppointmentHeld: signing("appointment", "appointment"),
    AppointmentMissed: evolve_missed,
    StoreOpened: signing("opened", "store"),
    StoreClosed: signing("closed", "store"),
    RightsAnswered: evolve_rights_answered,
    PromiseFulfilled: signing("fulfilled", "promise"),
    PromiseRetracted: signing("retracted", "promise"),
    PromiseMade: evolve_made,
    PromiseRenegotiated: evolve_renegotiated,
    PromiseFirstWindowLearned: evolve_first_window,
    PromiseAtRisk: becoming(AT_RISK),
    PromiseFellDue: becoming(DUE),
    PromisePartlyMet: evolve_partly,
    PromiseKept: becoming(KEPT),
    PromiseExceeded: becoming(EXCEEDED),
    PromiseBroken: becoming(BROKEN),
    PromiseWithdrawn: becoming(WITHDRAWN),
    PromiseMetLate: evolve_met_late,
    PromiseEndingCorrected: evolve_corrected,
}
