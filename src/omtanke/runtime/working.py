"""The worker as a process: batches as long as there is work, the lake behind them, a clean stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from omtanke.runtime.work import Worker
from omtanke.storage.ports import Inbox

IDLE_SECONDS = 0.25
FLUSH_EVERY_FACTS = 50_000
FLUSH_AFTER_IDLE_SECONDS = 5.0


class Flow(Protocol):
    """Where facts flow on to: the lake."""

    def flush(self) -> int:
        """Let everything that is in the log flow on; the position it is complete to."""


def wall_clock() -> int:
    """The wall clock in microseconds."""
    return time.time_ns() // 1000


def work_until(worker: Worker, inbox: Inbox, flow: Flow, should_stop: Callable[[], bool], ends_when_idle: bool) -> None:
    """Work until told to stop, or, when so asked, until nothing is left to do and no import is under way."""
    flow.flush()  # what a worker that was killed has left in the log
    unflushed, idle_since, is_untidy = 0, time.monotonic(), False
    while not should_stop():
        done = worker.work(wall_clock())
        unflushed += done.facts
        if not done.was_idle:
            idle_since = time.monotonic()
            if unflushed >= FLUSH_EVERY_FACTS:
                flow.flush()
                unflushed = 0
            inbox.trim(worker.consumed())
            is_untidy = True
            continue
        if ends_when_idle and not any(source.is_telling for source in inbox.sources().values()):
            break
        if is_untidy:
            inbox.tidy()
            is_untidy = False
        if unflushed and time.monotonic() - idle_since >= FLUSH_AFTER_IDLE_SECONDS:
            flow.flush()
            unflushed = 0
        time.sleep(IDLE_SECONDS)
    if ends_when_idle:
        inbox.tidy()
        if unflushed:
            flow.flush()
