"""Who is set aside, and what waits for them: structures that memory and SQLite share, and the log's side in a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import msgspec
from msgspec import Struct, structs

from omtanke.storage.codec import decode_personal, encode, encode_personal
from omtanke.storage.database import Database
from omtanke.storage.statements import statements
from omtanke.vocabulary.fact import Fact

SQL = statements("aside/log.sql")


class SetAside(Struct, frozen=True):
    """A person whose facts cannot be stepped over, which is a fault of ours.

    `since`: when it was first. `type`: of the fact on which it failed last. `fault`: what was raised and where, without anything personal.
    `tries`: how often it has failed. `is_returning`: it is being tried again. `program`, `policy`: versions under which it failed last.
    """

    person: int
    since: int
    type: str
    fault: str
    tries: int = 1
    is_returning: bool = False
    program: str = ""
    policy: int = 0


class Held(Struct, frozen=True):
    """A fact that waits for its customer to come back. `held` gives the order; 0 until it is stored."""

    held: int
    person: int
    fact: Fact
    personal: Mapping[str, Any] | None = None

    @property
    def promises_restock(self) -> bool:
        """Whether it promises that something is restocked: then it is to be told of what is."""
        return any(one.kind == "restock" for one in getattr(self.fact.body, "stated", ()))


class AsideSeen(Struct, frozen=True, array_like=True):
    """Somebody who is set aside, for pages; `waiting`: how many facts wait."""

    person: int
    since: int
    type: str
    fault: str
    tries: int
    is_returning: bool
    waiting: int


class AsideCounts(Struct, frozen=True):
    """How many are set aside, since when the first is (0: none), and how many facts wait."""

    persons: int = 0
    since: int = 0
    waiting: int = 0


def set_aside(db: Database) -> dict[int, SetAside]:
    """Everybody who is set aside, by person."""
    return {row[0]: _set_aside(*row) for row in db.execute(SQL["set_aside"])}


def _set_aside(person: int, since: int, type_: str, fault: str, tries: int, is_returning: int, program: str, policy: int) -> SetAside:
    return SetAside(person, since, type_, fault, tries, bool(is_returning), program, policy)


def held(db: Database, person: int, limit: int) -> list[tuple[int, int, tuple[Any, ...], dict[str, Any] | None]]:
    """What waits for a person: number, person, the fact as a row of the table `fact`, and its personal part."""
    rows = db.execute(SQL["held"], (person, limit))
    return [(number, whose, msgspec.msgpack.decode(row, type=tuple), decode_personal(part) if part else None) for number, whose, row, part in rows]


def held_restock(db: Database) -> list[int]:
    """The persons of whom something is held that promises that something is restocked."""
    return [person for (person,) in db.execute(SQL["held_restock"])]


def store(db: Database, aside: Mapping[int, SetAside | None], holding: Iterable[tuple[Held, Sequence[Any]]], let_go: Iterable[int]) -> None:
    """Within a transaction of the caller's: who is set aside, or no longer (None); what waits, each with its row; what waits no longer."""
    db.put(SQL["put_aside"], (structs.astuple(one) for one in aside.values() if one is not None))
    db.executemany(SQL["take_back"], ((person,) for person, one in aside.items() if one is None))
    db.executemany(SQL["let_go"], ((number,) for number in let_go))
    db.put(SQL["hold"], (_row(one, row) for one, row in holding))


def _row(one: Held, row: Sequence[Any]) -> tuple[Any, ...]:
    part = encode_personal(one.personal) if one.personal else None
    return (one.person, one.fact.customer, one.fact.fact_id, int(one.promises_restock), encode(tuple(row)), part)


class Asked(Protocol):
    """A read-only window on the log."""

    def ask(self, statement: str, **values: Any) -> list[tuple[Any, ...]]: ...


def seen(pages: Asked, limit: int) -> tuple[AsideSeen, ...]:
    """Who is set aside, the longest first."""
    return tuple(msgspec.convert(row, AsideSeen, strict=False) for row in pages.ask(SQL["seen"], limit=limit))


def waiting_for(pages: Asked, person: int) -> tuple[int, int]:
    """Since when a person is set aside, and how much waits for them; zeros for nobody who is."""
    rows = pages.ask(SQL["of_person"], person=person)
    return rows[0] if rows else (0, 0)


def counted(pages: Asked) -> AsideCounts:
    """How many are set aside, since when, and how much waits."""
    (row,) = pages.ask(SQL["counts"])
    return AsideCounts(*row)
