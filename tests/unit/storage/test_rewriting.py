"""What has been deleted leaves no copy in the gaps of pages that were split while it was there."""

from __future__ import annotations

import random
from pathlib import Path

from omtanke.storage.databases import open_database
from omtanke.storage.other_stores import OtherStores
from omtanke.storage.sql_log import SqlLog

CUSTOMERS, WORDS, GOING = 6_000, 40_000, 300


def word_of(customer: int, chance: random.Random) -> str:
    return f"name{customer}name" + chance.randbytes(chance.randrange(20, 100)).hex()


def traces(path: Path, customers: list[int]) -> list[int]:
    data = path.read_bytes()
    return [customer for customer in customers if f"name{customer}name".encode() in data]


def test_rewritten_database_holds_no_copy_of_what_left(tmp_path: Path) -> None:
    log, stores, chance = SqlLog(open_database(tmp_path, "log")), OtherStores(tmp_path, lambda fact_id, position: ""), random.Random(1)
    db = log.connection
    db.execute("PRAGMA synchronous = OFF")
    db.execute("BEGIN")
    words = ((customer := chance.randrange(CUSTOMERS), word_of(customer, chance)) for _ in range(WORDS))
    db.executemany("INSERT INTO name_word (customer, word) VALUES (?, ?)", words)
    db.execute("COMMIT")
    going = chance.sample(range(CUSTOMERS), GOING)
    db.executemany("DELETE FROM name_word WHERE customer = ?", ((customer,) for customer in going))
    assert stores.fold_in("log")
    assert traces(tmp_path / "log.db", going)  # what this is about: deleting alone leaves some
    assert stores.rewrite("log")
    assert stores.fold_in("log")
    assert traces(tmp_path / "log.db", going) == []
    assert traces(tmp_path / "log.db-wal", going) == []
    log.close()


def test_database_that_somebody_writes_is_rewritten_later(tmp_path: Path) -> None:
    log, stores = SqlLog(open_database(tmp_path, "log")), OtherStores(tmp_path, lambda fact_id, position: "")
    assert stores.fold_in("log")
    log.begin()
    assert not stores.rewrite("log")
    log.abandon()
    assert stores.rewrite("log")
    assert stores.rewrite("not there")
    log.close()
