"""How long the ledger remembers. What has ended leaves; a fact about it makes the runtime fold the customer anew."""

from __future__ import annotations

from collections.abc import Container

from omtanke.engine.promises.ledger import HASHED, Goods, Ledger, Promise
from omtanke.vocabulary.fact import Body, Fact
from omtanke.vocabulary.time import DAY

KEPT_SPAN = 90 * DAY
SMALL = 24
MOST_PROMISES = 220
MOST_GOODS = 120
MOST_LINES = 1_200
MOST_SIGNS = 120
REFERENCES = ("order", "parcel", "promise", "case", "appointment")


def references(body: Body) -> set[int]:
    """The orders, parcels, cases and promises that a fact is about."""
    return {number for name in REFERENCES if (number := getattr(body, name, 0))}


def has_left(ledger: Ledger, body: Body) -> bool:
    """Whether the fact may be about something that was known and has left."""
    if not ledger.left_until:
        return False
    subjects = {p.subject for p in ledger.promises.values()}
    known: dict[str, Container[int]] = {"order": ledger.goods, "parcel": ledger.parcels, "promise": ledger.promises, "case": subjects, "appointment": subjects}
    return any(number <= ledger.left_until and number not in known[name] for name in REFERENCES if (number := getattr(body, name, 0)))


def forget(ledger: Ledger, fact: Fact) -> Ledger:
    """The ledger without what ended 90 days ago, and within its bounds; what the fact is about stays."""
    size = len(ledger.promises) + len(ledger.goods) + len(ledger.signs) + len(ledger.quotes)
    if size <= SMALL:
        return ledger
    edge, needed = fact.now - KEPT_SPAN, references(fact.body)
    promises = _promises(ledger.promises, edge, needed)
    goods = _goods(ledger.goods, promises, edge, needed)
    subjects = {f"{p.subject_kind}:{p.subject}" for p in promises.values()} | {f"promise:{p}" for p in promises}
    signs = {key: at for key, at in ledger.signs.items() if at[-1] >= edge or key.split(":", 1)[1] in subjects}
    signs = _latest(signs, MOST_SIGNS)
    left = {p.promise for p in ledger.promises.values() if p.promise not in promises}
    left |= {p.subject for p in ledger.promises.values() if p.promise not in promises and p.subject_kind in REFERENCES}
    left |= ledger.goods.keys() - goods.keys()
    parcels = {parcel: order for parcel, order in ledger.parcels.items() if order in goods}
    left |= ledger.parcels.keys() - parcels.keys()
    left_until = max((number for number in left if number < HASHED), default=0)
    quotes = {number: quote for number, quote in ledger.quotes.items() if quote.valid_until >= edge}
    return Ledger(promises, goods, parcels, quotes, signs, max(ledger.left_until, left_until))


def _promises(promises: dict[int, Promise], edge: int, needed: set[int]) -> dict[int, Promise]:
    def leaves(promise: Promise) -> bool:
        is_needed = promise.promise in needed or promise.order in needed or promise.subject in needed
        return not promise.is_open and not is_needed

    kept = {n: p for n, p in promises.items() if p.ended_at >= edge or not leaves(p)}
    surplus = len(kept) - MOST_PROMISES
    if surplus > 0:
        for number in sorted((n for n, p in kept.items() if leaves(p)), key=lambda n: (kept[n].ended_at, n))[:surplus]:
            del kept[number]
    return kept


def _goods(goods: dict[int, Goods], promises: dict[int, Promise], edge: int, needed: set[int]) -> dict[int, Goods]:
    owed = {p.order for p in promises.values()}
    kept = {n: g for n, g in goods.items() if g.touched_at >= edge or n in owed or n in needed}
    oldest = sorted((n for n in kept if n not in needed), key=lambda n: (kept[n].touched_at, n), reverse=True)
    weight = sum(1 + len(g.lines) + len(g.delivered) + len(g.ready) + len(g.cancelled) for g in kept.values())
    while oldest and (len(kept) > MOST_GOODS or weight > MOST_LINES):
        one = kept.pop(oldest.pop())
        weight -= 1 + len(one.lines) + len(one.delivered) + len(one.ready) + len(one.cancelled)
    return kept


def _latest(signs: dict[str, tuple[int, ...]], most: int) -> dict[str, tuple[int, ...]]:
    if len(signs) <= most:
        return signs
    return {key: signs[key] for key in sorted(signs, key=lambda key: (signs[key][-1], key), reverse=True)[:most]}
