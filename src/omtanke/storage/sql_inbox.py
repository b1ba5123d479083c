"""The inbox in a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import Any

from omtanke.storage.database import Database, writing
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Accepted, Inbox, InboxEntry, Incoming, Source, SourceConflict, Waiting
from omtanke.storage.statements import statements
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import DAY

SQL = statements("inbox/statements.sql")


def week_of(moment: int) -> int:
    """The week of a moment, counted from 1970; buckets for duplicates."""
    return moment // (7 * DAY)


def source_of_row(row: tuple[int, str, str, str, str, int, int, int, int]) -> Source:
    number, name, mode, zone, currency, has_ended, is_telling, began_at, told_to = row
    return Source(number, name, Mode(mode), zone, currency, bool(has_ended), bool(is_telling), began_at, told_to)


class SqlInbox(Inbox):
    """One connection; use one object per thread or process."""

    def __init__(self, db: Database, keys: Keys) -> None:
        self._db = db
        self._keys = keys
        self._names: dict[int, str] = {}
        self._trimmed = 0

    @property
    def connection(self) -> Database:
        return self._db

    def wait_at_most(self, seconds: float) -> None:
        """How long others, who write, are waited for."""
        self._db.wait_at_most(seconds)

    def close(self) -> None:
        self._db.close()

    def source(self, name: str, mode: Mode, zone: str, currency: str) -> Source:
        self._db.execute(SQL["add_source"], (name, mode, zone, currency))
        found = source_of_row(self._db.execute(SQL["source_of_name"], (name,)).fetchone())
        if (found.mode, found.zone, found.currency) != (mode, zone, currency):
            raise SourceConflict(found, mode, zone, currency)
        return found

    def sources(self) -> Mapping[int, Source]:
        return {row[0]: source_of_row(row) for row in self._db.execute(SQL["sources"])}

    def begin_telling(self, source: int, at: int) -> None:
        self._db.execute(SQL["begin_telling"], (at, source))

    def rest(self, source: int, has_ended: bool) -> None:
        self._db.execute(SQL["rest"], (int(has_ended), source))

    def append(self, source: int, messages: Sequence[Incoming], clock: int) -> Accepted:
        name = self._name(source)
        keyed = [(self._keys.fact_id(name, message.message_id), message) for message in messages]
        with writing(self._db):
            received_at = max(clock, self._last_received())
            are_new = self._db.add_new(SQL["add_seen"], [(week_of(message.stamped_at or received_at), fact_id) for fact_id, message in keyed])
            new = [(source, fact_id, received_at, message.stamped_at, message.wire, message.handed) for fact_id, message in compress(keyed, are_new)]
            with self._db.together():
                self._db.put(SQL["add_entry"], new)
                self._db.execute(SQL["set_meta"], ("last_received_at", str(received_at)))
                self._db.tell()
        return Accepted(len(new), len(messages) - len(new))

    def settle(self, moment: int) -> None:
        with writing(self._db):  # after whoever is writing
            if self._last_received() < moment:
                self._db.execute(SQL["set_meta"], ("last_received_at", str(moment)))

    def _last_received(self) -> int:
        row = self._db.execute(SQL["meta"], ("last_received_at",)).fetchone()
        return int(row[0]) if row else 0

    def _name(self, source: int) -> str:
        if source not in self._names:
            self._names = {number: one.name for number, one in self.sources().items()}
        return self._names[source]

    def read(self, after: int, limit: int) -> list[InboxEntry]:
        return [InboxEntry(*row) for row in self._db.execute(SQL["read_entries"], (after, limit))]

    def last_entry(self) -> int:
        return int(self._db.execute(SQL["last_entry"]).fetchone()[0])

    def listen(self) -> None:
        self._db.listen()

    def trim(self, consumed: int) -> None:
        self._db.execute(SQL["trim"], {"trimmed": self._trimmed, "consumed": consumed})
        self._trimmed = max(self._trimmed, consumed)

    def tidy(self) -> None:
        self._db.tidy()

    # Imports

    def preview(self, source: int, messages: Sequence[Incoming]) -> Accepted:
        """What `append` would answer; nothing is written."""
        name, seen = self._name(source), 0
        for message in messages:
            key = (week_of(message.stamped_at), self._keys.fact_id(name, message.message_id))
            seen += self._db.execute(SQL["has_seen"], key).fetchone() is not None
        return Accepted(len(messages) - seen, seen)

    def learn(self, source: int, known: Mapping[str, str]) -> None:
        self._write("learn", ((source, key, value) for key, value in known.items()))

    def known(self, source: int, keys: Sequence[str]) -> dict[str, str]:
        found = ((key, self._db.execute(SQL["known"], (source, key)).fetchone()) for key in keys)
        return {key: row[0] for key, row in found if row}

    def wait(self, source: int, rows: Sequence[Waiting]) -> None:
        self._write("wait", ((source, row.family, row.row, row.key, row.payload) for row in rows))

    def waiting(self, source: int) -> Iterable[Waiting]:
        return [Waiting(*row) for row in self._db.execute(SQL["waiting"], (source,))]

    def release(self, source: int, rows: Sequence[tuple[str, str]]) -> None:
        self._write("release", ((source, family, row) for family, row in rows))

    def _write(self, name: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with writing(self._db):
            self._db.executemany(SQL[name], rows)
