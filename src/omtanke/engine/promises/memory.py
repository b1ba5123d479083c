"""How long the ledger remembers. What has ended leaves; a fact about it makes the runtime fold the customer anew."""

from __future__ import annotations

from collections.abc import Container, Iterable
from heapq import heapify, heappop, nsmallest
from typing import Any

from msgspec.structs import replace

from omtanke.engine.promises.ledger import HASHED, KEPT, LATEST, Goods, Ledger, Promise, Quote
from omtanke.vocabulary.fact import Body, Fact
from omtanke.vocabulary.task import PromiseRenegotiationRequested
from omtanke.vocabulary.time import DAY

KEPT_SPAN = 90 * DAY
SMALL = 24
# A state has to stay under 64 KB: 160 promises take 30, goods of this weight 16, signs 10, quotes 3.
SMALL_WEIGHT = 200
MOST_PROMISES = 160
MOST_GOODS = 100
MOST_WEIGHT = 1_000
MOST_PARCELS = 400
MOST_SIGNS = 100
MOST_QUOTES = 60
REFERENCES = ("order", "parcel", "promise", "case", "appointment", "quote")


def references(body: Body) -> set[tuple[str, int]]:
    """The orders, parcels, cases, promises … that a fact is about, those that it states promises about included."""
    named = {(name, number) for name in REFERENCES if (number := getattr(body, name, 0))}
    stated: Any = getattr(body, "stated", ())
    for one in stated:
        named |= {("promise", one.promise), ("order", one.order), (one.subject_kind, one.subject)}
    return {(name, number) for name, number in named if number}


def has_left(ledger: Ledger, body: Body) -> bool:
    """Whether the fact may be about something that was known and has left. Our own pages name promises by our numbers."""
    if isinstance(body, PromiseRenegotiationRequested):
        return body.promise not in ledger.promises
    if not ledger.left_until:
        return False
    return any(number <= ledger.left_until and not _is_known(ledger, name, number) for name, number in references(body))


def _is_known(ledger: Ledger, name: str, number: int) -> bool:
    """Whether something about it is remembered."""
    if name in ("order", "parcel", "quote"):
        known: dict[str, Container[int]] = {"order": ledger.goods, "parcel": ledger.parcels, "quote": ledger.quotes}
        return number in known[name]
    return any((one.given if name == "promise" else one.subject) == number for one in ledger.promises.values())


def forget(ledger: Ledger, fact: Fact) -> Ledger:
    """The ledger without what ended 90 days ago, and within its bounds; what the fact is about stays."""
    size = len(ledger.promises) + len(ledger.goods) + len(ledger.signs) + len(ledger.quotes)
    if size <= SMALL and ledger.weight <= SMALL_WEIGHT:
        return ledger
    edge = fact.now - KEPT_SPAN
    if edge <= ledger.stays_until and _is_within_bounds(ledger):
        return ledger
    return without_what_leaves(ledger, fact, edge)


def without_what_leaves(ledger: Ledger, fact: Fact, edge: int) -> Ledger:
    """The ledger gone through: without what ended before the edge, and within its bounds; what the fact is about stays."""
    needed = {number for _, number in references(fact.body)}
    return _gone_through(ledger, needed | {ledger.parcels[number] for number in needed if number in ledger.parcels}, edge)


def _gone_through(ledger: Ledger, needed: set[int], edge: int) -> Ledger:
    promises = _promises(ledger, edge, needed)
    goods = _goods(ledger, promises, edge, needed)
    parcels = {parcel: order for parcel, order in ledger.parcels.items() if order in goods}
    parcels = parcels if len(parcels) <= MOST_PARCELS else dict(list(parcels.items())[-MOST_PARCELS:])
    signs = _signs(ledger.signs, edge, subjects_of(promises.values())) if ledger.signs else ledger.signs
    quotes = {number: quote for number, quote in ledger.quotes.items() if quote.valid_until >= edge or number in needed}
    quotes = quotes if len(quotes) <= MOST_QUOTES else dict(list(quotes.items())[-MOST_QUOTES:])
    gone = [p for n, p in ledger.promises.items() if n not in promises]
    left = {p.given for p in gone} | {p.subject for p in gone}
    left |= {int(number) for kind, number in (key.split(":")[1:] for key in ledger.signs.keys() - signs.keys()) if kind in REFERENCES}
    left |= (ledger.goods.keys() - goods.keys()) | (ledger.parcels.keys() - parcels.keys()) | (ledger.quotes.keys() - quotes.keys())
    left_until = max((number for number in left if number < HASHED), default=0)
    weight = _weight_without(ledger, goods)
    stays_until = _stays_until(promises, goods, quotes, signs)
    return Ledger(promises, goods, parcels, quotes, signs, max(ledger.left_until, left_until), weight, stays_until)


def settled(ledger: Ledger, edge: int, now: int) -> Ledger:
    """The ledger without anything that ended before the edge, however little there is. Nothing is left to look back at."""
    return replace(_gone_through(ledger, set(), edge), left_until=0)


def part_of(ledger: Ledger, customer: int, is_first: bool) -> Ledger:
    """What was promised to one of several customers, with the evidence for it; whatever is nobody's goes to the first."""
    promises = {n: p for n, p in ledger.promises.items() if p.customer == customer or (is_first and not p.customer)}
    if is_first:
        return _weighed(replace(ledger, promises=promises))
    owed, subjects = {p.order for p in promises.values()}, subjects_of(promises.values())
    goods = {number: one for number, one in ledger.goods.items() if number in owed}
    parcels = {parcel: order for parcel, order in ledger.parcels.items() if order in goods}
    signs = {key: at for key, at in ledger.signs.items() if key.split(":", 1)[1] in subjects}
    return _weighed(Ledger(promises, goods, parcels, {}, signs))


def united(one: Ledger, other: Ledger) -> Ledger:
    """Both ledgers as one person's, within its bounds. Of what both know of the same goods the later counts."""
    goods = one.goods | {n: known for n, known in other.goods.items() if n not in one.goods or known.touched_at >= one.goods[n].touched_at}
    signs = one.signs | {key: at for key, at in other.signs.items() if at >= one.signs.get(key, ())}
    left_until = max(one.left_until, other.left_until)
    both = _weighed(Ledger(one.promises | other.promises, goods, one.parcels | other.parcels, one.quotes | other.quotes, signs, left_until))
    return both if _is_within_bounds(both) else _gone_through(both, set(), -LATEST)


def _weighed(ledger: Ledger) -> Ledger:
    weight = sum(one.weight for one in ledger.goods.values())
    return replace(ledger, weight=weight, stays_until=_stays_until(ledger.promises, ledger.goods, ledger.quotes, ledger.signs))


def subjects_of(promises: Iterable[Promise]) -> set[str]:
    """What promises are about, as signs name it."""
    return {name for one in promises for name in (f"{one.subject_kind}:{one.subject}", f"promise:{one.given}")}


def _is_within_bounds(ledger: Ledger) -> bool:
    """Whether nothing has to leave for want of room."""
    return (
        len(ledger.promises) <= MOST_PROMISES
        and len(ledger.goods) <= MOST_GOODS
        and ledger.weight <= MOST_WEIGHT
        and len(ledger.parcels) <= MOST_PARCELS
        and len(ledger.signs) <= MOST_SIGNS
        and len(ledger.quotes) <= MOST_QUOTES
    )


def _promises(ledger: Ledger, edge: int, needed: set[int]) -> dict[int, Promise]:
    """The promises without those that ended long ago; as long as an order is remembered, so are all about it."""
    promises = ledger.promises
    orders = {p.order for p in promises.values() if p.status < KEPT or p.ended_at >= edge}
    orders |= {order for order, goods in ledger.goods.items() if goods.touched_at >= edge}

    def leaves(promise: Promise) -> bool:
        return promise.status >= KEPT and needed.isdisjoint((promise.promise, promise.given, promise.order, promise.subject))

    kept = {n: p for n, p in promises.items() if p.ended_at >= edge or (p.order and p.order in orders) or not leaves(p)}
    surplus = len(kept) - MOST_PROMISES
    if surplus > 0:
        for _, number in nsmallest(surplus, [(p.ended_at, n) for n, p in kept.items() if leaves(p)]):
            del kept[number]
    return kept


def _goods(ledger: Ledger, promises: dict[int, Promise], edge: int, needed: set[int]) -> dict[int, Goods]:
    """The goods of what is owed and of late; not those about which a promise has left, so that a fact about them is noticed."""
    owed = {p.order for p in promises.values()}
    left = {p.order for n, p in ledger.promises.items() if n not in promises} - needed
    kept = {n: g for n, g in ledger.goods.items() if n not in left and (g.touched_at >= edge or n in owed or n in needed)}
    weight = _weight_without(ledger, kept)
    if len(kept) <= MOST_GOODS and weight <= MOST_WEIGHT:
        return kept
    oldest = [(goods.touched_at, n) for n, goods in kept.items() if n not in needed]
    heapify(oldest)
    while oldest and (len(kept) > MOST_GOODS or weight > MOST_WEIGHT):
        weight -= kept.pop(heappop(oldest)[1]).weight
    return kept


def _stays_until(promises: dict[int, Promise], goods: dict[int, Goods], quotes: dict[int, Quote], signs: dict[str, tuple[int, ...]]) -> int:
    """The moment from which on something may leave; an order leaves together with what was promised about it."""
    ended = {order: one.touched_at for order, one in goods.items()}
    alone = [one.valid_until for one in quotes.values()]
    for promise in promises.values():
        ended_at = promise.ended_at if promise.status >= KEPT else LATEST
        if not promise.order:
            alone.append(ended_at)
        elif ended_at > ended.get(promise.order, -LATEST):
            ended[promise.order] = ended_at
    if signs:
        subjects = subjects_of(promises.values())
        alone += [at[-1] for key, at in signs.items() if key.split(":", 1)[1] not in subjects]
    return min((*ended.values(), *alone), default=LATEST)


def _weight_without(ledger: Ledger, kept: dict[int, Goods]) -> int:
    """The weight of the goods that are kept: that of all, without those that leave."""
    return ledger.weight - sum(ledger.goods[n].weight for n in ledger.goods.keys() - kept.keys())


def _signs(signs: dict[str, tuple[int, ...]], edge: int, subjects: set[str]) -> dict[str, tuple[int, ...]]:
    """Signs about what stands in the ledger, and those of late; the oldest go first when they are too many."""
    kept = {key: at for key, at in signs.items() if at[-1] >= edge or key.split(":", 1)[1] in subjects}
    if len(kept) <= MOST_SIGNS:
        return kept
    return {key: kept[key] for key in sorted(kept, key=lambda key: (kept[key][-1], key), reverse=True)[:MOST_SIGNS]}
