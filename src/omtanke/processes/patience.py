"""A process outlives its database: while PostgreSQL cannot be reached it is tried again, and nothing that was committed is lost."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable

from omtanke.storage.database import PostgresError

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 10.0
CALM_SECONDS = 30.0


def patiently(run: Callable[[], int]) -> int:
    """Run until it ends by itself. Each time that PostgreSQL fails it begins anew, after a pause that grows while it fails at once."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        began_at = time.monotonic()
        try:
            return run()
        except PostgresError as error:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)  # nothing is under way
            pause = FIRST_PAUSE_SECONDS if time.monotonic() - began_at > CALM_SECONDS else pause
            print(f"{error}. It is tried again in {pause:g} s.", file=sys.stderr, flush=True)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
