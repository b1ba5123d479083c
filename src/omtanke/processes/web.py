"""The pages."""

from __future__ import annotations

import threading
from pathlib import Path
from zoneinfo import ZoneInfo

from waitress.server import create_server

from omtanke.folder import Folder
from omtanke.insight.board import Board
from omtanke.processes.addresses import Addresses
from omtanke.processes.stopping import on_stop
from omtanke.vocabulary.time import day_ends_at, read_date, read_moment, zone_named
from omtanke.web import app

THREADS = 8


def as_of_moment(text: str | None, zone: ZoneInfo) -> int | None:
    """The moment that `--as-of` names; a date stands for its end."""
    if text is None:
        return None
    day = read_date(text, "--as-of")
    return read_moment(text, "--as-of", zone) if day is None else day_ends_at(day, zone) - 1


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
        board=Board(data, as_of_moment(as_of, zone_named(settings.zone)), zone=settings.zone),
        as_of=as_of_moment(as_of, zone_named(settings.zone)),
        zone=settings.zone,
        currency=settings.currency,
        locale=settings.locale,
        hosts=(addresses.host, *settings.pages_hosts),
    )
    server = create_server(application, host=addresses.host, port=addresses.pages_port, threads=THREADS, ident=None)
    stopping = threading.Event()
    on_stop(stopping.set)
    threading.Thread(target=server.run, daemon=True).start()
    stopping.wait()
    server.close()
    return 0
