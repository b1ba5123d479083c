"""The worker as a process: batches as long as there is work, the lake behind them, a clean stop."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Protocol

from omtanke.engine.policy import PolicyFaults
from omtanke.folder_clock import wall_clock
from omtanke.runtime.work import Worker
from omtanke.storage.ports import Inbox

__all__ = ["Flow", "PolicyWatch", "wall_clock", "work_until"]

IDLE_SECONDS = 0.05
POLICY_SECONDS = 1.0
FLUSH_EVERY_FACTS = 50_000
FLUSH_AFTER_IDLE_SECONDS = 5.0


class Flow(Protocol):
    """Where facts flow on to: the lake."""

    def flush(self) -> int:
        """Let everything that is in the log flow on; the position it is complete to."""


class PolicyWatch:
    """Looks now and then whether the shop has decided otherwise; faults are said once, and the old policy stays."""

    def __init__(self, text: Callable[[], str]) -> None:
        self._text = text
        self._known = text()
        self._looked_at = time.monotonic()

    def look(self, worker: Worker, now: int) -> None:
        """Let the worker follow a policy that has changed."""
        if time.monotonic() - self._looked_at < POLICY_SECONDS:
            return
        self._looked_at, text = time.monotonic(), self._text()
        if text == self._known:
            return
        self._known = text
        try:
            worker.follow(text, now)
        except PolicyFaults as faults:
            print(f"The new policy is not followed:\n{faults}", file=sys.stderr, flush=True)


class Rest(Protocol):
    """What is left to do elsewhere after the log has forgotten somebody."""

    def look(self) -> bool:
        """Do what can be done now; whether nothing is left."""


def work_until(
    worker: Worker,
    inbox: Inbox,
    flow: Flow,
    should_stop: Callable[[], bool],
    ends_when_idle: bool,
    clock: Callable[[], int],
    policy: PolicyWatch,
    rest: Rest,
) -> None:
    """Work until told to stop, or, when so asked, until nothing is left to do and no import is under way."""
    flow.flush()  # what a worker that was killed has left in the log
    unflushed, idle_since, is_untidy = 0, time.monotonic(), False
    while not should_stop():
        policy.look(worker, clock())
        is_finished = rest.look()
        done = worker.work(clock())
        unflushed += done.facts
        if not done.was_idle:
            idle_since = time.monotonic()
            if unflushed >= FLUSH_EVERY_FACTS:
                flow.flush()
                unflushed = 0
            inbox.trim(worker.consumed())
            is_untidy = True
            continue
        if ends_when_idle and is_finished and not any(source.is_telling for source in inbox.sources().values()):
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
