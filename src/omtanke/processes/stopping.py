"""Being asked to end."""

from __future__ import annotations

import signal
from collections.abc import Callable
from types import FrameType


def on_stop(stop: Callable[[], object]) -> None:
    """Call `stop` when the process is asked to end, by TERM or Ctrl-C."""

    def handle(number: int, frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
