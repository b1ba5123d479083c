"""The rows of a database, from SQLite into PostgreSQL: stretch by stretch in the order of its keys, so that it can be stopped and resumed,
and compared afterwards, row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.storage.postgres import PostgresDatabase
from omtanke.storage.sqlite import SqliteDatabase
from omtanke.vocabulary.refusal import CannotDo

Progress = Callable[[str, int, int], None]
STRETCH = 5_000
# Tables of ours, in PostgreSQL, that say how far it has come.
RECORD = """CREATE TABLE IF NOT EXISTS omtanke.moved (
    database text, name text, after bytea, is_whole boolean NOT NULL DEFAULT false, PRIMARY KEY (database, name))"""


class Table(Struct, frozen=True):
    """A table of SQLite: its columns, those of its key, and how many rows it has."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: int


def tables_of(source: SqliteDatabase) -> list[Table]:
    """Every table, those first that others refer to."""
    names = [row[0] for row in source.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rootpage")]
    found = []
    for name in names:
        about = source.execute(f"PRAGMA table_info({name})").fetchall()
        key = tuple(row[1] for row in sorted(about, key=lambda row: row[5]) if row[5])
        (rows,) = source.execute(f"SELECT count(*) FROM {name}").fetchone()
        found.append(Table(name, tuple(row[1] for row in about), key, rows))
    return in_order(source, found)


def in_order(source: SqliteDatabase, tables: Sequence[Table]) -> list[Table]:
    """The same, each after those that it refers to; a table that has been made anew may lie before them in the file."""
    refers = {table.name: {row[2] for row in source.execute(f"PRAGMA foreign_key_list({table.name})")} - {table.name} for table in tables}
    left, placed = list(tables), list[Table]()
    while left:
        free = next((one for one in left if not refers[one.name] & {other.name for other in left}), left[0])
        placed.append(free)
        left.remove(free)
    return placed


def stretch_of(db: SqliteDatabase | PostgresDatabase, table: Table, after: Sequence[Any] | None) -> list[tuple[Any, ...]]:
    """The next rows after a key."""
    key = ", ".join(table.key)
    beyond = f"WHERE ({key}) > ({', '.join('?' * len(table.key))})" if after is not None else ""
    return db.execute(f"SELECT {', '.join(table.columns)} FROM {table.name} {beyond} ORDER BY {key} LIMIT {STRETCH}", tuple(after or ())).fetchall()


def key_of(table: Table, row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(row[table.columns.index(name)] for name in table.key)


def stretches_of(db: SqliteDatabase | PostgresDatabase, table: Table, after: Sequence[Any] | None = None) -> Iterator[list[tuple[Any, ...]]]:
    """All rows after a key, in the order of keys."""
    while rows := stretch_of(db, table, after):
        yield rows
        after = key_of(table, rows[-1])


def move_table(source: SqliteDatabase, target: PostgresDatabase, database: str, table: Table, progress: Progress) -> None:
    """What is not there yet. Each stretch is on record in the transaction that brings it."""
    target.execute(RECORD)
    target.execute("INSERT INTO omtanke.moved (database, name) VALUES (?, ?) ON CONFLICT DO NOTHING", (database, table.name))
    after, is_whole = target.execute("SELECT after, is_whole FROM omtanke.moved WHERE database = ? AND name = ?", (database, table.name)).fetchone()
    if is_whole:
        return
    columns = ", ".join(table.columns)
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join('?' * len(table.columns))})"
    if after is None:
        target.execute(f"DELETE FROM {table.name}")  # what a migration has put there
    done = 0
    for rows in stretches_of(source, table, msgspec.msgpack.decode(after) if after else None):
        target.begin()
        target.put(statement, rows)
        last = msgspec.msgpack.encode(key_of(table, rows[-1]))
        target.execute("UPDATE omtanke.moved SET after = ? WHERE database = ? AND name = ?", (last, database, table.name))
        target.commit()
        done += len(rows)
        progress(f"{database}, {table.name}: rows moved", done, table.rows)


def compare_table(source: SqliteDatabase, target: PostgresDatabase, database: str, table: Table, progress: Progress) -> None:
    """Raises CannotDo when a row is missing, or not as it was."""
    one, other = digest_of(source, table, f"{database}, {table.name}: rows read", progress), digest_of(target, table, "compared", progress)
    if one != other:
        raise CannotDo(f"{database}: {table.name} holds {other[0]:,} rows in PostgreSQL that are not the {one[0]:,} it had. Nothing of the shop has changed.")
    target.execute("UPDATE omtanke.moved SET is_whole = true WHERE database = ? AND name = ?", (database, table.name))


def digest_of(db: SqliteDatabase | PostgresDatabase, table: Table, what: str, progress: Progress) -> tuple[int, bytes]:
    """How many rows a table has, and a digest of them in the order of its key."""
    digest, count = blake2b(digest_size=16), 0
    for rows in stretches_of(db, table):
        for row in rows:
            digest.update(msgspec.msgpack.encode([value.replace("\0", "�") if isinstance(value, str) else value for value in row]))
        count += len(rows)
        progress(what, count, table.rows)
    return count, digest.digest()


def go_on_counting(source: SqliteDatabase, target: PostgresDatabase, tables: Sequence[Table]) -> None:
    """The next number that PostgreSQL gives is one that nobody has had."""
    given = dict(source.execute("SELECT name, seq FROM sqlite_sequence").fetchall()) if source.has("sqlite_sequence") else {}
    for table in tables:
        (sequence,) = target.execute(f"SELECT pg_get_serial_sequence('{table.name}', '{table.key[0]}')").fetchone()
        if sequence:
            (last,) = source.execute(f"SELECT coalesce(max({table.key[0]}), 0) FROM {table.name}").fetchone()
            target.execute("SELECT setval(?, ?, false)", (sequence, max(last, given.get(table.name, 0)) + 1))
    if target.has("last_entry"):
        target.execute("UPDATE last_entry SET entry = ?", (given.get("entry", 0),))


def close_for_good(source: SqliteDatabase, tables: Sequence[Table]) -> None:
    """Within a transaction that writes: whoever still has the file open writes nothing to it any more."""
    for table in tables:
        for act in ("INSERT", "UPDATE", "DELETE"):
            source.execute(
                f"CREATE TRIGGER IF NOT EXISTS moved_{table.name}_{act.lower()} BEFORE {act} ON {table.name} "
                "BEGIN SELECT RAISE(ABORT, 'the shop has moved to PostgreSQL'); END"
            )
