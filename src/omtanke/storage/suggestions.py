"""Pairs that are perhaps one person (`suggestions.db`): put there by `omtanke suggest-links`, marked by the pages."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from omtanke.storage.sqlite import connect, migrate
from omtanke.storage.statements import statements

SQL = statements("suggestions/statements.sql")
CACHE_KIB = 2_048
Verdict = Literal["confirmed", "refused"]


class Suggestion(Struct, frozen=True):
    """Two customers who are perhaps one person. `likeness`: how alike each field is, by code. `staff`: who decided, 0 for nobody."""

    one: int
    two: int
    score: float
    likeness: dict[str, str]
    found_at: int
    status: str = "open"
    staff: int = 0
    decided_at: int = 0


class Suggestions:
    """One connection; use one object per thread or process. Several may write: each transaction is short."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        self._db = connect(path)
        self._db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        migrate(self._db, "suggestions")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def put(self, found: Iterable[Suggestion]) -> None:
        """Likely pairs; those that somebody has decided about stay decided."""
        rows = [{**msgspec.structs.asdict(one), "likeness": msgspec.json.encode(one.likeness).decode()} for one in found]
        with self._writing() as db:
            db.executemany(SQL["put"], [{name: row[name] for name in ("one", "two", "score", "likeness", "found_at")} for row in rows])

    def finish(self, found_at: int, limit: int) -> None:
        """A search that began at `found_at` is over: what it has not found is not likely any more, and only the strongest stay."""
        with self._writing() as db:
            db.execute(SQL["forget_older"], {"found_at": found_at})
            db.execute(SQL["forget_weakest"], {"limit": limit})

    def open(self, limit: int) -> list[Suggestion]:
        """The strongest first."""
        return [_read(row) for row in self._db.execute(SQL["open"], {"limit": limit}).fetchall()]

    def open_count(self) -> int:
        return int(self._db.execute(SQL["open_count"]).fetchall()[0][0])

    def decided(self) -> list[tuple[int, int]]:
        """Pairs that somebody has confirmed or refused."""
        return list(self._db.execute(SQL["decided"]).fetchall())

    def of(self, one: int, two: int) -> Suggestion | None:
        rows = self._db.execute(SQL["one"], {"one": one, "two": two}).fetchall()
        return _read(rows[0]) if rows else None

    def decide(self, one: int, two: int, verdict: Verdict, staff: int, now: int) -> None:
        """What somebody has said of the pair."""
        with self._writing() as db:
            db.execute(SQL["decide"], {"one": one, "two": two, "status": verdict, "staff": staff, "decided_at": now})


def _read(row: tuple[Any, ...]) -> Suggestion:
    one, two, score, likeness, *rest = row
    return Suggestion(one, two, score, msgspec.json.decode(likeness), *rest)
