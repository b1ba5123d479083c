"""A door and a worker that run, with a key for each client; the clients of Node, as the lock file names them."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from conftest import missing
from integration.running_door import PATIENCE_SECONDS, RunningDoor, running_door
from omtanke.runtime.door_keys import make_write_key, open_write_keys

HERE = Path(__file__).parent
CLIENTS, PACKAGES = HERE / "clients", HERE / "node_modules"
LANGUAGES = {".py": sys.executable, ".mjs": "node", ".cjs": "node"}
CLIENT_SECONDS = 60
# Who has a key before the door opens; it takes a second to know of another.
ON_SERVERS = ("segment_python.py", "rudderstack_python.py", "segment_node.mjs", "rudderstack_node.cjs")
IN_PAGES = ("segment_browser.html", "rudderstack_browser.html")
WAYS = ("", " batching", " beacon", " slow")
SENDERS = (*ON_SERVERS, *(f"{name} slips" for name in ON_SERVERS), *(name + way for name in IN_PAGES for way in WAYS), "paths", "buss")
Run = Callable[..., str]


@pytest.fixture(scope="session")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    data = tmp_path_factory.mktemp("senders") / "data"
    for sender in ("shop", *SENDERS):
        make_write_key(data / "keys", sender)
    with running_door(data) as opened:
        yield opened


@pytest.fixture(scope="session")
def packages() -> Path:
    """The clients of Node."""
    if shutil.which("node") is None or not (PACKAGES / ".package-lock.json").exists():
        missing("the clients of Node are not here; with Node 20 and npm installed, `make tests/senders/node_modules` brings them")
    return PACKAGES


@pytest.fixture
def run(door: RunningDoor) -> Run:
    """Runs a client's program to its end, with a key of its own; what it complains of."""

    def run_client(name: str, sender: str, *more: str, key: str = "") -> str:
        return run_against(door, name, key or made_key(door, sender), *more)

    return run_client


def run_against(door: RunningDoor, name: str, key: str, *more: str) -> str:
    """A client's program, to its end."""
    program = CLIENTS / name
    command = [LANGUAGES[program.suffix], str(program), door.address, key, *more]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=CLIENT_SECONDS, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stderr + ended.stdout


def made_key(door: RunningDoor, sender: str) -> str:
    """The key of a sender, once the door knows it: it looks at its keys once a second."""
    keys = {one.sender: one.key for one in open_write_keys(door.data / "keys")}
    key = keys.get(sender) or make_write_key(door.data / "keys", sender).key
    deadline = time.monotonic() + PATIENCE_SECONDS
    while door.call("GET", f"/v1/projects/{key}/settings").status != 200:
        assert time.monotonic() < deadline, "the door does not know the key"
        time.sleep(0.1)
    return key


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        missing("there is no Chromium on this machine; install the package chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        yield opened
        opened.close()


class Pages(http.server.SimpleHTTPRequestHandler):
    """The shop's pages with a client in them."""

    def translate_path(self, path: str) -> str:
        plain = path.partition("?")[0].lstrip("/")
        return str((HERE if plain.startswith("node_modules/") else CLIENTS) / plain)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def shop_pages(packages: Path) -> Iterator[str]:
    """The address of the shop's pages: another origin than the door's."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages))
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()
