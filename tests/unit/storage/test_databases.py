"""Where the databases of a shop stand."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from omtanke.storage.databases import open_database, read_database


@pytest.mark.parametrize("name", ["shop", "a shop?mode=rw", "50 % & #1", "butik för åtta"])
def test_folder_of_whatever_name_is_written_and_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    open_database(folder, "log").execute("CREATE TABLE said AS SELECT 7 AS number")
    assert read_database(folder, "log").execute("SELECT number FROM said").fetchone()[0] == 7


def test_new_database_opens_while_another_process_makes_it(tmp_path: Path) -> None:
    """The change to a write-ahead log needs the file for itself, and SQLite's own patience does not reach so far."""
    other = sqlite3.connect(tmp_path / "log.db", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE begun (one)")
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, other.rollback).start()
    assert open_database(tmp_path, "log").execute("PRAGMA journal_mode").fetchone()[0] == "wal"
