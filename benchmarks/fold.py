"""How fast two customers with a hundred thousand facts each are folded together: read from SQLite, decoded, evolved.

Each browses and fills a cart every day for nine years, and orders what is in it; a parcel comes two days later.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.steps import NOON, policy_text
from benchmarks.timing import Table, median_rate, seconds
from omtanke.engine.step import fold
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.storage.databases import open_database
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Incoming
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import moment_of

FIRST_DAY = datetime(2016, 11, 1, 8, 0, tzinfo=UTC)
DAYS = 3_050
VIEWED = 22
CUSTOMERS = ("u1", "u2")
RUNS = 5

Event = tuple[datetime, str, dict[str, Any]]


def day_of(customer: str, day: int) -> Iterator[Event]:
    """What one customer does on a day, and what comes of it."""
    began = FIRST_DAY + timedelta(days=day, minutes=7 * len(customer))
    order, cart, parcel = (f"{kind}-{customer}-{day}" for kind in ("o", "c", "p"))
    for n in range(VIEWED):
        name = "Product List Viewed" if n % 4 == 0 else "Product Viewed"
        goods = {"list_id": "shoes"} if n % 4 == 0 else {"product_id": f"g{(day * VIEWED + n) % 900}", "price": 199.0}
        yield began + timedelta(minutes=n), name, goods
    for n in range(3):
        yield began + timedelta(minutes=30 + n), "Product Added", {"cart_id": cart, "product_id": f"g{day % 900 + n}", "price": 199.0}
    yield began + timedelta(minutes=34), "Checkout Started", {"cart_id": cart}
    until = (began + timedelta(days=3)).date().isoformat()
    lines = [{"product_id": f"g{day % 900 + n}", "quantity": 1} for n in range(3)]
    stated = [{"kind": "delivery", "until": until}]
    yield began + timedelta(minutes=35), "Order Completed", {"order_id": order, "cart_id": cart, "total": 597.0, "products": lines, "promises": stated}
    yield began + timedelta(days=1), "Order Shipped", {"order_id": order, "parcel_id": parcel}
    yield began + timedelta(days=2), "Shipment Delivered", {"parcel_id": parcel}


def messages() -> list[Incoming]:
    """Everything in the order in which it happened."""
    told = sorted(
        (when, customer, n, event, said) for customer in CUSTOMERS for day in range(DAYS) for n, (when, event, said) in enumerate(day_of(customer, day))
    )
    return [incoming(f"m{n}", *one) for n, one in enumerate(told)]


def incoming(message_id: str, when: datetime, customer: str, n: int, event: str, said: dict[str, Any]) -> Incoming:
    message = {"type": "track", "event": event, "messageId": message_id, "userId": customer, "timestamp": when.isoformat(), "properties": said}
    return Incoming(message_id, moment_of(when), msgspec.json.encode(message))


def worked_log(folder: Path) -> SqlLog:
    """The log after a worker has gone through all of it."""
    keys = Keys(b"benchmark" * 4)
    inbox, log = SqlInbox(open_database(folder, "inbox"), keys), SqlLog(open_database(folder, "log"))
    source = inbox.source("fold", Mode.HISTORY, "Europe/Stockholm", "SEK")
    inbox.append(source.source, messages(), NOON)
    inbox.rest(source.source, has_ended=True)
    worker = Worker(inbox, log, keys, activate(log, policy_text(), NOON))
    while not worker.work(NOON).was_idle:
        pass
    return log


def run() -> None:
    """Print the table."""
    folder = Path(tempfile.mkdtemp())
    try:
        measure(worked_log(folder))
    finally:
        shutil.rmtree(folder)


def measure(log: SqlLog) -> None:
    persons = [person for person, _ in log.clusters()]
    both = persons[: len(CUSTOMERS)]
    facts = log.facts_of(both)
    table = Table(f"Folding: two customers with {len(facts):,} facts together")
    whole = seconds(lambda: fold(one.fact for one in log.facts_of(both)), RUNS)
    table.line("read, decoded and folded together", sorted(whole)[RUNS // 2], "s", "bound 3")
    table.line("the same", median_rate(len(facts), whole), "facts/s", "aim 120,000")
    table.line("of which read and decoded", median_rate(len(facts), seconds(lambda: log.facts_of(both), RUNS)), "facts/s")
    table.line("and folded", median_rate(len(facts), seconds(lambda: fold(one.fact for one in facts), RUNS)), "facts/s")
