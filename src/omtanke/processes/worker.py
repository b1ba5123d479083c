"""The worker: makes facts of what the inbox holds and of what has fallen due, and lets them flow into the lake."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from omtanke.faults import CannotDo
from omtanke.folder import Folder, WorkerLock
from omtanke.processes.stopping import on_stop
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.runtime.working import wall_clock, work_until
from omtanke.storage.lake import Lake
from omtanke.storage.sqlite_inbox import SqliteInbox


class LakeFlow:
    """Facts flow from the log into the lake; what was replaced a day ago goes."""

    def __init__(self, lake: Lake, connection: sqlite3.Connection) -> None:
        self._lake = lake
        self._connection = connection

    def flush(self) -> int:
        position = self._lake.flush(self._connection)
        self._lake.sweep(wall_clock())
        return position


def open_worker(folder: Folder) -> tuple[Worker, SqliteInbox, LakeFlow]:
    """A worker on the folder, with its inbox and the way to the lake."""
    inbox, log = folder.inbox(), folder.log()
    policy = activate(log, folder.policy_text(), wall_clock())
    return Worker(inbox, log, folder.keys, policy), inbox, LakeFlow(Lake(folder.lake_path), folder.log().connection)


def run(data: Path, ends_when_idle: bool = False) -> int:
    """Until asked to end, or until nothing is left to do. Raises CannotDo when another worker is at work there."""
    folder = Folder(data)
    lock = WorkerLock(folder)
    if not lock.try_take():
        raise CannotDo(f"Another worker is at work on {data}. Stop it first, or let it do the work.")
    stopping = threading.Event()
    on_stop(stopping.set)
    try:
        worker, inbox, flow = open_worker(folder)
        work_until(worker, inbox, flow, stopping.is_set, ends_when_idle)
    finally:
        lock.release()
    return 0
