"""The calendar of capacity is found by an index, also in a log that was written before there was one."""

from __future__ import annotations

import sqlite3

import pytest

from omtanke.storage.capacity import SQL
from omtanke.storage.statements import script


@pytest.mark.parametrize("name", SQL)
def test_no_other_fact_is_looked_at(name: str) -> None:
    db = sqlite3.connect(":memory:")
    db.executescript(script("log/schema.sql"))
    steps = [row[-1] for row in db.execute(f"EXPLAIN QUERY PLAN {SQL[name]}")]
    assert "fact_of_capacity" in steps[0] and not any("SCAN" in step for step in steps)
    db.close()
