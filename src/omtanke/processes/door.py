"""The door for events."""

from __future__ import annotations

from pathlib import Path

import uvicorn

from omtanke.folder import Folder
from omtanke.intake.door import Door
from omtanke.intake.write_keys import open_write_keys
from omtanke.processes.addresses import Addresses
from omtanke.runtime.working import wall_clock
from omtanke.vocabulary.time import zone_named

STOP_SECONDS = 3


def run(data: Path, host: str | None, port: int | None) -> int:
    """Until asked to end; what is under way is answered first."""
    folder = Folder(data)
    addresses = Addresses(folder, host, None, port)
    door = Door(folder.inbox(), open_write_keys(data / "keys"), zone_named(folder.settings.zone), folder.settings.currency, wall_clock)
    uvicorn.run(door, host=addresses.host, port=addresses.door_port, log_level="warning", access_log=False, timeout_graceful_shutdown=STOP_SECONDS)
    return 0
