"""Two customers with a hundred thousand facts each turn out to be one person, while others go on at 500 events a second.

The worker runs in its own process, as in a running shop: each event is made durable in the inbox and timed until the log holds it. The
same others are timed before, and while the two are linked; then the two are parted again. And how long it takes
to know whose an identifier is among a million customers with five identifiers each.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.timing import Table
from omtanke.folder import Folder
from omtanke.folder_clock import wall_clock
from omtanke.processes.worker import open_worker
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.runtime.people import People
from omtanke.storage.databases import open_database, read_database
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Batch, Incoming
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.identity import Identifier, LinkConfirmed, SplitRequested
from omtanke.vocabulary.page import PageViewed
from omtanke.vocabulary.reading import Understood
from omtanke.vocabulary.time import DAY, datetime_of

FACTS = 100_000
RATE, TICKS, SECONDS = 500, 100, 20
CUSTOMERS, KINDS = 1_000_000, ("user_id", "loyalty_number", "email", "phone", "anonymous_id")
LOOKED_UP = 20_000
KEYS = Keys(b"benchmark" * 4)


def run() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        link_heavy(Path(folder) / "data")
    with tempfile.TemporaryDirectory() as folder:
        resolve_many(Path(folder))


class Shop:
    """A data folder, and the worker's process over it."""

    def __init__(self, data: Path) -> None:
        self.folder = Folder(data)
        self.folder.policy_text()
        self.inbox, self.log = self.folder.inbox(), self.folder.log()
        self.source = self.inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source
        self.console = OwnSource(self.folder.inbox(), CONSOLE, "Europe/Stockholm", "SEK", wall_clock)

    def work(self) -> None:
        """Until nothing is left to do, in this process."""
        worker, _ = open_worker(self.folder)
        while not worker.work(wall_clock()).was_idle:
            pass

    def customer(self, user: str) -> int:
        return self.log.identifier(self.folder.keys.identifier_key("user_id", user))

    def leads_to(self, customer: int) -> int:
        return self.log.customer(customer)[0]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While the block runs, so does the worker, as in a running shop."""
        process = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(self.folder.path)])
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def years_of(user: str, facts: int) -> list[Incoming]:
    """The messages of a keen customer: mostly looking, a cart now and then, an order a week that comes; the oldest first."""
    chance, at = random.Random(user), wall_clock() - 1_000 * DAY
    told: list[Incoming] = []
    while len(told) < facts:
        at += 1_000 * DAY // facts
        n = len(told)
        event, properties = "Product Viewed", {"product_id": f"p{chance.randrange(500)}"}
        if n % 700 in (5, 6, 7):
            order = f"{user}-{n // 700}"
            event = ("Order Completed", "Order Shipped", "Shipment Delivered")[n % 700 - 5]
            properties = (
                {"order_id": order, "parcel_id": f"{order}-1"}
                if n % 700 > 5
                else {"order_id": order, "total": "499.00", "promises": [{"kind": "delivery", "until": f"{datetime_of(at + 4 * DAY):%Y-%m-%d}"}]}
            )
        elif n % 50 == 3:
            event, properties = "Product Added", {"cart_id": f"{user}-{n // 700}", "product_id": "p1", "price": "499.00"}
        message = {"type": "track", "event": event, "userId": user, "timestamp": datetime_of(at).isoformat(), "properties": properties}
        told.append(Incoming(f"{user}-{n}", at, json.dumps(message).encode()))
    return told


class Others:
    """Events of other customers, so many a second, each made durable and then waited for in the log."""

    def __init__(self, shop: Shop) -> None:
        self._inbox, self._log = shop.folder.inbox(), SqlLog(read_database(shop.folder.path, "log"))
        self._source = shop.source
        self._told = 0

    def go_on(self, seconds: float, meanwhile: Callable[[], None] = lambda: None) -> list[float]:
        """Seconds from durable to fact, for each batch of events told in the time."""
        waits: list[float] = []
        waiting: list[tuple[int, float]] = []
        began, ticks = time.perf_counter(), 0
        while (now := time.perf_counter()) - began < seconds:
            if now - began >= ticks / TICKS:
                ticks += 1
                self._inbox.append(self._source, [self._event() for _ in range(RATE // TICKS)], wall_clock())
                waiting.append((self._inbox.last_entry(), time.perf_counter()))
            consumed = self._log.consumed()
            while waiting and waiting[0][0] <= consumed:
                waits.append(time.perf_counter() - waiting.pop(0)[1])
            meanwhile()
            time.sleep(0.001)
        return waits

    def _event(self) -> Incoming:
        self._told += 1
        message = {"type": "track", "event": "Product Viewed", "userId": f"other-{self._told % 5_000}", "properties": {"product_id": "p1"}}
        return Incoming(f"other-{self._told}", 0, json.dumps(message).encode())


def link_heavy(data: Path) -> None:
    shop = Shop(data)
    for user in ("anna", "bo"):
        shop.inbox.append(shop.source, years_of(user, FACTS), wall_clock())
    shop.work()
    one, two = shop.customer("anna"), shop.customer("bo")
    table = Table(f"Two customers with {FACTS:,} facts each, {RATE} events a second of others")
    with shop.at_work():
        others = Others(shop)
        others.go_on(5)
        before = others.go_on(SECONDS)
        while_linked, linked = timed(
            others, lambda: shop.console.put(LinkConfirmed, "link", one, {"staff": 1, "other": two}), lambda: shop.leads_to(two) == one
        )
        parting = {"staff": 1, "one": one, "two": two}
        while_parted, parted = timed(others, lambda: shop.console.put(SplitRequested, "part", one, parting), lambda: shop.leads_to(two) == two)
    table.line("linked after", linked, "s", "bound 3")
    table.line("parted after", parted, "s", "bound 3")
    for name, waits in (("before", before), ("while linked", while_linked), ("while parted", while_parted)):
        table.line(f"others {name}, median", at(waits, 0.5) * 1000, "ms")
        table.line(f"others {name}, 99th percentile", at(waits, 0.99) * 1000, "ms", f"{at(waits, 0.99) / at(before, 0.99):.2f} of before; at most 1.2")


def at(waits: list[float], share: float) -> float:
    """The wait that so many do not exceed."""
    return sorted(waits)[int(len(waits) * share)]


def timed(others: Others, act: Callable[[], object], is_done: Callable[[], bool]) -> tuple[list[float], float]:
    """How the others fared from the act on, over as long a time as before; and how long it took."""
    spans: list[float] = []
    began = time.perf_counter()
    act()

    def watch() -> None:
        if not spans and is_done():
            spans.append(time.perf_counter() - began)

    return others.go_on(SECONDS, watch), spans[0]


def resolve_many(folder: Path) -> None:
    log = SqlLog(open_database(folder, "log"))
    log.connection.execute("PRAGMA synchronous = OFF")
    at_once = 50_000
    for first in range(1, CUSTOMERS, at_once):
        customers = range(first, first + at_once)
        batch = Batch(consumed=first, clock=1, next_customer=first + at_once, next_surrogate=1)
        batch.customers = dict.fromkeys(customers, "person")
        batch.identifiers = {KEYS.identifier_key(kind, name_of(kind, number)): (kind, number) for number in customers for kind in KINDS}
        log.commit(batch)
    log.close()
    fresh = SqlLog(open_database(folder, "log"))
    people, chance, waits = People(fresh, KEYS), random.Random(1), []
    for _ in range(LOOKED_UP):
        number, kind = chance.randrange(1, CUSTOMERS), chance.choice(KINDS)
        seen = Understood(PageViewed(), {}, (Identifier(kind, name_of(kind, number)),), (), occurred_at=1, channel="web", touchpoint="")
        people.begin()
        began = time.perf_counter()
        person = people.person_of(people.resolve(seen, "shop").customer)
        waits.append(time.perf_counter() - began)
        assert person == number
    waits.sort()
    table = Table(f"Whose an event is, by one identifier, among {CUSTOMERS:,} customers with {len(KINDS)} each")
    table.line("median", waits[len(waits) // 2] * 1000, "ms")
    table.line("99th percentile", waits[int(len(waits) * 0.99)] * 1000, "ms", "bound 1")


def name_of(kind: str, number: int) -> str:
    return {"email": f"{number}@example.org", "phone": f"+4670{number:07}"}.get(kind, f"{kind}-{number}")
