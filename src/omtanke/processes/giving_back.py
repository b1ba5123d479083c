"""Giving back to the machine what a process needs no longer."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable

EVERY_SECONDS = 5.0


class GivingBack:
    """Now and then memory that large batches have left in gaps goes back. The C library alone keeps what lies below anything that is still
    held: of a worker that had made half a million facts that was 18 of 131 MB. Where there is no such call (musl), nothing is done."""

    def __init__(self) -> None:
        self._trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
        self._at = time.monotonic()

    def look(self) -> None:
        """Give back if it is time to."""
        if self._trim and time.monotonic() - self._at >= EVERY_SECONDS:
            self._trim(0)
            self._at = time.monotonic()
