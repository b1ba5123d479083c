"""Rule family: what somebody has asked about their own data, until when we answer, and whether it is to be left alone.

Module: `omtanke.engine.rights`. The law's month is a promise like any other, so that it stands with the others, is at
risk, and is broken when nobody answers. The request has the number of its promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine.draft import Draft
from omtanke.engine.policy import Policy
from omtanke.engine.promises.stating import new_number
from omtanke.vocabulary.fact import Body, Fact
from omtanke.vocabulary.promise import REQUEST, InputSetAside, PromiseMade, PromiseRenegotiated
from omtanke.vocabulary.rights import ProcessingRestricted, RestrictionLifted, RightsAnswered, RightsExtended, RightsRequested
from omtanke.vocabulary.time import DAY

# The law's, not the shop's: who answers, and how long before its end somebody has to look at it.
KIND, UNIT = "reply", "privacy"
AT_RISK_SPAN = 7 * DAY
KEPT_SPAN = 30 * DAY
MOST_OPEN = 20
MOST_REQUESTS = 40
SMALL = 6


class Request(Struct, frozen=True, array_like=True, gc=False):
    """A right that was asked for. Moments are 0 until it happened; `outcome` is that of the last answer."""

    right: str
    reached_at: int
    until_at: int
    latest_at: int
    zone: str
    extended_at: int = 0
    answered_at: int = 0
    outcome: str = ""


class Rights(Struct, frozen=True, array_like=True):
    """The slice of state: requests by number; since when processing is restricted, 0 for not; whether a request has left."""

    requests: dict[int, Request] = {}
    restricted_at: int = 0
    has_left: bool = False


def evolve_requested(slice_: Rights, fact: Fact) -> Rights:
    """Beyond MOST_OPEN nothing more is taken on."""
    body: Any = fact.body
    if sum(1 for one in slice_.requests.values() if not one.answered_at) >= MOST_OPEN:
        return slice_
    return _with(slice_, new_number(fact, 0), Request(body.right, body.reached_at, body.until_at, body.latest_at, body.zone))


def evolve_extended(slice_: Rights, fact: Fact) -> Rights:
    body: Any = fact.body
    known = slice_.requests.get(body.promise)
    return _with(slice_, body.promise, replace(known, extended_at=fact.now, until_at=body.until_at)) if known else slice_


def evolve_answered(slice_: Rights, fact: Fact) -> Rights:
    body: Any = fact.body
    known = slice_.requests.get(body.promise)
    return _with(slice_, body.promise, replace(known, answered_at=known.answered_at or fact.now, outcome=body.outcome)) if known else slice_


def evolve_restricted(slice_: Rights, fact: Fact) -> Rights:
    return replace(slice_, restricted_at=slice_.restricted_at or fact.now)


def evolve_lifted(slice_: Rights, fact: Fact) -> Rights:
    return replace(slice_, restricted_at=0)


def _with(slice_: Rights, number: int, request: Request) -> Rights:
    return replace(slice_, requests=slice_.requests | {number: request})


def promise_answer(slice_: Rights, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """We owe an answer within the month."""
    body: Any = fact.body
    number = new_number(fact, 0)
    if number not in slice_.requests:
        yield Draft(InputSetAside(promise=number), "too_many_open")
        return
    watched = watch(policy, body.until_at)
    made = PromiseMade(promise=number, kind=KIND, subject_kind=REQUEST, subject=number, until_at=body.until_at, owner=UNIT, zone=body.zone, **watched)
    yield Draft(made, "right_requested")


def extend(slice_: Rights, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """Two months more, once, said before the first is over."""
    body: Any = fact.body
    known = slice_.requests.get(body.promise)
    if known is None:
        yield Draft(InputSetAside(promise=body.promise), "promise_unknown")
    elif known.extended_at or known.answered_at or fact.occurred_at > known.until_at:
        yield Draft(InputSetAside(promise=body.promise), "extended_before")
    else:
        watched = watch(policy, known.latest_at)
        yield Draft(PromiseRenegotiated(promise=body.promise, until_at=known.latest_at, zone=known.zone, **watched), "right_extended")


def answer_unknown(slice_: Rights, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """Staff answer what was asked; anything else is put on record as such."""
    body: Any = fact.body
    if body.promise not in slice_.requests:
        yield Draft(InputSetAside(promise=body.promise), "promise_unknown")


def watch(policy: Policy, until_at: int) -> dict[str, Any]:
    """The moments at which it is looked at: a week before its end somebody has to turn to it; an early answer is kept and no more."""
    return {"risk_at": until_at - AT_RISK_SPAN, "lapse_at": until_at + policy.promises[KIND].grace, "exceeds_before": 0}


EVOLVES: dict[type[Body], Any] = {
    RightsRequested: evolve_requested,
    PromiseRenegotiated: evolve_extended,
    RightsAnswered: evolve_answered,
    ProcessingRestricted: evolve_restricted,
    RestrictionLifted: evolve_lifted,
}
DECIDES: dict[type[Body], tuple[Any, ...]] = {
    RightsRequested: (promise_answer,),
    RightsExtended: (extend,),
    RightsAnswered: (answer_unknown,),
}


def forget(slice_: Rights, fact: Fact) -> Rights:
    """What was answered 30 days ago leaves, and what is too much, the oldest first; what the fact is about stays."""
    if len(slice_.requests) <= SMALL:
        return slice_
    edge, needed = fact.now - KEPT_SPAN, getattr(fact.body, "promise", 0)
    kept = {number: one for number, one in slice_.requests.items() if not one.answered_at or one.answered_at >= edge or number == needed}
    leaving = sorted((number for number, one in kept.items() if one.answered_at and number != needed), key=lambda number: (kept[number].answered_at, number))
    for number in leaving[: max(0, len(kept) - MOST_REQUESTS)]:
        del kept[number]
    return slice_ if len(kept) == len(slice_.requests) else replace(slice_, requests=kept, has_left=True)


def has_left(slice_: Rights, body: Body) -> bool:
    """Whether the fact may be about a request that has left."""
    return slice_.has_left and isinstance(body, RightsAnswered | RightsExtended) and body.promise not in slice_.requests


def settled(slice_: Rights, edge: int, now: int) -> Rights:
    """Without what was answered before the edge; whether the data are to be left alone is told by what stays in the log."""
    return Rights({number: one for number, one in slice_.requests.items() if not one.answered_at or one.answered_at >= edge})


def part_of(slice_: Rights, customer: int, is_first: bool) -> Rights:
    """Requests go with the first of several customers."""
    return slice_ if is_first else Rights()


def united(one: Rights, other: Rights) -> Rights:
    """Both as one person's, the open requests and the latest first."""
    requests = one.requests | other.requests
    for number in nsmallest(len(requests) - MOST_REQUESTS, requests, key=lambda one: (not requests[one].answered_at, requests[one].reached_at, one)):
        del requests[number]
    return Rights(requests, max(one.restricted_at, other.restricted_at), one.has_left or other.has_left)
