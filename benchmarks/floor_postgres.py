"""What PostgreSQL allows when nothing is decided: for each event a state read, a fact appended, the state and a wake written.

Batches of 1,000 in a transaction each; the states of a batch are read at once, facts come by COPY, states by columns.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import psycopg

from benchmarks.floor import BATCH, Row

TABLES = """
DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare; SET search_path = bare;
CREATE TABLE fact (
    position bigint PRIMARY KEY, fact_id bytea NOT NULL, customer bigint NOT NULL, type text NOT NULL,
    occurred_at bigint NOT NULL, received_at bigint NOT NULL, body bytea NOT NULL
);
CREATE INDEX fact_of_customer ON fact (customer, position);
CREATE TABLE snapshot (person bigint PRIMARY KEY, version bigint NOT NULL, position bigint NOT NULL, next_wake_at bigint, state bytea NOT NULL);
CREATE INDEX snapshot_wake ON snapshot (next_wake_at, person) WHERE next_wake_at IS NOT NULL;
"""
READ = "SELECT person, version, state FROM snapshot WHERE person = ANY(%s)"
APPEND = "COPY fact FROM STDIN (FORMAT BINARY)"
TYPES = ("int8", "bytea", "int8", "text", "int8", "int8", "bytea")
WRITE = """INSERT INTO snapshot SELECT person, 1, position, next_wake_at, state
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bytea[]) AS new (person, position, next_wake_at, state)
ON CONFLICT (person) DO UPDATE
SET version = snapshot.version + 1, position = excluded.position, next_wake_at = excluded.next_wake_at, state = excluded.state"""


def rate(url: str, rows: Sequence[Row]) -> float:
    """Events a second, of customers who are known already."""
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(TABLES)
        told(db, rows, 1)
        began = time.perf_counter()
        told(db, rows, len(rows) + 1)
        seconds = time.perf_counter() - began
        db.execute("DROP SCHEMA bare CASCADE")
    return len(rows) / seconds


def told(db: psycopg.Connection[tuple[object, ...]], rows: Sequence[Row], first: int) -> None:
    """All of them, batch by batch, each durable before the next."""
    for n in range(0, len(rows), BATCH):
        batch = list(enumerate(rows[n : n + BATCH], first + n))
        states = {person: (position, at, state) for position, (person, _, at, _, state) in batch}
        with db.transaction(), db.cursor() as cursor:
            cursor.execute(READ, (list(states),)).fetchall()
            with cursor.copy(APPEND) as copy:
                copy.set_types(TYPES)
                for position, (person, type_, at, body, _) in batch:
                    copy.write_row((position, position.to_bytes(16, "big"), person, type_, at, at, body))
            written = zip(*states.values(), strict=True)
            cursor.execute(WRITE, (list(states), *map(list, written)))
