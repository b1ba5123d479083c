"""The demo shop: made at first, gone on with later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from omtanke.bootstrap import WorkBeside, telling
from omtanke.folder import Folder
from omtanke.intake.importers.ports import Progress
from omtanke.processes.addresses import Addresses
from omtanke.runtime.working import wall_clock
from omtanke.simulate.sending import incoming_history
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import zone_named

SOURCE = "demo-shop"
BATCH = 5_000


def demo(data: Path, customers: int, seed: int, progress: Progress) -> None:
    """The shop's last months up to now, told as history; a shop that was begun is finished as it was begun."""
    make(Folder(data), customers, seed, progress)


def require_addresses(data: Path, host: str | None, port: int | None, door_port: int | None) -> None:
    """Before anything is made: the ports are free. Raises CannotDo."""
    Addresses(Folder(data), host, port, door_port).require_free()


def make(folder: Folder, customers: int, seed: int, progress: Progress) -> None:
    """Generate and import, unless it has been done."""
    inbox = folder.inbox()
    known = next((source for source in inbox.sources().values() if source.name == SOURCE), None)
    if known is not None and known.has_ended:
        if folder.log().consumed() < inbox.last_entry():
            with WorkBeside(folder) as work:
                work.finish(inbox, progress)
        return
    written, customers, seed = begun(folder, customers, seed)
    source = inbox.source(SOURCE, Mode.HISTORY, folder.settings.zone, folder.settings.currency)
    with WorkBeside(folder) as work:
        with telling(inbox, source, ended=True):
            messages, done = incoming_history(seed, datetime.fromisoformat(written), customers=customers), 0
            for batch in in_batches(messages, BATCH):
                inbox.append(source.source, batch, wall_clock())
                done += len(batch)
                progress("events", done, 0)
        work.finish(inbox, progress)


def begun(folder: Folder, customers: int, seed: int) -> tuple[str, int, int]:
    """Up to when, how many customers and which seed: as it was begun, so that it can be gone on with."""
    path = folder.path / "demo.txt"
    if not path.exists():
        until = datetime.now(zone_named(folder.settings.zone)).isoformat(timespec="minutes")
        path.write_text(f"{until} {customers} {seed}\n", encoding="utf-8")
    until, written_customers, written_seed = path.read_text(encoding="utf-8").split()
    return until, int(written_customers), int(written_seed)


def in_batches(messages: Iterator[Incoming], size: int) -> Iterator[list[Incoming]]:
    """Lists of at most `size` messages."""
    while batch := list(islice(messages, size)):
        yield batch
