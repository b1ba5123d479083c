"""Where the databases of a shop stand: files of its data folder, or schemas of one PostgreSQL database.

PostgreSQL is named by a URL: in the environment (`OMTANKE_DATABASE`, which `--database` sets), else as `database` in `omtanke.toml`.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from omtanke.storage.database import Database
from omtanke.storage.sqlite import CACHE_KIB, connect

if TYPE_CHECKING:
    from omtanke.storage.postgres import PostgresDatabase

VARIABLE = "OMTANKE_DATABASE"
# What may hold something of a person, or looks at what does.
NAMES = ("log", "inbox", "door", "outbox", "staff")
# Secrets and mail are in them: nobody but the owner may read the file.
PRIVATE = ("outbox", "suggestions")
# These are small; and the pages read with a connection for each thread.
SMALL_CACHE_KIB = 2_048


def database_url(data: Path) -> str:
    """The PostgreSQL database of a folder; empty when its databases are files in it."""
    if url := os.environ.get(VARIABLE):
        return url
    try:
        return str(tomllib.loads((data / "omtanke.toml").read_text(encoding="utf-8")).get("database", ""))
    except (FileNotFoundError, tomllib.TOMLDecodeError):
        return ""  # what is wrong with the settings is said by whoever reads them


def _in_postgres(url: str, name: str, read_only: bool = False) -> PostgresDatabase:
    from omtanke.storage.postgres import PostgresDatabase

    return PostgresDatabase(url, name, read_only)


def open_database(data: Path, name: str) -> Database:
    """The database of that name in its newest format, made at first use."""
    if url := database_url(data):
        there = _in_postgres(url, name)
        there.migrate(name)
        return there
    path = data / f"{name}.db"
    if name in PRIVATE and not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    db = connect(path, cache_kib=SMALL_CACHE_KIB if name in PRIVATE else CACHE_KIB)
    if name == "door":
        db.execute("PRAGMA synchronous = NORMAL")  # a power failure may take the last second of a debugger's record
    db.migrate(name)
    return db


def open_present(data: Path, name: str) -> Database | None:
    """A database as it is, in whatever format; None when there is none of that name."""
    if not has_database(data, name):
        return None
    url = database_url(data)
    return _in_postgres(url, name) if url else connect(data / f"{name}.db")


def read_database(data: Path, name: str) -> Database:
    """The database of that name, to read. Raises one of FAILURES when there is none."""
    url = database_url(data)
    return _in_postgres(url, name, read_only=True) if url else connect(data / f"{name}.db", read_only=True, cache_kib=SMALL_CACHE_KIB)


def has_database(data: Path, name: str) -> bool:
    """Whether there is a database of that name."""
    if url := database_url(data):
        from omtanke.storage.postgres import has_schema

        return has_schema(url, name)
    return (data / f"{name}.db").exists()


def databases_of(data: Path) -> frozenset[str]:
    """The names of those that are there."""
    return frozenset(name for name in NAMES if has_database(data, name))


def size_of(data: Path, name: str) -> int:
    """How many bytes a database takes, with what was written ahead."""
    if url := database_url(data):
        from omtanke.storage.postgres import size_of_schema

        return size_of_schema(url, name)
    return sum(path.stat().st_size for path in data.glob(f"{name}.db*") if path.suffix in (".db", ".db-wal", ".db-shm"))


def make_room(data: Path, name: str) -> None:
    """Somebody else makes the tables of a database: Django those of the staff."""
    if url := database_url(data):
        from omtanke.storage.postgres import make_schema

        make_schema(url, name)
