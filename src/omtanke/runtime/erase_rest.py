"""What is left of an erasure after the log has forgotten: what the door still had in its hand, and write-ahead logs. Then it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Set
from typing import Protocol

from msgspec.structs import replace

from omtanke.runtime.mentions import KeyOf, Mentions
from omtanke.storage.erasing import Erasure, Erasures
from omtanke.storage.other_stores import Recognising
from omtanke.vocabulary.time import SECOND

# The door writes its record down twice a second.
DOOR_SPAN = 2 * SECOND
LOOK_SPAN = SECOND
REST_FACTOR = 50


class Stores(Protocol):
    """What still has to be gone through."""

    def databases(self) -> frozenset[str]: ...
    def forget_calls(self, mentions: Recognising, facts: Set[bytes]) -> int: ...
    def rewrite(self, database: str) -> bool: ...
    def fold_in(self, database: str) -> bool: ...


class Rest:
    """Finishes erasures, a moment after the log has forgotten; a moment's work at a time, so that nobody waits. `clock`: the wall clock's.

    Those that are ripe at the same time are finished together: the door's record is gone through once, each database is copied into fresh pages,
    then each write-ahead log has to have been empty once, which a reader may delay. The copying takes at most a fiftieth of the time: the larger a
    store, the longer the next ones wait.
    """

    def __init__(self, erasures: Erasures, stores: Stores, key_of: KeyOf, clock: Callable[[], int]) -> None:
        self._erasures = erasures
        self._stores = stores
        self._key_of = key_of
        self._clock = clock
        self._looked_at = 0
        self._seen: dict[int, int] = {}
        self._finishing: list[Erasure] = []
        self._unwritten: frozenset[str] = frozenset()
        self._unfolded: frozenset[str] = frozenset()
        self._rests_until = 0.0

    def look(self) -> bool:
        """Do what can be done now, once a second; whether nothing is left."""
        running, now = self._erasures.running(), self._clock()
        self._seen = {one.erasure: self._seen.get(one.erasure, now) for one in running}
        if running and now - self._looked_at >= LOOK_SPAN:
            self._looked_at = now
            if not self._finishing and time.monotonic() >= self._rests_until:
                self._begin([one for one in running if now - self._seen[one.erasure] >= DOOR_SPAN])
            self._go_on(now)
        return not self._seen

    def _begin(self, ripe: list[Erasure]) -> None:
        if ripe:
            facts = frozenset().union(*(self._erasures.facts(one.erasure) for one in ripe))
            keys = frozenset(key for one in ripe for key in one.keys)
            self._stores.forget_calls(Mentions(self._key_of, keys), facts)
            self._finishing, self._unwritten, self._unfolded = ripe, self._stores.databases(), self._stores.databases()

    def _go_on(self, now: int) -> None:
        began_at = time.monotonic()
        self._unwritten = frozenset(name for name in self._unwritten if not self._stores.rewrite(name))
        self._rests_until = max(self._rests_until, began_at + REST_FACTOR * (time.monotonic() - began_at))
        if not self._unwritten:
            self._unfolded = frozenset(name for name in self._unfolded if not self._stores.fold_in(name))
        if self._finishing and not self._unwritten and not self._unfolded:
            self._erasures.finish([ended(one, now) for one in self._finishing])
            for one in self._finishing:
                self._seen.pop(one.erasure, None)
            self._finishing = []


def ended(one: Erasure, now: int) -> Erasure:
    """As it stands from now on: done, but for what nobody can take out of facts."""
    return replace(one, status="partly_done" if one.receipt.codes else "done", done_at=now)
