"""The whole path a second, beside a floor that decides nothing, in one run on the cores that sender and server share.

The simulated shop's own events, told over HTTP in batches to `omtanke serve` as a shop runs it (door, worker, pages and
dispatch as processes), until the last one is a fact in the log: durable at the door, identity, all rule families, facts,
states and wakes, the lake behind them. The customers are known from the events before, which are not counted.
"""

from __future__ import annotations

import contextlib
import http.client
import http.cookiejar
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import msgspec

from benchmarks import door, floor, floor_postgres
from benchmarks.door import free_port
from benchmarks.processes import cpu_seconds, crew_of, proportional_memory
from benchmarks.throughput_load import Prepared, batch_request
from benchmarks.timing import RUNS, Table
from omtanke.folder import Folder
from omtanke.intake.calls import checked
from omtanke.intake.gathering import Sending
from omtanke.processes.serve import by_another
from omtanke.runtime.door_keys import open_write_keys
from omtanke.simulate.shop import Shop
from omtanke.storage.databases import database_url, read_database
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import moment_of, zone_named
from omtanke.web.app import demo_link

PERSONS, DAYS = 12_000, 84
WARM_UP, EVENTS = 50_000, 50_000
BATCH, CONNECTIONS = 200, 8
PROBES, PROBE_SECONDS = 300, 0.03
PATIENCE_SECONDS = 180.0
# As followers ask; without a bound PostgreSQL, where nothing has counted the rows yet, reads all of them each time.
LOOK = "SELECT position, type, cause FROM fact WHERE position > ? ORDER BY position LIMIT 5000"
PAGES = ("/", "/promises/", "/experience/", "/customers/?q=anna", "/customers/40/")
ZONE, CURRENCY = "Europe/Stockholm", "SEK"
# What is asked for (quiet machine, two cores).
SHARE, SINGLE, DECIDED_MS, MEMORY_MB = 8, 3_000, 250, 450


def run(store: str = "SQLite", whole_wanted: int = 10_000, floor_wanted: int = 50_000) -> None:
    """Print the table."""
    load = os.getloadavg()[0]
    told_of = f"{EVENTS:,} events of {PERSONS:,} customers, batches of {BATCH}; medians of {RUNS}; load before {load:.1f}"
    table = Table(f"The whole path on {store}: {told_of}")
    folder = Path(tempfile.mkdtemp())
    try:
        with serving(folder / "data") as shop:
            whole = the_whole_path(shop, folder, table, whole_wanted)
            decided(shop, folder, whole, table)
            look_at_pages(shop)
            memory(shop, table)
            single = door.median(shop.port, shop.key, door.SINGLE_CALLS, 1, door.SINGLE_CONNECTIONS)
            table.line("single durable calls", single, "calls/s", f"at least {SINGLE:,}")
            rows = floor.rows_of(folder / "data", EVENTS)
        url = database_url(folder / "data")
        bare = statistics.median(floor_postgres.rate(url, rows) if url else floor.rate(folder / f"floor{n}", rows) for n in range(RUNS))
        table.line("floor: append, read state, write state, wake", bare, "events/s", f"at least {floor_wanted:,} on a quiet machine")
        table.line("the floor is faster by", bare / whole, "times", f"at most {SHARE}")
    finally:
        shutil.rmtree(folder)


class Serving:
    """`omtanke serve` on a folder of its own, and the events that are told to it, run after run."""

    def __init__(self, data: Path, process: subprocess.Popen[str], port: int, key: str, console: str) -> None:
        self.data, self.port, self.key, self.console = data, port, key, console
        self.crew = crew_of(process.pid)
        self.log = SqlLog(read_database(data, "log"))
        self.inbox = Folder(data).inbox()

    @cached_property
    def wires(self) -> list[bytes]:
        """What is told next, made when it is first asked for."""
        return wires()

    def next_requests(self, events: int) -> Prepared:
        """The next so many events as requests."""
        taken, self.wires = self.wires[:events], self.wires[events:]
        if len(taken) < events:
            raise RuntimeError(f"the shop has only {len(taken)} events left; give it more days")
        batches = [taken[n : n + BATCH] for n in range(0, len(taken), BATCH)]
        return Prepared([len(batch) for batch in batches], [batch_request(self.port, self.key, batch) for batch in batches])

    def wait_until_consumed(self) -> None:
        """Until every event that was answered is a fact."""
        last = self.inbox.last_entry()
        until = time.monotonic() + PATIENCE_SECONDS
        while self.log.consumed() < last:
            if time.monotonic() > until:
                raise RuntimeError("the worker does not come through")
            time.sleep(0.005)

    def used(self) -> dict[str, float]:
        return {name: cpu_seconds(process) for name, process in self.crew.items()}


@contextlib.contextmanager
def serving(data: Path, settings: str = door.NO_LIMIT) -> Iterator[Serving]:
    """The product with all its processes."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "omtanke.toml").write_text(settings, encoding="utf-8")
    Folder(data).policy_text()
    link = by_another(demo_link, data)
    key, pages, port = open_write_keys(data / "keys")[0].key, free_port(), free_port()
    words = [sys.executable, "-m", "omtanke.cli", "serve", "--data", str(data), "--port", str(pages), "--door-port", str(port), "--log-level", "error"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        while not process.stdout.readline().startswith("Ctrl-C"):
            pass
        door.wait_until_ready(port)
        yield Serving(data, process, port, key, f"http://127.0.0.1:{pages}{link}")
    finally:
        process.terminate()
        process.wait()


def wires() -> list[bytes]:
    """The shop's events in order, without those with which it tries the door."""
    begins = datetime.now(UTC) - timedelta(days=DAYS + 1)
    sending, now = Sending("shop", Mode.LIVE, zone_named(ZONE), CURRENCY), moment_of(datetime.now(UTC))
    found = []
    for event in Shop(1, PERSONS, begins).advance(begins + timedelta(days=DAYS)):
        with contextlib.suppress(Refused):
            checked(json.loads(event.wire), sending, now)
            found.append(event.wire)
    return found


def tell(shop: Serving, folder: Path, prepared: Prepared, rate: int = 0) -> subprocess.Popen[str]:
    """A sender that begins at once."""
    path = folder / "requests"
    path.write_bytes(msgspec.msgpack.encode(prepared))
    words = [sys.executable, "-m", "benchmarks.throughput_load", str(shop.port), str(path), str(CONNECTIONS), str(rate)]
    sender = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert sender.stdin is not None and sender.stdout is not None
    sender.stdout.readline()
    sender.stdin.write("go\n")
    sender.stdin.flush()
    return sender


def told(sender: subprocess.Popen[str], prepared: Prepared) -> float:
    """Wait for a sender; the CPU seconds that it took. Every request was answered with 200, or nothing was measured."""
    said, _ = sender.communicate()
    found = json.loads(said)
    if found["statuses"] != {"200": len(prepared.requests)}:
        raise RuntimeError(f"not every request was taken: {found['statuses']}")
    return float(found["cpu_seconds"])


def the_whole_path(shop: Serving, folder: Path, table: Table, wanted: int) -> float:
    """Events a second of the median run, printed with what the processes took."""
    warm_up = shop.next_requests(WARM_UP)
    told(tell(shop, folder, warm_up), warm_up)
    shop.wait_until_consumed()
    rates, before, senders = [], shop.used(), 0.0
    positions = [last_position(shop)]
    for _ in range(RUNS):
        rate, sender = one_run(shop, folder)
        rates.append(rate)
        senders += sender
        positions.append(last_position(shop))
    events, facts = RUNS * EVENTS, positions[-1] - positions[0]
    median = statistics.median(rates)
    table.line("from HTTP to facts, all processes running", median, "events/s", f"at least {wanted:,}; {min(rates):,.0f} to {max(rates):,.0f}")
    table.line("facts from each event, wakes and decisions counted", facts / events, "facts")
    after = shop.used()
    split = {name: 1e6 * (after[name] - before[name]) / events for name in shop.crew} | {"sender": 1e6 * senders / events}
    table.line("cores, of both for each event", sum(split.values()), "µs", ", ".join(f"{name} {cost:.0f}" for name, cost in split.items()))
    return median


def one_run(shop: Serving, folder: Path, events: int = EVENTS) -> tuple[float, float]:
    """Events a second from the first call to the last fact, and the CPU seconds of the sender."""
    prepared = shop.next_requests(events)
    sending = tell(shop, folder, prepared)
    began = time.perf_counter()
    sender = told(sending, prepared)
    shop.wait_until_consumed()
    return sum(prepared.events) / (time.perf_counter() - began), sender


def last_position(shop: Serving) -> int:
    return shop.log.last_position()


def decided(shop: Serving, folder: Path, whole: float, table: Table) -> None:
    """From the answer to the decided fact, at half load."""
    rate = int(whole / 2)
    prepared = shop.next_requests(int(rate * (PROBES * PROBE_SECONDS + 4)))
    sender = tell(shop, folder, prepared, rate)
    time.sleep(2)
    watch = Watch(shop)
    answered = watch.ask()
    told(sender, prepared)
    shop.wait_until_consumed()
    seen = watch.stop()
    spans = sorted(1000 * max(0.0, seen[cause] - at) for cause, at in answered.items())
    beside = f"under {DECIDED_MS}; median {statistics.median(spans):,.0f}, slowest {spans[-1]:,.0f}; {rate:,} events/s"
    table.line("from answer to decided fact at half load, p99", spans[int(len(spans) * 0.99) - 1], "ms", beside)


class Watch:
    """Asks for something that is decided on at once, and sees in the log when it has been."""

    def __init__(self, shop: Serving) -> None:
        self._shop = shop
        self._keys = Folder(shop.data).keys
        self._sender = open_write_keys(shop.data / "keys")[0].sender
        self._seen: dict[bytes, float] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def ask(self) -> dict[bytes, float]:
        """Orders with a promise, one after another; by the id of each, when it was answered."""
        answered = {}
        connection = http.client.HTTPConnection("127.0.0.1", self._shop.port)
        for n in range(PROBES):
            message_id, began = f"probe-{os.getpid()}-{n}", time.perf_counter()
            promise = {"kind": "delivery", "until": "2099-01-01", "words": "Hos dig i tid"}
            properties = {"order_id": message_id, "total": 100, "promises": [promise]}
            body = {"type": "track", "event": "Order Completed", "messageId": message_id, "userId": f"probe-{n % 100}", "properties": properties}
            connection.request("POST", "/v1/track", json.dumps({**body, "writeKey": self._shop.key}))
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"a probe was answered with {answer.status}")
            answered[self._keys.fact_id(self._sender, message_id)] = time.perf_counter()
            time.sleep(max(0.0, began + PROBE_SECONDS - time.perf_counter()))
        connection.close()
        return answered

    def stop(self) -> dict[bytes, float]:
        """When each was seen, by the fact that caused it."""
        self._stopping.set()
        self._thread.join()
        return self._seen

    def _look(self) -> None:
        log = read_database(self._shop.data, "log")
        after = last_position(self._shop)
        while True:
            is_last = self._stopping.is_set()
            rows: Sequence[tuple[int, str, bytes]] = log.execute(LOOK, (after,)).fetchall()
            now = time.perf_counter()
            for position, type_, cause in rows:
                after = position
                if type_ == "promise_made":
                    self._seen.setdefault(cause, now)
            if is_last:
                break
            time.sleep(0.002)
        log.close()


def look_at_pages(shop: Serving) -> None:
    """Somebody looks at the console, so that it holds what it shows."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    for page in (shop.console, *(urllib.parse.urljoin(shop.console, page) for page in PAGES)):
        with browser.open(page, timeout=PATIENCE_SECONDS) as answer:
            answer.read()


def memory(shop: Serving, table: Table) -> None:
    """What all processes hold after all that was told."""
    held = {name: proportional_memory(process) for name, process in shop.crew.items()}
    beside = f"under {MEMORY_MB}; " + ", ".join(f"{name} {of:.0f}" for name, of in held.items())
    table.line(f"memory of all processes, {last_position(shop):,} facts", sum(held.values()), "MB (PSS)", beside)
