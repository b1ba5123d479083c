"""What an event costs at ten million facts beside a hundred thousand, and what a customer's page and a question on the last week take.

Both shops were grown by the worker (`benchmarks.grown_shop`; the first time takes long) and are copied before anything is told to
them. Recent customers are active, as in a shop; the worst case is told of customers of all years at random. The page is asked for
while events come in at the door.
"""

from __future__ import annotations

import contextlib
import http.cookiejar
import pickle
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.door import NO_LIMIT, free_port, wait_until_ready
from benchmarks.grown_shop import LARGE, PERSONS, SENDING, SMALL, Told, grown
from benchmarks.live import BATCH as FEED_BATCH
from benchmarks.live import Feed
from benchmarks.timing import RUNS, Table
from omtanke.flow import LakeFlow
from omtanke.folder import Folder
from omtanke.insight.ask import ask
from omtanke.intake.calls import read_calls
from omtanke.runtime.door_keys import open_write_keys
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.simulate.shop import FIRST_ORDINARY
from omtanke.web.app import demo_link

WARM_UP, EVENTS = 20_000, 10_000
PAGES_ASKED = 300
TIMES, MEDIAN_MS, SLOWEST_MS = 2, 100, 300
SINCE = "7d"
ASKED = (("promises", "carrier"), ("overview", None), ("satisfaction", "touchpoint"))


def run() -> None:
    """Print the table."""
    folder = Path(tempfile.mkdtemp(dir=grown(SMALL).parent))
    try:
        small, large = (Path(shutil.copytree(grown(facts), folder / str(facts))) for facts in (SMALL, LARGE))
        table = Table(f"Growth: {facts_in(small):,} facts beside {facts_in(large):,}; medians of {RUNS}")
        for data in (small, large):
            LakeFlow(Folder(data)).flush()  # a lake that an older version wrote says then where everything lies
        last_week(small, large, table)
        at_random = events_at_random(large)
        cost(small, large, at_random, table)
        pages(large, table)
    finally:
        shutil.rmtree(folder)


def facts_in(data: Path) -> int:
    log = Folder(data).log()
    try:
        return log.last_position()
    finally:
        log.close()


class Fed:
    """A worker on a folder that is told what happens next, in batches; what that costs."""

    def __init__(self, data: Path, told: Sequence[Told]) -> None:
        self._folder = Folder(data)
        self._inbox, self._log = self._folder.inbox(), self._folder.log()
        self._told = list(told)
        self._source = self._inbox.source(open_write_keys(data / "keys")[0].sender, SENDING.mode, SENDING.zone.key, SENDING.currency).source
        self._worker = Worker(self._inbox, self._log, self._folder.keys, activate(self._log, self._folder.policy_text(), told[0][0]))

    def cost(self, events: int) -> tuple[float, float]:
        """Microseconds for each event: of a core, and on the wall."""
        taken, count = [], 0
        while count < events:
            taken.append(self._told.pop(0))
            count += len(taken[-1][1])
        core, wall = time.process_time(), time.perf_counter()
        for at, incoming in taken:
            self._inbox.append(self._source, incoming, at)
            while not self._worker.work(at).was_idle:
                pass
            self._inbox.trim(self._worker.consumed())
        return 1e6 * (time.process_time() - core) / count, 1e6 * (time.perf_counter() - wall) / count

    def close(self) -> None:
        self._inbox.close()
        self._log.close()


def following(data: Path) -> list[Told]:
    """What happens next in a grown shop."""
    found: list[Told] = pickle.loads((data / "next.pickle").read_bytes())
    return found


def events_at_random(data: Path) -> list[Told]:
    """Product views of customers of all years."""
    rng, at = random.Random(1), following(data)[-1][0]
    log = Folder(data).log()
    last = FIRST_ORDINARY + PERSONS * max(1, log.counters()[0] // (3 * PERSONS))
    log.close()
    told = []
    for n in range(0, WARM_UP + EVENTS * RUNS, FEED_BATCH * 40):
        batch = [viewed(f"random-{n}-{m}", rng.randrange(FIRST_ORDINARY, last)) for m in range(FEED_BATCH * 40)]
        told.append((at, read_calls("batch", {"batch": batch}, SENDING, lambda: at, Folder(data).keys).taken))
    return told


def viewed(message_id: str, number: int) -> dict[str, object]:
    properties = {"product_id": f"LOP-{number % 300}", "category": "skor", "price": 1299, "currency": "SEK"}
    return {"type": "track", "event": "Product Viewed", "messageId": message_id, "userId": f"kund-{number:05d}", "properties": properties}


def cost(small: Path, large: Path, at_random: Sequence[Told], table: Table) -> None:
    """What an event costs in either, told in turns so that what else runs bears on both."""
    fed = {"small": Fed(small, following(small)), "large": Fed(large, following(large))}
    for one in fed.values():
        one.cost(WARM_UP)
    costs: dict[str, list[tuple[float, float]]] = {name: [] for name in fed}
    for _ in range(RUNS):
        for name, one in fed.items():
            costs[name].append(one.cost(EVENTS))
    (few, few_wall), (many, many_wall) = (median_of(costs[name]) for name in ("small", "large"))
    for one in fed.values():
        one.close()
    table.line("an event of a recent customer, few facts", few, "µs", f"of a core; {few_wall:,.0f} µs on the wall")
    table.line("an event of a recent customer, many facts", many, "µs", f"of a core; {many_wall:,.0f} µs on the wall")
    table.line("many beside few", many / few, "times", f"at most {TIMES}; {many_wall / few_wall:.2f} times on the wall")
    worst = Fed(large, at_random)
    worst.cost(WARM_UP)
    worst_core, worst_wall = median_of([worst.cost(EVENTS) for _ in range(RUNS - 1)])
    worst.close()
    table.line("an event of a customer of any year, many facts", worst_core, "µs", f"of a core; {worst_wall:,.0f} µs on the wall; the worst case")


def median_of(costs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(one[0] for one in costs), statistics.median(one[1] for one in costs)


def last_week(small: Path, large: Path, table: Table) -> None:
    """Questions about the last seven days, asked as anybody asks them; in turns, so that what else runs bears on both."""
    for question, by in ASKED:
        spans: dict[Path, list[float]] = {small: [], large: []}
        for _ in range(RUNS):
            for data, taken in spans.items():
                began = time.perf_counter()
                ask(data, question, by=by, since=SINCE)
                taken.append(1000 * (time.perf_counter() - began))
        few, many = (statistics.median(taken) for taken in spans.values())
        said = f"{question} by {by}" if by else question
        table.line(f"the last week, {said}, few facts", few, "ms")
        table.line(f"the last week, {said}, many facts", many, "ms")
        table.line("many beside few", many / few, "times")


def pages(data: Path, table: Table) -> None:
    """The page of a customer, of any year, while events come in."""
    wires = [one.wire for _, incoming in following(data)[-60:] for one in incoming]
    fresh = [wire.replace(b'"messageId":"', b'"messageId":"again-', 1) for wire in wires]
    ready = [fresh[n : n + FEED_BATCH] for n in range(0, len(fresh), FEED_BATCH)]
    with serving(data, ready) as (console, link, feed):
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        browser.open(console + link, timeout=600).read()
        customers = customers_of(data)
        feed.start()
        time.sleep(2)
        spans = []
        for customer in random.Random(2).choices(customers, k=PAGES_ASKED):
            began = time.perf_counter()
            browser.open(f"{console}/customers/{customer}/").read()
            spans.append(1000 * (time.perf_counter() - began))
            time.sleep(0.01)
        feed.stop()
    spans.sort()
    beside = f"under {MEDIAN_MS}; {feed.told / feed.seconds:,.0f} events/s come in"
    table.line("a customer's page, many facts, median", statistics.median(spans), "ms", beside)
    table.line("a customer's page, many facts, p99", spans[int(len(spans) * 0.99) - 1], "ms", f"under {SLOWEST_MS}; slowest {spans[-1]:,.0f}")


def customers_of(data: Path) -> list[int]:
    """Persons, from the first to the last, of whom there is a page."""
    log = Folder(data).log()
    try:
        found = log.connection.execute("SELECT customer FROM customer WHERE kind = 'person' AND customer = person").fetchall()
    finally:
        log.close()
    return [row[0] for row in found]


@contextlib.contextmanager
def serving(data: Path, ready: list[list[bytes]]) -> Iterator[tuple[str, str, Feed]]:
    """`omtanke serve` on a folder: where the console is, the link that lets us in, and a feed of what is ready to be told."""
    (data / "omtanke.toml").write_text(NO_LIMIT, encoding="utf-8")
    link, pages_port, door_port = demo_link(data), free_port(), free_port()
    words = [sys.executable, "-m", "omtanke.cli", "serve", "--data", str(data), "--port", str(pages_port), "--door-port", str(door_port)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(door_port)
        wait_until_ready(pages_port)
        feed = Feed(f"http://127.0.0.1:{door_port}/v1/batch", open_write_keys(data / "keys")[0].key, ready)
        yield f"http://127.0.0.1:{pages_port}", link, feed
    finally:
        process.terminate()
        process.wait()
