"""What is left of an erasure after the log has forgotten: what the door still had in its hand, and write-ahead logs. Then it is done."""

from __future__ import annotations

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


class Stores(Protocol):
    """What still has to be gone through."""

    def forget_calls(self, mentions: Recognising, facts: Set[bytes]) -> int: ...
    def fold_in(self) -> bool: ...


class Rest:
    """Finishes erasures, a moment after the log has forgotten; a moment's work at a time, so that nobody waits. `clock`: the wall clock's."""

    def __init__(self, erasures: Erasures, stores: Stores, key_of: KeyOf, clock: Callable[[], int]) -> None:
        self._erasures = erasures
        self._stores = stores
        self._key_of = key_of
        self._clock = clock
        self._looked_at = 0
        self._seen: dict[int, int] = {}

    def look(self) -> bool:
        """Do what can be done now, once a second; whether nothing is left."""
        running, now = self._erasures.running(), self._clock()
        self._seen = {one.erasure: self._seen.get(one.erasure, now) for one in running}
        ripe = [one for one in running if now - self._seen[one.erasure] >= DOOR_SPAN]
        if ripe and now - self._looked_at >= LOOK_SPAN:
            self._looked_at = now
            self._finish(ripe, now)
        return not self._seen

    def _finish(self, ripe: list[Erasure], now: int) -> None:
        facts = frozenset().union(*(self._erasures.facts(one.erasure) for one in ripe))
        keys = frozenset(key for one in ripe for key in one.keys)
        self._stores.forget_calls(Mentions(self._key_of, keys), facts)
        if self._stores.fold_in():
            self._erasures.finish([ended(one, now) for one in ripe])
            self._stores.fold_in()
            for one in ripe:
                del self._seen[one.erasure]


def ended(one: Erasure, now: int) -> Erasure:
    """As it stands from now on: done, but for what nobody can take out of facts."""
    return replace(one, status="partly_done" if one.receipt.codes else "done", done_at=now)
