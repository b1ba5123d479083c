"""What the door hands over: the worker makes of it what it would have made of the wire."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from omtanke.engine.policy import read_policy
from omtanke.intake.calls import read_calls
from omtanke.intake.gathering import Sending
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.simulate.shop import Shop
from omtanke.storage import handed
from omtanke.storage.databases import open_database
from omtanke.storage.handed import Handing, Places, read_handed
from omtanke.storage.keys import Keys
from omtanke.storage.memory import MemoryInbox, MemoryLog
from omtanke.storage.ports import Incoming, Logged
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.statements import files, script
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.reading import read_message
from omtanke.vocabulary.time import moment_of

BEGINS = datetime(2026, 10, 20, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=10)
SENDING = Sending("shop", Mode.LIVE, ZoneInfo("Europe/Stockholm"), "SEK")
KEYS = Keys(b"handed on" * 4)


@cache
def messages() -> list[Incoming]:
    """What the door makes of the simulated shop's events."""
    batch = [msgspec.json.decode(event.wire) for event in Shop(1, 400, BEGINS).advance(ENDS)]
    return read_calls("batch", {"batch": batch}, SENDING, lambda: moment_of(ENDS), KEYS).taken


def worked(incoming: list[Incoming]) -> MemoryLog:
    inbox, log = MemoryInbox(KEYS), MemoryLog()
    source = inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK")
    inbox.append(source.source, incoming, moment_of(ENDS))
    policy = (files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8")
    assert read_policy(policy, 1).version == 1
    worker = Worker(inbox, log, KEYS, activate(log, policy, moment_of(ENDS)))
    while not worker.work(moment_of(ENDS)).was_idle:
        pass
    return log


def test_same_facts_follow_as_from_the_wire() -> None:
    by_hand, by_wire = worked(messages()), worked([Incoming(one.message_id, one.stamped_at, one.wire) for one in messages()])
    assert len([one for one in messages() if one.handed]) > 0.99 * len(messages()) > 1_000
    assert list(map(plain, by_hand.facts)) == list(map(plain, by_wire.facts))


def plain(logged: Logged) -> tuple[object, ...]:
    return (logged.position, logged.fact, dict(logged.personal or {}))


def test_body_of_another_shape_is_read_from_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handed, "shape", lambda type_: b"tomorrow")
    assert {read_handed(one.handed) for one in messages() if one.handed} == {None}
    assert len(worked(messages()).facts) > len(messages())


def test_what_was_handed_on_in_another_form_is_read_from_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    of_before = messages()
    assert {one.handed[:1] for one in of_before if one.handed} == {handed.FORM}
    monkeypatch.setattr(handed, "FORM", b"\x03")
    assert {read_handed(one.handed) for one in of_before if one.handed} == {None}


def test_what_is_reckoned_from_the_receipt_is_not_handed_over() -> None:
    message = {"type": "track", "event": "Rights Requested", "userId": "ebba", "messageId": "1", "properties": {"right": "access"}}
    understood = read_message(message, moment_of(ENDS), SENDING.zone, "SEK", Places().refer)
    assert Handing("shop", KEYS).hand_over(understood) == b""


def test_inbox_of_before_is_read_from_its_wires(tmp_path: Path) -> None:
    path = tmp_path / "inbox.db"
    with sqlite3.connect(path) as before:
        before.executescript(script("inbox/format_1.sql") + "PRAGMA user_version = 1;")
        before.execute("INSERT INTO entry (source, fact_id, received_at, stamped_at, wire) VALUES (1, x'01', 2, 3, x'7b7d')")
    inbox = SqlInbox(open_database(tmp_path, "inbox"), KEYS)
    (entry,) = inbox.read(0, 10)
    inbox.close()
    assert (entry.wire, entry.handed) == (b"{}", b"")
