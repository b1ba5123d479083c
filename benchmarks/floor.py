"""What the disk and SQLite allow when nothing is decided: for each event a state read, a fact appended, the state and a wake written.

The settings and the durability of the log, batches of 1,000, facts found by their customer; no inbox, no identity, no rules.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from omtanke.storage.databases import read_database
from omtanke.storage.sqlite import connect

BATCH = 1_000
TABLES = """
CREATE TABLE fact (
    position INTEGER PRIMARY KEY, fact_id BLOB NOT NULL, customer INTEGER NOT NULL, type TEXT NOT NULL,
    occurred_at INTEGER NOT NULL, received_at INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX fact_of_customer ON fact (customer, position);
CREATE TABLE snapshot (person INTEGER PRIMARY KEY, version INTEGER NOT NULL, position INTEGER NOT NULL, next_wake_at INTEGER, state BLOB NOT NULL);
CREATE INDEX snapshot_wake ON snapshot (next_wake_at, person) WHERE next_wake_at IS NOT NULL;
"""
READ = "SELECT version, state FROM snapshot WHERE person = ?"
APPEND = "INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?)"
WRITE = """INSERT INTO snapshot VALUES (?, 1, ?, ?, ?) ON CONFLICT (person) DO UPDATE
SET version = version + 1, position = excluded.position, next_wake_at = excluded.next_wake_at, state = excluded.state"""
# Facts of senders, the latest first, with the state that each customer has come to.
TOLD = """SELECT s.person, f.type, f.occurred_at, f.body, s.state
FROM fact f JOIN customer c ON c.customer = f.customer JOIN snapshot s ON s.person = c.person
WHERE f.kind = 0 AND f.source <> 0 ORDER BY f.position DESC LIMIT ?"""

# customer, type, occurred at, body, state
Row = tuple[int, str, int, bytes, bytes]


def rows_of(data: Path, limit: int) -> list[Row]:
    """Events as they lie in a log, with states of the size that they have there."""
    with closing(read_database(data, "log")) as db:
        return db.execute(TOLD, (limit,)).fetchall()


def rate(folder: Path, rows: Sequence[Row]) -> float:
    """Events a second, of customers who are known already."""
    folder.mkdir()
    db = connect(folder / "floor.db")
    db.executescript(TABLES)
    told(db, rows, 1)
    began = time.perf_counter()
    told(db, rows, len(rows) + 1)
    seconds = time.perf_counter() - began
    db.close()
    shutil.rmtree(folder)
    return len(rows) / seconds


def told(db: sqlite3.Connection, rows: Sequence[Row], first: int) -> None:
    """All of them, batch by batch, each durable before the next."""
    for n in range(0, len(rows), BATCH):
        db.execute("BEGIN IMMEDIATE")
        facts, states = [], []
        for position, (person, type_, at, body, state) in enumerate(rows[n : n + BATCH], first + n):
            db.execute(READ, (person,)).fetchone()
            facts.append((position, position.to_bytes(16, "big"), person, type_, at, at, body))
            states.append((person, position, at, state))
        db.executemany(APPEND, facts)
        db.executemany(WRITE, states)
        db.execute("COMMIT")
