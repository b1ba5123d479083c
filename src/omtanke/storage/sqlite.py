"""SQLite: a database is a file of the data folder."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

from omtanke.storage.database import TooNew
from omtanke.storage.statements import script

# Schema versions: (number, file of statements that lead to it from the one before).
MIGRATIONS = {
    "inbox": ((1, "inbox/format_1.sql"), (2, "inbox/format_2.sql")),
    "log": tuple((number, f"log/format_{number}.sql") for number in range(1, 9)),
    "outbox": ((1, "outbox/format_1.sql"), (2, "outbox/format_2.sql")),
    "door": ((1, "door/schema.sql"),),
    "suggestions": ((1, "suggestions/schema.sql"),),
}
BUSY_SECONDS = 30.0
LOOK_SECONDS = 0.05
# For each connection. What is not in it lies in the machine's own cache of files: eight times as much makes nothing faster.
CACHE_KIB = 8_192
# A batch writes some thousand pages; the log file is folded in when about 64 MB have gathered.
CHECKPOINT_PAGES = 16_000

# Of every value that is neither text nor a number Python asks in three places whether it is to become another, unless it is told
# that it is to stay; a fact has five such values.
sqlite3.register_adapter(bytes, bytes.__bytes__)
sqlite3.register_adapter(type(None), {None: None}.__getitem__)


# So many numbers are found for a quarter of the cost when they are asked for by one statement.
NUMBERS_TOGETHER = 4


@cache
def of_many(statement: str) -> str:
    """A statement that asks for one number (`:key`), made one for a list of them."""
    return statement.replace("= :key", "IN (SELECT value FROM json_each(:key))")


class SqliteDatabase(sqlite3.Connection):
    """A connection in autocommit mode; transactions are begun in so many words."""

    def put(self, statement: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        return self.executemany(statement, rows)

    def find(self, statement: str, keys: Collection[Any]) -> Iterable[Any]:
        if len(keys) >= NUMBERS_TOGETHER and isinstance(next(iter(keys)), int):
            return self.execute(of_many(statement), {"key": f"[{','.join(map(str, keys))}]"}).fetchall()
        cursor = self.cursor()
        return [row for key in keys for row in cursor.execute(statement, {"key": key})]

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()  # nobody is far away

    def add_new(self, statement: str, rows: Sequence[Sequence[Any]]) -> list[bool]:
        cursor = self.cursor()
        return [cursor.execute(statement, row).rowcount > 0 for row in rows]

    def begin(self) -> None:
        self.execute("BEGIN IMMEDIATE")

    def look(self) -> None:
        self.execute("BEGIN")

    def has(self, table: str) -> bool:
        return self.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None

    def wait_at_most(self, seconds: float) -> None:
        self.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    def tell(self) -> None:
        """Nobody learns of it: whoever waits looks again soon."""

    def listen(self) -> None:
        time.sleep(LOOK_SECONDS)

    def migrate(self, name: str) -> None:
        wanted = MIGRATIONS[name]
        current = self._format()
        if current > wanted[-1][0]:
            raise TooNew(f"{name}.db has format {current}; this version of Omtanke reads up to {wanted[-1][0]}. Install a newer version.")
        for number, path in wanted:
            if number > current:
                self._lead_to(number, path)

    def _format(self) -> int:
        return int(self.execute("PRAGMA user_version").fetchone()[0])

    def _lead_to(self, number: int, path: str) -> None:
        """One step. Another process may have taken it a moment before; then there is nothing left to do."""
        try:
            self.executescript(f"BEGIN IMMEDIATE;\n{script(path)}\nPRAGMA user_version = {number};\nCOMMIT;")
        except sqlite3.OperationalError:
            self.rollback()
            if self._format() < number:
                raise

    def tidy(self) -> None:
        self.executescript("PRAGMA incremental_vacuum;")  # `execute` would give back one page

    def rewrite(self) -> bool:
        """A page that has been split keeps copies of what moved away in its gap, which no deletion overwrites (of 300 customers
        among 30,000 seven left a trace); so all of it is copied into fresh pages."""
        self.execute("VACUUM")
        return True

    def fold_in(self) -> bool:
        return not self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]


def connect(path: Path, read_only: bool = False, cache_kib: int = CACHE_KIB) -> SqliteDatabase:
    """The database in a file, which is made at first use."""
    source = f"{path.absolute().as_uri()}?mode=ro" if read_only else str(path)
    db = sqlite3.connect(source, uri=read_only, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=SqliteDatabase)
    for pragma in _pragmas(read_only, cache_kib):
        _waiting(db, f"PRAGMA {pragma}")
    return db


def _waiting(db: SqliteDatabase, statement: str) -> None:
    """Two processes may open a new database at once. For the change to a write-ahead log SQLite itself waits for nobody."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        db.listen()


def _pragmas(read_only: bool, cache_kib: int) -> Iterable[str]:
    if read_only:
        yield "query_only = 1"
    else:
        yield "auto_vacuum = INCREMENTAL"  # counts in a new database only, and before all else
        yield "journal_mode = WAL"
        yield "synchronous = FULL"
        yield "secure_delete = ON"
        yield f"wal_autocheckpoint = {CHECKPOINT_PAGES}"
    yield f"cache_size = -{cache_kib}"
    yield "foreign_keys = ON"
