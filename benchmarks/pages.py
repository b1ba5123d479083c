"""How long each page takes on about a million facts, at rest and while an import runs into the same folder."""

from __future__ import annotations

import http.cookiejar
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from benchmarks.shop import FOLDER, large_shop
from benchmarks.timing import Table
from omtanke.web.app import demo_link

ROUNDS = 15
PAGES = ("/", "/promises/", "/promises/?state=broken", "/customers/?q=anna", "/health/")


def run() -> None:
    """Print the table."""
    data = FOLDER / "pages"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(large_shop(), data)
    port = free_port()
    link = demo_link(data)
    web = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "web", "--data", str(data), "--port", str(port)])
    try:
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        wait_for(port)
        browser.open(f"http://127.0.0.1:{port}{link}").read()
        pages = [*PAGES, *found(browser, port)]
        at_rest = times(browser, port, pages)
        importing = subprocess.Popen(
            [sys.executable, "-m", "omtanke.cli", "import", "csv", *export(data), "--data", str(data)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        time.sleep(3)
        busy = times(browser, port, pages)
        still = importing.poll() is None
        importing.terminate()
        importing.wait()
        table = Table("Pages on about a million facts, medians" + ("" if still else " (the import ended before the pages were through)"))
        for page in pages:
            table.line(page, busy[page] * 1000, "ms", f"while an import runs; {at_rest[page] * 1000:,.0f} ms at rest; bound 200")
        status = Path(f"/proc/{web.pid}/status")
        if status.exists():
            peak = int(re.search(r"VmHWM:\s+(\d+)", status.read_text()).group(1))  # type: ignore[union-attr]
            table.line("peak memory of the web process", peak / 1024, "MiB")
    finally:
        web.send_signal(signal.SIGTERM)
        web.wait()
        shutil.rmtree(data, ignore_errors=True)


def export(data: Path) -> list[str]:
    """A long export to import meanwhile: orders of nobody in particular, and their map."""
    file, mapped = data / "orders.csv", data / "orders.toml"
    rows = "".join(f"{n},2026-{1 + n % 9:02}-{1 + n % 28:02}T10:00:00,c{n % 90_000},{n % 900}.50\n" for n in range(400_000))
    file.write_text("order,at,customer,total\n" + rows, encoding="utf-8")
    mapped.write_text(
        '[source]\nname = "meanwhile"\nzone = "Europe/Stockholm"\ncurrency = "SEK"\n\n'
        '[[event]]\nname = "Order Completed"\nfamily = "orders"\nkey = ["order"]\nat = "at"\n'
        '[event.who]\nuser_id = "customer"\n[event.properties]\norder_id = "order"\ntotal = "total"\n',
        encoding="utf-8",
    )
    return [str(file), "--map", str(mapped)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).read()
        except OSError:
            time.sleep(0.1)
        else:
            return


def found(browser: urllib.request.OpenerDirector, port: int) -> list[str]:
    """A promise and a customer that the pages lead to."""
    listed = browser.open(f"http://127.0.0.1:{port}/promises/").read().decode()
    return [found.group(1) for pattern in (r'href="(/promises/\d+/?)"', r'href="(/customers/\d+/?)"') if (found := re.search(pattern, listed))]


def times(browser: urllib.request.OpenerDirector, port: int, pages: list[str]) -> dict[str, float]:
    """The median seconds of each page."""
    measured: dict[str, list[float]] = {page: [] for page in pages}
    for _ in range(ROUNDS):
        for page in pages:
            began = time.perf_counter()
            browser.open(f"http://127.0.0.1:{port}{page}").read()
            measured[page].append(time.perf_counter() - began)
    return {page: statistics.median(one) for page, one in measured.items()}
