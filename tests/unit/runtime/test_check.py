"""A check names what somebody has changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from fakes.shop import Shop, sqlite_shop
from omtanke.bootstrap import check_folder
from omtanke.folder import Folder
from omtanke.processes.worker import open_worker
from omtanke.storage.ports import Incoming
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import DAY

NOON = 1_800_000_000_000_000
WIRES = (
    b'{"type":"track","event":"Order Completed","userId":"u","timestamp":"2026-11-17T18:04:00+01:00",'
    b'"properties":{"order_id":"1","promises":[{"kind":"delivery","until":"2026-11-20"}]}}',
    b'{"type":"track","event":"Shipment Delivered","timestamp":"2026-11-25T10:00:00+01:00","properties":{"order_id":"1"}}',
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one broken promise, met late."""
    folder = Folder(tmp_path)
    inbox = folder.inbox()
    source = inbox.source("export", Mode.HISTORY, "Europe/Stockholm", "SEK").source
    inbox.append(source, [Incoming(str(n), 0, wire) for n, wire in enumerate(WIRES)], NOON)
    worker, _ = open_worker(folder)
    while not worker.work(NOON).was_idle:
        pass
    return tmp_path


def found(data: Path) -> list[str]:
    *_, checked = check_folder(data)
    return [one.what for one in checked.differences]


def test_untouched_log_is_clean(data: Path) -> None:
    assert found(data) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE fact SET reason = 'time_near' WHERE type = 'promise_broken'", "and promise_broken (no_evidence) would be decided"),
        ("DELETE FROM fact WHERE type = 'promise_met_late'", "promise_met_late (met_after_window) would be decided, and is not on record"),
        ("DELETE FROM fact WHERE type = 'wake_reached' AND now = (SELECT max(now) FROM fact WHERE type = 'wake_reached')", "is not on record"),
        ("UPDATE promise SET met_at = 0", "the promises shown on pages differ from the facts"),
        ("UPDATE snapshot SET next_wake_at = 5", "the wake that is stored is not the one asked for"),
        ("UPDATE snapshot SET state = (SELECT state FROM snapshot WHERE 0) WHERE 0", ""),
    ],
)
def test_change_is_named(data: Path, change: str, what: str) -> None:
    connection = sqlite3.connect(data / "log.db")
    connection.execute(change)
    connection.commit()
    connection.close()
    differences = found(data)
    assert any(what in one for one in differences) if what else differences == [], differences


def test_same_id_said_to_two_customers_is_two_promises(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    inbox = folder.inbox()
    source = inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source
    stated = b'{"type":"track","event":"Promise Stated","%s":"%s","properties":{"promise_id":"p","kind":"reply","until":"2099-01-01"}}'
    wires = [stated % (b"anonymousId", b"device"), stated % (b"userId", b"u")]
    inbox.append(source, [Incoming(str(n), 0, wire) for n, wire in enumerate(wires)], NOON)
    worker, _ = open_worker(folder)
    worker.work(NOON)
    promises = folder.log().connection.execute("SELECT count(*), count(DISTINCT customer) FROM promise").fetchone()
    assert (promises, found(tmp_path)) == ((2, 2), [])


LOW = {"type": "track", "event": "Survey Answered", "messageId": "low", "userId": "maja", "properties": {"survey_id": "s", "score": 1}}


@pytest.mark.parametrize(
    "change",
    ["UPDATE task SET done_at = 5, outcome = 'told'", "UPDATE task SET assignee = 9", "UPDATE task SET unit = 'logistics'", "DELETE FROM task"],
)
def test_changed_task_is_named(tmp_path: Path, change: str) -> None:
    shop = sqlite_shop(tmp_path)
    shop.hear([LOW])
    shop.work()
    assert shop.check().is_clean
    assert isinstance(shop.log, SqlLog)
    shop.log.connection.execute(change)
    assert [one.what for one in shop.check().differences] == ["the tasks shown on pages differ from the facts"]


def as_of_an_older_engine(shop: Shop) -> None:
    """What is on record was decided by the engine before, which asked nobody and woke nobody for it, and kept other states."""
    assert isinstance(shop.log, SqlLog)
    shop.log.connection.execute("UPDATE fact SET engine_version = engine_version - 1 WHERE kind = 1")
    shop.log.connection.execute("UPDATE snapshot SET schema_hash = x'00', next_wake_at = NULL")
    shop.restart()


def test_what_an_older_engine_decided_is_not_compared_and_what_follows_is(tmp_path: Path) -> None:
    shop = sqlite_shop(tmp_path)
    order = {"order_id": "1", "promises": [{"kind": "delivery", "until": "2026-12-10"}]}
    shop.hear([{"type": "track", "event": "Store Visited", "messageId": "0", "userId": "maja", "properties": {"store_id": "s"}}])
    shop.hear([{"type": "track", "event": "Order Completed", "messageId": "1", "userId": "maja", "properties": order}])
    shop.work()
    as_of_an_older_engine(shop)
    before = shop.check()
    assert (before.is_clean, before.decided, before.other_engines) == (True, 0, len(shop.decided()))
    shop.wait(2 * DAY)
    shop.hear([{"type": "track", "event": "Shipment Delivered", "messageId": "2", "userId": "maja", "properties": {"order_id": "1"}}])
    shop.work()
    shop.wait(DAY)
    shop.work()
    after = shop.check()
    assert (after.is_clean, after.other_engines) == (True, before.other_engines), after.differences
    assert (after.decided > 0, "promise_exceeded" in shop.decided()) == (True, True)


def test_change_after_an_older_engine_is_named(tmp_path: Path) -> None:
    shop = sqlite_shop(tmp_path)
    shop.hear([LOW])
    shop.work()
    as_of_an_older_engine(shop)
    shop.hear([LOW | {"messageId": "again", "userId": "moa"}])
    shop.work()
    assert shop.check().is_clean
    assert isinstance(shop.log, SqlLog)
    shop.log.connection.execute("UPDATE fact SET reason = 'promise_broken' WHERE position = (SELECT max(position) FROM fact)")
    assert [one.what for one in shop.check().differences] == ["task_assigned (promise_broken) is on record, and task_assigned (low_answer) would be decided"]
