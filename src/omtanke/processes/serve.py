"""All five processes together, watched."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path

from omtanke.folder import Folder
from omtanke.processes import links
from omtanke.processes.addresses import Addresses
from omtanke.processes.as_of import as_of_moment
from omtanke.runtime.door_keys import open_write_keys
from omtanke.runtime.supervise import Crew
from omtanke.vocabulary.time import zone_named

READY_SECONDS = 30.0
NOTHING: Mapping[str, Sequence[str]] = {}


def serve(
    data: Path,
    as_of: str | None,
    host: str | None,
    port: int | None,
    door_port: int | None,
    link: Callable[[Path], str] = links.first_link,
    beside: Mapping[str, Sequence[str]] = NOTHING,
    further: Sequence[str] = (),
) -> int:
    """Start the five processes and what runs `beside` them, say where they are (and `further`), and watch them until asked to stop."""
    folder = Folder(data)
    addresses = Addresses(folder, host, port, door_port)
    addresses.require_free()
    as_of_moment(as_of, zone_named(folder.settings.zone))
    folder.policy()
    folder.inbox().close()
    folder.log().close()
    folder.outbox().close()
    key = open_write_keys(data / "keys")[0].key
    path = by_another(link, data)
    common = ["--data", str(data), "--host", addresses.host]
    crew = Crew(
        {
            "worker": ["run", "worker", "--data", str(data), "--leave-lake"],
            "lake": ["run", "lake", "--data", str(data)],
            "web": ["run", "web", *common, "--port", str(addresses.pages_port), *(["--as-of", as_of] if as_of else [])],
            "door": ["run", "door", *common, "--door-port", str(addresses.door_port)],
            "dispatch": ["run", "dispatch", *common, "--port", str(addresses.pages_port)],
            **{name: [*command, *common, "--door-port", str(addresses.door_port)] for name, command in beside.items()},
        }
    )
    crew.start()
    wait_until_ready(f"{addresses.pages}/healthz", crew)
    print(f"The console:  {addresses.pages}{path}", flush=True)
    if path:
        print("              (the link works once, and lets you in)", flush=True)
    print(f"The door:     {addresses.door}/v1   write key {key}", flush=True)
    for line in further:
        print(line, flush=True)
    print("Ctrl-C stops everything; what has been acknowledged is kept.", flush=True)
    return crew.watch()


def by_another(link: Callable[[Path], str], data: Path) -> str:
    """What a process says that ends at once: making a link takes the pages' memory, and watching takes next to none."""
    hearing, saying = Pipe(duplex=False)
    process = get_context("fork").Process(target=_say, args=(saying, link, data))
    process.start()
    saying.close()
    try:
        said: str | Exception = hearing.recv()
    except EOFError:
        said = RuntimeError("the process that makes the first link has ended without a word; what it said stands above")
    process.join()
    if isinstance(said, Exception):
        raise said
    return said


def _say(to: Connection, link: Callable[[Path], str], data: Path) -> None:
    """It ends by itself, whatever has become of the one that asked."""
    with suppress(BrokenPipeError):
        try:
            to.send(link(data))
        except Exception as error:
            to.send(error)


def wait_until_ready(address: str, crew: Crew) -> None:
    """Until the pages answer; after half a minute, or when the end is asked for, it goes on all the same."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not crew.is_stopping:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
