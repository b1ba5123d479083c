"""Being asked to end, and ending with the one that watches over us."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from omtanke.runtime.supervise import WATCHED_BY

LOOK_SECONDS = 0.5


def on_stop(stop: Callable[[], object]) -> None:
    """Call `stop` when the process is asked to end, by TERM or Ctrl-C."""

    def handle(number: int, frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)


def end_when_alone() -> None:
    """From now on the process asks itself to end once the one that watches over it is gone, however early that was."""
    watcher = os.environ.get(WATCHED_BY, "")
    if watcher.isdecimal():
        threading.Thread(target=_wait_until_alone, args=(int(watcher),), daemon=True).start()


def _wait_until_alone(watcher: int) -> None:
    while _is_there(watcher):
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _is_there(process: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked after has only its number left."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True  # a system without such files, or it has ended just now, which is seen at the next look
