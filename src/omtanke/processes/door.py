"""The door for events, and the promise API."""

from __future__ import annotations

from pathlib import Path

import uvicorn

from omtanke.folder import Folder
from omtanke.intake.door import Door
from omtanke.intake.protocol import server_settings
from omtanke.processes.addresses import Addresses

STOP_SECONDS = 3


def run(data: Path, host: str | None, port: int | None) -> int:
    """Until asked to end; what is under way is answered first."""
    folder = Folder(data)
    addresses = Addresses(folder, host, None, port)
    folder.log().close()  # the API reads it, so it has to be there
    door = Door(data, folder.inbox(), folder.keys, folder.settings, folder.clock)
    uvicorn.run(door, **server_settings(addresses.host, addresses.door_port, STOP_SECONDS))
    return 0
