"""The small door of a process that has no other: `/healthz` and `/metrics` of worker, lake and dispatch, where the settings give them a port."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from omtanke.folder import Folder
from omtanke.runtime.disk import Disk
from omtanke.runtime.metrics import Meter
from omtanke.runtime.pulse import Pulse
from omtanke.runtime.watching import PATHS, Watch
from omtanke.vocabulary.refusal import CannotDo
from omtanke.web.own_secret import metrics_token

PATIENCE_SECONDS = 5.0
PORTS = {"worker": "worker_port", "lake": "lake_port", "dispatch": "dispatch_port"}


def watch_of(role: str, folder: Folder, meter: Meter, disk: Disk, pulse: Pulse | None = None, takes: bool = False) -> Watch:
    """How the process is watched."""
    return Watch(role, folder.path, folder.clock, disk, meter, metrics_token(folder.path), pulse, takes)


def open_watch(role: str, folder: Folder, watch: Watch) -> None:
    """Answer at the role's port, in a thread, as long as the process lives; nowhere without a port. Raises CannotDo when it is taken."""
    host, port = folder.settings.host, getattr(folder.settings, PORTS[role])
    if not port:
        return

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE_SECONDS

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path not in PATHS:
                self.send_error(404)
                return
            said = watch.answer(path, self.client_address[0], {name.lower(): value for name, value in self.headers.items()})
            self.send_response(said.status)
            self.send_header("content-type", said.kind)
            self.send_header("content-length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is said of each look."""

    try:
        server = HTTPServer((host, port), Handler)
    except OSError as error:
        raise CannotDo(f"{PORTS[role]}: port {port} on {host} cannot be used ({error.strerror}); choose another in omtanke.toml, or 0 for none") from error
    threading.Thread(target=server.serve_forever, name="watch", daemon=True).start()
