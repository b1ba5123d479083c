"""What one sender may ask of the door, so that nobody else feels it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from omtanke.intake.http import Problem
from omtanke.vocabulary.time import SECOND

MOST_UNDER_WAY = 1_000
MOST_OF_ONE_KEY = 250
BUSY_RETRY_SECONDS = 1
MOST_BUCKETS = 10_000


class Bucket:
    """Tokens that come back with time. A call is let in while any are left, and may take more than there are."""

    __slots__ = ("left", "at")

    def __init__(self, left: float, at: int) -> None:
        self.left = left
        self.at = at


class Limits:
    """Events a second for each write key, and calls under way for each key and for all.

    `rate`: events a second in the long run. `burst`: how many at once.
    """

    def __init__(self, rate: int, burst: int, clock: Callable[[], int]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: dict[str, Bucket] = {}
        self._under_way: Counter[str] = Counter()
        self._all = 0

    def admit(self, key_id: str) -> None:
        """Raises Problem 429 with Retry-After while the key has sent more than it may."""
        bucket = self._filled(key_id)
        if bucket.left <= 0:
            wait = (1 - bucket.left) / self._rate
            raise Problem(429, f"This key sends more than {self._rate:,} events a second; slow down, or ask for a higher limit", retry_after=wait)

    def charge(self, key_id: str, events: int) -> None:
        """So many events have come."""
        self._filled(key_id).left -= events

    def _filled(self, key_id: str) -> Bucket:
        now = self._clock()
        bucket = self._buckets.get(key_id)
        if bucket is None:
            if len(self._buckets) >= MOST_BUCKETS:
                self._buckets.clear()
            bucket = self._buckets[key_id] = Bucket(self._burst, now)
        elif now > bucket.at:
            bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._rate / SECOND)
            bucket.at = now
        return bucket

    @contextmanager
    def under_way(self, key_id: str) -> Iterator[None]:
        """While a call is worked on. Raises Problem 503 when there are too many in all, 429 when this key alone has too many."""
        if self._all >= MOST_UNDER_WAY:
            raise Problem(503, "Too many calls at once; send it again", retry_after=BUSY_RETRY_SECONDS)
        if self._under_way[key_id] >= MOST_OF_ONE_KEY:
            raise Problem(429, f"This key has {MOST_OF_ONE_KEY} calls under way; wait for their answers", retry_after=BUSY_RETRY_SECONDS)
        self._under_way[key_id] += 1
        self._all += 1
        try:
            yield
        finally:
            self._all -= 1
            self._under_way[key_id] -= 1
            if not self._under_way[key_id]:
                del self._under_way[key_id]
