"""Every store under its contract: in memory, in SQLite and in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from omtanke.storage.databases import open_database
from omtanke.storage.keys import Keys
from omtanke.storage.memory import MemoryInbox, MemoryLog
from omtanke.storage.ports import Inbox, Log
from omtanke.storage.postgres import PostgresDatabase
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog

KEYS = Keys(b"contract" * 4)
STORES = ("memory", "sqlite", "postgres")


def in_postgres(request: pytest.FixtureRequest, name: str) -> PostgresDatabase:
    database = PostgresDatabase(request.getfixturevalue("database_url"), name)
    database.migrate(name)
    request.addfinalizer(database.close)
    return database


@pytest.fixture(params=STORES)
def inbox(request: pytest.FixtureRequest, tmp_path: Path) -> Inbox:
    match request.param:
        case "memory":
            return MemoryInbox(KEYS)
        case "sqlite":
            return SqlInbox(open_database(tmp_path, "inbox"), KEYS)
    return SqlInbox(in_postgres(request, "inbox"), KEYS)


@pytest.fixture(params=STORES)
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Log:
    match request.param:
        case "memory":
            return MemoryLog()
        case "sqlite":
            return SqlLog(open_database(tmp_path, "log"))
    return SqlLog(in_postgres(request, "log"))
