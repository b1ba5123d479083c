"""The calendar of capacity is found by an index, also in a log that was written before there was one."""

from __future__ import annotations

import sqlite3

import pytest

from omtanke.storage.capacity import SQL
from omtanke.storage.statements import script

FOUND_BY = {
    "capacity_told": ["fact_of_capacity", "PRIMARY KEY"],
    "capacity_last": ["fact_of_capacity"],
    "deliveries_owed": ["promise_by_status", "INTEGER PRIMARY KEY"],
    "shipments_of_owed": ["promise_by_status", "fact_of_shipment"],
}


@pytest.mark.parametrize("name", SQL)
def test_nothing_is_looked_at_but_what_is_asked_for(name: str) -> None:
    db = sqlite3.connect(":memory:")
    db.executescript(script("log/schema.sql"))
    steps = [row[-1] for row in db.execute(f"EXPLAIN QUERY PLAN {SQL[name]}", {"now": 1, "told": 1} if ":now" in SQL[name] else {})]
    assert [wanted in step and step.startswith("SEARCH") for wanted, step in zip(FOUND_BY[name], steps, strict=True)] == [True] * len(steps), steps
    db.close()
