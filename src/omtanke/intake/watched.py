"""The door as it is watched: what it counts of the inbox it writes, and `/healthz` and `/metrics` over ASGI."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from omtanke.intake.http import Answer, Scope
from omtanke.runtime.disk import Disk
from omtanke.runtime.metrics import DoorMeter
from omtanke.runtime.watching import Watch
from omtanke.storage.ports import Accepted, Incoming, Receiving, Source
from omtanke.vocabulary.fact import Mode


class WatchedInbox:
    """The inbox that the door writes: counted, and closed before the disk is full."""

    def __init__(self, inbox: Receiving, disk: Disk, meter: DoorMeter) -> None:
        self._inbox = inbox
        self._disk = disk
        self._meter = meter

    def append(self, source: int, messages: Sequence[Incoming], clock: int) -> Accepted:
        """As the inbox's own. Raises AlmostFull while the disk is."""
        began = time.perf_counter()
        try:
            self._disk.require_room()
            accepted = self._inbox.append(source, messages, clock)
        except Exception:
            self._meter.failed.inc()
            raise
        self._meter.commits.observe(time.perf_counter() - began)
        self._meter.accepted.inc(accepted.new)
        self._meter.repeated.inc(accepted.repeated)
        return accepted

    def source(self, name: str, mode: Mode, zone: str, currency: str) -> Source:
        return self._inbox.source(name, mode, zone, currency)


class WatchedDoor:
    """Answers who watches, in a thread: it reads the store."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="watch")

    async def answer(self, scope: Scope) -> Answer:
        client = (scope.get("client") or ("", 0))[0]
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        said = await asyncio.get_running_loop().run_in_executor(self._thread, self._watch.answer, scope["path"], client, headers)
        return Answer(said.status, said.body, ((b"content-type", said.kind.encode()),))
