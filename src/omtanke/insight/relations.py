"""The relations that questions read, in DuckDB: files of the lake that the manifest names, and the log's tail.

One relation for each type of fact, `facts` with the common columns of all, `person_of`; and relations derived
from them (`derived/<name>.sql`), which go into a question's statement as steps. `relations.sql` is the contract.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from contextlib import closing
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import gettempdir
from types import MappingProxyType

import duckdb
from msgspec import Struct

from omtanke.storage.lake import SQL as LAKE_SQL
from omtanke.storage.lake import Lake, Manifest, Tail
from omtanke.storage.lake_columns import COMMON, SCHEMAS, shape_of
from omtanke.storage.sqlite import connect
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Observed

THREADS = 2
MEMORY = "1GB"
FACTS = "facts"
PERSON_OF = "person_of"
DERIVED = ("promise", "answer", "survey")
READS = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")
COMMENT = re.compile(r"--[^\n]*")
SETTINGS: dict[str, str | int | float | list[str]] = {
    "threads": THREADS,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "temp_directory": str(Path(gettempdir()) / f"omtanke-spill-{os.getuid()}"),
}


class NoStore(FileNotFoundError):
    """There is no log in the data folder."""


class Seen(Struct, frozen=True):
    """One view of a store: what the lake holds and the tail after it."""

    folder: Path
    manifest: Manifest
    tail: Tail

    @property
    def position(self) -> int:
        return self.tail.position

    @property
    def as_of(self) -> int:
        """The store's clock, or the last thing that happened, if that is later: a deadline that has passed since."""
        return max(self.tail.clock, self.tail.last_at, self.manifest.last_at)


def open_log(data: Path) -> sqlite3.Connection:
    """The log of a data folder, to read."""
    path = data / "log.db"
    if not path.exists():
        raise NoStore(f"{path} is not there: --data names no data folder, or nothing has been imported or received yet")
    return connect(path, read_only=True)


def last_position(data: Path) -> int:
    """How far the log has come."""
    with closing(open_log(data)) as log:
        return int(log.execute(LAKE_SQL["last_position"]).fetchone()[0])


def look(data: Path) -> Seen:
    """The store as it is now. The manifest is read first: the log never has less than it."""
    lake = Lake(data / "lake")
    manifest = lake.manifest()
    with closing(open_log(data)) as log:
        return Seen(lake.folder, manifest, lake.tail(log, manifest.position))


def open_database(memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that brings in nothing from outside."""
    connection = duckdb.connect(config={**SETTINGS, "memory_limit": memory})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def create_relations(connection: duckdb.DuckDBPyConnection, seen: Seen, names: Iterable[str]) -> None:
    """The relations of those names over what was seen."""
    wanted = set(names)
    of_facts = {type_ for type_ in SCHEMAS if type_ in seen.manifest.parts or type_ in seen.tail.tables} or {"order_completed"}
    for type_ in sorted((wanted & SCHEMAS.keys()) | (of_facts if FACTS in wanted else set())):
        connection.register(f"tail_{type_}", seen.tail.tables.get(type_, SCHEMAS[type_].empty_table()))
    for type_ in sorted(wanted & SCHEMAS.keys()):
        connection.execute(f"CREATE OR REPLACE VIEW {type_} AS {facts_of_type(seen, type_)}")
    if PERSON_OF in wanted:
        connection.register(PERSON_OF, seen.tail.person_of)
    if FACTS in wanted:
        every = " UNION ALL ".join(common_of_type(seen, type_) for type_ in sorted(of_facts))
        connection.execute(f"CREATE OR REPLACE VIEW {FACTS} AS {every}")


def files_of_type(seen: Seen, type_: str) -> str:
    """The files of a type as a list of SQL; empty when there are none."""
    return ", ".join(quoted(str(seen.folder / part.path)) for part in seen.manifest.parts.get(type_, ()))


def facts_of_type(seen: Seen, type_: str) -> str:
    """All facts of a type. The tail, perhaps empty, gives columns that older files do not have."""
    text = f"SELECT * FROM tail_{type_}"
    if paths := files_of_type(seen, type_):
        alike = all(part.shape == shape_of(type_) for part in seen.manifest.parts[type_])
        text += f" UNION ALL BY NAME SELECT * FROM read_parquet([{paths}], union_by_name = {str(not alike).lower()}, hive_partitioning = false)"
    return text


def common_of_type(seen: Seen, type_: str) -> str:
    """The common columns of facts of a type, which every file has, with the type and whether a sender told them."""
    columns = f"{quoted(type_)} AS type, {str(issubclass(BODIES[type_], Observed)).lower()} AS is_observed, {', '.join(COMMON.names)}"
    text = f"SELECT {columns} FROM tail_{type_}"
    if paths := files_of_type(seen, type_):
        text += f" UNION ALL SELECT {columns} FROM read_parquet([{paths}], hive_partitioning = false)"
    return text


def drop_relations(connection: duckdb.DuckDBPyConnection) -> None:
    """Let go of what was seen; tables made from it stay."""
    rows = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary").fetchall()
    for (name,) in rows:
        connection.execute(f"DROP VIEW {name}")
    for name in (PERSON_OF, *(f"tail_{type_}" for type_ in SCHEMAS)):
        connection.unregister(name)


def quoted(text: str) -> str:
    """A text literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


@cache
def derived_text(name: str) -> str:
    """The definition of a derived relation."""
    return (files("omtanke.insight") / "derived" / f"{name}.sql").read_text(encoding="utf-8")


def names_read(text: str) -> set[str]:
    """Every relation that a statement reads, steps of its own left out."""
    return set(READS.findall(COMMENT.sub("", text))) & {*SCHEMAS, FACTS, PERSON_OF, *DERIVED}


def derived_read(text: str, given: Collection[str] = ()) -> list[str]:
    """The derived relations that a statement rests on, each after those that it rests on itself; those given rest on nothing."""
    found: list[str] = []
    for name in sorted(names_read(text) & {*DERIVED}):
        below = () if name in given else derived_read(derived_text(name), given)
        found += [one for one in (*below, name) if one not in found]
    return found


def recorded_read(text: str) -> set[str]:
    """The recorded relations (types of fact, `facts`, `person_of`) that a statement rests on, through derived ones too."""
    texts = [text, *(derived_text(name) for name in derived_read(text))]
    return set().union(*map(names_read, texts)) - {*DERIVED}


def composed(text: str, given: Mapping[str, str] = MappingProxyType({})) -> str:
    """A question's statement, the derived relations that it reads put before its own steps: those given by name as they are given."""
    return with_steps(text, {name: given.get(name) or derived_text(name) for name in derived_read(text, given)})


def with_steps(text: str, steps: Mapping[str, str]) -> str:
    """A statement with steps put before its own."""
    head, found, rest = text.partition("\nWITH\n")
    if not found:
        raise ValueError("a statement begins with a line WITH, after its comments")
    return f"{head}\nWITH\n" + "".join(f"{name} AS (\n{indented(step)}\n),\n" for name, step in steps.items()) + rest


def indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())
