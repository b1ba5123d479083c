"""What leaves by the shop's rule: structures that memory and SQLite share, and the log's side in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from omtanke.storage.database import Database
from omtanke.storage.statements import statements
from omtanke.vocabulary.retention import STAYS

if TYPE_CHECKING:
    from omtanke.storage.ports import Logged

SQL = statements("retention/log.sql")
STAYING = msgspec.json.encode(sorted(STAYS)).decode()


class Oldest(Struct, frozen=True, gc=False):
    """A customer, and the clock of the oldest fact and of the oldest text that may leave; None for none. `heard_at`: the clock of the
    person's last fact; None for one who leads to another, or has been erased."""

    customer: int
    fact_at: int | None
    text_at: int | None
    heard_at: int | None


class Retained(Struct, frozen=True):
    """When all had last left that had to, by the store's clock, under which policy, and how many persons were kept back then; 0 for
    never. How many facts and texts have left since ever, and how many customers it was asked to erase.
    `untidy`: 1 while traces of what has left stand in gaps of pages and in the write-ahead log."""

    at: int = 0
    policy: int = 0
    kept_back: int = 0
    facts: int = 0
    texts: int = 0
    customers: int = 0
    untidy: int = 0


class Condensing(Struct, frozen=True):
    """What a transaction lets go of one cluster's history, and what it puts in its place.

    going: (customer, position) of each fact that leaves. facts: what stands there instead. promises, tasks, requests: by
    number, and runs, messages: by customer and number, what pages showed of them.
    """

    going: tuple[tuple[int, int], ...]
    facts: tuple[Logged, ...]
    promises: tuple[int, ...] = ()
    tasks: tuple[int, ...] = ()
    requests: tuple[int, ...] = ()
    runs: tuple[tuple[int, int], ...] = ()
    messages: tuple[tuple[int, int], ...] = ()


def oldest(db: Database, after: int, limit: int) -> list[Oldest]:
    """The next customers after a number."""
    return [Oldest(*row) for row in db.execute(SQL["oldest"], {"after": after, "limit": limit, "staying": STAYING})]


def condense(db: Database, one: Condensing) -> None:
    """Within a transaction of the caller's, who writes what stands in their place: facts leave with all that is theirs."""
    db.executemany(SQL["drop_fact"], ((position,) for _, position in one.going))
    drop_texts(db, one.going)
    for name, numbers in (("drop_promise", one.promises), ("drop_task", one.tasks), ("drop_request", one.requests)):
        db.executemany(SQL[name], ((number,) for number in numbers))
    db.executemany(SQL["drop_play_run"], one.runs)
    db.executemany(SQL["drop_play_message"], one.messages)


def old_texts(db: Database, customer: int, before: int) -> list[tuple[int, int]]:
    """(customer, position) of texts that may leave and were told before a clock."""
    rows = db.execute(SQL["old_texts"], {"customer": customer, "before": before, "staying": STAYING})
    return [(customer, position) for (position,) in rows]


def drop_texts(db: Database, places: tuple[tuple[int, int], ...]) -> None:
    """The personal parts of facts, and the words by which they were found."""
    db.executemany(SQL["drop_part"], places)
    db.executemany(SQL["drop_words"], places)
