"""The worker as a process: batches as long as there is work, the lake behind them, a clean stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from omtanke.folder_clock import wall_clock
from omtanke.runtime.logs import note
from omtanke.runtime.work import Done, Worker
from omtanke.storage.ports import Inbox
from omtanke.vocabulary.refusal import CannotDo

__all__ = ["Flow", "PolicyWatch", "wall_clock", "work_until"]

# So long until it looks again, while the disk is almost full.
FULL_SECONDS = 0.5
POLICY_SECONDS = 1.0
# Letting messages go is a transaction of its own: under load once for many batches.
CLEAR_SECONDS = 1.0
FLUSH_EVERY_FACTS = 50_000
FLUSH_AFTER_IDLE_SECONDS = 5.0


class Flow(Protocol):
    """Where facts flow on to: the lake."""

    def flush(self) -> int:
        """Let everything that is in the log flow on; the position it is complete to."""


class NoFlow:
    """Facts stay in the log; somebody else lets them flow."""

    def __init__(self, folder: object = None) -> None: ...

    def flush(self) -> int:
        return 0


class Flowing:
    """When facts flow on: as soon as many have gathered, or nothing has come for a while."""

    def __init__(self, flow: Flow, last_position: Callable[[], int]) -> None:
        self._flow = flow
        self._last_position = last_position
        self._flowed = flow.flush()
        self._seen, self._moved_at = self._flowed, time.monotonic()

    def look(self) -> None:
        """Let them flow if it is time to."""
        last = self._last_position()
        if last != self._seen:
            self._seen, self._moved_at = last, time.monotonic()
        has_rested = time.monotonic() - self._moved_at >= FLUSH_AFTER_IDLE_SECONDS
        if last - self._flowed >= FLUSH_EVERY_FACTS or (has_rested and last > self._flowed):
            self._flowed = max(self._flowed, self._flow.flush())


class PolicyWatch:
    """Looks now and then whether the shop has decided otherwise; faults are said once, and the old policy stays."""

    def __init__(self, text: Callable[[], str]) -> None:
        self._text = text
        self._known = text()
        self._told = ""
        self._looked_at = time.monotonic()

    def look(self, worker: Worker, now: int) -> None:
        """Let the worker follow a policy that has changed."""
        if time.monotonic() - self._looked_at < POLICY_SECONDS:
            return
        self._looked_at = time.monotonic()
        try:
            text = self._text()
            if text == self._known:
                return
            self._known = text
            worker.follow(text, now)
            self._told = ""
        except CannotDo as faults:
            if str(faults) != self._told:
                self._told = str(faults)
                note("policy_not_followed", "error", faults=self._told)


class Watched(Protocol):
    """Who watches over the work."""

    def may_work(self) -> bool:
        """The loop turns; whether there is room to work."""

    def did(self, done: Done, seconds: float) -> None:
        """A batch came to this, and took so long."""


class Unwatched:
    """Nobody watches."""

    def may_work(self) -> bool:
        return True

    def did(self, done: Done, seconds: float) -> None:
        """It is not counted."""


UNWATCHED = Unwatched()


class Rest(Protocol):
    """What is left to do elsewhere after the log has forgotten somebody."""

    def look(self) -> bool:
        """Do what can be done now; whether nothing is left."""


class Clearing:
    """Messages that have become facts leave the inbox, and then what is left of erasures is done: whenever the worker is idle, and once a
    second while it is not."""

    def __init__(self, worker: Worker, inbox: Inbox, rest: Rest) -> None:
        self._worker, self._inbox, self._rest = worker, inbox, rest
        self._trimmed, self._looked_at = 0, time.monotonic()

    def look(self, is_idle: bool) -> bool:
        """Clear if it is time to; whether nothing is left."""
        if not is_idle and time.monotonic() - self._looked_at < CLEAR_SECONDS:
            return False
        consumed = self._worker.consumed()
        if consumed > self._trimmed:
            self._inbox.trim(consumed)
            self._trimmed = consumed
        is_finished = self._rest.look()
        self._looked_at = time.monotonic()
        return is_finished


def work_until(
    worker: Worker,
    inbox: Inbox,
    flow: Flow,
    should_stop: Callable[[], bool],
    ends_when_idle: bool,
    clock: Callable[[], int],
    policy: PolicyWatch,
    rest: Rest,
    watched: Watched = UNWATCHED,
) -> None:
    """Work until told to stop, or, when so asked, until nothing is left to do and no import is under way."""
    flow.flush()  # what a worker that was killed has left in the log
    unflushed, idle_since, is_untidy, clearing = 0, time.monotonic(), False, Clearing(worker, inbox, rest)
    while not should_stop():
        if not watched.may_work():
            time.sleep(FULL_SECONDS)
            continue
        policy.look(worker, clock())
        began = time.perf_counter()
        done = worker.work(clock())
        watched.did(done, time.perf_counter() - began)
        is_finished = clearing.look(done.was_idle)
        unflushed += done.facts
        if not done.was_idle:
            idle_since = time.monotonic()
            if unflushed >= FLUSH_EVERY_FACTS:
                flow.flush()
                unflushed = 0
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
        inbox.listen()
    if ends_when_idle:
        inbox.tidy()
        if unflushed:
            flow.flush()
