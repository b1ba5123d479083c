"""Who each of two persons would be if one link between their customers were not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.storage.identities import IdentifierSeen, LinkSeen, SideSeen
from omtanke.storage.pages import Pages
from omtanke.storage.seen import START, FactSeen, PromiseSeen
from omtanke.web.words import known_by, names
from omtanke.web.words.stated import Shown, shown_with
from omtanke.web.words.telling import place_of, tell
from omtanke.web.words.voice import Voice

MOST_IDENTIFYING, MOST_PROMISES, LOOKED_THROUGH, MOST_SHOWN = 20_000, 200, 400, 8


@dataclass(frozen=True)
class SidePromise:
    """A promise that goes with this side. kind: of it. about: what. state: in a word; look: its colour, never the only sign."""

    kind: str
    about: str
    state: str
    look: str


@dataclass(frozen=True)
class SideFact:
    """Something that happened on this side. what: in words. where: channel and touchpoint. when: the moment."""

    what: str
    where: str
    when: str


@dataclass(frozen=True)
class SideShown:
    """One of the two. customers: their numbers. counts: facts and promises in a phrase. known: by what.
    promises: the latest, more: how many others. facts: the last."""

    customers: tuple[int, ...]
    counts: str
    known: tuple[str, ...]
    promises: tuple[SidePromise, ...]
    more: int
    facts: tuple[SideFact, ...]


def parted(customers: Collection[int], made: Iterable[tuple[int, int]], without: tuple[int, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The customers on both sides once a link is gone, the side with the lowest number first: it keeps the person's number.

    The second is empty when other links still hold them together."""
    others = [pair for pair in made if pair != without]
    reached: set[int] = set()
    waiting = {without[0]}
    while waiting:
        reached |= waiting
        waiting = {end for pair in others if not reached.isdisjoint(pair) for end in pair} - reached
    mine, rest = tuple(sorted(reached & {*customers})), tuple(sorted({*customers} - reached))
    return (mine, rest) if not rest or mine < rest else (rest, mine)


def sides_of(pages: Pages, person: int, customers: Sequence[int], link: LinkSeen, say: Voice) -> tuple[SideShown, ...]:
    """Both sides as they would be."""
    made = [(one.one, one.two) for one in pages.links_of(person) if one.status == "made"]
    recorded = {one.customer: one for one in pages.sides(person)}
    identifiers = pages.identifiers_of(person, MOST_IDENTIFYING)
    numbers = pages.promises_of_person(person, MOST_PROMISES)
    stating = pages.stating(numbers)
    promises = [(one, shown_with(one, stating.get(one.promise, ()))) for one in pages.promises(numbers)]
    facts = pages.timeline(person, START, LOOKED_THROUGH)
    return tuple(side(some, recorded, identifiers, promises, facts, say) for some in parted(customers, made, (link.one, link.two)) if some)


def side(
    customers: Sequence[int],
    recorded: dict[int, SideSeen],
    identifiers: Sequence[IdentifierSeen],
    promises: Sequence[tuple[PromiseSeen, Shown]],
    facts: Sequence[FactSeen],
    say: Voice,
) -> SideShown:
    own = {*customers}
    theirs = [(one, shown) for one, shown in promises if one.customer in own]
    return SideShown(
        customers=tuple(customers),
        counts=counts([recorded[one] for one in customers if one in recorded], say),
        known=tuple(dict.fromkeys(f"{known_by.identifier(one.kind)}: {one.value}" for one in identifiers if one.customer in own and not one.corrected_at)),
        promises=tuple(promise_side(one, shown, say) for one, shown in theirs[:MOST_SHOWN]),
        more=len(theirs[MOST_SHOWN:]),
        facts=tuple(happened(fact, say) for fact in facts if fact.customer in own)[:MOST_SHOWN],
    )


def counts(sides: Sequence[SideSeen], say: Voice) -> str:
    """412 things have happened since 3 May 2025, 3 promises."""
    facts, promises = sum(one.facts for one in sides), sum(one.promises for one in sides)
    parts = (
        ngettext("%(n)s thing has happened", "%(n)s things have happened", facts) % {"n": say.number(facts)},
        ngettext("%(n)s promise", "%(n)s promises", promises) % {"n": say.number(promises)},
        _("last met %(moment)s") % {"moment": say.moment(max(one.last_at for one in sides))} if facts else "",
    )
    return ", ".join(part for part in parts if part)


def promise_side(one: PromiseSeen, shown: Shown, say: Voice) -> SidePromise:
    about = " · ".join(part for part in (shown.what, say.of(shown.zone).window(one.from_at, one.until_at)) if part)
    return SidePromise(names.kind(one.kind), about, names.state(one.status), names.LOOKS.get(one.status, ""))


def happened(fact: FactSeen, say: Voice) -> SideFact:
    told = tell(fact, say)
    return SideFact(" · ".join((told.what, *told.details[:2])), place_of(fact), say.moment(fact.occurred_at))
