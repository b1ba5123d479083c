"""What all persons have told about themselves, read one after another from `log.db`: for those who look for pairs. Read-only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec

from omtanke.storage.codec import decode_personal
from omtanke.storage.database import Database
from omtanke.storage.databases import read_database
from omtanke.storage.statements import statements

SQL = statements("suggestions/log.sql")
Traits = Mapping[str, Any]


class Tellings:
    """A read-only connection; use one object per thread."""

    def __init__(self, data: Path) -> None:
        self._db: Database = read_database(data, "log")

    def close(self) -> None:
        self._db.close()

    def persons(self) -> int:
        return int(self._db.execute(SQL["persons"]).fetchall()[0][0])

    def told(self) -> Iterator[tuple[int, list[Traits]]]:
        """(person, what was told of them, the oldest first), person by person. What has been erased is not there."""
        for person, rows in groupby(self._db.execute(SQL["told"]), key=itemgetter(0)):
            in_time = sorted(rows, key=itemgetter(1))
            yield person, [traits for _, _, part in in_time if isinstance(traits := decode_personal(part).get("traits"), Mapping)]

    def restricted(self) -> frozenset[int]:
        """Persons whose data are left alone."""
        return frozenset(row[0] for row in self._db.execute(SQL["restricted"]).fetchall())

    def refused(self) -> set[tuple[int, int]]:
        """Pairs of persons of whom somebody who works here has said that they are two, the lower number first."""
        return set(self._db.execute(SQL["refused"]).fetchall())

    def leading(self, customers: Iterable[int]) -> dict[int, int]:
        """Whom each customer leads to today."""
        return dict(self._db.execute(SQL["leading"], {"customers": msgspec.json.encode(list(customers)).decode()}).fetchall())
