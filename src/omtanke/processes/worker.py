"""The worker: makes facts of what the inbox holds and of what has fallen due."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable
from pathlib import Path

from omtanke.folder import Folder
from omtanke.folder_clock import wall_clock
from omtanke.processes.backing_up import prune_alone
from omtanke.processes.giving_back import GivingBack
from omtanke.processes.stopping import on_stop
from omtanke.processes.watched import open_watch, watch_of
from omtanke.runtime.disk import Disk
from omtanke.runtime.dispatch import webhook_id
from omtanke.runtime.erase_rest import Rest
from omtanke.runtime.logs import note
from omtanke.runtime.metrics import WorkerMeter
from omtanke.runtime.policies import activate
from omtanke.runtime.pulse import Pulse
from omtanke.runtime.work import Done, Worker
from omtanke.runtime.working import Flow, PolicyWatch, work_until
from omtanke.storage.erasing import Erasures
from omtanke.storage.other_stores import OtherStores
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.vocabulary.time import HOUR, SECOND

LOCK_SECONDS = 0.5
# Hundreds of thousands of remembered keys and states live long and hold no circles; looking through them is work for nothing.
COLLECTED_SELDOM = (1_000_000, 50, 100)


def open_worker(folder: Folder) -> tuple[Worker, SqlInbox]:
    """A worker on the folder, with its inbox."""
    inbox, log = folder.inbox(), folder.log()
    policy = activate(log, folder.policy_text(), folder.clock())
    return Worker(inbox, log, folder.keys, policy, other_stores(folder)), inbox


def other_stores(folder: Folder) -> OtherStores:
    """What the folder holds of customers beside the log."""
    return OtherStores(folder.path, webhook_id)


class Aside:
    """What the worker does beside its work: finishing erasures, giving memory back, and once an hour letting back-ups go that are past their date."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._rest = Rest(Erasures(folder.log().connection), other_stores(folder), folder.keys.identifier_key, wall_clock)
        self._pruned_at = -HOUR
        self._giving_back = GivingBack()

    def look(self) -> bool:
        """Whether nothing is left to do."""
        self._giving_back.look()
        now = wall_clock()
        if now - self._pruned_at >= HOUR:
            self._pruned_at = now
            prune_alone(self._folder.path)
        return self._rest.look()


def run(data: Path, flow_of: Callable[[Folder], Flow], ends_when_idle: bool = False) -> int:
    """Until asked to end, or until nothing is left to do. Another worker on the folder, an import's, is waited for.

    One that ends when idle also ends with whoever started it. `flow_of` gives where the facts of the folder flow on to.
    """
    folder = Folder(data)
    lock, watched = folder.lock("worker"), WatchedWork(folder)
    if not ends_when_idle:
        open_watch("worker", folder, watched.watch)
    stopping, parent = threading.Event(), os.getppid()
    on_stop(stopping.set)

    def should_stop() -> bool:
        return stopping.is_set() or (ends_when_idle and os.getppid() != parent)

    while not lock.try_take():
        if should_stop() or (ends_when_idle and is_done(folder)):
            return 0
        watched.pulse.beat("another worker has the folder; this one waits for it to end")
        stopping.wait(LOCK_SECONDS)
    level = "debug" if ends_when_idle else "info"  # one that helps a command says nothing of itself
    note("started", level)
    gc.freeze()
    gc.set_threshold(*COLLECTED_SELDOM)
    try:
        worker, inbox = open_worker(folder)
        flow = flow_of(folder)
        rest = Aside(folder)
        work_until(worker, inbox, flow, should_stop, ends_when_idle, folder.clock, PolicyWatch(folder.policy_text), rest, watched)
    finally:
        lock.release()
    note("stopped", level)
    return 0


class WatchedWork:
    """The worker as it is watched: its pulse, what it counts, and the room on its disk."""

    def __init__(self, folder: Folder) -> None:
        self._disk, self._meter = Disk(folder.path, folder.settings.keep_free_mb), WorkerMeter(folder.path, folder.clock)
        self._speed = folder.clock.speed
        self.pulse = Pulse()
        self.watch = watch_of("worker", folder, self._meter, self._disk, self.pulse)

    def may_work(self) -> bool:
        """The loop turns; whether there is room to work."""
        wrong = "" if self._disk.may_work else self._disk.said
        if bool(wrong) != bool(self.pulse.wrong):
            note("disk_almost_full" if wrong else "disk_has_room", "error" if wrong else "info", free_bytes=self._disk.free)
        self.pulse.beat(wrong)
        return not wrong

    def did(self, done: Done, seconds: float) -> None:
        """Count it. How late a wake was is told in real seconds, whatever the folder's clock."""
        if done.was_idle:
            return
        meter = self._meter
        meter.batches.observe(seconds)
        meter.messages.inc(done.entries)
        meter.facts.inc(done.facts)
        meter.refused.inc(done.refused)
        meter.wakes.inc(done.wakes)
        for late in done.late:
            meter.late.observe(max(0, late) / SECOND / self._speed)
        note("batch", "debug", entries=done.entries, consumed=done.consumed, facts=done.facts, position=done.position, wakes=done.wakes, seconds=seconds)


def is_done(folder: Folder) -> bool:
    """Whether another worker has done all there is to do."""
    inbox, log = folder.inbox(), folder.log()
    try:
        return log.consumed() >= inbox.last_entry() and not any(source.is_telling for source in inbox.sources().values())
    finally:
        inbox.close()
        log.close()
