"""The log that is looked at."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from omtanke.storage.database import Database
from omtanke.storage.databases import has_database, read_database
from omtanke.storage.statements import statements

SQL = statements("lake/statements.sql")


class NoStore(FileNotFoundError):
    """There is no log in the data folder."""


def open_log(data: Path) -> Database:
    """The log of a data folder, to read."""
    if not has_database(data, "log"):
        raise NoStore(f"{data / 'log.db'} is not there: --data names no data folder, or nothing has been imported or received yet")
    return read_database(data, "log")


def last_position(data: Path) -> int:
    """How far the log has come."""
    with closing(open_log(data)) as log:
        return int(log.execute(SQL["last_position"]).fetchone()[0])
