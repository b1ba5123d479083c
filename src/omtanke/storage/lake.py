"""The lake: facts as Parquet, one table for each type, complete up to a position; the rest is the log's tail.

    lake/<type>/<day received>/<first>-<last>.parquet
    lake/manifest.json

Only files that the manifest names count; it is replaced as a whole, by rename. A crash leaves files that it
does not name, which are written again or swept away. Facts of one day lie in few files: parts of alike size
are merged, a day that is over becomes one file, and so does a month that is over (its folder is the month).
"""

from __future__ import annotations

import gc
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
from msgspec import Struct

from omtanke.storage.database import Database, reading
from omtanke.storage.lake_columns import CUSTOMER, MOMENT, OCCURRED, POSITION, RECEIVED, SCHEMAS, TYPE, Row, shape_of, table_of, tables_of
from omtanke.storage.lake_manifest import MANIFEST, RANGED, Manifest, Part, make_durable, publish, read_manifest
from omtanke.storage.statements import listed, statements
from omtanke.vocabulary.time import DAY, HOUR, datetime_of

SQL = statements("lake/statements.sql")
CHUNK = 50_000
MONTH = len("2026-11")
EVERYTHING = 2**62
MOST_PARTS = 8
LARGE = 1_000_000
# A file is sorted by occurrence; whoever reads a span of time reads the groups of rows that it touches.
ROW_GROUP = 65_536
# What has just come is merged soon: it is written with a fifth less work, and takes a quarter more room until then.
WRITTEN_AGAIN, KEPT = "snappy", "zstd"
REPLACED_SPAN = DAY
SWEEP_SPAN = HOUR
PERSON_OF = pa.schema([("customer", pa.int64()), ("person", pa.int64()), ("kind", pa.string())])


class Tail(Struct, frozen=True):
    """What one read transaction of the log saw: the facts after a position, and the store's clock."""

    tables: dict[str, pa.Table]
    clock: int
    last_at: int
    position: int


class Lake:
    """Parquet under `folder`. One process writes at a time, any number read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._swept_at = -SWEEP_SPAN

    def manifest(self) -> Manifest:
        """The manifest as it stands; an empty one where there is none yet."""
        return read_manifest(self.folder)

    def flush(self, log: Database, upto: int | None = None) -> int:
        """Bring facts up to `upto` (default: all) into the lake. Returns the position it is complete to."""
        manifest = self._ranged(self.manifest())
        until: int = log.execute(SQL["last_position"]).fetchone()[0] if upto is None else upto
        newest: tuple[int] | None = log.execute(SQL["received_last"], (until,)).fetchone()
        month = received_on(newest[0] // DAY)[:MONTH] if newest else ""
        with without_collecting():
            while rows := log.execute(SQL["facts_after"], (manifest.position, until, CHUNK)).fetchall():
                manifest = self._merged(self._with_rows(manifest, rows, month))
                publish(self.folder, manifest)
        return manifest.position

    def tail(self, log: Database, after: int) -> Tail:
        """The facts after a position (the manifest's, read before), by type; types without any are not named."""
        with reading(log):
            until = log.execute(SQL["last_position"]).fetchone()[0]
            rows = log.execute(SQL["facts_after"], (after, until, EVERYTHING)).fetchall()
            clock = log.execute(SQL["clock"]).fetchone()
        return Tail(tables_of(rows), int(clock[0]) if clock else 0, last_moment(rows), max(until, after))

    def sweep(self, now: int) -> int:
        """Delete files that have not counted for a day; looks at the disk once an hour. Returns how many went."""
        if self._swept_at <= now < self._swept_at + SWEEP_SPAN:
            return 0
        self._swept_at = now
        manifest = self.manifest()
        known = {part.path for parts in manifest.parts.values() for part in parts}
        present = {str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file() and path.name != MANIFEST}
        seen = {path: manifest.leaving.get(path) or now for path in sorted(present - known)}
        gone = {path for path, at in seen.items() if at <= now - REPLACED_SPAN}
        for path in gone:
            (self.folder / path).unlink(missing_ok=True)
        leaving = {path: at for path, at in seen.items() if path not in gone}
        if leaving != manifest.leaving:
            publish(self.folder, msgspec.structs.replace(manifest, leaving=leaving))
        return len(gone)

    def _ranged(self, manifest: Manifest) -> Manifest:
        """A manifest that says the ranges of files of older versions too."""
        if all(part.ranges is not None for parts in manifest.parts.values() for part in parts):
            return manifest
        parts = {type_: tuple(map(self._with_ranges, of_type)) for type_, of_type in manifest.parts.items()}
        ranged = msgspec.structs.replace(manifest, parts=parts)
        publish(self.folder, ranged)
        return ranged

    def _with_ranges(self, part: Part) -> Part:
        if part.ranges is not None:
            return part
        file = self.folder / part.path
        columns = [name for name in pq.read_schema(file).names if name in RANGED]
        return msgspec.structs.replace(part, ranges=ranges_of(pq.read_table(file, columns=columns, partitioning=None)))

    def _with_rows(self, manifest: Manifest, rows: Sequence[Row], newest_month: str) -> Manifest:
        """A manifest with the rows of a chunk, whose files are written; one file for all days of a month that is over."""
        days = {day: received_on(day) for day in {row[RECEIVED] // DAY for row in rows}}
        places = {day: at if at[:MONTH] == newest_month else at[:MONTH] for day, at in days.items()}
        by_place: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            by_place[row[TYPE], places[row[RECEIVED] // DAY]].append(row)
        parts = dict(manifest.parts)
        for (type_, received), of_place in by_place.items():
            table = table_of(type_, of_place)
            part = self._write(type_, received, table, of_place[0][POSITION], of_place[-1][POSITION], WRITTEN_AGAIN)
            parts[type_] = (*parts.get(type_, ()), part)
        last_at = max(manifest.last_at, last_moment(rows))
        return msgspec.structs.replace(manifest, position=rows[-1][POSITION], last_at=last_at, parts=parts)

    def _merged(self, manifest: Manifest) -> Manifest:
        """A manifest in which parts that had become many are one."""
        newest = max(part.received for parts in manifest.parts.values() for part in parts)
        parts, leaving = dict(manifest.parts), dict(manifest.leaving)
        for type_, of_type in manifest.parts.items():
            for received, several in mergers(of_type, newest):
                merged = self._merge(type_, received, several)
                parts[type_] = (*(part for part in parts[type_] if part not in several), merged)
                leaving |= {part.path: 0 for part in several}
        return msgspec.structs.replace(manifest, parts=parts, leaving=leaving)

    def _merge(self, type_: str, received: str, parts: Sequence[Part]) -> Part:
        schema = SCHEMAS[type_]
        tables = [whole(self.folder / part.path) for part in parts]
        table = pa.concat_tables([schema.empty_table(), *tables], promote_options="default").select(schema.names)
        return self._write(type_, received, table, min(part.first for part in parts), max(part.last for part in parts))

    def _write(self, type_: str, received: str, table: pa.Table, first: int, last: int, compression: str = KEPT) -> Part:
        path = f"{type_}/{received}/{first}-{last}.parquet"
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        ordered = table.sort_by([("occurred_at", "ascending"), ("position", "ascending")])
        unfinished = place.with_suffix(".new")
        with unfinished.open("wb") as file:
            words = [field.name for field in table.schema if pa.types.is_string(field.type)]
            pq.write_table(ordered, file, row_group_size=ROW_GROUP, compression=compression, use_dictionary=words)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(place)
        make_durable(place.parent)
        return Part(path, received, table.num_rows, first, last, shape_of(type_), ranges_of(ordered))


def whole(file: Path) -> pa.Table:
    """All rows of a file. As a data set of one file, and by several threads, that costs three times as much: most files are small."""
    with pq.ParquetFile(file) as opened:
        return opened.read(use_threads=False)


def who_is_who(log: Database, customers: Iterable[int] | None = None) -> pa.Table:
    """Whom customers lead to today, as in PERSON_OF: those named and whoever leads to the same persons, or everyone."""
    rows = log.execute(SQL["person_of"]).fetchall() if customers is None else who_are(log, customers)
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table([pa.array(values, field.type) for values, field in zip(columns, PERSON_OF, strict=True)], schema=PERSON_OF)


def who_are(log: Database, customers: Iterable[int]) -> list[Row]:
    """(customer, person, kind) of everyone who leads to the same persons as these customers."""
    return log.execute(SQL["person_of_some"], (listed(customers),)).fetchall()


def ranges_of(table: pa.Table) -> dict[str, tuple[int, int]]:
    """Least and greatest value of each RANGED column that has any."""
    found = {}
    for field in table.schema:
        if field.name in RANGED and field.type in (pa.int64(), MOMENT):
            numbers = table[field.name].cast(pa.int64())
            ends = pc.min_max(numbers.filter(pc.not_equal(numbers, 0))).as_py()
            if ends["min"] is not None:
                found[field.name] = (ends["min"], ends["max"])
    return found


def received_on(day: int) -> str:
    """A day as parts say it: 2026-11-28. Its month is the first MONTH letters."""
    return datetime_of(day * DAY).date().isoformat()


def last_moment(rows: Iterable[Row]) -> int:
    """When the last thing happened to a customer; facts about the store as a whole (a policy) have none."""
    return max([row[OCCURRED] for row in rows if row[CUSTOMER]], default=0)


def mergers(parts: Iterable[Part], newest: str) -> Iterator[tuple[str, list[Part]]]:
    """(when received, parts) of what is to become one file; `newest` is the day on which anything was received last.

    Of the newest day, when there are more than MOST_PARTS, all but those that are larger than all smaller ones together,
    so that each fact is written again only a few times. Of a day that is over, all; of a month that is over, all.
    """
    places: defaultdict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if part.rows < LARGE:
            places[part.received if part.received[:MONTH] == newest[:MONTH] else part.received[:MONTH]].append(part)
    for place, several in places.items():
        if place != newest and len(several) > 1:
            yield place, several
        elif place == newest and len(several) > MOST_PARTS:
            yield place, small_beside_the_others(several)


def small_beside_the_others(parts: Iterable[Part]) -> list[Part]:
    """The parts without those that are larger than all smaller ones together."""
    ordered = sorted(parts, key=lambda part: part.rows)
    while len(ordered) > 2 and ordered[-1].rows > sum(part.rows for part in ordered[:-1]):
        ordered.pop()
    return ordered


@contextmanager
def without_collecting() -> Iterator[None]:
    """Without the collector of cycles: many rows and no cycles are made, and looking for some takes a sixth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
