"""Three years of many customers, of which the shop keeps one: what leaves a second, and how long the events of others wait meanwhile.

The worker runs in its own process. The same others are timed before the rule is written into the policy, and until all that is old has left.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.linking import RATE, Others, Shop, at
from benchmarks.timing import Table
from omtanke.folder_clock import wall_clock
from omtanke.storage.condensing import Retained
from omtanke.storage.lake import Lake
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import DAY, datetime_of

CUSTOMERS, ORDERS, YEARS = 10_000, 6, 3
SECONDS, PATIENCE_SECONDS = 15, 600


def run() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        let_go(Path(folder) / "data")


def history() -> Iterator[tuple[int, dict[str, object]]]:
    """Orders with a promise that come, at any time of the years."""
    chance, now = random.Random(5), wall_clock()
    for n in range(CUSTOMERS * ORDERS):
        happened_at, who, order = now - chance.randrange(10, YEARS * 365) * DAY, {"userId": f"u{n % CUSTOMERS}"}, {"order_id": f"o{n}"}
        until = f"{datetime_of(happened_at + 4 * DAY):%Y-%m-%d}"
        yield happened_at, who | {"event": "Order Completed", "properties": order | {"promises": [{"kind": "delivery", "until": until, "words": "Hos dig"}]}}
        yield happened_at + 2 * DAY, who | {"event": "Shipment Delivered", "properties": order}


def let_go(data: Path) -> None:
    shop = Shop(data)
    past = shop.inbox.source("past", Mode.HISTORY, "Europe/Stockholm", "SEK").source
    told = sorted(history(), key=lambda one: one[0])
    wires = ({"type": "track", "timestamp": datetime_of(moment).isoformat(), **message} for moment, message in told)
    shop.inbox.append(past, [Incoming(str(n), told[n][0], json.dumps(wire).encode()) for n, wire in enumerate(wires)], wall_clock())
    shop.inbox.rest(past, has_ended=True)
    shop.work()
    policy = data / "policy" / "policy.toml"
    with shop.at_work():
        others = Others(shop)
        was = shop.log.last_position()
        while Lake(shop.folder.lake_path).manifest().position < was:
            others.go_on(1)
        before = others.go_on(SECONDS)
        policy.write_text(policy.read_text().replace("history_months = 0 ", "history_months = 12 "))
        began, meanwhile = time.perf_counter(), list[float]()
        while not (retained := shop.log.retained()).at and time.perf_counter() - began < PATIENCE_SECONDS:
            meanwhile += others.go_on(0.5)
        spent = time.perf_counter() - began
    table = Table(f"{CUSTOMERS:,} customers and {was:,} facts, of which a year is kept; {RATE} events a second of others")
    say(table, retained, spent, before, meanwhile)


def say(table: Table, retained: Retained, spent: float, before: list[float], meanwhile: list[float]) -> None:
    table.line("facts that left", retained.facts, "", f"{retained.kept_back} persons kept back")
    table.line("all had left after", spent, "s", f"{retained.facts / spent:,.0f} facts a second")
    table.line("others' event to fact, p99 before", at(before, 0.99) * 1_000, "ms")
    table.line("others' event to fact, p99 meanwhile", at(meanwhile, 0.99) * 1_000, "ms", f"{at(meanwhile, 0.99) / at(before, 0.99):.2f} times")
