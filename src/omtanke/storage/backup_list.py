"""The list of back-ups that a data folder knows of (`backups.json`): where, when made, and when they go."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from omtanke.storage.erasing import Backup

NAME = "backups.json"


def read_backups(data: Path) -> list[Backup]:
    """Those on the list, the first first."""
    try:
        return msgspec.json.decode((data / NAME).read_bytes(), type=list[Backup])
    except FileNotFoundError:
        return []


def list_backups(data: Path, backups: Iterable[Backup]) -> None:
    """The list as it is from now on; replaced as a whole."""
    new = data / f"{NAME}.new"
    with new.open("wb") as file:
        file.write(msgspec.json.encode(sorted(backups, key=lambda one: one.made_at)))
        file.flush()
        os.fsync(file.fileno())
    new.rename(data / NAME)
