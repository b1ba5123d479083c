"""What has become of what a client sent: the facts of one sender, each with its personal part."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from msgspec import Struct

from integration.running_door import PATIENCE_SECONDS, RunningDoor
from omtanke.folder import Folder
from omtanke.storage.codec import decode_personal
from omtanke.storage.databases import read_database
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fact import Fact, Observed


class Arrived(Struct, frozen=True):
    """One fact."""

    fact: Fact
    personal: dict[str, Any]

    @property
    def who(self) -> dict[str, str]:
        """Identifiers by kind."""
        return dict(self.personal.get("identifiers", ()))

    @property
    def said(self) -> tuple[str, str, dict[str, str]]:
        """What, where and who."""
        return self.fact.type, self.fact.channel, self.who


def arrived(door: RunningDoor, sender: str, at_least: int) -> list[Arrived]:
    """The facts that a sender has brought, in log order, once there are so many."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(found := facts_of(door.data, sender)) < at_least and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def facts_of(data: Path, sender: str) -> list[Arrived]:
    inbox, log = Folder(data).inbox(), SqlLog(read_database(data, "log"))
    try:
        source = next((number for number, source in inbox.sources().items() if source.name == sender), 0)
        told = [one for one in log.facts_from(0, 100_000) if one.fact.source == source and isinstance(one.fact.body, Observed)]
        parts = dict(log.connection.execute("SELECT position, part FROM personal").fetchall())
        return [Arrived(one.fact, decode_personal(parts[one.position]) if one.position in parts else {}) for one in told]
    finally:
        inbox.close()
        log.close()
