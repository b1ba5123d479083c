"""What the door keeps for itself in `door.db`: the last events of each write key, and API calls by their idempotency key.

The door hands events over in memory; a thread writes them in batches. Of a flood only the last ones are written, so
that the record costs the same whatever comes.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from omtanke.storage.database import FAILURES, writing
from omtanke.storage.databases import open_database, read_database
from omtanke.storage.keys import Keys
from omtanke.storage.statements import statements
from omtanke.vocabulary.time import DAY, HOUR

SQL = statements("door/statements.sql")
MOST_CALLS = 200
LONGEST_WIRE = 8_000
LONGEST_VALUE = 200
WRITES_EVERY_SECONDS = 0.5
KEYS_LAST = 2 * DAY
UNKNOWN_KEY = ""


class CallSeen(Struct, frozen=True):
    """An event at the door as it is kept. `key_id` is empty when the key was not known; `fact_id` when it had no message id."""

    call: int
    key_id: str
    sender: str
    at: int
    endpoint: str
    message_id: str
    fact_id: bytes
    is_refused: int
    path: str
    value: str
    rule: str
    wire: str


class Traffic(Struct, frozen=True):
    """How many events of a key are here, how many of them were refused, and when the last came."""

    key_id: str
    calls: int
    refused: int
    last_at: int


class Event(Struct, gc=False):
    """An event on its way into the record. With a rule it was refused, unless it was taken all the same and the rule is a remark."""

    key_id: str
    sender: str
    at: int
    endpoint: str
    message_id: str
    wire: bytes
    path: str = ""
    value: str = ""
    rule: str = ""
    is_taken: bool = False

    @property
    def is_refused(self) -> bool:
        return bool(self.rule) and not self.is_taken


class DoorRecord:
    """Written by the door; the worker only takes out of it whom it erases. `hours`: how long events stay, 0 for not at all."""

    def __init__(self, data: Path, keys: Keys, hours: int, clock: Callable[[], int]) -> None:
        self._db = open_database(data, "door")
        self._keys = keys
        self._hours = hours
        self._clock = clock
        self._lock = threading.Lock()
        self._gathered: dict[tuple[str, bool], deque[Event]] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._write_until_stopped, daemon=True, name="record")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What has gathered is written first."""
        self._stopping.set()
        self._thread.join()
        self._db.close()

    def keep(self, event: Event) -> None:
        """Hand an event over; costs next to nothing."""
        if self._hours:
            slot = event.key_id, event.is_refused
            gathered = self._gathered.get(slot)
            if gathered is None:
                gathered = self._gathered[slot] = deque(maxlen=MOST_CALLS)
            gathered.append(event)

    def _write_until_stopped(self) -> None:
        while not self._stopping.wait(WRITES_EVERY_SECONDS):
            self._write_down()
        self._write_down()

    def _write_down(self) -> None:
        try:
            self.write()
        except FAILURES:
            return  # a full disk is told by the door's own answers; the record waits

    def write(self) -> None:
        """Write what has gathered, and let go what is too much or too old."""
        now = self._clock()
        with self._lock, writing(self._db):
            for (key_id, is_refused), events in list(self._gathered.items()):
                taken = [events.popleft() for _ in range(len(events))]
                self._db.executemany(SQL["add_call"], map(self._row, taken))
                self._db.execute(SQL["drop_beyond"], {"key_id": key_id, "is_refused": int(is_refused), "most": MOST_CALLS})
            self._db.execute(SQL["drop_older"], (now - self._hours * HOUR,))
            self._db.execute(SQL["drop_keys"], (now - KEYS_LAST,))

    def _row(self, event: Event) -> tuple[Any, ...]:
        fact_id = self._keys.fact_id(event.sender, event.message_id) if event.message_id else b""
        wire = event.wire[:LONGEST_WIRE].decode("utf-8", "replace")
        texts = (storable(event.path), storable(event.value[:LONGEST_VALUE]), storable(event.rule))
        return (event.key_id, event.sender, event.at, event.endpoint, storable(event.message_id), fact_id, int(event.is_refused), *texts, wire)

    def first_said(self, fact_id: bytes, body: bytes, at: int) -> tuple[bytes, int]:
        """What was first said under an idempotency key, and when: this, if nothing was."""
        with self._lock:
            self._db.execute(SQL["add_key"], (fact_id, body, at))
            found: tuple[bytes, int] = self._db.execute(SQL["key"], (fact_id,)).fetchone()
        return found


def storable(text: str) -> str:
    """Text without halves of surrogate pairs, which SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


class DoorWindow:
    """What others read of the record; one connection, use one object per thread."""

    def __init__(self, data: Path) -> None:
        self._db = read_database(data, "door")

    def close(self) -> None:
        self._db.close()

    def calls(self, key_id: str, only_refused: bool, limit: int) -> list[CallSeen]:
        """The latest first."""
        rows = self._db.execute(SQL["calls"], {"key_id": key_id, "least": int(only_refused), "limit": limit})
        return [CallSeen(*row) for row in rows]

    def last_call(self) -> int:
        return int(self._db.execute(SQL["last_call"]).fetchone()[0])

    def traffic(self) -> dict[str, Traffic]:
        """By key."""
        found: Sequence[Traffic] = [Traffic(*row) for row in self._db.execute(SQL["counts"])]
        return {one.key_id: one for one in found}
