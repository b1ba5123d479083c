"""Where the processes listen."""

from __future__ import annotations

import socket

from omtanke.folder import Folder
from omtanke.vocabulary.refusal import CannotDo


class Addresses:
    """Host and ports: as asked for, else as the settings say."""

    def __init__(self, folder: Folder, host: str | None, pages_port: int | None, door_port: int | None) -> None:
        self.host = host or folder.settings.host
        self.pages_port = pages_port or folder.settings.pages_port
        self.door_port = door_port or folder.settings.door_port

    @property
    def pages(self) -> str:
        return f"http://{self.host}:{self.pages_port}"

    @property
    def door(self) -> str:
        return f"http://{self.host}:{self.door_port}"

    def require_free(self) -> None:
        """Raises CannotDo naming a port that is taken, and the flag that changes it."""
        for port, flag in ((self.pages_port, "--port"), (self.door_port, "--door-port")):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((self.host, port))
                except OSError as error:
                    raise CannotDo(f"Port {port} on {self.host} cannot be used ({error.strerror}). Choose another with {flag}.") from error
