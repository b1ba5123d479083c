"""DuckDB, which brings in nothing from outside."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import TypeVar

import duckdb

THREADS = 2
MEMORY = "1GB"
SETTINGS: dict[str, str | int | float | list[str]] = {
    "threads": THREADS,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
    "temp_directory": str(Path(gettempdir()) / f"omtanke-spill-{os.getuid()}"),
}

T = TypeVar("T")


def firmly(do: Callable[[int], T]) -> T:
    """Do it with so many threads; with one, where DuckDB trips over itself. Its joins that carry dictionaries on (2.0.0) end with an internal
    error on some data when threads share them."""
    try:
        return do(THREADS)
    except duckdb.InternalException:
        return do(1)


def open_database(memory: str = MEMORY, threads: int = THREADS) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that brings in nothing from outside."""
    connection = duckdb.connect(config={**SETTINGS, "memory_limit": memory, "threads": threads})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def open_file(path: Path, memory: str) -> duckdb.DuckDBPyConnection:
    """A DuckDB in a file that is only read."""
    connection = duckdb.connect(str(path), read_only=True, config={**SETTINGS, "memory_limit": memory})
    connection.execute("SET TimeZone = 'UTC'")
    return connection
