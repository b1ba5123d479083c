"""The pulse of a process that turns in a loop."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pulse:
    """That a loop turns. `wrong`: what keeps it from its work, empty for nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock()
        self.wrong = ""

    def beat(self, wrong: str = "") -> None:
        """It has turned once more."""
        self._at, self.wrong = self._clock(), wrong

    @property
    def still_seconds(self) -> float:
        """How long it has not."""
        return self._clock() - self._at
