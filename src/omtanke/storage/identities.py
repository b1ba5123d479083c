"""Who somebody is, as pages see it: identifiers, links, and what was told. Rows of `storage/sql/pages/log.sql` as frozen structs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from omtanke.storage.codec import decode_personal


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
    """A value by which a person is known. `customer`: as recorded. Moments: when it was first and last heard. `value` is personal."""

    kind: str
    value: str
    customer: int
    first_at: int
    last_at: int


class TellingSeen(Struct, frozen=True):
    """What was told of a person at one time. `traits` are personal."""

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


def identifiers_in(rows: Iterable[Sequence[Any]]) -> list[IdentifierSeen]:
    """From (customer, occurred_at, personal part), the oldest first: each identifier once for each customer."""
    found: dict[tuple[str, str, int], tuple[int, int]] = {}
    for customer, occurred_at, part in rows:
        for kind, value in decode_personal(part).get("identifiers") or ():
            first, last = found.get((str(kind), str(value), customer), (occurred_at, occurred_at))
            found[str(kind), str(value), customer] = min(first, occurred_at), max(last, occurred_at)
    return [IdentifierSeen(*key, *moments) for key, moments in found.items()]


def telling_of(row: Sequence[Any]) -> TellingSeen:
    """From (person, occurred_at, personal part)."""
    traits = decode_personal(row[2]).get("traits")
    return TellingSeen(row[0], row[1], traits if isinstance(traits, Mapping) else {})
