"""What the rooms of storage ask of a database, SQLite or PostgreSQL: statements in, rows out, one writer at a time.

Statements are written once, in SQL that both understand (`omtanke.storage.sql`). A `?` or a `:name` stands for a value.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from omtanke.vocabulary.refusal import CannotDo

Values = Sequence[Any] | Mapping[str, Any]


class PostgresError(Exception):
    """PostgreSQL has refused, or cannot be reached. What it says holds nothing of a row."""


class TooNew(CannotDo):
    """A database was written by a later version of Omtanke."""


# What a database raises when it cannot do what it is asked to.
FAILURES = (sqlite3.Error, PostgresError)


class Rows(Protocol):
    """What a statement has found, or how many rows it has changed."""

    @property
    def rowcount(self) -> int: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Database(Protocol):
    """One connection; use one object per thread or process. Outside a transaction each statement stands for itself."""

    @property
    def in_transaction(self) -> bool: ...

    def execute(self, statement: str, values: Values = (), /) -> Rows: ...

    def executemany(self, statement: str, rows: Iterable[Values], /) -> Rows:
        """The statement with each row's values, one after the other."""

    def put(self, statement: str, rows: Iterable[Sequence[Any]]) -> Rows:
        """The same in one go, for rows of which no two have the same key."""

    def find(self, statement: str, keys: Collection[Any]) -> Iterable[Any]:
        """What a statement finds for each of many keys, of one kind; it calls the key `:key`, and each row says whose it is."""

    def add_new(self, statement: str, rows: Sequence[Sequence[Any]]) -> list[bool]:
        """The same for rows that may be there already, or come twice; of each, whether it was new."""

    def together(self) -> AbstractContextManager[None]:
        """What is asked within goes to the database without waiting for one answer after another. What it has found or changed can be
        seen when the block is over, and a failure is raised by then at the latest."""

    def begin(self) -> None:
        """A transaction that writes; nobody else writes until it is over."""

    def look(self) -> None:
        """A transaction that reads; all of it sees the database as it is now."""

    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def close(self) -> None: ...

    def has(self, table: str) -> bool:
        """Whether there is a table of that name."""

    def wait_at_most(self, seconds: float) -> None:
        """How long others, who write, are waited for."""

    def tell(self) -> None:
        """Within a transaction that writes: whoever waits learns of it when it is committed."""

    def listen(self) -> None:
        """Until somebody has told, as far as that can be known; never long."""

    def migrate(self, name: str) -> None:
        """Bring the database to the newest format. Raises TooNew when it is newer than this version of Omtanke."""

    def tidy(self) -> None:
        """Give back the space of what has left; for a moment without work."""

    def rewrite(self) -> bool:
        """Let nothing stand any more in the gaps of pages, of what has left; whether that could be done."""

    def fold_in(self) -> bool:
        """Let nothing stand any more in the write-ahead log, of what has left; whether that could be done."""


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """One transaction that writes."""
    db.begin()
    try:
        yield
        db.commit()
    except BaseException:
        db.rollback()
        raise


@contextmanager
def reading(db: Database) -> Iterator[None]:
    """One view of the database: a transaction that reads, or the one that is open."""
    if db.in_transaction:
        yield
        return
    db.look()
    try:
        yield
    finally:
        db.commit()
