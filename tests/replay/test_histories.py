"""Recorded histories: what was decided then is decided now. A change that alters a past decision fails here.

A history (`histories/<name>.json`) says what it is about, holds the messages as their senders wrote them, and the facts
that came of them. When a decision is changed knowingly, record anew with `OMTANKE_RECORD=1` and read the difference.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.storage.keys import Keys
from omtanke.storage.memory import MemoryInbox, MemoryLog
from omtanke.storage.ports import Incoming, Logged
from omtanke.storage.statements import files
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import datetime_of, moment_of

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))
STOCKHOLM = ZoneInfo("Europe/Stockholm")
IMPORTED_AT = moment_of(datetime(2027, 1, 1, tzinfo=STOCKHOLM))
# What every fact of one kind says alike, or says of another fact already told.
UNTOLD = ("timestamp", "zone", "risk_at", "lapse_at", "exceeds_before", "statement")


def worked(history: dict[str, Any]) -> list[Logged]:
    """The log after the history's messages, each list of them a batch."""
    keys = Keys(b"histories" * 4)
    inbox, log = MemoryInbox(keys), MemoryLog()
    policy = (files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8")
    source = inbox.source("shop", Mode.HISTORY, "Europe/Stockholm", "SEK").source
    worker = Worker(inbox, log, keys, activate(log, policy, IMPORTED_AT))
    inbox.begin_telling(source, IMPORTED_AT)
    for number, batch in enumerate(history["batches"]):
        inbox.append(source, [Incoming(f"{number}/{n}", 0, msgspec.json.encode(message)) for n, message in enumerate(batch)], IMPORTED_AT)
        worker.work(IMPORTED_AT)
    inbox.rest(source, has_ended=True)
    while not worker.work(IMPORTED_AT).was_idle:
        pass
    return [logged for logged in log.facts if logged.fact.customer]


def told(logged: Logged) -> str:
    """A fact in one line: whose, when, what, why."""
    fact = logged.fact
    fields = {name: value for name, value in msgspec.to_builtins(fact.body).items() if name not in UNTOLD}
    said = ", ".join(f"{name} {shown(name, value)}" for name, value in fields.items())
    why = f" because {fact.reason}" if fact.reason else ""
    return f"{fact.customer} · {clock(fact.now)} · {fact.type}{why}: {said}"


def shown(name: str, value: Any) -> str:
    if name in ("promise", "follows", "incident"):
        return "named" if value else "none"
    return clock(value) if name.endswith("_at") and value else json.dumps(value, ensure_ascii=False)


def clock(moment: int) -> str:
    return f"{datetime_of(moment, STOCKHOLM):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("path", HISTORIES, ids=[path.stem for path in HISTORIES])
def test_history_is_decided_as_it_was_recorded(path: Path) -> None:
    history = json.loads(path.read_text(encoding="utf-8"))
    facts = [told(logged) for logged in worked(history)]
    if os.environ.get("OMTANKE_RECORD"):
        path.write_text(json.dumps({**history, "facts": facts}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert facts == history.get("facts")
