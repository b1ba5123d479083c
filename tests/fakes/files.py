"""Files of a shop, read by another process.

A process that closes a file drops every lock it holds on it, also those of its open databases (SQLite, "How To Corrupt An SQLite
Database File", 2.2); the next process to close the database then takes itself for the last and deletes what was written ahead.
"""

from __future__ import annotations

import subprocess
from pathlib import Path


def copied(folder: Path, to: Path) -> Path:
    """A copy of a folder."""
    subprocess.run(["cp", "-R", str(folder), str(to)], check=True)
    return to


def bytes_of(path: Path) -> bytes:
    """What stands in a file."""
    return subprocess.run(["cat", str(path)], check=True, capture_output=True).stdout
