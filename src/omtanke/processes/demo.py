"""The demo shop: made at first, gone on with later, and living while it is served."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from omtanke.bootstrap import WorkBeside, telling
from omtanke.channels.webhook.signature import new_secret
from omtanke.folder import Folder
from omtanke.folder_clock import set_clock
from omtanke.intake.importers.ports import Progress
from omtanke.processes.addresses import Addresses
from omtanke.processes.shop import HEARD_TYPES, load_shop, save_shop
from omtanke.runtime.working import wall_clock
from omtanke.simulate.sending import history
from omtanke.simulate.shop import Event
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import zone_named

SOURCE = "demo-shop"
BATCH = 5_000
MONTHS = 4
SPEED = 60
EAR = "demo.json"
SETTINGS = """\
# The demo's shop lives beside Omtanke and hears by webhook, on this machine, what we do for its customers.
name = "Björk & Berg"
webhook_allow = ["127.0.0.1:{port}"]
"""


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
    until, customers, seed = begun(folder, customers, seed)
    source = inbox.source(SOURCE, Mode.HISTORY, folder.settings.zone, folder.settings.currency)
    with WorkBeside(folder) as work:
        with telling(inbox, source, ended=True):
            shop, events = history(seed, until, MONTHS, customers)
            for done in range(0, len(events), BATCH):
                inbox.append(source.source, incoming(events[done : done + BATCH]), wall_clock())
                progress("events", done, len(events))
            shop.hand_over()
            save_shop(folder.path, shop)
        work.finish(inbox, progress)


def begun(folder: Folder, customers: int, seed: int) -> tuple[datetime, int, int]:
    """Up to when, how many customers and which seed: as it was begun, so that it can be gone on with."""
    path = folder.path / "demo.txt"
    if not path.exists():
        until = datetime.now(zone_named(folder.settings.zone)).isoformat(timespec="minutes")
        path.write_text(f"{until} {customers} {seed}\n", encoding="utf-8")
    until, written_customers, written_seed = path.read_text(encoding="utf-8").split()
    return datetime.fromisoformat(until).astimezone(zone_named(folder.settings.zone)), int(written_customers), int(written_seed)


def incoming(events: Sequence[Event]) -> list[Incoming]:
    """As the inbox takes them."""
    return [Incoming(event.message_id, event.occurred_at, event.wire) for event in events]


def come_alive(data: Path, speed: int) -> Mapping[str, Sequence[str]]:
    """Before the processes start: the folder's clock runs on from where it stood, and the shop hears what we do. What is to run beside them."""
    try:
        lived_to = load_shop(data).now
    except FileNotFoundError:
        return {}
    except CannotDo as fault:
        print(f"The shop of this demo rests: {fault}", file=sys.stderr)
        return {}
    folder = Folder(data)
    set_clock(folder.clock_path, max(folder.log().clock(), lived_to), speed)
    if not (data / EAR).exists():
        give_an_ear(folder)
    return {"shop": ["run", "shop"]}


def give_an_ear(folder: Folder) -> None:
    """A port on which the demo's shop hears, a secret by which it knows that it is us, and a receiver that leads there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings, secret = folder.path / "omtanke.toml", new_secret()
    if not settings.exists():
        settings.write_text(SETTINGS.format(port=port), encoding="utf-8")
    outbox = folder.outbox()
    outbox.receivers.add(f"http://127.0.0.1:{port}/heard", HEARD_TYPES, SOURCE, folder.log().last_position(), secret, wall_clock())
    outbox.close()
    new = folder.path / f"{EAR}.new"
    new.touch(mode=0o600)
    new.write_text(json.dumps({"port": port, "secret": secret}), encoding="utf-8")
    new.rename(folder.path / EAR)
