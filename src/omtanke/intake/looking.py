"""What the API reads: in a thread of its own, so that the loop never waits, with no more asked at once than it can bear."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from omtanke.intake.http import Problem
from omtanke.storage.database import FAILURES
from omtanke.storage.databases import read_database
from omtanke.storage.keys import Keys
from omtanke.storage.lookups import Lookups
from omtanke.storage.sql_log import SqlLog

MOST_WAITING = 64
RETRY_SECONDS = 1
LOOKS_EVERY_SECONDS = 0.03

T = TypeVar("T")


class Looking:
    """Read-only windows for one process."""

    def __init__(self, data: Path, keys: Keys) -> None:
        self.keys = keys
        self._data = data
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._historian = ThreadPoolExecutor(1, thread_name_prefix="historian")
        self._local = threading.local()
        self._waiting = 0
        self._awaited: dict[bytes, list[asyncio.Future[None]]] = {}
        self._looker: asyncio.Task[None] | None = None

    async def ask(self, question: Callable[[Lookups], T]) -> T:
        """The answer of one small question. Raises Problem 503 when too many are asked at once."""
        return await self._beside(self._reader, partial(self._answer, question))

    async def ask_log(self, question: Callable[[SqlLog], T]) -> T:
        """The answer of a question that reads a whole history: on a connection of its own, so that small ones do not wait. Raises Problem 503."""
        return await self._beside(self._historian, partial(self._answer_from_log, question))

    async def _beside(self, thread: Executor, look: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise Problem(503, "Too many questions at once; ask again", retry_after=RETRY_SECONDS)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, look)
        finally:
            self._waiting -= 1

    def _answer_from_log(self, question: Callable[[SqlLog], T]) -> T:
        try:
            with closing(SqlLog(read_database(self._data, "log"))) as log:
                return question(log)
        except FAILURES as error:
            raise Problem(503, "The log cannot be read just now; ask again", retry_after=RETRY_SECONDS) from error

    def _answer(self, question: Callable[[Lookups], T]) -> T:
        try:
            lookups: Lookups | None = getattr(self._local, "lookups", None)
            if lookups is None:
                lookups = self._local.lookups = Lookups(self._data)
            return question(lookups)
        except FAILURES as error:
            raise Problem(503, "The log cannot be read just now; ask again", retry_after=RETRY_SECONDS) from error

    async def wait_for(self, fact_id: bytes, seconds: float) -> bool:
        """Whether the worker has read a message within so many seconds."""
        done = asyncio.get_running_loop().create_future()
        self._awaited.setdefault(fact_id, []).append(done)
        if self._looker is None or self._looker.done():
            self._looker = asyncio.create_task(self._look_until_none_waits())
        try:
            async with asyncio.timeout(seconds):
                await done
        except TimeoutError:
            return False
        finally:
            self._let_go(fact_id, done)
        return True

    def _let_go(self, fact_id: bytes, done: asyncio.Future[None]) -> None:
        waiting = self._awaited.get(fact_id, [])
        if done in waiting:
            waiting.remove(done)
        if not waiting:
            self._awaited.pop(fact_id, None)

    async def _look_until_none_waits(self) -> None:
        """One look for all who wait."""
        while self._awaited:
            wanted = list(self._awaited)
            read = []
            with suppress(Problem):  # it cannot be read just now
                read = await asyncio.get_running_loop().run_in_executor(self._reader, self._answer, lambda lookups, ids=wanted: _read_of(lookups, ids))
            for fact_id in read:
                for done in self._awaited.get(fact_id, []):
                    if not done.done():
                        done.set_result(None)
            await asyncio.sleep(LOOKS_EVERY_SECONDS)


def _read_of(lookups: Lookups, fact_ids: list[bytes]) -> list[bytes]:
    """Those that have become facts, or could not be understood."""
    return [fact_id for fact_id in fact_ids if lookups.event(fact_id) or lookups.refused(fact_id)]
