"""Opening SQLite databases: pragmas, schema, migrations."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from omtanke.storage.statements import script
from omtanke.vocabulary.refusal import CannotDo

# Schema versions: (number, file of statements that lead to it from the one before).
MIGRATIONS = {
    "inbox": ((1, "inbox/schema.sql"),),
    "log": ((1, "log/format_1.sql"), (2, "log/format_2.sql"), (3, "log/format_3.sql")),
    "outbox": ((1, "outbox/schema.sql"),),
    "door": ((1, "door/schema.sql"),),
    "suggestions": ((1, "suggestions/schema.sql"),),
}
BUSY_SECONDS = 30.0
CACHE_KIB = 65_536
# A batch writes some thousand pages; the log file is folded in when about 64 MB have gathered.
CHECKPOINT_PAGES = 16_000


class TooNew(CannotDo):
    """The data folder was written by a later version of Omtanke."""


def connect(path: Path, read_only: bool = False) -> sqlite3.Connection:
    """A connection in autocommit mode; transactions are begun in so many words."""
    if read_only:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA query_only = 1")
    else:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # counts in a new database only, and before all else
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def migrate(connection: sqlite3.Connection, database: str) -> None:
    """Bring a database to the newest schema. Raises TooNew when it is newer than this version."""
    wanted = MIGRATIONS[database]
    (current,) = connection.execute("PRAGMA user_version").fetchone()
    if current > wanted[-1][0]:
        raise TooNew(f"{database}.db has format {current}; this version of Omtanke reads up to {wanted[-1][0]}. Install a newer version.")
    for number, path in wanted:
        if number > current:
            _lead_to(connection, number, path)


def _lead_to(connection: sqlite3.Connection, number: int, path: str) -> None:
    """One step. Another process may have taken it a moment before; then there is nothing left to do."""
    try:
        connection.executescript(f"BEGIN IMMEDIATE;\n{script(path)}\nPRAGMA user_version = {number};\nCOMMIT;")
    except sqlite3.OperationalError:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if connection.execute("PRAGMA user_version").fetchone()[0] < number:
            raise
