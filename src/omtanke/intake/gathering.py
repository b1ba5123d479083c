"""Group commit: calls that come together are made durable together, each answered when it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

from msgspec import Struct

from omtanke.intake.http import Problem
from omtanke.storage.database import FAILURES
from omtanke.storage.ports import Incoming, Receiving
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.refusal import CannotDo

GATHERED_MOST = 2_000
RETRY_AFTER_SECONDS = 5


class Sending(Struct, frozen=True):
    """Who sends, and how it is read: the source, its mode, zone and currency."""

    source: str
    mode: Mode
    zone: ZoneInfo
    currency: str


class Gathering:
    """The only writer of the inbox in this process: one thread, so that the loop never waits for the disk."""

    def __init__(self, inbox: Receiving, clock: Callable[[], int]) -> None:
        self._inbox = inbox
        self._clock = clock
        self._sources: dict[Sending, int] = {}
        self.writer = ThreadPoolExecutor(1, thread_name_prefix="inbox")
        self._gathered: list[tuple[Sending, list[Incoming], asyncio.Future[None]]] = []
        self._is_writing = False

    async def make_durable(self, sending: Sending, messages: list[Incoming]) -> None:
        """Returns when they lie on disk. Raises Problem 409 for a source known otherwise, 503 when it cannot be written."""
        done = asyncio.get_running_loop().create_future()
        self._gathered.append((sending, messages, done))
        if not self._is_writing:
            self._is_writing = True
            self._task = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        """Commit what has gathered while the last commit ran, until nothing is left."""
        loop = asyncio.get_running_loop()
        while self._gathered:
            batch, self._gathered = self._gathered[:GATHERED_MOST], self._gathered[GATHERED_MOST:]
            by_sender: dict[Sending, list[Incoming]] = {}
            for sending, messages, _ in batch:
                by_sender.setdefault(sending, []).extend(messages)
            problems = await loop.run_in_executor(self.writer, self._append, by_sender)
            for sending, _, done in batch:
                if not done.done():
                    problem = problems.get(sending)
                    done.set_result(None) if problem is None else done.set_exception(problem)
        self._is_writing = False

    def _append(self, by_sender: Mapping[Sending, list[Incoming]]) -> dict[Sending, Problem]:
        """What could not be stored, by sender; one that cannot harms no other."""
        problems: dict[Sending, Problem] = {}
        for sending, messages in by_sender.items():
            try:
                if sending not in self._sources:
                    self._sources[sending] = self._inbox.source(sending.source, sending.mode, sending.zone.key, sending.currency).source
                self._inbox.append(self._sources[sending], messages, self._clock())
            except CannotDo as cannot:
                problems[sending] = Problem(409, str(cannot))
            except Exception as error:  # whatever it was, nobody may be left waiting
                said = str(error) if isinstance(error, FAILURES) else type(error).__name__
                problems[sending] = Problem(503, f"The inbox cannot be written just now ({said}); send it again", retry_after=RETRY_AFTER_SECONDS)
        return problems
