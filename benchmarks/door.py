"""Calls a second at the door, durable, over HTTP on loopback with the worker running; beside a floor that answers without storing.

The sender, the door and the worker are processes of their own, so that two cores are shared by three. Events lie
in the inbox, synced to disk, before they are answered; how far the worker has come by then stands beside.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.timing import RUNS, Table
from omtanke.folder import Folder
from omtanke.runtime.door_keys import open_write_keys

SINGLE_CALLS, BATCHES, EVENTS_A_BATCH = 6_000, 300, 100
SINGLE_CONNECTIONS, BATCH_CONNECTIONS = 64, 8
READY_SECONDS = 30.0
NO_LIMIT = "door_events_per_second = 1000000\ndoor_burst = 1000000\n"
FLOOR = """
import sys, uvicorn
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"{}"})
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
"""


def run() -> None:
    """Print the table."""
    load = os.getloadavg()[0]
    table = Table(f"The door: single calls, and batches of {EVENTS_A_BATCH}; medians of {RUNS}; load before {load:.1f}")
    folder = Path(tempfile.mkdtemp())
    try:
        with_worker(folder / "data", table)
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def at_work(data: Path, policy: str = "") -> Iterator[tuple[str, int]]:
    """A door and its worker on a folder of their own: the write key, and the port. `policy`: what is added to the first one."""
    data.mkdir(parents=True)
    (data / "omtanke.toml").write_text(NO_LIMIT, encoding="utf-8")
    Folder(data).policy_text()
    with (data / "policy" / "policy.toml").open("a", encoding="utf-8") as written:
        written.write(policy)
    Folder(data).log().close()
    key, port = open_write_keys(data / "keys")[0].key, free_port()
    worker = started("-m", "omtanke.cli", "run", "worker", "--data", str(data))
    door = started("-m", "omtanke.cli", "run", "door", "--data", str(data), "--door-port", str(port))
    try:
        wait_until_ready(port)
        yield key, port
    finally:
        for process in (door, worker):
            process.terminate()
            process.wait()


def with_worker(data: Path, table: Table) -> None:
    """The door beside its worker, then the floor."""
    with at_work(data) as (key, port):
        single = median(port, key, SINGLE_CALLS, 1, SINGLE_CONNECTIONS)
        batched = median(port, key, BATCHES, EVENTS_A_BATCH, BATCH_CONNECTIONS)
        taken, made = Folder(data).inbox().last_entry(), Folder(data).log().consumed()
    floor_port = free_port()
    floor = started("-c", FLOOR, str(floor_port))
    try:
        wait_until_ready(floor_port)
        bare = median(floor_port, key, SINGLE_CALLS, 1, SINGLE_CONNECTIONS)
        bare_batched = median(floor_port, key, BATCHES, EVENTS_A_BATCH, BATCH_CONNECTIONS)
    finally:
        floor.terminate()
        floor.wait()
    table.line("single calls, durable, worker running", single, "calls/s", f"{bare / single:.1f} times under the floor")
    table.line("batched events, durable, worker running", batched, "events/s", f"{bare_batched / batched:.1f} times under the floor")
    table.line("floor: uvicorn answers, nothing is read or stored", bare, "calls/s")
    table.line("floor, batched", bare_batched, "events/s")
    table.line("events that the worker had made facts of by the end", 100 * made / max(taken, 1), "%", f"of {taken:,}")


def median(port: int, key: str, calls: int, size: int, connections: int) -> float:
    """Events a second of the median run."""
    return statistics.median(one_run(port, key, calls, size, connections) for _ in range(RUNS))


def one_run(port: int, key: str, calls: int, size: int, connections: int) -> float:
    """Events a second; every call is answered with 200, or it does not count as a run."""
    words = [sys.executable, "-m", "benchmarks.door_load", str(port), key, str(calls), str(size), str(connections), os.urandom(4).hex()]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sender:
        assert sender.stdin is not None and sender.stdout is not None
        sender.stdout.readline()
        said, _ = sender.communicate("go\n")
    found: dict[str, Any] = json.loads(said)
    if found["statuses"] != {"200": calls}:
        raise RuntimeError(f"not every call was taken: {found['statuses']}")
    return calls * size / float(found["seconds"])


def started(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *words])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the door has not opened")
