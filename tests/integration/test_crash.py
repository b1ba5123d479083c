"""The worker and the importer are killed at random; nothing is missing, doubled or decided otherwise."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from datetime import datetime
from itertools import islice
from pathlib import Path

import duckdb
import pytest

from omtanke.folder import Folder
from omtanke.insight.relations import create_relations, look, open_database
from omtanke.simulate.sending import incoming_history
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode
from tests.integration.conftest import SOAK, checked, started

UNTIL = datetime.fromisoformat("2026-11-01T12:00:00+01:00")
SOURCE = "the-past"
KILLS = 200 if SOAK else 30
# Between two kills so many messages more come in.
PIECE = 1_400


def seeded() -> random.Random:
    seed = int(os.environ.get("OMTANKE_SEED", time.time_ns() % 10**9))
    print(f"seed {seed}; OMTANKE_SEED={seed} repeats the moments, as far as the machine allows")
    return random.Random(seed)


def observed(data: Path) -> Counter[bytes]:
    """The facts that came in as messages, by id."""
    log = Folder(data).log()
    rows = log.connection.execute("SELECT fact_id FROM fact WHERE source > 0 AND kind = 0 AND type <> 'customers_linked'")
    return Counter(row[0] for row in rows)


def assert_whole(data: Path, messages: list[Incoming], source: str) -> None:
    """Every message is one fact, the check is clean, and lake with tail is the log."""
    keys = Folder(data).keys
    expected = {keys.fact_id(source, message.message_id) for message in messages}
    found = observed(data)
    told = {fact_id: times for fact_id, times in found.items() if fact_id in expected}
    refused = {row[0] for row in Folder(data).log().connection.execute("SELECT fact_id FROM quarantine")}
    assert set(told) == expected - refused
    assert set(found.values()) == {1}
    result = checked(data)
    assert result.is_clean, result.differences[:5]
    assert facts_by_type_in_lake(data) == facts_by_type_in_log(data)


def facts_by_type_in_log(data: Path) -> dict[str, tuple[int, int]]:
    rows = Folder(data).log().connection.execute("SELECT type, count(*), sum(position) FROM fact GROUP BY type")
    return {type_: (count, total) for type_, count, total in rows}


def facts_by_type_in_lake(data: Path) -> dict[str, tuple[int, int]]:
    """What questions see: lake and tail together."""
    types = facts_by_type_in_log(data)
    with open_database() as connection:
        create_relations(connection, look(data), set(types))
        return {type_: counted(connection, type_) for type_ in types}


def counted(connection: duckdb.DuckDBPyConnection, type_: str) -> tuple[int, int]:
    row = connection.sql(f'SELECT count(*), sum(position) FROM "{type_}"').fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


@pytest.mark.timeout(1200)
def test_worker_killed_at_random_moments_loses_and_doubles_nothing(tmp_path: Path) -> None:
    dice = seeded()
    inbox = Folder(tmp_path).inbox()
    source = inbox.source(SOURCE, Mode.HISTORY, "Europe/Stockholm", "SEK").source
    inbox.begin_telling(source, time.time_ns() // 1000)
    coming = incoming_history(7, UNTIL, customers=KILLS * 80)
    messages: list[Incoming] = []
    kills_at_work = 0
    for _ in range(KILLS):
        piece = list(islice(coming, PIECE))
        messages += piece
        inbox.append(source, piece, time.time_ns() // 1000)
        worker = started("run", "worker", "--data", tmp_path)
        time.sleep(dice.uniform(0.2, 0.9))
        worker.kill()
        worker.wait()
        kills_at_work += Folder(tmp_path).log().consumed() < inbox.last_entry()
    inbox.rest(source, has_ended=True)
    assert started("run", "worker", "--data", tmp_path, "--until-idle").wait(timeout=120) == 0
    assert kills_at_work >= KILLS // 3, "the worker was mostly idle when it was killed; nothing is shown"
    assert len(messages) == KILLS * PIECE
    assert_whole(tmp_path, messages, SOURCE)
    assert Folder(tmp_path).log().consumed() == inbox.last_entry()


def kill_worker_of(data: Path) -> None:
    """The worker that the killed command has left behind."""
    lock = data / "worker.lock"
    text = lock.read_text() if lock.exists() else ""
    if text:
        try:
            os.kill(int(text), signal.SIGKILL)
        except ProcessLookupError:
            return


def test_import_killed_and_resumed_is_as_if_nothing_had_been(tmp_path: Path) -> None:
    dice = seeded()
    for _ in range(8 if SOAK else 4):
        importing = started("demo", "--no-serve", "--customers", "600", "--data", tmp_path, stderr=-3)
        time.sleep(dice.uniform(0.3, 1.2))
        importing.kill()
        importing.wait()
        if dice.random() < 0.7:
            kill_worker_of(tmp_path)
    assert started("demo", "--no-serve", "--customers", "600", "--data", tmp_path, stderr=-3).wait(timeout=120) == 0
    until, customers, seed = (tmp_path / "demo.txt").read_text().split()
    messages = list(incoming_history(int(seed), datetime.fromisoformat(until), customers=int(customers)))
    assert_whole(tmp_path, messages, "demo-shop")
