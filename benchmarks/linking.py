"""Two customers with a hundred thousand facts each turn out to be one person, while others go on at 500 events a second.

One worker on SQLite, as in a running shop: each event is made durable in the inbox by a thread of its own and timed until the log
holds it. The same others are timed before, and while the two are linked; then the two are parted again. And how long it takes
to know whose an identifier is among a million customers with five identifiers each.
"""

from __future__ import annotations

import json
import random
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.timing import Table
from omtanke.folder_clock import wall_clock
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Batch, Incoming
from omtanke.storage.sqlite_inbox import SqliteInbox
from omtanke.storage.sqlite_log import SqliteLog
from omtanke.storage.statements import files
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.identity import LinkConfirmed, SplitRequested
from omtanke.vocabulary.time import DAY, datetime_of

FACTS = 100_000
RATE, SECONDS = 500, 20
CUSTOMERS, KINDS = 1_000_000, ("user_id", "loyalty_number", "email", "phone", "anonymous_id")
LOOKED_UP = 20_000
KEYS = Keys(b"benchmark" * 4)


def run() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        link_heavy(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        resolve_many(Path(folder))


class Shop:
    """A store on disk and its worker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inbox, self.log = SqliteInbox(folder / "inbox.db", KEYS), SqliteLog(folder / "log.db")
        policy = activate(self.log, (files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8"), wall_clock())
        self.worker = Worker(self.inbox, self.log, KEYS, policy)
        self.source = self.inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source

    def work(self) -> None:
        """Until nothing is left to do."""
        while not self.worker.work(wall_clock()).was_idle:
            pass

    def work_until(self, stopping: threading.Event) -> None:
        """As the worker process does."""
        while not stopping.is_set():
            if self.worker.work(wall_clock()).was_idle:
                time.sleep(0.005)


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
        self._inbox = SqliteInbox(shop.folder / "inbox.db", KEYS)
        self._log = SqliteLog(shop.folder / "log.db", read_only=True)
        self._source = shop.source
        self._told = 0

    def go_on(self, seconds: float, stopping: threading.Event | None = None) -> list[float]:
        """Seconds from durable to fact, for each event told in the time."""
        waits: list[float] = []
        waiting: list[tuple[int, float]] = []
        began = time.perf_counter()
        ticks = 0
        while (now := time.perf_counter()) - began < seconds and not (stopping and stopping.is_set()):
            if now - began >= ticks / 100:
                ticks += 1
                self._inbox.append(self._source, [self._event() for _ in range(RATE // 100)], wall_clock())
                waiting.append((self._inbox.last_entry(), time.perf_counter()))
            consumed = self._log.consumed()
            while waiting and waiting[0][0] <= consumed:
                waits.append(time.perf_counter() - waiting.pop(0)[1])
            time.sleep(0.0005)
        return waits

    def _event(self) -> Incoming:
        self._told += 1
        message = {"type": "track", "event": "Product Viewed", "userId": f"other-{self._told % 5_000}", "properties": {"product_id": "p1"}}
        return Incoming(f"other-{self._told}", 0, json.dumps(message).encode())


def link_heavy(folder: Path) -> None:
    shop = Shop(folder)
    for user in ("anna", "bo"):
        shop.inbox.append(shop.source, years_of(user, FACTS), wall_clock())
    shop.work()
    one, two = (shop.log.identifier(KEYS.identifier_key("user_id", user)) for user in ("anna", "bo"))
    stopping = threading.Event()
    thread = threading.Thread(target=shop.work_until, args=(stopping,))
    thread.start()
    others, console = Others(shop), OwnSource(SqliteInbox(folder / "inbox.db", KEYS), CONSOLE, "Europe/Stockholm", "SEK", wall_clock)
    others.go_on(5)
    before = others.go_on(SECONDS)
    table = Table(f"Two customers with {FACTS:,} facts each, {RATE} events a second of others")
    while_linked, linked = timed(shop, others, lambda: console.put(LinkConfirmed, "link", one, {"staff": 1, "other": two}), lambda: leads(shop, two) == one)
    while_parted, parted = timed(
        shop, others, lambda: console.put(SplitRequested, "part", one, {"staff": 1, "one": one, "two": two}), lambda: leads(shop, two) == two
    )
    stopping.set()
    thread.join()
    table.line("linked after", linked, "s", "bound 3")
    table.line("parted after", parted, "s", "bound 3")
    for name, waits in (("before", before), ("while linked", while_linked), ("while parted", while_parted)):
        waits.sort()
        table.line(f"others {name}, median", waits[len(waits) // 2] * 1000, "ms")
        table.line(
            f"others {name}, 99th percentile",
            waits[int(len(waits) * 0.99)] * 1000,
            "ms",
            f"{waits[int(len(waits) * 0.99)] / before[int(len(before) * 0.99)]:.2f} of before",
        )


def leads(shop: Shop, customer: int) -> int:
    log = SqliteLog(shop.folder / "log.db", read_only=True)
    try:
        return log.customer(customer)[0]
    finally:
        log.close()


def timed(shop: Shop, others: Others, act: object, is_done: object) -> tuple[list[float], float]:
    """How the others fared, over as long a time as before, while it was done; and how long that took."""
    assert callable(act) and callable(is_done)
    spans: list[float] = []

    def watch() -> None:
        began = time.perf_counter()
        act()
        while not is_done():
            time.sleep(0.01)
        spans.append(time.perf_counter() - began)

    watching = threading.Thread(target=watch)
    watching.start()
    waits = others.go_on(SECONDS)
    watching.join()
    return waits, spans[0]


def resolve_many(folder: Path) -> None:
    log = SqliteLog(folder / "log.db")
    log.connection.execute("PRAGMA synchronous = OFF")
    at_once = 50_000
    for first in range(1, CUSTOMERS, at_once):
        customers = range(first, first + at_once)
        batch = Batch(consumed=first, clock=1, next_customer=first + at_once, next_surrogate=1)
        batch.customers = dict.fromkeys(customers, "person")
        batch.identifiers = {KEYS.identifier_key(kind, name_of(kind, number)): (kind, number) for number in customers for kind in KINDS}
        log.commit(batch)
    log.close()
    fresh = SqliteLog(folder / "log.db")
    chance, waits = random.Random(1), []
    for _ in range(LOOKED_UP):
        number, kind = chance.randrange(1, CUSTOMERS), chance.choice(KINDS)
        began = time.perf_counter()
        customer = fresh.identifier(KEYS.identifier_key(kind, name_of(kind, number)))
        person = fresh.customer(customer)[0]
        waits.append(time.perf_counter() - began)
        assert person == number
    waits.sort()
    table = Table(f"Whose an identifier is, among {CUSTOMERS:,} customers with {len(KINDS)} each")
    table.line("median", waits[len(waits) // 2] * 1000, "ms")
    table.line("99th percentile", waits[int(len(waits) * 0.99)] * 1000, "ms", "bound 1")


def name_of(kind: str, number: int) -> str:
    return {"email": f"{number}@example.org", "phone": f"+4670{number:07}"}.get(kind, f"{kind}-{number}")
