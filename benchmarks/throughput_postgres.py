"""The whole path on PostgreSQL, on the same two cores; once more with four workers, of whom one works and three stand by."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import throughput
from benchmarks.timing import Table
from omtanke.storage.databases import VARIABLE

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from fakes.postgres import Cluster, cluster

WHOLE, FLOOR = 7_000, 25_000
WORKERS, TURNS, EACH = 4, 6, 35_000


def run() -> None:
    """Print the tables."""
    with cluster(careful=True) as server:
        if server is None:
            print("PostgreSQL's programs (initdb, pg_ctl) are not on this machine.")
            return
        with standing_in(server):
            throughput.run("PostgreSQL", WHOLE, FLOOR)
        with standing_in(server):
            four_workers()


@contextmanager
def standing_in(server: Cluster) -> Iterator[None]:
    """A shop's databases stand in a new one of the server's."""
    os.environ[VARIABLE] = server.database()
    yield
    del os.environ[VARIABLE]


def four_workers() -> None:
    """With one worker and with more, in turns: one, four, four, one … since a log that has grown takes more work for each event."""
    table = Table(f"One worker and {WORKERS} on PostgreSQL, {EACH:,} events each time; medians of {TURNS}, in turns")
    rates: dict[int, list[float]] = {1: [], WORKERS: []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with throughput.serving(folder / "data") as shop:
            warm_up = shop.next_requests(throughput.WARM_UP)
            throughput.told(throughput.tell(shop, folder, warm_up), warm_up)
            shop.wait_until_consumed()
            for turn in range(TURNS):
                for workers in sorted(rates, reverse=turn % 2 == 1):
                    with others(workers - 1, folder / "data"):
                        rates[workers].append(throughput.one_run(shop, folder, EACH)[0])
    one, several = (statistics.median(found) for found in rates.values())
    table.line("one worker", one, "events/s")
    table.line(f"{WORKERS} workers", several, "events/s", f"{several / one:.2f} times")


@contextmanager
def others(count: int, data: Path) -> Iterator[None]:
    """So many workers beside the shop's own."""
    words = [sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(data), "--leave-lake", "--log-level", "error"]
    started = [subprocess.Popen(words) for _ in range(count)]
    time.sleep(3)  # with none too: what has come before flows on meanwhile
    try:
        yield
    finally:
        for other in started:
            other.terminate()
            other.wait()
