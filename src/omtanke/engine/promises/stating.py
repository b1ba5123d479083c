"""Stating a promise: a new one, another window of one that stands, or nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from omtanke.engine.draft import Draft
from omtanke.engine.policy import Policy
from omtanke.engine.promises.ledger import BROKEN, Ledger, Promise, Quote, promise_number
from omtanke.engine.promises.standing import over_at
from omtanke.vocabulary.fact import Fact
from omtanke.vocabulary.promise import InputSetAside, PromiseFirstWindowLearned, PromiseMade, PromiseRenegotiated, Stated

MOST_OPEN = 140


def state_promises(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """Every promise that the fact states: a new one, a new window of one that stands, or nothing new."""
    body: Any = fact.body
    stated: Iterable[Stated] = body.stated
    opened: set[object] = set()
    for number, one in enumerate(stated):
        subject_kind, subject = one.subject_kind, one.subject
        if not subject_kind:
            subject_kind, subject = default_subject(body)
        yield from state_one(ledger, fact, policy, number, one, subject_kind, subject, opened)


def renegotiate(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """Staff and customer have agreed a new window: said of one that stands it is renegotiated, else a new one follows."""
    body: Any = fact.body
    known = ledger.promises.get(body.promise)
    if known is None:
        yield Draft(InputSetAside(promise=body.promise), "promise_unknown")
        return
    one = Stated(
        promise=known.given,
        kind=known.kind,
        subject_kind=known.subject_kind,
        subject=known.subject,
        order=known.order,
        from_at=body.from_at,
        until_at=body.until_at,
        attended=known.attended,
        owner=known.owner,
    )
    yield from state_one(ledger, fact, policy, 0, one, known.subject_kind, known.subject, set())


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
    subject_kind: str,
    subject: int,
    opened: set[object],
) -> Iterator[Draft]:
    """A statement against the promises that stand for the same thing; each next one follows a promise that is over.

    What one fact says twice about the same thing is said once; `opened` are the things it has spoken of.
    """
    follows, at = 0, fact.occurred_at
    thing = one.promise or (one.kind, subject_kind, subject)
    for known in chain(ledger, one.promise, one.kind, subject_kind, subject):
        draft = restated(ledger, known, fact, policy, number, one)
        if draft is not None:
            if thing not in opened and draft.body is not None:
                opened.add(thing)
                yield draft
            return
        follows = known.promise
    if thing in opened:
        return
    opened.add(thing)
    promise = new_number(fact, number)
    if sum(1 for each in ledger.promises.values() if each.is_open) + len(opened) > MOST_OPEN:
        yield Draft(InputSetAside(promise=promise, subject_kind=subject_kind, subject=subject), "too_many_open")
        return
    reason = "stated" if not follows else "after_broken" if ledger.promises[follows].status == BROKEN else "after_ending"
    order = subject if subject_kind == "order" else one.order or getattr(fact.body, "order", 0) or ledger.parcels.get(subject, 0)
    yield made(policy, number, one, promise, subject_kind, subject, order, follows, reason, at)


def chain(ledger: Ledger, given: int, kind: str, subject_kind: str, subject: int) -> Iterator[Promise]:
    """The promises that stand for the same thing, in the order in which they were made.

    With a sender's id: those of that id; else those without one of the same kind and subject.
    """
    for one in ledger.promises.values():
        if one.given == given and (given or (one.kind, one.subject_kind, one.subject) == (kind, subject_kind, subject)):
            yield one


def new_number(fact: Fact, statement: int) -> int:
    """The number of a promise: of this statement alone, so that no two customers and no two times share one."""
    return promise_number(fact.fact_id.hex(), statement)


class NothingNew:
    """A statement that says what is known already."""

    body = None


NOTHING_NEW = NothingNew()


def restated(ledger: Ledger, known: Promise, fact: Fact, policy: Policy, number: int, one: Stated) -> Draft | NothingNew | None:
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
    if at <= min(known.until_at, over_at(ledger, known)):
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
        given=one.promise,
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


def take_quote(ledger: Ledger, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """An order makes a promise of the quote that it names. A promise that the order states itself, or that stands for it already, counts before the quote."""
    body: Any = fact.body
    if body.quote:
        quote = ledger.quotes.get(body.quote)
        if quote is None or fact.occurred_at > quote.valid_until:
            reason = "quote_unknown" if quote is None else "quote_expired"
            yield Draft(InputSetAside(subject_kind="quote", subject=body.quote), reason)
            return
        if any(each.kind == "delivery" for each in body.stated):
            yield Draft(InputSetAside(subject_kind="quote", subject=body.quote), "promise_told", given_by(quote))
            return
        one = Stated(kind="delivery", from_at=quote.from_at, until_at=quote.until_at, attended=quote.attended, zone=quote.zone)
        if next(chain(ledger, 0, "delivery", "order", body.order), None) is None:
            promise = new_number(fact, len(body.stated))
            taken = made(policy, 0, one, promise, "order", body.order, body.order, 0, "quote_taken", fact.occurred_at)
            yield Draft(taken.body, taken.reason, given_by(quote))


def given_by(quote: Quote) -> tuple[bytes, ...]:
    """The fact that gave it, as a ground: the words shown with it stand there."""
    return (quote.given_by,) if quote.given_by else ()
