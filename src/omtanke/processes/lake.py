"""The lake behind the worker: facts flow into it in a process of its own, which gives way to those that somebody waits for."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from omtanke.flow import LakeFlow
from omtanke.folder import Folder
from omtanke.processes.stopping import on_stop
from omtanke.runtime.pulse import Pulse
from omtanke.runtime.working import Flowing
from omtanke.storage.databases import read_database
from omtanke.storage.lake_manifest import read_manifest
from omtanke.storage.sql_log import SqlLog

LOOK_SECONDS = 0.25
NICENESS = 10


class Passing:
    """Each stretch flows in a process that ends when it has: writing Parquet takes four times the memory of waiting for facts."""

    def __init__(self, data: Path, stopping: threading.Event, pulse: Pulse) -> None:
        self._data = data
        self._stopping = stopping
        self._pulse = pulse

    def flush(self) -> int:
        """Returns when everything has flowed, or as soon as the end is asked for: what was under way is written again."""
        process = get_context("fork").Process(target=flow, args=(self._data,))
        process.start()
        self._wait_for(process)
        return read_manifest(self._data / "lake").position

    def _wait_for(self, process: BaseProcess) -> None:
        while process.is_alive():
            process.join(LOOK_SECONDS)
            self._pulse.beat()
            if self._stopping.is_set():
                process.terminate()
                process.join()


def flow(data: Path) -> None:
    """Everything that is in the log."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    LakeFlow(Folder(data)).flush()


def run(data: Path) -> int:
    """Until asked to end; what has not flowed by then does at the next start."""
    folder, pulse = Folder(data), Pulse()
    folder.log().close()  # so that it is there
    be_watched(folder, pulse)
    stopping = threading.Event()
    on_stop(stopping.set)
    os.nice(NICENESS)
    with closing(SqlLog(read_database(data, "log"))) as log:
        flowing = Flowing(Passing(data, stopping, pulse), log.last_position)
        while not stopping.wait(LOOK_SECONDS):
            flowing.look()
            pulse.beat()
    return 0


def be_watched(folder: Folder, pulse: Pulse) -> None:
    """At a port of its own, if it has one; what that takes is not loaded for nothing."""
    if folder.settings.lake_port:
        from omtanke.processes.watched import open_watch, watch_of
        from omtanke.runtime.disk import Disk
        from omtanke.runtime.metrics import Meter

        meter, disk = Meter("lake", folder.path, folder.clock), Disk(folder.path, folder.settings.keep_free_mb)
        open_watch("lake", folder, watch_of("lake", folder, meter, disk, pulse))
