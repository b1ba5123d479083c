"""Starting several processes, watching them, and ending them together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType

from omtanke.runtime.logs import note

# The environment tells a process who watches over it, so that it ends when that one is gone.
WATCHED_BY = "OMTANKE_WATCHED_BY"
STOP_SECONDS = 5.0
WATCH_SECONDS = 0.2
MOST_RESTARTS = 5
RESTART_SPAN_SECONDS = 60.0


class Crew:
    """Processes that belong together. One that ends by itself is started again, a few times a minute at most."""

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self._commands = commands
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._restarts: list[float] = []
        self._is_stopping = False

    @property
    def is_stopping(self) -> bool:
        """Whether the end has been asked for."""
        return self._is_stopping

    def start(self) -> None:
        """From now on a signal that asks for the end is theirs too: nobody is left behind, however early it comes."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        for name in self._commands:
            self._start(name)

    def _start(self, name: str) -> None:
        # A group of its own, so that Ctrl-C reaches us alone; and our session, within which Linux compares how nice they are.
        environment = os.environ | {WATCHED_BY: str(os.getpid())}
        self._running[name] = subprocess.Popen([sys.executable, "-m", "omtanke.cli", *self._commands[name]], process_group=0, env=environment)

    def watch(self) -> int:
        """Until a signal asks for the end, or a process cannot be kept running. The exit status: 0 or 1."""
        while not self._is_stopping:
            for name, process in list(self._running.items()):
                status = process.poll()
                if status is not None and not self._is_stopping and not self._may_restart(name, status):
                    self.stop()
                    return 1
            time.sleep(WATCH_SECONDS)
        self.stop()
        return 0

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True

    def _may_restart(self, name: str, status: int) -> bool:
        now = time.monotonic()
        self._restarts = [at for at in self._restarts if now - at < RESTART_SPAN_SECONDS]
        if len(self._restarts) >= MOST_RESTARTS:
            note("process_ended_for_good", "error", process=name, status=status)
            return False
        note("process_started_again", "error", process=name, status=status)
        self._restarts.append(now)
        self._start(name)
        return True

    def stop(self) -> None:
        """Ask all to end, and end those that have not after 5 seconds."""
        for process in self._running.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
