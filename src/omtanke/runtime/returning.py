"""Customers who were set aside come back: what was held of them is stepped over, in order, before anything else that is told of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from omtanke.runtime.book import Book
from omtanke.runtime.linking import Cause
from omtanke.runtime.waiting import waiting_customer
from omtanke.vocabulary.fact import Fact
from omtanke.vocabulary.product import ProductRestocked

# At most so much of what is held is tried in a batch, so that the others do not wait.
MOST_RETURNING = 1_000

Advance = Callable[[Fact, Mapping[str, Any], Cause], bool]


def bring_back(book: Book, advance: Advance) -> int:
    """Try those again who may be, in the batch that has begun and has taken nothing yet; how much was tried.

    Whoever fails again stays set aside, with the rest of what is held. Of whom more is held than one batch takes, the next goes on,
    and what comes in meanwhile is held behind it.
    """
    tried = 0
    for person in [one.person for one in book.aside.values() if book.may_return(one)]:
        room = MOST_RETURNING - tried
        if room <= 0:
            break
        held = book.log.held(person, room)
        tried += 1 + len(held)
        book.try_again(person)
        for one in held:
            fact = as_it_concerns(book, person, one.fact)
            if fact is not None and not advance(fact, one.personal or {}, cause_of(fact)):
                book.batch.held.pop()  # it stands in its place already
                break
            book.batch.let_go.append(one.held)
        if len(held) == room and person not in book.aside:
            book.ask_back(person)
    return tried


def as_it_concerns(book: Book, person: int, fact: Fact) -> Fact | None:
    """The fact as it is now to be taken. What was said to everybody who may have been promised something was held unseen: None when
    the person does not wait for it."""
    if not (isinstance(fact.body, ProductRestocked) and fact.cause):
        return fact
    customer = waiting_customer(book.working(person).state, person, fact.body.product)
    return replace(fact, customer=customer) if customer else None


def cause_of(fact: Fact) -> Cause:
    """What a fact shows of who is who, as when it was first taken."""
    return Cause(fact.fact_id, fact.occurred_at, fact.now, fact.mode, fact.source, getattr(fact.body, "staff", 0))
