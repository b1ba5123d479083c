"""The worker: makes facts of what the inbox holds and of what has fallen due, and lets them flow into the lake."""

from __future__ import annotations

import threading
from pathlib import Path

from omtanke.flow import LakeFlow, NoFlow
from omtanke.folder import Folder, FolderLock
from omtanke.processes.stopping import on_stop
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.runtime.working import wall_clock, work_until
from omtanke.storage.sqlite_inbox import SqliteInbox
from omtanke.vocabulary.refusal import CannotDo

LOCK_SECONDS = 0.5


def open_worker(folder: Folder) -> tuple[Worker, SqliteInbox]:
    """A worker on the folder, with its inbox."""
    inbox, log = folder.inbox(), folder.log()
    policy = activate(log, folder.policy_text(), wall_clock())
    return Worker(inbox, log, folder.keys, policy), inbox


def run(data: Path, ends_when_idle: bool = False, leaves_lake: bool = False) -> int:
    """Until asked to end, or until nothing is left to do. Another worker on the folder, an import's, is waited for.

    Raises CannotDo when it should end when idle and another is at work there.
    `leaves_lake`: whoever started it lets the facts flow into the lake.
    """
    folder = Folder(data)
    lock = FolderLock(folder, "worker")
    stopping = threading.Event()
    on_stop(stopping.set)
    while not lock.try_take():
        if ends_when_idle:
            raise CannotDo(f"Another worker is at work on {data}. Let it do the work, or stop it first.")
        if stopping.wait(LOCK_SECONDS):
            return 0
    try:
        worker, inbox = open_worker(folder)
        flow = NoFlow() if leaves_lake else LakeFlow(folder)
        work_until(worker, inbox, flow, stopping.is_set, ends_when_idle)
    finally:
        lock.release()
    return 0
