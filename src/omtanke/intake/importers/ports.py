"""What an importer asks of the inbox."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from omtanke.storage.ports import Accepted, Incoming, Waiting


class ImportInbox(Protocol):
    """The inbox as importers see it. Every write may be repeated; none needs another to be in the same transaction.

    The importer learns and lets wait before it reads back, and releases a row only after its messages
    are appended: it can be stopped anywhere and run again, and two imports at once miss nothing.
    """

    def append(self, source: int, messages: Sequence[Incoming], received_at: int) -> Accepted:
        """Messages become durable; those whose id the source has used before are counted as repeated."""

    def preview(self, source: int, messages: Sequence[Incoming]) -> Accepted:
        """What `append` would answer; nothing is written."""

    def learn(self, source: int, known: Mapping[str, str]) -> None:
        """Keep what later rows hang on: key to value. A key that is known already keeps its value."""

    def known(self, source: int, keys: Sequence[str]) -> dict[str, str]:
        """The values of those keys that are known."""

    def wait(self, source: int, rows: Sequence[Waiting]) -> None:
        """Keep rows until what they hang on has come; a row of the same family and name is replaced."""

    def waiting(self, source: int) -> Iterable[Waiting]:
        """Every row that waits."""

    def release(self, source: int, rows: Sequence[tuple[str, str]]) -> None:
        """Forget rows by (family, row); those that do not wait are passed over."""


Clock = Callable[[], int]
"""The present moment, UTC microseconds."""

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how much of it is done, how much there is; 0 when that is not known)."""


def silent(what: str, done: int, total: int) -> None:
    """A progress that says nothing."""
