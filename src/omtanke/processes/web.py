"""The pages."""

from __future__ import annotations

import threading
from pathlib import Path

from waitress.server import create_server

from omtanke.folder import Folder
from omtanke.insight.board import Board
from omtanke.insight.board_made import made_by_another
from omtanke.processes.addresses import Addresses
from omtanke.processes.as_of import as_of_moment
from omtanke.processes.stopping import on_stop
from omtanke.runtime.logs import note
from omtanke.vocabulary.time import zone_named
from omtanke.web import app

THREADS = 8


def run(data: Path, as_of: str | None, host: str | None, port: int | None) -> int:
    """Until asked to end."""
    folder = Folder(data)
    addresses, settings = Addresses(folder, host, port, None), folder.settings
    folder.inbox().close()
    folder.log().close()
    app.migrate(data)
    application = app.application(
        data,
        keys=folder.keys,
        clock=folder.clock,
        board=Board(data, as_of_moment(as_of, zone_named(settings.zone)), zone=settings.zone, making=made_by_another),
        as_of=as_of_moment(as_of, zone_named(settings.zone)),
        zone=settings.zone,
        currency=settings.currency,
        locale=settings.locale,
        hosts=(addresses.host, *settings.pages_hosts),
    )
    server = create_server(application, host=addresses.host, port=addresses.pages_port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=False)
    note("started", port=addresses.pages_port)
    stopping = threading.Event()
    on_stop(stopping.set)
    threading.Thread(target=server.run, daemon=True).start()
    stopping.wait()
    server.close()
    note("stopped")
    return 0
