"""The worker: makes facts of what the inbox holds and of what has fallen due, and lets them flow into the lake."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path

from omtanke.flow import LakeFlow, NoFlow
from omtanke.folder import Folder, FolderLock
from omtanke.folder_clock import wall_clock
from omtanke.processes.backing_up import prune_alone
from omtanke.processes.stopping import on_stop
from omtanke.runtime.dispatch import webhook_id
from omtanke.runtime.erase_rest import Rest
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.runtime.working import PolicyWatch, work_until
from omtanke.storage.erasing import Erasures
from omtanke.storage.other_stores import OtherStores
from omtanke.storage.sqlite_inbox import SqliteInbox
from omtanke.vocabulary.time import HOUR

LOCK_SECONDS = 0.5
# Hundreds of thousands of remembered keys and states live long and hold no circles; looking through them is work for nothing.
COLLECTED_SELDOM = (100_000, 50, 100)


def open_worker(folder: Folder) -> tuple[Worker, SqliteInbox]:
    """A worker on the folder, with its inbox."""
    inbox, log = folder.inbox(), folder.log()
    policy = activate(log, folder.policy_text(), folder.clock())
    return Worker(inbox, log, folder.keys, policy, other_stores(folder)), inbox


def other_stores(folder: Folder) -> OtherStores:
    """What the folder holds of customers beside the log."""
    return OtherStores(folder.path, webhook_id)


class Aside:
    """What the worker does beside its work: finishing erasures, and once an hour letting back-ups go that are past their date."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._rest = Rest(Erasures(folder.log().connection), other_stores(folder), folder.keys.identifier_key, wall_clock)
        self._pruned_at = -HOUR

    def look(self) -> bool:
        """Whether nothing is left to do."""
        now = wall_clock()
        if now - self._pruned_at >= HOUR:
            self._pruned_at = now
            prune_alone(self._folder.path)
        return self._rest.look()


def run(data: Path, ends_when_idle: bool = False, leaves_lake: bool = False) -> int:
    """Until asked to end, or until nothing is left to do. Another worker on the folder, an import's, is waited for.

    One that ends when idle also ends with whoever started it. `leaves_lake`: whoever started it lets the facts
    flow into the lake.
    """
    folder = Folder(data)
    lock = FolderLock(folder, "worker")
    stopping, parent = threading.Event(), os.getppid()
    on_stop(stopping.set)

    def should_stop() -> bool:
        return stopping.is_set() or (ends_when_idle and os.getppid() != parent)

    while not lock.try_take():
        if should_stop() or (ends_when_idle and is_done(folder)):
            return 0
        stopping.wait(LOCK_SECONDS)
    gc.freeze()
    gc.set_threshold(*COLLECTED_SELDOM)
    try:
        worker, inbox = open_worker(folder)
        flow = NoFlow() if leaves_lake else LakeFlow(folder)
        rest = Aside(folder)
        work_until(worker, inbox, flow, should_stop, ends_when_idle, folder.clock, PolicyWatch(folder.policy_text), rest)
    finally:
        lock.release()
    return 0


def is_done(folder: Folder) -> bool:
    """Whether another worker has done all there is to do."""
    inbox, log = folder.inbox(), folder.log()
    try:
        return log.consumed() >= inbox.last_entry() and not any(source.is_telling for source in inbox.sources().values())
    finally:
        inbox.close()
        log.close()
