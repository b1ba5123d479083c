"""The relations that questions read, in DuckDB: files of the lake that the manifest names, and the log's tail.

One relation for each type of fact, `facts` with the common columns of all, `person_of`; and relations derived
from them (`derived/<name>.sql`), which go into a question's statement as steps. `relations.sql` is the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import MappingProxyType

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
from msgspec import Struct
from msgspec.structs import replace

from omtanke.insight.composing import FACTS, PERSON_OF, quoted
from omtanke.insight.log import open_log
from omtanke.storage.database import Database, reading
from omtanke.storage.lake import PERSON_OF as PERSON_OF_SCHEMA
from omtanke.storage.lake import Lake, Tail, who_is_who
from omtanke.storage.lake_columns import COMMON, SCHEMAS, shape_of
from omtanke.storage.lake_manifest import Manifest, Sought
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.time import datetime_of


class Seen(Struct, frozen=True):
    """One view of a store: what the lake holds, the tail after it, and who is who.

    `sought`: which facts of a relation are looked at, where not all are; `person_of` then knows their customers.
    """

    folder: Path
    manifest: Manifest
    tail: Tail
    person_of: pa.Table = PERSON_OF_SCHEMA.empty_table()
    sought: Mapping[str, Sought] = MappingProxyType({})

    @property
    def position(self) -> int:
        return self.tail.position

    @property
    def as_of(self) -> int:
        """The store's clock, or the last thing that happened, if that is later: a deadline that has passed since."""
        return max(self.tail.clock, self.tail.last_at, self.manifest.last_at)

    def files(self, type_: str, relation: str) -> list[Path]:
        """The files that may hold what a relation has of a type of fact."""
        sought = self.sought.get(relation)
        return [self.folder / part.path for part in self.manifest.parts.get(type_, ()) if sought is None or part.may_hold(sought)]


@contextmanager
def looking(data: Path) -> Iterator[tuple[Seen, Database]]:
    """The store as it is now, without who is who, and the log, which stands still meanwhile. The manifest is read first: the log never has less than it."""
    lake = Lake(data / "lake")
    manifest = lake.manifest()
    with closing(open_log(data)) as log, reading(log):
        yield Seen(lake.folder, manifest, lake.tail(log, manifest.position)), log


def look(data: Path) -> Seen:
    """The store as it is now, with everyone."""
    with looking(data) as (seen, log):
        return with_everyone(seen, log)


def with_everyone(seen: Seen, log: Database) -> Seen:
    """The same with whom every customer leads to."""
    return replace(seen, person_of=who_is_who(log))


def create_relations(connection: duckdb.DuckDBPyConnection, seen: Seen, names: Iterable[str]) -> None:
    """The relations of those names over what was seen."""
    wanted = set(names)
    of_facts = {type_ for type_ in SCHEMAS if type_ in seen.manifest.parts or type_ in seen.tail.tables} or {"order_completed"}
    for type_ in sorted((wanted & SCHEMAS.keys()) | (of_facts if FACTS in wanted else set())):
        connection.register(f"tail_{type_}", seen.tail.tables.get(type_, SCHEMAS[type_].empty_table()))
    for name in sorted(wanted & seen.sought.keys()):
        for table, values in numbers_sought(name, seen.sought[name]).items():
            connection.register(table, values)
    for type_ in sorted(wanted & SCHEMAS.keys()):
        connection.execute(f"CREATE OR REPLACE VIEW {type_} AS {those_sought(seen, type_, facts_of_type(seen, type_))}")
    if PERSON_OF in wanted:
        connection.register(PERSON_OF, seen.person_of)
    if FACTS in wanted:
        every = " UNION ALL ".join(common_of_type(seen, type_) for type_ in sorted(of_facts))
        connection.execute(f"CREATE OR REPLACE VIEW {FACTS} AS {those_sought(seen, FACTS, every)}")


def numbers_sought(relation: str, sought: Sought) -> dict[str, pa.Table]:
    """The numbers that are sought in a relation, as tables with one column `number`."""
    return {table_sought(relation, column): numbers_table(one.values) for column, one in sought.items() if not isinstance(one.values, range)}


def table_sought(relation: str, column: str) -> str:
    return f"sought_{relation}_{column}"


def numbers_table(numbers: Sequence[int]) -> pa.Table:
    """Numbers as a table with one column `number`."""
    return pa.table({"number": pa.array(numbers, pa.int64())})


def those_sought(seen: Seen, relation: str, text: str) -> str:
    """A relation, or what is sought of it."""
    sought = seen.sought.get(relation)
    return text if sought is None else f"SELECT * FROM ({text}) AS every WHERE {condition(relation, sought)}"


def condition(relation: str, sought: Sought, quote: str = '"', moment: str = "TIMESTAMPTZ") -> str:
    """What is sought as a condition of SQL, over the tables of `numbers_sought`; `quote` and `moment` are as the engine writes names and that type."""
    said = ["FALSE"]
    for column, one in sought.items():
        name, values = f"{quote}{column}{quote}", one.values
        if isinstance(values, range):
            begins, ends = (f"CAST({quoted(datetime_of(end).isoformat())} AS {moment})" for end in (values.start, values.stop))
            said.append(f"({name} >= {begins} AND {name} < {ends})")
        else:
            said.append(f"(position >= {one.first} AND {name} IN (SELECT number FROM {table_sought(relation, column)}))")
    return " OR ".join(said)


def files_of_type(seen: Seen, type_: str, relation: str) -> str:
    """The files of a type as a list of SQL; empty when there are none."""
    return ", ".join(quoted(str(file)) for file in seen.files(type_, relation))


def facts_of_type(seen: Seen, type_: str) -> str:
    """All facts of a type. The tail, perhaps empty, gives columns that older files do not have."""
    text = f"SELECT * FROM tail_{type_}"
    if paths := files_of_type(seen, type_, type_):
        alike = all(part.shape == shape_of(type_) for part in seen.manifest.parts[type_])
        text += f" UNION ALL BY NAME SELECT * FROM read_parquet([{paths}], union_by_name = {str(not alike).lower()}, hive_partitioning = false)"
    return text


def common_of_type(seen: Seen, type_: str) -> str:
    """The common columns of facts of a type, which every file has, with the type and whether a sender told them."""
    columns = f"{quoted(type_)} AS type, {str(issubclass(BODIES[type_], Observed)).lower()} AS is_observed, {', '.join(COMMON.names)}"
    text = f"SELECT {columns} FROM tail_{type_}"
    if paths := files_of_type(seen, type_, FACTS):
        text += f" UNION ALL SELECT {columns} FROM read_parquet([{paths}], hive_partitioning = false)"
    return text


def drop_relations(connection: duckdb.DuckDBPyConnection) -> None:
    """Let go of what was seen; tables made from it stay."""
    rows = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary").fetchall()
    for (name,) in rows:
        connection.execute(f"DROP VIEW {name}")
    for name in (PERSON_OF, *(f"tail_{type_}" for type_ in SCHEMAS)):
        connection.unregister(name)
