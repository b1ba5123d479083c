"""How a promise stands, by the evidence and the clock. A pure function of the ledger."""

from __future__ import annotations

from msgspec import Struct

from omtanke.engine.promises.ledger import (
    AT_RISK,
    BROKEN,
    DUE,
    EXCEEDED,
    KEPT,
    MADE,
    WITHDRAWN,
    Goods,
    Ledger,
    Parcel,
    Promise,
    sign_key,
)
from omtanke.vocabulary.promise import REQUEST
from omtanke.vocabulary.time import HOUR

GOODS_KINDS = ("delivery", "pickup")
# Kinds that can be met again and again for one subject: only what was done after the promise was made meets it.
REPEATED_KINDS = ("call_back", "reply", "benefit")
DOORS_OPENED_BEFORE = 18 * HOUR


class Standing(Struct, frozen=True, gc=False):
    """Status, why, when it was met (0: it was not), and how many of its lines have arrived."""

    status: int
    reason: str
    met_at: int = 0
    part: int = 0
    lines: int = 0


def standing(ledger: Ledger, promise: Promise, now: int) -> Standing:
    """How the promise stands at `now`: past moments are those at or before it."""
    stands = _by_kind(ledger, promise, now)
    if not ledger.signs:
        return stands
    fulfilled = _said_of(ledger, "fulfilled", promise)
    if fulfilled and not 0 < stands.met_at <= fulfilled:
        stands = _met(promise, fulfilled)
    retracted = _said_of(ledger, "retracted", promise)
    if 0 < retracted <= promise.until_at and not 0 < stands.met_at <= retracted:
        return Standing(WITHDRAWN, "retracted")
    return stands


def over_at(ledger: Ledger, promise: Promise) -> int:
    """When it was met or called off; the end of its window while it is open or broken without being met."""
    if promise.met_at or promise.status != WITHDRAWN:
        return promise.met_at or promise.until_at
    if retracted := _said_of(ledger, "retracted", promise):
        return retracted
    goods = ledger.goods.get(promise.order)
    return max((goods.cancelled_at, *goods.cancelled.values())) if goods else promise.made_at


def _by_kind(ledger: Ledger, promise: Promise, now: int) -> Standing:
    if promise.kind in GOODS_KINDS:
        return _goods_standing(ledger, promise, now)
    if promise.kind == "appointment":
        missed = _appointment_missed(ledger, promise)
        if missed is not None:
            return missed
    if promise.kind == "opening_hours":
        return _doors_standing(ledger, promise, now)
    met_at = _signed_at(ledger, promise)
    return _met(promise, met_at) if met_at else _waiting(promise, now)


def _met(promise: Promise, met_at: int) -> Standing:
    if promise.attended and promise.from_at and met_at < promise.from_at:
        return Standing(BROKEN, "met_too_early", met_at)
    if met_at > promise.until_at:
        return Standing(BROKEN, "met_after_window", met_at)
    if promise.from_at and not promise.attended and met_at < promise.from_at and promise.kind != "appointment":
        return Standing(EXCEEDED, "met_before_from", met_at)
    if not promise.from_at and promise.exceeds_before and met_at <= promise.exceeds_before:
        return Standing(EXCEEDED, "met_by_margin", met_at)
    return Standing(KEPT, "met_in_window", met_at)


def _waiting(promise: Promise, now: int, expected_at: int = 0) -> Standing:
    if now >= promise.lapse_at:
        return Standing(BROKEN, "no_evidence")
    if now >= promise.until_at:
        return Standing(DUE, "time_up")
    if expected_at == 1 or expected_at > promise.until_at:
        return Standing(AT_RISK, "delay_reported")
    if now >= promise.risk_at:
        return Standing(AT_RISK, "time_near")
    return Standing(MADE, "stated")


def _said_of(ledger: Ledger, what: str, promise: Promise) -> int:
    """When it was said of the promise by its sender's id; of one that follows another, since it was made."""
    return _sign(ledger, what, "promise", promise.given, promise.made_at if promise.follows else 0) if promise.given else 0


def _sign(ledger: Ledger, what: str, subject_kind: str, subject: int, since: int) -> int:
    """The first sign kept that is not before `since`; 0 for none."""
    return next((at for at in ledger.signs.get(sign_key(what, subject_kind, subject), ()) if at >= since), 0)


def _signed_at(ledger: Ledger, promise: Promise) -> int:
    """When something that meets the promise was done, named for its subject or for none."""
    if not ledger.signs:
        return 0
    since = promise.made_at if promise.kind in REPEATED_KINDS or promise.follows else 0
    about = ((promise.subject_kind, promise.subject), *((("any", 0),) if promise.subject_kind != REQUEST else ()))
    found = [at for kind, number in about if (at := _sign(ledger, promise.kind, kind, number, since))]
    return min(found, default=0)


def _appointment_missed(ledger: Ledger, promise: Promise) -> Standing | None:
    if _sign(ledger, "missed", "appointment", promise.subject, 0):
        return Standing(BROKEN, "missed_by_us")
    if _sign(ledger, "not_come", "appointment", promise.subject, 0):
        return Standing(WITHDRAWN, "missed_by_customer")
    return None


def _doors_standing(ledger: Ledger, promise: Promise, now: int) -> Standing:
    """The door was open from `from` to `until`: opened by then, and not closed before."""
    opened = _sign(ledger, "opened", "store", promise.subject, promise.from_at - DOORS_OPENED_BEFORE)
    closed = _sign(ledger, "closed", "store", promise.subject, max(promise.from_at, opened))
    if opened > promise.until_at:
        opened = 0
    if opened > promise.from_at:
        return Standing(BROKEN, "opened_late", 0)
    if opened and closed and closed < promise.until_at:
        return Standing(BROKEN, "closed_early", 0)
    if opened and closed:
        return Standing(KEPT, "met_in_window", promise.until_at)
    return _waiting(promise, now)


def _goods_standing(ledger: Ledger, promise: Promise, now: int) -> Standing:
    goods = ledger.goods.get(promise.order)
    if goods is None:
        if promise.subject_kind == "parcel":
            delivered, ready = (_sign(ledger, what, "parcel", promise.subject, 0) for what in ("delivered", "ready"))
            if arrived := _arrival_of(Parcel((), delivered, ready), promise):
                return _met(promise, arrived)
        return _waiting(promise, now)
    if promise.subject_kind == "parcel":
        arrived = _parcel_arrival(goods, promise)
        return _met(promise, arrived) if arrived else _goods_waiting(goods, promise, now, 0, 0)
    if not goods.lines and not goods.parcels and promise.subject_kind != "line":
        arrived = _whole_arrival(goods, promise)
        return _met(promise, arrived) if arrived else _goods_waiting(goods, promise, now, 0, 0)
    return _lines_standing(goods, promise, now)


def _whole_arrival(goods: Goods, promise: Promise) -> int:
    if promise.kind == "pickup" or not goods.delivered_at:
        return goods.ready_at
    return min(goods.delivered_at, goods.ready_at) if goods.ready_at else goods.delivered_at


def _arrival_of(parcel: Parcel, promise: Promise) -> int:
    if promise.kind == "pickup" or not parcel.delivered_at:
        return parcel.ready_at
    return min(parcel.delivered_at, parcel.ready_at) if parcel.ready_at else parcel.delivered_at


def _parcel_arrival(goods: Goods, promise: Promise) -> int:
    parcel, whole = goods.parcels.get(promise.subject), _whole_arrival(goods, promise)
    arrived = _arrival_of(parcel, promise) if parcel else 0
    return min(arrived, whole) if arrived and whole else arrived or whole


def _line_arrivals(goods: Goods, promise: Promise) -> dict[int, int]:
    """When each line arrived, by whichever telling was first: of the line, of its parcel, of the whole."""
    arrivals = dict(goods.ready)
    if promise.kind == "delivery":
        for line, at in goods.delivered.items():
            arrivals[line] = min(at, arrivals.get(line, at))
    told = {line for parcel in goods.parcels.values() for line in parcel.lines}
    lines = {*goods.lines, promise.subject} if promise.subject_kind == "line" else goods.lines
    rest = [line for line in lines if line not in told]
    unnamed = [parcel for parcel in goods.parcels.values() if not parcel.lines]
    for parcel in goods.parcels.values():
        at = _arrival_of(parcel, promise)
        for line in parcel.lines if at else ():
            arrivals[line] = min(at, arrivals.get(line, at))
    if unnamed and all(_arrival_of(parcel, promise) for parcel in unnamed):
        last = max(_arrival_of(parcel, promise) for parcel in unnamed)
        for line in rest:
            arrivals[line] = min(last, arrivals.get(line, last))
    whole = _whole_arrival(goods, promise)
    for line in lines if whole else ():
        arrivals[line] = min(whole, arrivals.get(line, whole))
    return arrivals


def _last_of(lines: tuple[int, ...], arrivals: dict[int, int]) -> int:
    """When the last of the lines arrived; 0 while one has not."""
    moments = [arrivals.get(line, 0) for line in lines]
    return max(moments) if moments and all(moments) else 0


def _lines_standing(goods: Goods, promise: Promise, now: int) -> Standing:
    if not goods.lines and promise.subject_kind != "line":
        arrivals = _line_arrivals(goods, promise)
        moments = [_arrival_of(parcel, promise) or _last_of(parcel.lines, arrivals) for parcel in goods.parcels.values()]
        whole, last = _whole_arrival(goods, promise), max(moments) if all(moments) else 0
        if arrived := min(whole, last) if whole and last else whole or last:
            return _met(promise, arrived)
        return _goods_waiting(goods, promise, now, sum(1 for at in moments if at), len(moments))
    arrivals = _line_arrivals(goods, promise)
    concerned = (promise.subject,) if promise.subject_kind == "line" else goods.lines
    owed = [line for line in concerned if line in arrivals or not 0 < goods.cancelled.get(line, 0) <= promise.until_at]
    arrived_lines = [line for line in owed if line in arrivals]
    if not owed:
        return Standing(WITHDRAWN, "cancelled")
    if arrived_lines and (len(arrived_lines) == len(owed) or 0 < goods.cancelled_at <= promise.until_at):
        return _met(promise, max(arrivals[line] for line in arrived_lines))
    return _goods_waiting(goods, promise, now, len(arrived_lines), len(owed))


def _goods_waiting(goods: Goods, promise: Promise, now: int, part: int, lines: int) -> Standing:
    if goods.cancelled_at and goods.cancelled_at <= promise.until_at:
        return Standing(WITHDRAWN, "cancelled")
    waiting = _waiting(promise, now, goods.expected_at)
    return Standing(waiting.status, waiting.reason, 0, part, lines) if part else waiting
