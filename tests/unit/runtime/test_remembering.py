"""What the worker has forgotten it looks up again: however little it remembers, it decides the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from omtanke.intake.calls import checked
from omtanke.intake.gathering import Sending
from omtanke.runtime import people
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.simulate.shop import Shop
from omtanke.storage.databases import open_database
from omtanke.storage.handed import Handing
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Incoming, Logged
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.storage.statements import files
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import moment_of, zone_named

BEGINS = datetime(2026, 10, 20, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=6)
KEYS = Keys(b"remembered" * 4)


def told() -> list[Incoming]:
    """The simulated shop's six days, as the door hands them over; what it would refuse comes all the same."""
    sending, handing, now = Sending("shop", Mode.LIVE, zone_named("Europe/Stockholm"), "SEK"), Handing("shop", KEYS), moment_of(ENDS)
    found = []
    for event in Shop(1, 300, BEGINS).advance(ENDS):
        try:
            found.append(checked(json.loads(event.wire), sending, now, handing))
        except Refused:
            found.append(Incoming(event.message_id, event.occurred_at, event.wire))
    return found


def facts_of(folder: Path) -> list[Logged]:
    """What follows of them, in small batches."""
    folder.mkdir()
    inbox, log = SqlInbox(open_database(folder, "inbox"), KEYS), SqlLog(open_database(folder, "log"))
    source = inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source
    inbox.append(source, told(), moment_of(ENDS))
    policy = (files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8")
    worker = Worker(inbox, log, KEYS, activate(log, policy, moment_of(ENDS)))
    while not worker.work(moment_of(ENDS), limit=100).was_idle:
        pass
    found = list(log.facts_from(0, 100_000))
    inbox.close()
    log.close()
    return found


def test_same_facts_follow_from_what_is_looked_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered = facts_of(tmp_path / "all")
    monkeypatch.setattr(people, "MOST_REMEMBERED", 20)
    monkeypatch.setattr(people, "MOST_KEYS", 20)
    assert facts_of(tmp_path / "little") == remembered
    assert len(remembered) > 500
