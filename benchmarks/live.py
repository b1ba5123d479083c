"""From a call at the door to the line on a customer's timeline in a browser that is open there, with the shop running at 500 events a second.

The living shop's own events are told at that rate over HTTP, so that door, worker, pages and browser share the two cores.
"""

from __future__ import annotations

import base64
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.door import free_port
from benchmarks.timing import Table
from omtanke.folder import Folder
from omtanke.runtime.door_keys import open_write_keys
from omtanke.simulate.shop import Shop
from omtanke.web.app import demo_link

RATE, BATCH = 500, 50
CALLS, WARM_UP = 200, 10
BOUND_SECONDS = 1.0
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HOLDS = "text => document.querySelector('main').innerText.includes(text)"


def run() -> None:
    """Print the table."""
    data = Path(tempfile.mkdtemp()) / "data"
    ports = {"--port": free_port(), "--door-port": free_port()}
    Folder(data).policy_text()
    link, key = demo_link(data), open_write_keys(data / "keys")[0].key
    where = [str(part) for pair in ports.items() for part in pair]
    shop = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "serve", "--data", str(data), *where], stdout=subprocess.PIPE, text=True)
    try:
        assert shop.stdout is not None
        while not shop.stdout.readline().startswith("Ctrl-C"):
            pass
        feed = Feed(f"http://127.0.0.1:{ports['--door-port']}/v1/batch", key)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{ports['--port']}{link}")
            feed.tell([asked(0)])
            time.sleep(2)
            page.goto(f"http://127.0.0.1:{ports['--port']}/customers/?q=Frida Fors")
            page.locator("main a", has_text="Frida Fors").first.click()
            feed.start()
            spans = [seen_after(page, feed, n) for n in range(1, CALLS + WARM_UP + 1)][WARM_UP:]
            feed.stop()
            browser.close()
        told = feed.told / feed.seconds
        table = Table(f"From a call to the timeline in the browser, {CALLS} calls, the shop running at {told:,.0f} events a second")
        spans.sort()
        table.line("median", statistics.median(spans) * 1000, "ms")
        table.line("99th percentile", spans[int(len(spans) * 0.99) - 1] * 1000, "ms", f"bound {BOUND_SECONDS * 1000:,.0f}")
        table.line("slowest", spans[-1] * 1000, "ms")
    finally:
        shop.terminate()
        shop.wait()
        shutil.rmtree(data.parent, ignore_errors=True)


def asked(number: int) -> bytes:
    """What a customer writes; the first time she says who she is."""
    if not number:
        return json.dumps({"type": "identify", "messageId": "frida", "userId": "frida", "traits": {"name": "Frida Fors"}}).encode()
    properties = {"case_id": "frida", "text": f"Fråga nummer {number}."}
    return json.dumps({"type": "track", "event": "Case Message Received", "messageId": f"frida-{number}", "userId": "frida", "properties": properties}).encode()


def seen_after(page: Page, feed: Feed, number: int) -> float:
    """Seconds from the call to the line that shows it."""
    time.sleep(0.05 + number % 7 * 0.06)
    began = time.perf_counter()
    feed.tell([asked(number)])
    page.wait_for_function(HOLDS, arg=f"Fråga nummer {number}.", timeout=10_000)
    return time.perf_counter() - began


class Feed:
    """The living shop's events, told as they come off, so many a second."""

    def __init__(self, door: str, key: str, ready: list[list[bytes]] | None = None) -> None:
        self._door = door
        self._opener = urllib.request.build_opener()
        self._opener.addheaders = [("authorization", "Basic " + base64.b64encode(f"{key}:".encode()).decode())]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._ready = ready if ready is not None else list(batches())
        self.told, self.seconds = 0, 0.0

    def tell(self, wires: list[bytes]) -> None:
        """One batch. A 400 names the events with which the shop tries the door; the others are kept."""
        try:
            with self._opener.open(urllib.request.Request(self._door, b'{"batch":[' + b",".join(wires) + b"]}"), timeout=20) as answer:
                answer.read()
        except urllib.error.HTTPError as refused:
            if refused.code != 400:
                raise

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        began = time.perf_counter()
        for n, batch in enumerate(self._ready):
            if self._stopping.wait(max(0.0, began + n * BATCH / RATE - time.perf_counter())):
                break
            self.tell(batch)
            self.told += len(batch)
        self.seconds = time.perf_counter() - began


def batches() -> Iterator[list[bytes]]:
    """Some minutes' worth of what 5,000 people do."""
    begins = datetime.now(UTC) - timedelta(days=30)
    wires = [event.wire for event in Shop(1, 5_000, begins).advance(begins + timedelta(days=29))]
    for n in range(0, min(len(wires), RATE * 300), BATCH):
        yield wires[n : n + BATCH]
