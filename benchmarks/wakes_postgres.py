"""How late wakes are on PostgreSQL."""

from __future__ import annotations

from benchmarks import wakes
from benchmarks.throughput_postgres import standing_in
from fakes.postgres import cluster


def run() -> None:
    """Print the table."""
    with cluster(careful=True) as server:
        if server is None:
            print("PostgreSQL's programs (initdb, pg_ctl) are not on this machine.")
            return
        wakes.run("PostgreSQL", lambda: standing_in(server))
