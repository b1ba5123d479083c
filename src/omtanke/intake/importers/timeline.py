"""Messages of many files in the order in which things happened."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from operator import itemgetter
from typing import IO, Any, Self

import msgspec

from omtanke.intake.importers.ports import Clock, ImportInbox, Progress
from omtanke.storage.ports import Accepted, Incoming

# Within one moment things happen in this order; what is not named stands between delivery and survey.
LIFE = (
    "Customer Identified",
    "Quote Given",
    "Order Completed",
    "Receipt Issued",
    "Order Line Recorded",
    "Payment Recorded",
    "Payment Approved",
    "Promise Stated",
    "Order Updated",
    "Order Shipped",
    "Shipment Updated",
    "Shipment Delayed",
    "Pickup Ready",
    "Shipment Delivered",
    "Pickup Collected",
    "Order Cancelled",
    "",
    "Survey Sent",
    "Survey Answered",
)
RANKS = {name: rank for rank, name in enumerate(LIFE)}
MOST_HELD = 300_000
BATCH = 5_000
LENGTH_BYTES = 4

encode: Callable[[Any], bytes] = msgspec.json.Encoder().encode

Entry = tuple[int, Incoming]


def rank_of(name: str) -> int:
    """The place of an event within one moment."""
    return RANKS.get(name, RANKS[""])


class Timeline:
    """Gathers messages in any order and gives them back by moment, then life order, then as they came.

    Beyond `most_held` they go to temporary files in sorted runs.
    """

    def __init__(self, most_held: int = MOST_HELD) -> None:
        self.count = 0
        self.first_at: int | None = None
        self.last_at: int | None = None
        self._most_held = most_held
        self._held: list[Entry] = []
        self._runs: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *about: object) -> None:
        for run in self._runs:
            run.close()

    def add(self, rank: int, message_id: str, moment: int, message: dict[str, Any]) -> None:
        """A message of the wire form that happened at `moment`."""
        self._held.append((moment * len(LIFE) + rank, Incoming(message_id, moment, encode(message))))
        self.count += 1
        if len(self._held) >= self._most_held:
            self._spill()

    def in_order(self) -> Iterator[Incoming]:
        """Every message once; the timeline is empty afterwards."""
        self._sort()
        if not self._runs:
            yield from map(itemgetter(1), self._held)
        else:
            yield from map(itemgetter(1), heapq.merge(*map(_entries, self._runs), self._held, key=itemgetter(0)))
        self._held = []

    def _sort(self) -> None:
        self._held.sort(key=itemgetter(0))
        if self._held:
            first, last = self._held[0][1].stamped_at, self._held[-1][1].stamped_at
            self.first_at = first if self.first_at is None else min(first, self.first_at)
            self.last_at = last if self.last_at is None else max(last, self.last_at)

    def _spill(self) -> None:
        self._sort()
        run = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the timeline)
        for entry in self._held:
            packed = msgspec.msgpack.encode(entry)
            run.write(len(packed).to_bytes(LENGTH_BYTES, "big") + packed)
        self._runs.append(run)
        self._held = []


def _entries(run: IO[bytes]) -> Iterator[Entry]:
    read = msgspec.msgpack.Decoder(Entry).decode
    run.seek(0)
    while length := run.read(LENGTH_BYTES):
        yield read(run.read(int.from_bytes(length, "big")))


def hand_over(timeline: Timeline, inbox: ImportInbox, source: int, clock: Clock, *, progress: Progress, dry_run: bool) -> Accepted:
    """Everything to the inbox in batches; on a dry run it only says what it would have answered."""
    new = repeated = done = 0
    messages = timeline.in_order()
    while batch := list(islice(messages, BATCH)):
        accepted = inbox.preview(source, batch) if dry_run else inbox.append(source, batch, clock())
        new += accepted.new
        repeated += accepted.repeated
        done += len(batch)
        progress("events", done, timeline.count)
    return Accepted(new, repeated)
