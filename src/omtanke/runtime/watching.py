"""What a process answers to those who watch over it: `/healthz`, `/healthz/live` and `/metrics`, the same for every role.

Whether it is ready is for everybody; how far behind it is, what is wrong, and the metrics are for who asks on the machine itself, or has the token.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.runtime.disk import Disk
from omtanke.runtime.metrics import CONTENT_TYPE, Meter, seconds
from omtanke.runtime.pulse import Pulse
from omtanke.storage.database import FAILURES
from omtanke.storage.lake_manifest import read_manifest
from omtanke.storage.pages import Pages
from omtanke.storage.standing import standing
from omtanke.vocabulary.time import MINUTE, SECOND

PATHS = ("/healthz", "/healthz/live", "/metrics")
LOOPBACK = ("127.0.0.1", "::1")
# A proxy in front makes everybody a neighbour; who comes through one says so.
THROUGH_A_PROXY = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
LONG_WAIT = 2 * MINUTE
STILL_SECONDS = 60.0
JSON = "application/json"


class Said(Struct, frozen=True):
    """An answer: status, content type and body."""

    status: int
    kind: str
    body: bytes


class Watch:
    """One process as it is watched. `meter`: what it counts; `pulse`: of its loop, if it has one; `is_worker`: whether being behind is its fault."""

    def __init__(
        self, role: str, data: Path, clock: Callable[[], int], disk: Disk, meter: Meter, token: str, pulse: Pulse | None = None, takes: bool = False
    ) -> None:
        self._role = role
        self._data = data
        self._clock = clock
        self._disk = disk
        self._meter = meter
        self._token = token
        self.pulse = pulse
        self._takes = takes
        self._pages = Pages(data)

    def answer(self, path: str, client: str, headers: Mapping[str, str]) -> Said:
        """One of PATHS. `headers` by small names."""
        sees = self.may_see(client, headers)
        if path == "/metrics":
            refused = {"type": "about:blank", "title": "Metrics are for this machine, or for who has the token in keys/metrics.key", "status": 403}
            return Said(200, CONTENT_TYPE, self._meter.page()) if sees else Said(403, "application/problem+json", msgspec.json.encode(refused))
        if path == "/healthz/live":
            return self._said([] if self._is_alive() else ["its loop stands still"], {}, sees)
        wrong, behind = self._wrong()
        return self._said(wrong, behind, sees)

    def may_see(self, client: str, headers: Mapping[str, str]) -> bool:
        """Whether somebody on this machine asks, or one who has the token."""
        if hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {self._token}".encode()):
            return True
        return client in LOOPBACK and not any(name in headers for name in THROUGH_A_PROXY)

    def _said(self, wrong: list[str], behind: dict[str, Any], sees: bool) -> Said:
        body: dict[str, Any] = {"status": "failing" if wrong else "ok", "role": self._role}
        if sees:
            body |= {"wrong": wrong, **({"behind": behind} if behind else {})}
        return Said(503 if wrong else 200, JSON, msgspec.json.encode(body))

    def _is_alive(self) -> bool:
        return self.pulse is None or self.pulse.still_seconds < STILL_SECONDS

    def _wrong(self) -> tuple[list[str], dict[str, Any]]:
        """What keeps it from its work, and how far behind the store is."""
        wrong = []
        if not self._is_alive():
            wrong.append(f"its loop has not turned for {STILL_SECONDS:.0f} seconds")
        elif self.pulse is not None and self.pulse.wrong:
            wrong.append(self.pulse.wrong)
        if self._takes and not self._disk.may_take:
            wrong.append(self._disk.said)
        now = self._clock()
        try:
            found = standing(self._data, self._pages, now)
        except FAILURES as error:
            return [*wrong, f"the store cannot be read: {error}"], {}
        waited = seconds(found.waiting_since, now)
        if self._role == "worker" and waited * SECOND > LONG_WAIT and not found.is_told:
            wrong.append(f"it is behind: {found.waiting} messages wait, the oldest for {waited:.0f} seconds")
        behind = {"messages": found.waiting, "seconds": round(waited, 3), "wakes": found.due}
        if self._role == "dispatch":
            behind = {"facts": max(0, found.position - found.followed) if found.followed else 0}
        if self._role == "lake":
            behind = {"facts": max(0, found.position - read_manifest(self._data / "lake").position)}
        return wrong, behind
