"""Commands that serve: the three processes, one by one or watched together, and the demo shop."""

from __future__ import annotations

import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

import uvicorn
import waitress

from omtanke.bootstrap import run_worker, telling, wait_until_consumed, worker_at_work
from omtanke.faults import CannotDo
from omtanke.folder import Folder
from omtanke.insight.board import Board
from omtanke.intake.door import Door
from omtanke.intake.importers.ports import Progress
from omtanke.intake.write_keys import open_write_keys
from omtanke.runtime.supervise import Crew
from omtanke.runtime.working import wall_clock
from omtanke.simulate.sending import incoming_history
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import day_ends_at, read_date, read_moment, zone_named
from omtanke.web import app as pages

WEB_THREADS = 8
DEMO_SOURCE = "demo-shop"
DEMO_BATCH = 5_000
READY_SECONDS = 30.0


class Addresses:
    """Where the processes listen: asked for, else as the settings say."""

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


def as_of_moment(text: str | None, zone: ZoneInfo) -> int | None:
    """The moment that `--as-of` names; a date stands for its end."""
    if text is None:
        return None
    day = read_date(text, "--as-of")
    return read_moment(text, "--as-of", zone) if day is None else day_ends_at(day, zone) - 1


# One process alone


def run_worker_process(data: Path, ends_when_idle: bool) -> int:
    """The worker, until TERM."""
    run_worker(data, ends_when_idle)
    return 0


def run_web_process(data: Path, as_of: str | None, host: str | None, port: int | None) -> int:
    """The pages, until TERM."""
    folder = Folder(data)
    addresses = Addresses(folder, host, port, None)
    folder.inbox().close()
    folder.log().close()
    pages.migrate(data)
    settings = folder.settings
    application = pages.application(
        data,
        keys=folder.keys,
        board=Board(data),
        as_of=as_of_moment(as_of, zone_named(settings.zone)),
        zone=settings.zone,
        currency=settings.currency,
        hosts=(addresses.host, *settings.pages_hosts),
    )
    server = waitress.create_server(application, host=addresses.host, port=addresses.pages_port, threads=WEB_THREADS, ident=None)
    on_stop(lambda: threading.Thread(target=server.close).start())
    try:
        server.run()
    except OSError:
        return 0
    return 0


def on_stop(stop: Callable[[], object]) -> None:
    """Call `stop` when the process is asked to end."""

    def handle(number: int, frame: FrameType | None) -> None:
        stop()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)


def run_door_process(data: Path, host: str | None, port: int | None) -> int:
    """The door for events, until TERM."""
    folder = Folder(data)
    addresses = Addresses(folder, host, None, port)
    door = Door(folder.inbox(), open_write_keys(data / "keys"), zone_named(folder.settings.zone), folder.settings.currency, wall_clock)
    uvicorn.run(door, host=addresses.host, port=addresses.door_port, log_level="warning", access_log=False, timeout_graceful_shutdown=3)
    return 0


# All together


def serve(data: Path, as_of: str | None, host: str | None, port: int | None, door_port: int | None, link: Callable[[Path], str] = pages.first_link) -> int:
    """Start the three processes, say where they are, and watch them until asked to stop."""
    folder = Folder(data)
    addresses = Addresses(folder, host, port, door_port)
    addresses.require_free()
    as_of_moment(as_of, zone_named(folder.settings.zone))
    folder.policy_text()
    folder.inbox().close()
    folder.log().close()
    key = next(iter(open_write_keys(data / "keys")), "")
    path = link(data)
    common = ["--data", str(data), "--host", addresses.host]
    crew = Crew(
        {
            "worker": ["run", "worker", *common],
            "web": ["run", "web", *common, "--port", str(addresses.pages_port), *(["--as-of", as_of] if as_of else [])],
            "door": ["run", "door", *common, "--door-port", str(addresses.door_port)],
        }
    )
    crew.start()
    wait_until_ready(f"{addresses.pages}/healthz")
    print(f"The console:  {addresses.pages}{path}", flush=True)
    if path:
        print("              (the link works once and signs you in)", flush=True)
    print(f"The door:     {addresses.door}/v1   write key {key}", flush=True)
    print("Ctrl-C stops everything; what is acknowledged is kept.", flush=True)
    return crew.watch()


def wait_until_ready(address: str) -> None:
    """Until the pages answer; after half a minute it goes on all the same."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)


# The demo


def demo(data: Path, customers: int, seed: int, progress: Progress, serves: bool, host: str | None, port: int | None, door_port: int | None) -> int:
    """The demo shop: made at first, gone on with later."""
    folder = Folder(data)
    if serves:
        Addresses(folder, host, port, door_port).require_free()
    make_demo(folder, customers, seed, progress)
    return serve(data, None, host, port, door_port, pages.demo_link) if serves else 0


def make_demo(folder: Folder, customers: int, seed: int, progress: Progress) -> None:
    """The shop's last months, told as history up to now; a shop that was begun is finished as it was begun."""
    inbox = folder.inbox()
    known = next((source for source in inbox.sources().values() if source.name == DEMO_SOURCE), None)
    if known is not None and known.has_ended:
        return
    zone = zone_named(folder.settings.zone)
    begun = folder.path / "demo.txt"
    if not begun.exists():
        begun.write_text(f"{datetime.now(zone).isoformat(timespec='minutes')} {customers} {seed}\n", encoding="utf-8")
    written, customers, seed = _begun(begun.read_text(encoding="utf-8"))
    source = inbox.source(DEMO_SOURCE, Mode.HISTORY, folder.settings.zone, folder.settings.currency)
    with worker_at_work(folder.path):
        with telling(inbox, source, ended=True):
            messages = incoming_history(seed, datetime.fromisoformat(written), customers=customers)
            done = 0
            for batch in in_batches(messages, DEMO_BATCH):
                inbox.append(source.source, batch, wall_clock())
                done += len(batch)
                progress("events", done, 0)
        wait_until_consumed(folder, inbox, progress)


def _begun(text: str) -> tuple[str, int, int]:
    written, customers, seed = text.split()
    return written, int(customers), int(seed)


def in_batches(items: Iterator[Incoming], size: int) -> Iterator[list[Incoming]]:
    """Lists of at most `size` messages."""
    while batch := list(islice(items, size)):
        yield batch

