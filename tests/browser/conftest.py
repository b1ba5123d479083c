"""The console in Chromium: a demo shop, its pages as a process of their own, and a browser that minds what it sees.

Fixtures live as long as a module: while Playwright's loop runs in this thread, Django refuses its database to other tests.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import Struct
from playwright.sync_api import Browser, Page, sync_playwright

from conftest import ROOT, missing
from omtanke.processes.demo import demo

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
SIZES = {"desktop": (1280, 900), "tablet": (820, 1180), "phone": (390, 844)}
LOCALES = {"sv": "sv-SE", "en": "en-GB"}
READY_SECONDS = 30
LINK = "import sys; from pathlib import Path; from omtanke.web.app import {name}; print({name}(Path(sys.argv[1])))"
SHOTS = os.environ.get("OMTANKE_SHOTS", "")


class Console(Struct, frozen=True):
    """Pages that run: where, and over which data."""

    address: str
    data: Path

    def link(self, name: str) -> str:
        """A link that lets in once: demo_link or first_link."""
        made = subprocess.run([sys.executable, "-c", LINK.format(name=name), str(self.data)], capture_output=True, text=True, check=True, env=environment())
        return self.address + made.stdout.strip()


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT / "src")}


def silent(what: str, done: int, of: int) -> None:
    """Progress that nobody reads."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(data: Path) -> Iterator[Console]:
    """The pages over a data folder, until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "omtanke.cli", "run", "web", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(command, env=environment()) as process:
        try:
            wait_until_ready(f"http://127.0.0.1:{port}/healthz", process)
            yield Console(f"http://127.0.0.1:{port}", data)
        finally:
            process.terminate()


def serve_at_work(data: Path) -> Iterator[Console]:
    """The pages with a worker beside them."""
    with subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(data)], env=environment()) as worker:
        yield from serve(data)
        worker.terminate()


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the pages did not answer at {address}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Console]:
    """The demo shop, told up to a Saturday afternoon, with its pages."""
    data = tmp_path_factory.mktemp("demo")
    (data / "demo.txt").write_text("2026-11-21T16:30+01:00 400 7\n", encoding="utf-8")
    demo(data, 400, 7, silent)
    yield from serve(data)


@pytest.fixture
def empty_console(tmp_path: Path, chromium: Browser) -> Iterator[Console]:
    """A shop to which nothing has come yet."""
    yield from serve(tmp_path)


@pytest.fixture(scope="module")
def signed_in(console: Console, chromium: Browser) -> dict[str, object]:
    """The cookies of somebody who has signed in by the link of the demo."""
    context = chromium.new_context()
    context.new_page().goto(console.link("demo_link"))
    state = context.storage_state()
    context.close()
    return dict(state)


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, signed_in: dict[str, object]) -> Iterator[Open]:
    """Open a browser of a size, language and colour scheme; whatever it complains about fails the test."""
    contexts, complaints = [], []

    def open_one(language: str = "sv", size: str = "desktop", scheme: str = "light", *, is_known: bool = True, scripts: bool = True) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            locale=LOCALES[language],
            color_scheme="dark" if scheme == "dark" else "light",
            storage_state=signed_in if is_known else None,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
