"""The board's tables: made of the relations, in this process, or as one that writes them into a file and ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb
import msgspec

from omtanke.insight import relations
from omtanke.insight.board_made import Made, Seen, moment_text
from omtanke.insight.composing import composed, quoted, recorded_read
from omtanke.insight.duck import MEMORY, firmly, open_database
from omtanke.insight.question import question
from omtanke.insight.relations import create_relations, drop_relations, look
from omtanke.storage.arrow_alone import leave_alone

# In the order in which they are made, and the relation that each stands for in those after it.
TABLES = {"promise_found": "promise", "answer_now": "answer", "survey_now": "survey", "promise_now": ""}
# The rows that a question finds, and the fact that it reads without which there is nothing to ask about.
ASKED = {"play_effect": ("plays", "play_entered")}


def made(data: Path, fixed: int, memory: str = MEMORY) -> Made:
    """The tables of the store as it is, held against `fixed` (0: its own moment)."""
    seen = look(data)
    as_of = fixed or seen.as_of
    return firmly(lambda threads: Made(tables_of(seen, as_of, open_database(memory, threads)), Seen(seen.position, as_of)))


def tables_of(seen: relations.Seen, as_of: int, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The tables, in the connection."""
    create_relations(connection, seen, set().union(*map(recorded_read, texts())))
    given: dict[str, str] = {}
    for name, relation in TABLES.items():
        statement = composed(table_text(name), given).replace("$as_of", moment_text(as_of))
        connection.execute(f"CREATE TABLE {name} AS\n{statement}")
        given[relation] = f"SELECT * FROM {name}"
    for name, (asked, about) in ASKED.items():
        is_any = connection.execute(f"SELECT 1 FROM {about} LIMIT 1").fetchone() is not None
        statement = question(asked).statement.replace("$as_of", moment_text(as_of))
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM (\n{statement}\n) WHERE {is_any}")
    connection.execute("DROP TABLE promise_found")
    drop_relations(connection)
    return connection


def write(data: Path, fixed: int, memory: str, file: Path) -> Seen:
    """Make the tables and keep them in a file."""
    tables = made(data, fixed, memory)
    tables.connection.execute(f"ATTACH {quoted(str(file))} AS kept")
    for (name,) in tables.connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory'").fetchall():
        tables.connection.execute(f"CREATE TABLE kept.{name} AS SELECT * FROM {name}")
    tables.connection.execute("DETACH kept")
    return tables.seen


def texts() -> Iterator[str]:
    """Every statement that a table is made by."""
    yield from map(table_text, TABLES)
    yield from (question(asked).text for asked, _about in ASKED.values())


@cache
def table_text(name: str) -> str:
    """The definition of one of the board's tables."""
    return (files("omtanke.insight") / "board_tables" / f"{name}.sql").read_text(encoding="utf-8")


if __name__ == "__main__":
    leave_alone("pandas")
    sys.stdout.buffer.write(msgspec.json.encode(write(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))))
