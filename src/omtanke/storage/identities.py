"""Who somebody is, as pages see it: identifiers, links, and what was told. Rows of `storage/sql/pages/log.sql` as frozen structs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from omtanke.storage.codec import decode_body, decode_personal
from omtanke.storage.corrections import Corrected, Traits, correction_in, put_right
from omtanke.vocabulary.rights import DetailsCorrected


class LinkSeen(Struct, frozen=True):
    """What is known of two customers as recorded, `one` the lower number. `status`: made, ended, refused or withheld. `by`: what showed it, `ended_by`:
    what ended it. `staff`: who did it, 0 for nobody. `linked_position`, `ended_position`: the facts, 0 for none."""

    one: int
    two: int
    status: str
    by: str
    linked_at: int
    linked_position: int
    ended_at: int
    ended_position: int
    ended_by: str
    staff: int


class IdentifierSeen(Struct, frozen=True):
    """A value by which a person is known. `customer`: as recorded. Moments: when it was first and last heard. `value` is personal.
    `corrected_at`: when another was put in its place, 0 for one that stands; it leads to them all the same."""

    kind: str
    value: str
    customer: int
    first_at: int
    last_at: int
    corrected_at: int = 0


class TellingSeen(Struct, frozen=True):
    """What was told of a person at one time, or put right. `traits` are personal, and as they count today."""

    person: int
    occurred_at: int
    traits: Mapping[str, Any]


class MetSeen(Struct, frozen=True):
    """How much we have met a person: when last, and on how many devices."""

    person: int
    last_at: int
    devices: int


class SideSeen(Struct, frozen=True):
    """What is recorded under a customer: how many facts came in, the first and last of them, and how many promises were made."""

    customer: int
    facts: int
    first_at: int
    last_at: int
    promises: int


class Gathering:
    """By what a person is known, gathered fact by fact: each identifier once for each customer, with when it was first and last heard."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, int], tuple[int, int]] = {}
        self._corrected: dict[str, tuple[int, str]] = {}

    def hear(self, customer: int, at: int, personal: Mapping[str, Any]) -> None:
        """What a fact tells."""
        for kind, value in personal.get("identifiers") or ():
            self._add(customer, at, str(kind), str(value))

    def correct(self, one: Corrected) -> None:
        """What was put right: the new value is one of theirs, the earlier ones have been replaced."""
        for kind, value in one.addresses():
            self._corrected[kind] = max(self._corrected.get(kind, (0, "")), (one.at, value))
            if value:
                self._add(one.customer, one.at, kind, value)

    def _add(self, customer: int, at: int, kind: str, value: str) -> None:
        first, last = self._found.get((kind, value, customer), (at, at))
        self._found[kind, value, customer] = min(first, at), max(last, at)

    def found(self) -> list[IdentifierSeen]:
        """In the order in which they were first heard of."""
        return [IdentifierSeen(*key, *moments, self._corrected_at(*key[:2], moments[1])) for key, moments in self._found.items()]

    def _corrected_at(self, kind: str, value: str, last_at: int) -> int:
        """When it was replaced, unless it was told again since."""
        at, right = self._corrected.get(kind, (0, ""))
        return at if last_at <= at and value.casefold() != right.casefold() else 0


def identifiers_in(rows: Iterable[Sequence[Any]], corrections: Iterable[Corrected]) -> list[IdentifierSeen]:
    """From (customer, occurred_at, personal part), the oldest first, and what was put right."""
    gathering = Gathering()
    for customer, occurred_at, part in rows:
        gathering.hear(customer, occurred_at, decode_personal(part))
    for one in corrections:
        gathering.correct(one)
    return gathering.found()


def tellings_in(rows: Iterable[Sequence[Any]]) -> list[TellingSeen]:
    """From (person, occurred_at, type, version, body, personal part), the oldest first: what each person has told, with what was put right."""
    told: dict[int, list[tuple[int, Traits | Corrected]]] = {}
    for person, at, *fact in rows:
        told.setdefault(person, []).append((at, telling_of(at, *fact)))
    counting = {person: put_right(one for _, one in those) for person, those in told.items()}
    return [TellingSeen(person, at, traits) for person, those in told.items() for (at, _), traits in zip(those, counting[person], strict=True)]


def telling_of(at: int, type_: str, version: int, body: bytes, part: bytes | None) -> Traits | Corrected:
    """What somebody has told, or what of it was put right."""
    personal = decode_personal(part) if part else {}
    if type_ == DetailsCorrected.type:
        corrected = decode_body(type_, version, body)
        assert isinstance(corrected, DetailsCorrected)
        return correction_in(0, at, corrected, personal)
    traits = personal.get("traits")
    return traits if isinstance(traits, Mapping) else {}
