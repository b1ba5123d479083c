"""Looks now and then whether windows are kept as often as was said, by another process: asking the lake takes memory that dispatch does not need otherwise."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from omtanke.insight.drift import Drift
from omtanke.runtime.dispatch_watch import DRIFT, Watch
from omtanke.runtime.logs import note
from omtanke.runtime.to_customers.quoting import quotes_of
from omtanke.vocabulary.time import HOUR

# By the shop's clock; and by the wall's, where time is made to pass faster.
EVERY_SPAN, LEAST_SECONDS, MOST_SECONDS = HOUR, 60.0, 300.0
LOOKER = "omtanke.insight.drift_looking"


class Drifting:
    """One look at a time. `clock` is the shop's, `policy` says the text of the one that counts."""

    def __init__(self, data: Path, watch: Watch, clock: Callable[[], int], policy: Callable[[], str], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._command = [sys.executable, "-m", LOOKER, str(data)]
        self._watch, self._clock, self._policy, self._monotonic = watch, clock, policy, monotonic
        self._looking: subprocess.Popen[bytes] | None = None
        self._looked_at = 0
        self._began_at = 0.0

    def look(self) -> None:
        """Begin a look when one is due, and take what another has found. While nobody looks nothing is known, and what is found then is told anew."""
        if self._looking is not None:
            self._take(self._looking)
        elif self.is_due():
            self._looked_at, self._began_at = self._clock(), self._monotonic()
            if self.is_wanted():
                self._looking = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
            else:
                self._watch.drifts(None)

    def is_due(self) -> bool:
        """Whether the last look is long enough ago."""
        return not self._looked_at or (self._clock() - self._looked_at >= EVERY_SPAN and self._monotonic() - self._began_at >= LEAST_SECONDS)

    def is_wanted(self) -> bool:
        """Whether somebody wants to know, and a model says the windows."""
        return DRIFT in self._watch.chosen() and quotes_of(self._policy()).asks_model

    def _take(self, looking: subprocess.Popen[bytes]) -> None:
        if looking.poll() is None:
            if self._monotonic() - self._began_at > MOST_SECONDS:
                looking.kill()
            return
        self._looking = None
        said, fault = looking.communicate()
        if looking.returncode:
            note("drift_not_looked", "warning", fault=fault.decode(errors="replace").strip().rpartition("\n")[2])
        else:
            self._watch.drifts(msgspec.json.decode(said, type=Drift | None))

    def stop(self) -> None:
        if self._looking is not None:
            self._looking.kill()
            self._looking.communicate()
