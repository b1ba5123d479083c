"""Letters: puts the morning letters and alerts that are due into words and into the outbox, and ends."""

from __future__ import annotations

from pathlib import Path

from omtanke.folder import Folder
from omtanke.insight.board import Board
from omtanke.insight.board_making import made
from omtanke.processes.addresses import Addresses
from omtanke.web import app


def run(data: Path, host: str | None, port: int | None) -> int:
    """The exit status: 1 when something could not be written; it is tried again."""
    folder = Folder(data)
    settings, base = folder.settings, folder.settings.pages_address or Addresses(folder, host, port, None).pages
    app.migrate(data)
    app.application(
        data,
        keys=folder.keys,
        clock=folder.clock,
        board=Board(data, zone=settings.zone, making=made),
        zone=settings.zone,
        currency=settings.currency,
        locale=settings.locale,
    )
    from omtanke.web.letters.writing import Writer  # needs the models, which are there now

    outbox = folder.outbox()
    try:
        return 1 if Writer(outbox, base, settings.name).write_due(folder.clock()) else 0
    finally:
        outbox.close()
