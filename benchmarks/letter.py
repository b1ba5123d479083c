"""One letter to everybody at eight in the morning: how long until it is decided for each, and how long others wait for theirs meanwhile.

Customers have said yes to marketing and wait in a play until 08.00. Orders come in all the time and are each answered by a message of
their own; how long that takes is looked at from outside, before and while the letter is planned. The worker runs in its own process.
`LETTER_CUSTOMERS` says how many customers (100,000).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.linking import at
from benchmarks.timing import Table
from omtanke.folder import Folder
from omtanke.folder_clock import set_clock
from omtanke.playbook import shipped
from omtanke.storage.databases import read_database
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import SECOND, moment_of, zone_named

CUSTOMERS = int(os.environ.get("LETTER_CUSTOMERS", "100000"))
WANTED_SECONDS, OF = 180, 1_000_000
AT_ONCE = 2_000
ORDERS_EVERY_SECONDS, ORDERS, WARM_SECONDS, BEFORE_SECONDS = 0.1, 5, 5.0, 20.0
LOOK_SECONDS = 0.005
PATIENCE_SECONDS = 3_600
LETTER = """class = "promotional"
key = "person"
[entry]
fact = "interest_declared"
[[exit]]
fact = "interest_withdrawn"
[[step]]
wait = "until 08.00 local"
[[step]]
say = "remembered_cart"
channels = ["mail"]
"""
RELEASED = "SELECT position, received_at, body FROM fact WHERE type = 'message_released' AND position > ? ORDER BY position LIMIT 20000"
ZONE = zone_named("Europe/Stockholm")


def run() -> None:
    """Print the table."""
    table = Table(f"One letter to {CUSTOMERS:,} customers at once; {ORDERS / ORDERS_EVERY_SECONDS:.0f} orders a second come in, each with an answer of its own")
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder) / "data")
        began = time.perf_counter()
        shop.work()
        table.line("told, and each in the play", 3 * CUSTOMERS / (time.perf_counter() - began), "events/s")
        shop.morning()
        with shop.at_work() as worker:
            shop.watch(WARM_SECONDS, 0)
            before = shop.watch(BEFORE_SECONDS, 0)
            spent, meanwhile = shop.letters()
            worker.terminate()
            worker.wait()
        table.line("the letter is decided for everybody after", spent, "s", f"at most {WANTED_SECONDS * CUSTOMERS / OF:,.0f} s, as {OF:,} in {WANTED_SECONDS}")
        table.line("an order's answer, before: p99", at(before, 0.99), "s", f"median {at(before, 0.5):.3f}")
        table.line("an order's answer, meanwhile: p99", at(meanwhile, 0.99), "s", f"median {at(meanwhile, 0.5):.3f}; {len(meanwhile):,} orders")


class Shop:
    """A folder with a playbook of two plays, and as many customers as are wanted."""

    def __init__(self, data: Path) -> None:
        plays = data / "playbook" / "plays"
        plays.mkdir(parents=True)
        (plays / "letter.toml").write_text(LETTER, encoding="utf-8")
        (plays / "order_confirmed.toml").write_text(shipped()["order_confirmed"], encoding="utf-8")
        self.data, self._ordered = data, 0
        self._eight = datetime.combine(datetime.now(ZONE).date() + timedelta(days=1), datetime.min.time(), ZONE).replace(hour=8)
        self._set(self._eight - timedelta(hours=2))
        for first in range(0, CUSTOMERS, AT_ONCE):
            self._tell([one for n in range(first, first + AT_ONCE) for one in told(n)])
        self._tell([call(f"o{n}", f"b{n}", {"type": "identify", "traits": {"email": f"b{n}@example.com"}}) for n in range(500)])

    def _set(self, when: datetime) -> None:
        set_clock(self.data / "clock.json", moment_of(when), 1)
        self.folder = Folder(self.data)
        self.inbox = self.folder.inbox()
        self._source = self.inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source

    def _tell(self, events: list[Incoming]) -> None:
        self.inbox.append(self._source, events, self.folder.clock())

    def work(self) -> None:
        """Until all that has come in has become facts."""
        subprocess.run([*self._command(), "--until-idle"], check=True)

    def morning(self) -> None:
        """It is soon eight."""
        self._set(self._eight - timedelta(seconds=WARM_SECONDS + BEFORE_SECONDS + 5))

    def at_work(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([*self._command(), "--leave-lake"])

    def _command(self) -> list[str]:
        return [sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(self.data), "--log-level", "error"]

    def letters(self) -> tuple[float, list[float]]:
        """Seconds from eight o'clock until the last letter is decided, and how long each order waited meanwhile."""
        waited = self.watch(PATIENCE_SECONDS, CUSTOMERS)
        return (self.folder.clock() - moment_of(self._eight)) / SECOND, waited

    def watch(self, seconds: float, letters: int) -> list[float]:
        """How long each order waited for its answer, for so long or until so many letters are decided."""
        from omtanke.storage.codec import decode_body

        db, waited, position, seen, ordered = read_database(self.data, "log"), list[float](), 0, 0, 0.0
        (position,) = db.execute("SELECT coalesce(max(position), 0) FROM fact").fetchone()
        until = time.monotonic() + seconds
        while time.monotonic() < until and not (letters and seen >= letters):
            if time.monotonic() - ordered >= ORDERS_EVERY_SECONDS:
                ordered = time.monotonic()
                self._order()
            rows = db.execute(RELEASED, (position,)).fetchall()
            now = self.folder.clock()
            for place, received_at, body in rows:
                position = place
                if decode_body("message_released", 1, body).message_class == "promotional":  # type: ignore[attr-defined]
                    seen += 1
                else:
                    waited.append((now - received_at) / SECOND)
            time.sleep(LOOK_SECONDS)
        db.close()
        return waited

    def _order(self) -> None:
        self._ordered += ORDERS
        orders = range(self._ordered, self._ordered + ORDERS)
        self._tell([call(f"d{n}", f"b{n % 500}", {"type": "track", "event": "Order Completed", "properties": {"order_id": f"d{n}"}}) for n in orders])


def told(n: int) -> list[Incoming]:
    """A customer who wants the letter."""
    return [
        call(f"i{n}", f"u{n}", {"type": "identify", "traits": {"email": f"u{n}@example.com", "locale": "sv-SE"}}),
        call(f"c{n}", f"u{n}", {"type": "track", "event": "Consent Given", "properties": {"purpose": "marketing"}}),
        call(f"w{n}", f"u{n}", {"type": "track", "event": "Interest Declared", "properties": {"interest": "running"}}),
    ]


def call(message: str, user: str, said: dict[str, object]) -> Incoming:
    return Incoming(message, 0, json.dumps(said | {"userId": user}).encode())
