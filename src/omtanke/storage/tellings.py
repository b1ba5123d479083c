"""What all persons have told about themselves, read one after another from `log.db`: for those who look for pairs. Read-only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from omtanke.storage.corrections import Traits, put_right
from omtanke.storage.database import Database
from omtanke.storage.databases import read_database
from omtanke.storage.identities import telling_of
from omtanke.storage.statements import listed, statements

SQL = statements("suggestions/log.sql")


class Tellings:
    """A read-only connection; use one object per thread."""

    def __init__(self, data: Path) -> None:
        self._db: Database = read_database(data, "log")

    def close(self) -> None:
        self._db.close()

    def persons(self) -> int:
        return int(self._db.execute(SQL["persons"]).fetchall()[0][0])

    def told(self) -> Iterator[tuple[int, list[Traits]]]:
        """(person, what was told of them, the oldest first, with what was put right), person by person. What has been erased is not there."""
        for person, rows in groupby(self._db.execute(SQL["told"]), key=itemgetter(0)):
            in_time = sorted(rows, key=itemgetter(1))
            if told := [traits for traits in put_right(telling_of(*one) for _, *one in in_time) if traits]:
                yield person, told

    def restricted(self) -> frozenset[int]:
        """Persons whose data are left alone."""
        return frozenset(row[0] for row in self._db.execute(SQL["restricted"]).fetchall())

    def refused(self) -> set[tuple[int, int]]:
        """Pairs of persons of whom somebody who works here has said that they are two, the lower number first."""
        return set(self._db.execute(SQL["refused"]).fetchall())

    def leading(self, customers: Iterable[int]) -> dict[int, int]:
        """Whom each customer leads to today."""
        return dict(self._db.execute(SQL["leading"], {"customers": listed(customers)}).fetchall())
