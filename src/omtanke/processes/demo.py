"""The demo shop: made at first, gone on with later, and living while it is served."""

from __future__ import annotations

import json
import socket
import sys
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from omtanke.bootstrap import WorkBeside, telling
from omtanke.channels.webhook.signature import new_secret
from omtanke.folder import Folder
from omtanke.folder_clock import set_clock
from omtanke.intake.importers.ports import Progress
from omtanke.playbook import playbook_of, write_shipped
from omtanke.processes.addresses import Addresses
from omtanke.processes.shop import EAR, HEARD_AT, HEARD_TYPES, load_shop, save_shop
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
SETTINGS = """\
# The demo's shop lives beside Omtanke and hears by webhook, on this machine, what we do for its customers.
name = "Björk & Berg"
webhook_allow = ["127.0.0.1:{port}"]
cart_address = "http://127.0.0.1:{port}/cart/{{cart}}"

[customer_mail]
host = "127.0.0.1"
port = {mail_port}
security = "none"
sender = "hej@bjorkberg.example"
"""
# What it quotes from until something has been learnt: ordered by two o'clock, it is there in one to four working days.
QUOTES = '\n[quotes]\ncut_off = "14.00"\ncountry = "SE"\nlanes.SE = [1, 4]\n'


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
        with telling(inbox, source, ended=True, clock=folder.clock):
            shop, events = history(seed, until, MONTHS, customers)
            for done in range(0, len(events), BATCH):
                inbox.append(source.source, incoming(events[done : done + BATCH]), folder.clock())
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


def where_mail_is(data: Path) -> list[str]:
    """A line that says where the mail of the demo's customers can be read; none where it is none of the demo's."""
    ear = data / EAR
    heard_at = json.loads(ear.read_text(encoding="utf-8")) if ear.exists() else {}
    return [f"The mail:     http://127.0.0.1:{heard_at['port']}/   what the customers get, and their carts"] if "mail_port" in heard_at else []


def give_an_ear(folder: Folder) -> None:
    """Ports on which the demo's shop hears and takes mail, a secret by which it knows that it is us, and a receiver that leads there.

    With settings that somebody has written its customers get mail by whatever those name.
    """
    (port, mail_port), secret = free_ports(2), new_secret()
    settings = folder.path / "omtanke.toml"
    heard_at: dict[str, int | str] = {"port": port, "secret": secret}
    if not settings.exists():
        settings.write_text(SETTINGS.format(port=port, mail_port=mail_port), encoding="utf-8")
        heard_at["mail_port"] = mail_port
        give_plays(folder)
    outbox = folder.outbox()
    outbox.receivers.add(f"http://127.0.0.1:{port}{HEARD_AT}", HEARD_TYPES, SOURCE, folder.log().last_position(), secret, wall_clock())
    outbox.close()
    new = folder.path / f"{EAR}.new"
    new.touch(mode=0o600)
    new.write_text(json.dumps(heard_at), encoding="utf-8")
    new.rename(folder.path / EAR)


def give_plays(folder: Folder) -> None:
    """The plays that Omtanke brings, and a table of days to quote from; what the shop has of its own stays. Questions it sends itself, as it hears of them."""
    folder.policy()  # the first one is put there when there is none
    policy = folder.path / "policy" / "policy.toml"
    written = policy.read_text(encoding="utf-8")
    if "quotes" not in tomllib.loads(written):
        policy.write_text(written + QUOTES, encoding="utf-8")
    if playbook_of(folder.path) is None:
        write_shipped(folder.path / "playbook")
        for survey in (folder.path / "playbook" / "plays").glob("survey_*.toml"):
            survey.unlink()


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody has."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
