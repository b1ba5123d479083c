"""The door for events, and the promise API."""

from __future__ import annotations

from pathlib import Path

import uvicorn

from omtanke.folder import Folder
from omtanke.intake.door import Door
from omtanke.intake.protocol import server_settings
from omtanke.intake.watched import WatchedDoor, WatchedInbox
from omtanke.processes.addresses import Addresses
from omtanke.processes.watched import watch_of
from omtanke.runtime.disk import Disk
from omtanke.runtime.logs import note
from omtanke.runtime.metrics import DoorMeter

STOP_SECONDS = 3


def run(data: Path, host: str | None, port: int | None) -> int:
    """Until asked to end; what is under way is answered first."""
    folder = Folder(data)
    addresses, settings = Addresses(folder, host, None, port), folder.settings
    folder.log().close()  # the API reads it, so it has to be there
    disk, meter = Disk(data, settings.keep_free_mb), DoorMeter(data, folder.clock)
    watched = WatchedDoor(watch_of("door", folder, meter, disk, takes=True))
    door = Door(data, WatchedInbox(folder.inbox(), disk, meter), folder.keys, settings, folder.clock, watched, meter)
    note("started", port=addresses.door_port)
    uvicorn.run(door, **server_settings(addresses.host, addresses.door_port, STOP_SECONDS))
    return 0
