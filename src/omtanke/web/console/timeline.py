"""One timeline over all channels: what happened, and what followed from it with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from omtanke.storage.pages import Pages
from omtanke.storage.seen import FactSeen, Place
from omtanke.web.words import names
from omtanke.web.words.telling import place_of, tell
from omtanke.web.words.voice import Voice

PAGE_SIZE = 30


@dataclass(frozen=True)
class Ground:
    """A fact that another one rests on. what: in words. when: the moment. where: channel and touchpoint."""

    what: str
    when: str
    where: str


@dataclass(frozen=True)
class Why:
    """Why something was decided.

    reason: in words. grounds: the facts it rests on. policy_version, engine_version: under which it was decided.
    position: its place in the log.
    """

    reason: str
    grounds: tuple[Ground, ...]
    policy_version: int
    engine_version: int
    position: int


@dataclass(frozen=True)
class Consequence:
    """What was decided. what: in words. details: more. mood: good, bad or empty. address: of the promise, or empty. why: its reason."""

    what: str
    details: str
    mood: str
    address: str
    why: Why


@dataclass(frozen=True)
class Happened:
    """An entry of the timeline.

    what: in words. quote: words said or shown. details: numbers, carrier, amounts. where: channel and touchpoint.
    when: the moment as said; exact: the whole moment; machine: for machines. mood: good, bad or empty.
    heading: the day, when it is another than the entry above. consequences: what followed. key: its place in the log.
    """

    what: str
    quote: str
    details: str
    where: str
    when: str
    exact: str
    machine: str
    mood: str
    heading: str
    consequences: tuple[Consequence, ...]
    key: str = ""


def timeline(pages: Pages, voice: Voice, person: int, place: Place) -> tuple[tuple[Happened, ...], Place | None]:
    """A page of the timeline from a place on, and the place of the next page."""
    inputs = pages.timeline(person, place, PAGE_SIZE + 1)
    more, inputs = len(inputs) > PAGE_SIZE, inputs[:PAGE_SIZE]
    since = inputs[-1].occurred_at if more else 0
    until = min(place.moment, voice.now) if inputs or place == Place() else 0
    decided = [fact for fact in pages.consequences(person, since, until) if is_on_page(fact, inputs, place, more)]
    entries = grouped(inputs, decided)
    known = pages.facts_by_id(person, {ground for fact in decided for ground in fact.because} - {fact.fact_id for fact in inputs})
    known |= {fact.fact_id: fact for fact in inputs}
    last = inputs[-1] if more else None
    return tuple(told(entries, known, voice)), Place(last.occurred_at, last.position) if last else None


def is_on_page(fact: FactSeen, inputs: Sequence[FactSeen], place: Place, more: bool) -> bool:
    """Whether a decided fact belongs between the place the page begins at and its last input."""
    if any(fact.occurred_at == one.occurred_at and fact.customer == one.customer for one in inputs):
        return True
    last = inputs[-1].occurred_at if inputs else 0
    return (fact.occurred_at < place.moment) and (not more or fact.occurred_at > last)


def grouped(inputs: Sequence[FactSeen], decided: Iterable[FactSeen]) -> list[tuple[FactSeen, list[FactSeen]]]:
    """Each entry with what followed; what time alone brought stands as an entry of its own."""
    heads = {fact.fact_id: fact for fact in inputs}
    roots: dict[bytes, bytes] = {}
    followed: dict[bytes, list[FactSeen]] = {fact.fact_id: [] for fact in inputs}
    for fact in sorted(decided, key=lambda one: one.position):
        root = roots.get(fact.cause, fact.cause)
        roots[fact.fact_id] = root
        followed.setdefault(root, []).append(fact)
    entries = [(heads[root], facts) if root in heads else (facts[0], facts) for root, facts in followed.items() if root in heads or facts]
    return sorted(entries, key=lambda entry: (entry[0].occurred_at, entry[0].position), reverse=True)


def told(entries: Sequence[tuple[FactSeen, list[FactSeen]]], known: Mapping[bytes, FactSeen], voice: Voice) -> Iterable[Happened]:
    """The entries in words, with a heading where a new day begins."""
    day = None
    for head, facts in entries:
        happened_on = voice.at(head.occurred_at).date()
        is_ours = head.is_decided
        said = tell(head, voice)
        first_why = facts[1:] if is_ours else facts
        yield Happened(
            what=said.what,
            quote=said.quote,
            details=" · ".join(said.details),
            where="" if is_ours else place_of(head),
            when=voice.clock(head.occurred_at),
            exact=voice.exact(head.occurred_at),
            machine=voice.machine(head.occurred_at),
            mood=said.mood or next((mood for fact in first_why if (mood := tell(fact, voice).mood)), ""),
            heading=day_heading(voice, happened_on) if happened_on != day else "",
            consequences=tuple(consequence(fact, known, voice, is_head=fact is head) for fact in facts),
            key=str(head.position),
        )
        day = happened_on


def day_heading(voice: Voice, day: date) -> str:
    """I dag, lördag 21 november."""
    near = voice.day(day)
    full = f"{voice.weekday(day)} {voice.dated(day)}"
    text = f"{near}, {full}" if abs((day - voice.today).days) <= 1 else full
    return text[0].upper() + text[1:]


def consequence(fact: FactSeen, known: Mapping[bytes, FactSeen], voice: Voice, *, is_head: bool = False) -> Consequence:
    said = tell(fact, voice)
    promise = getattr(fact.body, "promise", 0)
    return Consequence(
        what="" if is_head else said.what,
        details="" if is_head else " · ".join(said.details),
        mood=said.mood,
        address=reverse("promise", args=[promise]) if promise and fact.type != "input_set_aside" else "",
        why=why(fact, known, voice),
    )


def why(fact: FactSeen, known: Mapping[bytes, FactSeen], voice: Voice) -> Why:
    """The reason of a decided fact, and the facts it rests on."""
    grounds = sorted({known[one].position: known[one] for one in fact.because if one in known}.values(), key=lambda one: one.position)
    return Why(
        reason=names.reason(fact.reason),
        grounds=tuple(ground(one, voice) for one in grounds),
        policy_version=fact.policy_version,
        engine_version=fact.engine_version,
        position=fact.position,
    )


def ground(fact: FactSeen, voice: Voice) -> Ground:
    said = tell(fact, voice)
    return Ground(" ".join(part for part in (said.what, said.quote) if part), voice.moment(fact.occurred_at), place_of(fact))
