"""A thousand erasures while 500 events a second come in at the door: how long until all are done, and what the others wait for meanwhile.

Door, worker and sender are processes or threads of their own on the same cores. What an event waits is from its answer at the door until the log has it,
looked at every few milliseconds.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from base64 import b64encode
from pathlib import Path

from benchmarks.door import NO_LIMIT, READY_SECONDS
from benchmarks.timing import Table
from omtanke.bootstrap import check_folder
from omtanke.folder import Folder
from omtanke.processes.erasing import request_erasure
from omtanke.runtime.door_keys import open_write_keys
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode

PEOPLE, EVENTS_EACH, ERASED, A_SECOND, BATCH = 2_000, 8, 1_000, 500, 10
ALONE_SECONDS, LOOK_SECONDS, MOST_SECONDS = 10.0, 0.002, 600.0
PORT = 8499


def message(person: int, number: str) -> dict[str, object]:
    properties = {"order_id": f"order-{number}", "note": f"words of {person}", "promises": [{"kind": "delivery", "until": "2031-01-10", "words": "Soon"}]}
    return {"type": "track", "messageId": number, "userId": f"user-{person:06}", "event": "Order Completed", "properties": properties}


def browsing(n: int) -> dict[str, object]:
    """What others do meanwhile: twenty thousand people put things into their carts."""
    properties = {"product_id": f"p{n % 997}", "cart_id": f"cart-{n % 20_000}", "price": 499, "quantity": 1, "note": "in a hurry"}
    return {"type": "track", "messageId": f"live-{n}", "userId": f"guest-{n % 20_000:06}", "event": "Product Added", "properties": properties}


class Stream(threading.Thread):
    """So many events a second; `waited` is what each batch waited until the log had it, with the moment."""

    def __init__(self, folder: Folder) -> None:
        super().__init__()
        self.folder, self.stopping, self.sent = folder, threading.Event(), 0
        self.pending: list[tuple[float, int]] = []
        self.waited: list[tuple[float, float]] = []
        key = open_write_keys(folder.path / "keys")[0].key
        self.headers = {"authorization": "Basic " + b64encode(f"{key}:".encode()).decode(), "content-type": "application/json"}

    def run(self) -> None:
        looking = threading.Thread(target=self.look)
        looking.start()
        inbox, begun = self.folder.inbox(), time.monotonic()
        while not self.stopping.is_set():
            batch = [browsing(self.sent + n) for n in range(BATCH)]
            call = urllib.request.Request(f"http://127.0.0.1:{PORT}/v1/batch", json.dumps({"batch": batch}).encode(), self.headers)
            urllib.request.urlopen(call, timeout=30).read()
            self.sent += BATCH
            self.pending.append((time.monotonic(), inbox.last_entry()))
            time.sleep(max(0.0, begun + self.sent / A_SECOND - time.monotonic()))
        looking.join()
        inbox.close()

    def look(self) -> None:
        log = self.folder.log()
        while self.pending or not self.stopping.is_set():
            consumed, now = log.consumed(), time.monotonic()
            while self.pending and self.pending[0][1] <= consumed:
                at, _ = self.pending.pop(0)
                self.waited.append((at, now - at))
            time.sleep(LOOK_SECONDS)
        log.close()


def run() -> None:
    """Print the table."""
    load = os.getloadavg()[0]
    table = Table(f"{ERASED:,} erasures while {A_SECOND} events/s come in; {PEOPLE:,} customers with {EVENTS_EACH} orders each; load before {load:.1f}")
    data = Path(tempfile.mkdtemp()) / "data"
    try:
        measured(data, table)
    finally:
        shutil.rmtree(data.parent)


def measured(data: Path, table: Table) -> None:
    data.mkdir()
    (data / "omtanke.toml").write_text(NO_LIMIT, encoding="utf-8")
    folder = Folder(data)
    fill(folder)
    commands = (["run", "door", "--data", str(data), "--door-port", str(PORT)], ["run", "worker", "--data", str(data)])
    processes = [subprocess.Popen([sys.executable, "-m", "omtanke.cli", *command]) for command in commands]
    try:
        wait_until_open(PORT)
        with_stream(folder, table)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
    *_, checked = check_folder(data)
    table.line("differences that replay --check finds", len(checked.differences), "")


def wait_until_open(port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the door has not opened")


def fill(folder: Folder) -> None:
    inbox = folder.inbox()
    source = inbox.source("shop", Mode.LIVE, folder.settings.zone, folder.settings.currency).source
    told = [message(person, f"{person}-{n}") for person in range(PEOPLE) for n in range(EVENTS_EACH)]
    inbox.append(source, [Incoming(str(one["messageId"]), 0, json.dumps(one).encode()) for one in told], folder.clock())
    inbox.close()
    subprocess.run([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(folder.path), "--until-idle"], check=True)


def with_stream(folder: Folder, table: Table) -> None:
    stream, log, inbox = Stream(folder), folder.log(), folder.inbox()
    stream.start()
    time.sleep(ALONE_SECONDS)
    customers = [log.identifier(folder.keys.identifier_key("user_id", f"user-{person:06}")) for person in range(ERASED)]
    began = time.monotonic()
    for customer in customers:
        request_erasure(folder, inbox, log, customer)
    asked = time.monotonic()
    while counted(log.connection, "done") < ERASED and time.monotonic() < began + MOST_SECONDS:
        time.sleep(0.05)
    ended = time.monotonic()
    stream.stopping.set()
    stream.join()
    before = [waited for at, waited in stream.waited if at < began]
    during = [waited for at, waited in stream.waited if began <= at < ended]
    facts = log.connection.execute("SELECT count(DISTINCT fact_id) FROM fact WHERE type = 'product_added'").fetchone()[0]
    table.line(f"{counted(log.connection, 'done'):,} erasures done, from the first request", ended - began, "s", f"asking took {asked - began:.1f} s")
    for name, waits in (("before", before), ("meanwhile", during)):
        table.line(f"an event waits, {name}: median", statistics.median(waits) * 1000, "ms")
        table.line(f"an event waits, {name}: p99", sorted(waits)[int(len(waits) * 0.99)] * 1000, "ms")
    table.line("events sent meanwhile", stream.sent, "", f"{stream.sent / (ended - began + ALONE_SECONDS):.0f} a second")
    table.line("events lost", stream.sent - facts, "")
    log.close()
    inbox.close()


def counted(db: object, status: str) -> int:
    return int(db.execute("SELECT count(*) FROM erasure WHERE status = ?", (status,)).fetchone()[0])  # type: ignore[attr-defined]
