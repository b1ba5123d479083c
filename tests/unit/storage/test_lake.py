"""The lake: what flows in is all there, whatever stops on the way."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fakes.story import at
from omtanke.storage.codec import encode
from omtanke.storage.lake import ROW_GROUP, Lake, mergers, who_is_who
from omtanke.storage.lake_columns import COMMON, SCHEMAS, schema_of, table_of
from omtanke.storage.lake_manifest import Among, LakeTooNew, Manifest, Part, publish
from omtanke.storage.sqlite import connect
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.order import OrderCompleted
from omtanke.vocabulary.product import Line
from omtanke.vocabulary.promise import PromiseKept, QuoteGiven, Stated
from omtanke.vocabulary.time import DAY, HOUR
from unit.insight.stored import Stored, order, tell_everyone

NOW = at("2026-11-20 12:00")


@pytest.fixture(name="stored")
def stored_history(tmp_path: Path) -> Stored:
    stored = Stored(tmp_path)
    tell_everyone(stored)
    return stored


def rows_of(lake: Lake, type_: str) -> list[dict[str, object]]:
    """The facts of a type that the manifest names, in log order."""
    tables = [pq.read_table(lake.folder / part.path, partitioning=None) for part in lake.manifest().parts.get(type_, ())]
    return sorted((row for table in tables for row in table.to_pylist()), key=lambda row: row["position"])


def positions(lake: Lake) -> list[int]:
    return sorted(int(str(row["position"])) for type_ in SCHEMAS for row in rows_of(lake, type_))


def add_order(stored: Stored, number: int, days_later: int = 0) -> None:
    """One order without a promise: one fact."""
    story = stored.story()
    story.tell("2026-10-05 10:00", "Order Completed", order_id=str(number))
    stored.add(story.facts, days_later=days_later)


def row(body: object, **more: object) -> tuple[object, ...]:
    """A row of the log, as the lake reads it."""
    common = {
        "position": 7,
        "fact_id": b"f" * 16,
        "fact_kind": 0,
        "mode": 1,
        "source": 3,
        "customer": 4,
        "version": 1,
        "occurred_at": 10,
        "received_at": 20,
        "now": 30,
        "channel": "web",
        "touchpoint": "checkout",
        "cause": None,
        "reason": None,
        "policy_version": 0,
        "engine_version": 0,
    }
    return (*(common | more).values(), type(body).type, encode(body))  # type: ignore[attr-defined]


def test_every_type_of_fact_has_columns() -> None:
    assert SCHEMAS.keys() == BODIES.keys()
    assert all(schema.names[: len(COMMON)] == COMMON.names and len({*schema.names}) == len(schema.names) for schema in SCHEMAS.values())


def test_moments_are_timestamps_and_none_is_null() -> None:
    table = table_of(
        "promise_kept", [row(PromiseKept(promise=5, met_at=1_000_000, first_window_met=True)), row(PromiseKept(promise=6, met_at=0, first_window_met=False))]
    )
    assert table["met_at"].to_pylist() == [datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), None]
    assert table["promise"].to_pylist() == [5, 6]
    assert table["fact_kind"].to_pylist() == ["input", "input"]
    assert table["mode"].to_pylist() == ["history", "history"]
    assert table["cause"].to_pylist() == [None, None]


def test_moments_are_known_by_how_they_are_read_too() -> None:
    assert schema_of("quote_given").field("valid_until").type == pa.timestamp("us", tz="UTC")
    table = table_of("quote_given", [row(QuoteGiven(quote=1, until_at=2, valid_until=3_000_000))])
    assert table["valid_until"].to_pylist() == [datetime(1970, 1, 1, 0, 0, 3, tzinfo=UTC)]


def test_lists_of_things_are_lists_of_structs() -> None:
    lines = (Line(line=1, product=2, quantity=3, price=400, category="tents"), Line(line=5))
    stated = (Stated(kind="delivery", until_at=9_000_000, zone="Europe/Stockholm"),)
    table = table_of("order_completed", [row(OrderCompleted(order=1)), row(OrderCompleted(order=2, lines=lines, stated=stated, timestamp="2026-11-20"))])
    assert table["lines"].to_pylist() == [
        [],
        [
            {"line": 1, "product": 2, "quantity": 3, "price": 400, "category": "tents"},
            {"line": 5, "product": 0, "quantity": 1, "price": 0, "category": ""},
        ],
    ]
    assert table["stated"].to_pylist()[1][0]["until_at"] == datetime(1970, 1, 1, 0, 0, 9, tzinfo=UTC)
    assert table["sender_timestamp"].to_pylist() == ["", "2026-11-20"]


def test_flush_brings_every_fact_once(stored: Stored) -> None:
    assert stored.lake.flush(stored.log) == stored.position
    assert positions(stored.lake) == list(range(1, stored.position + 1))


def test_flush_again_adds_only_what_is_new(stored: Stored) -> None:
    half = stored.lake.flush(stored.log, upto=20)
    assert (half, positions(stored.lake)) == (20, list(range(1, 21)))
    stored.lake.flush(stored.log)
    assert positions(stored.lake) == list(range(1, stored.position + 1))
    before = stored.lake.manifest()
    stored.lake.flush(stored.log)
    assert stored.lake.manifest() == before


def test_files_lie_by_type_and_day_received_sorted_by_occurrence(stored: Stored) -> None:
    stored.lake.flush(stored.log)
    (part,) = stored.lake.manifest().parts["order_completed"]
    orders = rows_of(stored.lake, "order_completed")
    assert (part.path, part.received, part.rows) == (f"order_completed/2026-11-20/{part.first}-{part.last}.parquet", "2026-11-20", 8)
    assert (part.first, part.last) == (orders[0]["position"], orders[-1]["position"])
    occurred = pq.read_table(stored.lake.folder / part.path, partitioning=None)["occurred_at"].to_pylist()
    assert occurred == sorted(occurred)


def test_nothing_personal_is_in_a_file(stored: Stored) -> None:
    story = stored.story()
    story.tell("2026-10-01 08:00", "Customer Identified", name="Ingrid Ek", email="ingrid@example.com", region="Skåne")
    stored.add(story.facts)
    stored.lake.flush(stored.log)
    assert all("Ingrid" not in str(row) and "ingrid" not in str(row) for row in rows_of(stored.lake, "customer_identified"))


@pytest.mark.parametrize("position", [0, 20])
def test_a_crash_before_the_manifest_loses_and_doubles_nothing(stored: Stored, position: int) -> None:
    stored.lake.flush(stored.log, upto=position)
    manifest = stored.lake.folder / "manifest.json"
    before = manifest.read_bytes() if manifest.exists() else None
    stored.lake.flush(stored.log, upto=35)
    if before is None:
        manifest.unlink()
    else:
        manifest.write_bytes(before)
    (stored.lake.folder / "manifest.json.new").write_bytes(b'{"form')
    assert positions(Lake(stored.lake.folder)) == list(range(1, position + 1))
    Lake(stored.lake.folder).flush(stored.log)
    assert positions(stored.lake) == list(range(1, stored.position + 1))


def test_sweep_takes_strays_after_a_day(stored: Stored) -> None:
    stored.lake.flush(stored.log)
    stray = stored.lake.folder / "order_completed" / "2026-11-20" / "900-999.parquet"
    stray.write_bytes(b"half a file")
    assert (stored.lake.sweep(NOW), stray.exists()) == (0, True)
    assert (stored.lake.sweep(NOW + DAY - 1), stray.exists()) == (0, True)
    assert (stored.lake.sweep(NOW + DAY + HOUR), stray.exists()) == (1, False)
    assert positions(stored.lake) == list(range(1, stored.position + 1))


def test_many_small_parts_of_a_day_become_one_and_the_old_ones_stay_a_day(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    for number in range(8):
        add_order(stored, number)
        stored.lake.flush(stored.log)
    assert len(stored.lake.manifest().parts["order_completed"]) == 8
    add_order(stored, 8)
    stored.lake.flush(stored.log)
    (part,) = stored.lake.manifest().parts["order_completed"]
    assert (part.rows, part.first, part.last) == (9, 1, 9)
    replaced = sorted(stored.lake.manifest().leaving)
    assert len(replaced) == 9
    assert all((stored.lake.folder / path).exists() for path in replaced)
    assert stored.lake.sweep(NOW) == 0
    assert stored.lake.sweep(NOW + DAY + 1) == 9
    assert (stored.lake.manifest().leaving, positions(stored.lake)) == ({}, list(range(1, 10)))


def test_a_day_that_is_over_becomes_one_file_and_so_does_a_month(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    for number, days in enumerate([0, 0, 1, 1, 12]):
        add_order(stored, number, days)
        stored.lake.flush(stored.log)
    parts = stored.lake.manifest().parts["order_completed"]
    assert [(part.received, part.rows) for part in parts] == [("2026-12-02", 1), ("2026-11", 4)]
    assert positions(stored.lake) == [1, 2, 3, 4, 5]


def test_what_is_caught_up_on_lies_by_the_month_at_once_where_that_is_over(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    for number, days in enumerate([0, 0, 1, 1, 12, 13]):
        add_order(stored, number, days)
    stored.lake.flush(stored.log)
    parts = stored.lake.manifest().parts["order_completed"]
    assert [(part.received, part.rows) for part in parts] == [("2026-11", 4), ("2026-12-02", 1), ("2026-12-03", 1)]
    assert (stored.lake.manifest().leaving, positions(stored.lake)) == ({}, [1, 2, 3, 4, 5, 6])


def test_a_part_that_is_large_beside_the_others_is_not_written_again() -> None:
    parts = [Part(str(n), "2026-11-20", rows, n, n) for n, rows in enumerate([10_000, 5, 5, 5, 5, 5, 5, 5, 5])]
    assert [[part.rows for part in several] for _, several in mergers(parts, "2026-11-20")] == [[5] * 8]
    assert list(mergers(parts[:8], "2026-11-20")) == []


def test_large_parts_are_left_alone() -> None:
    large, small = Part("a", "2026-11-01", 2_000_000, 1, 2_000_000), Part("b", "2026-11-01", 10, 2_000_001, 2_000_010)
    assert list(mergers([large, small], "2026-11-20")) == []


def test_a_part_says_in_which_ranges_its_numbers_and_moments_lie(stored: Stored) -> None:
    stored.lake.flush(stored.log)
    for type_ in ("promise_made", "survey_answered", "customer_identified"):
        (part,) = stored.lake.manifest().parts[type_]
        columns = pq.read_table(stored.lake.folder / part.path, partitioning=None)
        for name in ("order", "until_at", "customer", "case", "occurred_at"):
            column = columns[name].cast(pa.int64()).to_pylist() if name in columns.column_names else []
            given = [value for value in column if value]
            assert (part.ranges or {}).get(name) == ((min(given), max(given)) if given else None)


def test_files_of_older_versions_get_their_ranges_when_facts_flow(stored: Stored) -> None:
    stored.lake.flush(stored.log, upto=stored.position - 3)
    wanted = stored.lake.manifest()
    parts = {type_: tuple(msgspec.structs.replace(part, ranges=None) for part in parts) for type_, parts in wanted.parts.items()}
    publish(stored.lake.folder, msgspec.structs.replace(wanted, parts=parts))
    stored.lake.flush(stored.log, upto=stored.position - 3)
    assert stored.lake.manifest() == wanted


SPAN = {"occurred_at": (100, 200), "order": (7, 9)}


@pytest.mark.parametrize(
    ("sought", "may"),
    [
        ({"order": Among([1, 8, 30])}, True),
        ({"order": Among([1, 6, 10, 30])}, False),
        ({"order": Among([8], first=21)}, False),
        ({"order": Among([])}, False),
        ({"occurred_at": Among(range(200, 300))}, True),
        ({"occurred_at": Among(range(201, 300))}, False),
        ({"occurred_at": Among(range(0, 100))}, False),
        ({"parcel": Among([1])}, False),
        ({"promise": Among([2**62], first=20)}, True),
        ({"promise": Among([2**62], first=21)}, False),
        ({"parcel": Among([1]), "order": Among([9])}, True),
        ({}, False),
    ],
)
def test_a_part_may_hold_what_lies_in_its_ranges(sought: dict[str, Among], may: bool) -> None:
    part = Part("a", "2026-11-01", 5, 10, 20, ranges=SPAN)
    assert part.may_hold(sought) == may
    assert msgspec.structs.replace(part, ranges=None).may_hold({"parcel": Among([1])})


def test_a_large_file_has_several_groups_of_rows(tmp_path: Path) -> None:
    rows = [row(OrderCompleted(order=1), occurred_at=n + 1) for n in range(ROW_GROUP + 1)]
    part = Lake(tmp_path)._write("order_completed", "2026-11-20", table_of("order_completed", rows), 1, 2)
    metadata = pq.read_metadata(tmp_path / part.path)
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [ROW_GROUP, 1]


def test_who_is_who_of_some_is_everyone_of_the_same_persons(stored: Stored) -> None:
    assert who_is_who(stored.log).num_rows == 8
    anna = [{"customer": 1, "person": 1, "kind": "person"}, {"customer": 8, "person": 1, "kind": "unnamed"}]
    assert who_is_who(stored.log, [8]).to_pylist() == anna
    assert who_is_who(stored.log, [3, 1, 99]).to_pylist() == [anna[0], {"customer": 3, "person": 3, "kind": "person"}, anna[1]]
    assert who_is_who(stored.log, []).num_rows == 0


def test_tail_is_what_the_lake_has_not(stored: Stored) -> None:
    stored.lake.flush(stored.log, upto=stored.position - 3)
    tail = stored.lake.tail(stored.log, stored.lake.manifest().position)
    assert sorted(position for table in tail.tables.values() for position in table["position"].to_pylist()) == list(
        range(stored.position - 2, stored.position + 1)
    )
    assert (tail.clock, tail.position) == (at("2026-11-05 12:00"), stored.position)


def test_tail_and_lake_hold_the_same_values(stored: Stored) -> None:
    tail = stored.lake.tail(stored.log, 0)
    stored.lake.flush(stored.log)
    assert {type_: table.to_pylist() for type_, table in tail.tables.items()} == {type_: rows_of(stored.lake, type_) for type_ in tail.tables}


def test_a_tail_is_one_view_while_another_writes(stored: Stored) -> None:
    reader = connect(stored.folder / "log.db", read_only=True)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM fact").fetchone()
    add_order(stored, 99)
    assert stored.lake.tail(reader, 0).position == stored.position - 1
    reader.execute("COMMIT")
    assert stored.lake.tail(reader, 0).position == stored.position


def test_a_lake_of_a_later_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(msgspec.json.encode(Manifest(format=2)))
    with pytest.raises(LakeTooNew, match="format 2; this version of Omtanke reads up to 1"):
        Lake(tmp_path).manifest()


def test_flush_reads_from_a_connection_that_cannot_write(stored: Stored) -> None:
    reader: sqlite3.Connection = connect(stored.folder / "log.db", read_only=True)
    assert stored.lake.flush(reader) == stored.position


def test_orders_with_a_promise_keep_what_was_stated(stored: Stored) -> None:
    story = stored.story()
    story.tell("2026-10-05 10:00", "Order Completed", **order("Z", "2026-10-09"))
    stored.add(story.facts)
    stored.lake.flush(stored.log)
    stated = rows_of(stored.lake, "order_completed")[-1]["stated"]
    assert [(one["kind"], one["until_at"]) for one in stated] == [("delivery", datetime(2026, 10, 9, 22, 0, tzinfo=UTC))]  # type: ignore[attr-defined]


def test_arrow_does_without_numpy_and_pandas_where_it_is_told_to() -> None:
    said = "import sys; from omtanke.storage.arrow_alone import leave_alone; leave_alone(); import omtanke.processes.lake, pyarrow as pa; "
    said += "assert pa.array([b'1', None], pa.binary()).null_count == 1; assert not {'numpy', 'pandas'} & sys.modules.keys()"
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
