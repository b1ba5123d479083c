"""A shop of about a million facts, made once and kept under `build/bench`; and how fast the living shop lives.

An event is made in full: what happens, its JSON, its place in time. Beside it the floor: the same JSON decoded and
encoded again and nothing lived. Both by the time of one core, so that what else runs does not count.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from benchmarks.timing import RUNS, Table
from omtanke.simulate.shop import Event, Shop

FOLDER = Path("build") / "bench"
CUSTOMERS = 29_000
PERSONS, DAYS = 5_000, 28
BEGINS = datetime(2026, 10, 1, tzinfo=ZoneInfo("Europe/Stockholm"))


def omtanke(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command and give what it said."""
    return subprocess.run([sys.executable, "-m", "omtanke.cli", *arguments], check=check, capture_output=True, text=True)


def large_shop() -> Path:
    """The data folder; about two minutes the first time."""
    data = FOLDER / "large"
    if not (data / "done").exists():
        print(f"making a shop of {CUSTOMERS:,} customers in {data} …", flush=True)
        omtanke("demo", "--no-serve", "--customers", str(CUSTOMERS), "--data", str(data))
        (data / "done").touch()
    return data


def four_weeks() -> tuple[Shop, list[Event]]:
    """A whole run as the truth tests make them."""
    shop = Shop(1, PERSONS, BEGINS)
    return shop, shop.advance(BEGINS + timedelta(days=DAYS))


def decode_and_encode(events: list[Event]) -> None:
    """The floor."""
    decoder, encoder = msgspec.json.Decoder(), msgspec.json.Encoder()
    for event in events:
        encoder.encode(decoder.decode(event.wire))


def core_seconds(run: Callable[[], object]) -> float:
    """The median of five runs, in seconds of one core."""
    measured = []
    for _ in range(RUNS):
        began = time.process_time()
        run()
        measured.append(time.process_time() - began)
    return statistics.median(measured)


def run() -> None:
    """Print the table."""
    shop, events = four_weeks()
    table = Table(f"The living shop: {PERSONS:,} persons over {DAYS} days, {len(events):,} events, one process")
    rate = len(events) / core_seconds(four_weeks)
    floor = len(events) / core_seconds(lambda: decode_and_encode(events))
    table.line("lived and encoded, persons included", rate, "events/s", "bound 20,000")
    table.line("the same JSON decoded and encoded only", floor, "events/s", f"{floor / rate:.1f} times")
    began = time.perf_counter()
    saved = shop.save()
    Shop.load(saved)
    table.line("saved and loaded again", (time.perf_counter() - began) * 1000, "ms", f"{len(saved) / 1024:,.0f} KiB")
