"""What time it is for pages."""

from __future__ import annotations

from collections.abc import Callable

from omtanke.runtime.clock import store_clock
from omtanke.runtime.working import wall_clock
from omtanke.storage.pages import Pages
from omtanke.vocabulary.time import DAY


class Clock:
    """A fixed moment when one was given; the wall clock when the store has a live source; else the store's own clock.

    A data set that has ended stands at its last fact, so that nothing in it seems forgotten.
    """

    def __init__(self, pages: Pages, as_of: int | None = None, clock: Callable[[], int] = wall_clock) -> None:
        self._pages = pages
        self._as_of = as_of
        self._clock = clock

    def now(self) -> int:
        """UTC microseconds."""
        if self._as_of is not None:
            return self._as_of
        now = self._clock()
        return store_clock(self._pages.sources(), self._pages.meta().get("clock", 0) or now, now)


def is_long_ago(moment: int) -> bool:
    """Whether the moment is so far from the reader's own day that its year has to be said."""
    return abs(wall_clock() - moment) > 180 * DAY
