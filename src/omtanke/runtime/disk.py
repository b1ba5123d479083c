"""Room on the disk: who takes something in stops before SQLite fails, and goes on by itself once there is room again."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from shutil import disk_usage

MEGABYTE = 1_000_000
LOOK_SECONDS = 0.5
# What has been taken in is worked on until half of the reserve is left: facts take room too, and are made of what leaves the inbox.
WORKED_TO = 2


class AlmostFull(sqlite3.OperationalError):
    """What SQLite would raise a little later, with half a transaction on the disk."""


class Disk:
    """The disk of a data folder, of which `reserve` bytes are kept free. Looks at most twice a second."""

    def __init__(self, data: Path, reserve_mb: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._data = data
        self._reserve = reserve_mb * MEGABYTE
        self._clock = clock
        self._looked_at = -LOOK_SECONDS
        self._free = 0

    @property
    def free(self) -> int:
        """Bytes that are free."""
        if self._clock() - self._looked_at >= LOOK_SECONDS:
            self._free, self._looked_at = disk_usage(self._data).free, self._clock()
        return self._free

    @property
    def may_take(self) -> bool:
        """Whether there is room to take something in."""
        return self.free >= self._reserve

    @property
    def may_work(self) -> bool:
        """Whether there is room to work on what has been taken in."""
        return self.free >= self._reserve // WORKED_TO

    @property
    def said(self) -> str:
        """How it stands, for whoever has to do something."""
        return f"the disk is almost full: {self.free // MEGABYTE} MB are free, and {self._reserve // MEGABYTE} MB are kept so"

    def require_room(self) -> None:
        """Raises AlmostFull."""
        if not self.may_take:
            raise AlmostFull(self.said)
