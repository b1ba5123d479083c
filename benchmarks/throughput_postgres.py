"""The whole path on PostgreSQL, on the same two cores; once more with four workers, of whom one works and three stand by."""

from __future__ import annotations

import os
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

WHOLE, FLOOR, WORKERS = 7_000, 25_000, 4


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
    """The same with more workers than one, in one run: first one, then three beside it."""
    table = Table(f"One worker and {WORKERS} on PostgreSQL, {throughput.EVENTS:,} events each time")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with throughput.serving(folder / "data") as shop:
            warm_up = shop.next_requests(throughput.WARM_UP)
            throughput.told(throughput.tell(shop, folder, warm_up), warm_up)
            shop.wait_until_consumed()
            one = throughput.measured(shop, folder)
            words = [sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(folder / "data"), "--leave-lake", "--log-level", "error"]
            others = [subprocess.Popen(words) for _ in range(WORKERS - 1)]
            time.sleep(3)
            four = throughput.measured(shop, folder)
            for other in others:
                other.terminate()
                other.wait()
    table.line("one worker", one, "events/s")
    table.line(f"{WORKERS} workers", four, "events/s", f"{four / one:.2f} times")
