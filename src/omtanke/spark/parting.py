"""The log parted by cluster (everyone ever linked), as one file of Parquet that many machines can check together.

A row is `cluster`, `position` and bytes. At position 0 stands what is kept beside the log of the cluster, at the others a fact, as
in the table `fact` of the log. Nothing personal is among it: personal parts and names lie in other tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from msgspec import Struct

from omtanke.engine.rights import Request
from omtanke.engine.tasks import Task
from omtanke.storage.aside import SetAside
from omtanke.storage.codec import encode
from omtanke.storage.database import reading
from omtanke.storage.play_rows import PlayRows
from omtanke.storage.ports import Logged, Snapshot
from omtanke.storage.sql_log import SqlLog, logged_of_row

PARTED = pa.schema([("cluster", pa.int64()), ("position", pa.int64()), ("row", pa.binary())])
CHUNK = 20_000
KEPT_AT = 0

Row: TypeAlias = tuple[int, int, bytes]
Progress: TypeAlias = Callable[[str, int, int], None]


class Kept(Struct, frozen=True):
    """What is kept beside the log of a cluster: by customer whom each leads to and since when their data are left alone, by person the
    rest."""

    leads: dict[int, int]
    snapshots: dict[int, Snapshot]
    promises: dict[int, tuple[Any, ...]]
    tasks: dict[int, Task]
    requests: dict[int, Request]
    restrictions: dict[int, int]
    plays: PlayRows
    aside: dict[int, SetAside]

    def snapshot(self, person: int) -> Snapshot | None:
        return self.snapshots.get(person)

    def promises_of(self, customers: list[int]) -> dict[int, tuple[Any, ...]]:
        return self.promises

    def tasks_of(self, customers: list[int]) -> dict[int, Task]:
        return self.tasks

    def requests_of(self, customers: list[int]) -> dict[int, Request]:
        return self.requests

    def restricted_at(self, customers: list[int]) -> int:
        return min((self.restrictions[customer] for customer in customers if customer in self.restrictions), default=0)

    def play_rows_of(self, customers: list[int]) -> PlayRows:
        return self.plays

    def set_aside(self) -> dict[int, SetAside]:
        return self.aside


_decode_kept = msgspec.msgpack.Decoder(Kept).decode
_decode_row = msgspec.msgpack.Decoder(list[Any]).decode


def write_parted(log: SqlLog, file: Path, progress: Progress) -> int:
    """Write the log parted by cluster, as it is at one moment; how many facts it has."""
    with reading(log.connection), pq.ParquetWriter(file, PARTED, compression="zstd") as writer:
        members = dict(log.clusters())
        for rows in chunks(kept_rows(log, members)):
            writer.write_table(table_of(rows))
        cluster_of = {customer: cluster for cluster, customers in members.items() for customer in customers}
        written, last, total = 0, 0, log.last_position()
        while found := log.rows_from(last, CHUNK):
            rows = [(cluster_of[row[5]], row[0], encode(row)) for row in found if row[5] in cluster_of]
            writer.write_table(table_of(rows))
            written, last = written + len(rows), found[-1][0]
            progress("facts", last, total)
    return written


def kept_rows(log: SqlLog, members: dict[int, list[int]]) -> Iterator[Row]:
    """What is kept beside the log, cluster by cluster."""
    leads = {customer: person for person, customers in log.persons() for customer in customers}
    aside = log.set_aside()
    for cluster, customers in members.items():
        yield cluster, KEPT_AT, encode(kept_of(log, {customer: leads[customer] for customer in customers}, aside))


def kept_of(log: SqlLog, leads: dict[int, int], aside: dict[int, SetAside]) -> Kept:
    """What is kept beside the log of a cluster, by whom each of its customers leads to."""
    customers, persons = [*leads], {*leads.values()}
    return Kept(
        leads,
        {person: stored for person in persons if (stored := log.snapshot(person)) is not None},
        log.promises_of(customers),
        log.tasks_of(customers),
        log.requests_of(customers),
        {customer: at for customer in customers if (at := log.restricted_at([customer]))},
        log.play_rows_of(customers),
        {person: aside[person] for person in persons if person in aside},
    )


def read_cluster(rows: Sequence[tuple[int, bytes]]) -> tuple[Kept, list[Logged]]:
    """What is kept beside the log of a cluster, and its facts in log order, from (position, bytes) in order."""
    (_, kept), *facts = rows
    return _decode_kept(kept), [logged_of_row(_decode_row(fact)) for _, fact in facts]


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    several = iter(rows)
    while some := list(islice(several, CHUNK)):
        yield some


def table_of(rows: Sequence[Row]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.Table.from_arrays([pa.array(values, field.type) for values, field in zip(columns, PARTED, strict=True)], schema=PARTED)
