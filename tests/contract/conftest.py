"""Every store under its contract: in memory and in SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from omtanke.storage.keys import Keys
from omtanke.storage.memory import MemoryInbox, MemoryLog
from omtanke.storage.ports import Inbox, Log
from omtanke.storage.sqlite_inbox import SqliteInbox
from omtanke.storage.sqlite_log import SqliteLog

KEYS = Keys(b"contract" * 4)


@pytest.fixture(params=["memory", "sqlite"])
def inbox(request: pytest.FixtureRequest, tmp_path: Path) -> Inbox:
    return MemoryInbox(KEYS) if request.param == "memory" else SqliteInbox(tmp_path / "inbox.db", KEYS)


@pytest.fixture(params=["memory", "sqlite"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Log:
    return MemoryLog() if request.param == "memory" else SqliteLog(tmp_path / "log.db")
