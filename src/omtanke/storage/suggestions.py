"""Pairs that are perhaps one person (`suggestions.db`): put there by `omtanke suggest-links`, marked by the pages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from omtanke.storage.database import writing
from omtanke.storage.databases import open_database
from omtanke.storage.statements import statements

SQL = statements("suggestions/statements.sql")
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

    def __init__(self, data: Path) -> None:
        self._db = open_database(data, "suggestions")

    def close(self) -> None:
        self._db.close()

    def put(self, found: Iterable[Suggestion]) -> None:
        """Likely pairs; those that somebody has decided about stay decided."""
        rows = [{**msgspec.structs.asdict(one), "likeness": msgspec.json.encode(one.likeness).decode()} for one in found]
        with writing(self._db):
            self._db.executemany(SQL["put"], [{name: row[name] for name in ("one", "two", "score", "likeness", "found_at")} for row in rows])

    def finish(self, found_at: int, limit: int) -> None:
        """A search that began at `found_at` is over: what it has not found is not likely any more, and only the strongest stay."""
        with writing(self._db):
            self._db.execute(SQL["forget_older"], {"found_at": found_at})
            self._db.execute(SQL["forget_weakest"], {"limit": limit})

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
        with writing(self._db):
            self._db.execute(SQL["decide"], {"one": one, "two": two, "status": verdict, "staff": staff, "decided_at": now})


def _read(row: tuple[Any, ...]) -> Suggestion:
    one, two, score, likeness, *rest = row
    return Suggestion(one, two, score, msgspec.json.decode(likeness), *rest)
