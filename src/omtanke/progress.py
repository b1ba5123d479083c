"""One line on a terminal that says how far a long command has come."""

from __future__ import annotations

import sys
import time
from typing import Self

EVERY_SECONDS = 0.1
EVERY_SECONDS_IN_FILE = 5.0


class ProgressLine:
    """Told (what is being done, how much of it, of how much; 0: not known). On a terminal one line, else now and then one."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._every = EVERY_SECONDS if self._is_terminal else EVERY_SECONDS_IN_FILE
        self._began = time.monotonic()
        self._shown_at = 0.0
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *about: object) -> None:
        if self._is_terminal and self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._shown_at < self._every:
            return
        self._shown_at = now
        share = f"{done:,} of {total:,}" if total else f"{done:,}"
        line = f"{what}: {share} ({now - self._began:.0f} s)"
        if self._is_terminal:
            sys.stderr.write("\r" + line.ljust(self._width))
            self._width = max(self._width, len(line))
        else:
            sys.stderr.write(line + "\n")
        sys.stderr.flush()
