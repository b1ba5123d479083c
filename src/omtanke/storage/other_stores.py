"""What the data folder holds of somebody beside the log, and letting it go: the door's record, imports, letters, sign-ins, exports.

Whatever is deleted here may be deleted again. Each database is written in one short transaction of its own.
"""

from __future__ import annotations

import base64
import binascii
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence, Set
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from omtanke.storage.backup_list import read_backups
from omtanke.storage.database import FAILURES, Database, writing
from omtanke.storage.databases import databases_of, open_present
from omtanke.storage.erasing import Backup
from omtanke.storage.erasure_journal import Line, write_down
from omtanke.storage.lake_manifest import read_manifest
from omtanke.storage.outbox import wall_clock
from omtanke.storage.sqlite import BUSY_SECONDS
from omtanke.storage.statements import statements

SQL = statements("erasing/elsewhere.sql")
PATIENCE_SECONDS = 0.05


class Recognising(Protocol):
    """Whether a message as it came, or a text, mentions those who are being erased."""

    @property
    def import_keys(self) -> Set[str]: ...
    def in_message(self, wire: bytes) -> bool: ...
    def in_text(self, text: str) -> bool: ...


class Gone(Struct, frozen=True):
    """How much has left: events in the door's record, rows of imports, letters to staff, sign-ins, files made for them."""

    calls: int = 0
    waiting: int = 0
    letters: int = 0
    sessions: int = 0
    exports: int = 0


class OtherStores:
    """Those of one data folder. `webhook_id`: the key under which a receiver is told of a fact."""

    def __init__(self, data: Path, webhook_id: Callable[[bytes, int], str]) -> None:
        self._data = data
        self._webhook_id = webhook_id
        self._open: dict[str, Database] = {}

    def close(self) -> None:
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def _database(self, name: str) -> Database | None:
        """The database; None while there is none of that name."""
        if name not in self._open and (found := open_present(self._data, name)):
            self._open[name] = found
        return self._open.get(name)

    # What is erased

    def forget(self, mentions: Recognising, facts: Set[bytes]) -> Gone:
        """Let everything go that mentions them, or is about one of the facts."""
        return Gone(
            calls=self.forget_calls(mentions, facts),
            waiting=self._forget_rows(mentions),
            letters=self._forget_letters(mentions, facts),
            sessions=self._forget_sessions(mentions),
            exports=self._forget_exports(mentions),
        )

    def forget_calls(self, mentions: Recognising, facts: Set[bytes]) -> int:
        """What the door remembers of them; how much."""
        db = self._database("door")
        if db is None or not db.has("call"):
            return 0
        mine = [
            (call,)
            for call, fact_id, is_nobodys, message_id, value, wire in db.execute(SQL["calls"]).fetchall()
            if fact_id in facts or (is_nobodys and (mentions.in_message(wire.encode()) or mentions.in_text(f"{message_id} {value}")))
        ]
        keys = _found(db, "is_idempotent", ((fact_id,) for fact_id in facts))
        with _writing(db, mine or keys):
            db.executemany(SQL["drop_call"], mine)
            db.executemany(SQL["drop_idempotent"], keys)
        return len(mine)

    def _forget_rows(self, mentions: Recognising) -> int:
        db = self._database("inbox")
        if db is None:
            return 0
        keys = mentions.import_keys
        rows = db.execute(SQL["waiting_rows"]).fetchall()
        mine = [row[:3] for row in rows if row[3] in keys or mentions.in_message(row[4]) or mentions.in_text(row[2])]
        sources = [source for (source,) in db.execute(SQL["import_sources"])]
        known = _found(db, "has_known", ((source, key) for source in sources for key in keys))
        with _writing(db, mine or known):
            db.executemany(SQL["drop_waiting_row"], mine)
            db.executemany(SQL["drop_known"], known)
        return len(mine)

    def _forget_letters(self, mentions: Recognising, facts: Set[bytes]) -> int:
        db = self._database("outbox")
        if db is None:
            return 0
        mine = [delivery for delivery, *texts in db.execute(SQL["texts"]).fetchall() if mentions.in_text(" ".join(texts))]
        receivers = [receiver for (receiver,) in db.execute(SQL["receivers"])]
        told = [(self._webhook_id(fact_id, receiver),) for receiver in receivers for fact_id in facts]
        answered = [row for key in told for row in db.execute(SQL["answered"], key)]
        with _writing(db, mine or answered):
            db.executemany(SQL["drop_text"], ((delivery,) for delivery in mine))
            db.executemany(SQL["drop_delivery"], ((wall_clock(), delivery) for delivery in mine))
            db.executemany(SQL["blank_answers"], answered)
        return len(mine)

    def _forget_sessions(self, mentions: Recognising) -> int:
        db = self._database("staff")
        if db is None or not db.has("django_session"):
            return 0
        mine = [(key,) for key, data in db.execute(SQL["sessions"]).fetchall() if mentions.in_text(session_text(data))]
        with _writing(db, mine):
            db.executemany(SQL["drop_session"], mine)
        return len(mine)

    def _forget_exports(self, mentions: Recognising) -> int:
        mine = [path for path in sorted((self._data / "exports").rglob("*")) if path.is_file() and mentions_in_file(path, mentions)]
        for path in mine:
            path.unlink(missing_ok=True)
        return len(mine)

    # What is kept on record

    def write_down(self, line: Line) -> None:
        """The journal names those who are being erased, durably."""
        write_down(self._data, line)

    def backups(self) -> tuple[Backup, ...]:
        """Back-ups that are still there, or may be."""
        return tuple(one for one in read_backups(self._data) if one.keep_until > wall_clock())

    def databases(self) -> frozenset[str]:
        """Those that are there."""
        return databases_of(self._data)

    def lake_position(self) -> int:
        """The position up to which the lake is complete: what is told there is told for good."""
        return read_manifest(self._data / "lake").position

    def rewrite(self, database: str) -> bool:
        """Nothing of what has left stands in the gaps of a database's pages any more; whether that could be done."""
        return self._patiently(database, lambda db: db.rewrite())

    def fold_in(self, database: str) -> bool:
        """The write-ahead log of a database, in which former contents stand, becomes empty; whether it has. Readers are not waited for long."""
        return self._patiently(database, lambda db: db.fold_in())

    def _patiently(self, database: str, do: Callable[[Database], bool]) -> bool:
        """Whether it could be done, without waiting long for others; nothing has to be done to a database that is not there."""
        db = self._database(database)
        if db is None:
            return True
        db.wait_at_most(PATIENCE_SECONDS)
        try:
            return do(db)
        except FAILURES:
            return False
        finally:
            db.wait_at_most(BUSY_SECONDS)


def mentions_in_file(path: Path, mentions: Recognising) -> bool:
    """Whether a file, or one in a zip file, mentions them by name or in what it says."""
    return mentions.in_text(path.name) or any(mentions.in_message(data) for data in contents(path))


def contents(path: Path) -> Iterable[bytes]:
    """What a file says; of a zip file, what each file in it says."""
    if not zipfile.is_zipfile(path):
        yield path.read_bytes()
        return
    with zipfile.ZipFile(path) as packed:
        for name in packed.namelist():
            yield packed.read(name)


def session_text(data: str) -> str:
    """What a session says, as Django keeps it: signed, packed when that is shorter; empty when it cannot be read."""
    said = data.partition(":")[0]
    packed = said.removeprefix(".")
    try:
        plain = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        return (zlib.decompress(plain) if said.startswith(".") else plain).decode("utf-8", "replace")
    except (binascii.Error, zlib.error, ValueError):
        return ""


def _found(db: Database, statement: str, sought: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Those of the sought that are there."""
    return [one for one in sought if db.execute(SQL[statement], one).fetchone()]


def _writing(db: Database, what: Sequence[Any]) -> AbstractContextManager[None]:
    """One transaction; none when there is nothing to write."""
    return writing(db) if what else nullcontext()
