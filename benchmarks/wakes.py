"""How late wakes are: spread over a minute, all at one instant, and after a stop of an hour; seen from outside, while others' events come in.

The worker runs in its own process; how late a wake is counts until somebody else can read it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from benchmarks.linking import at
from benchmarks.timing import Table
from omtanke.folder import Folder
from omtanke.folder_clock import set_clock, wall_clock
from omtanke.storage.databases import read_database
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import HOUR, MINUTE, SECOND, datetime_of

WAKES = 10_000
LOOK_SECONDS, PATIENCE_SECONDS = 0.005, 180
FEED_EVERY_SECONDS, FEED = 0.1, 50
AFTER = "SELECT position, body FROM fact WHERE type = 'wake_reached' AND position > ? ORDER BY position"


def run(store: str = "SQLite", standing: Callable[[], AbstractContextManager[object]] = nullcontext) -> None:
    """Print the table. `standing`: where the databases of each shop stand."""
    table = Table(f"On {store}: {WAKES:,} wakes of as many customers; {FEED / FEED_EVERY_SECONDS:.0f} events a second of others come in")
    for scene in (spread_over_a_minute, at_one_instant, after_an_hour):
        with tempfile.TemporaryDirectory() as folder, standing():
            scene(Path(folder) / "data", table)


class Shop:
    """A folder in which so many customers were promised to be called back."""

    def __init__(self, data: Path, until: Callable[[int], int]) -> None:
        self.data = data
        self.folder = Folder(data)
        self.inbox = self.folder.inbox()
        self.folder.log().close()
        self._source = self.inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source
        self._fed = 0
        policy = self.data / "policy" / "policy.toml"
        self.folder.policy_text()
        policy.write_text(policy.read_text(encoding="utf-8").replace("at_risk_seconds = 3600", "at_risk_seconds = 0"), encoding="utf-8")
        for first in range(0, WAKES, 2_000):
            self.inbox.append(self._source, [promise(n, until(n)) for n in range(first, first + 2_000)], self.folder.clock())

    def feed(self) -> None:
        """Something else that happens."""
        self._fed += FEED
        view = b'{"type":"track","event":"Product Viewed","userId":"other%d","properties":{"product_id":"p"}}'
        self.inbox.append(self._source, [Incoming(f"f{self._fed}/{n}", 0, view % (n % 500)) for n in range(FEED)], self.folder.clock())

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While the block runs, so do worker and lake, as in a running shop."""
        common = ["--data", str(self.data), "--log-level", "error"]
        crew = [subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", *words, *common]) for words in (["worker", "--leave-lake"], ["lake"])]
        yield
        for process in crew:
            process.terminate()
        for process in crew:
            process.wait()

    def work(self) -> None:
        """Until all that has come in has become facts."""
        subprocess.run([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(self.data), "--until-idle", "--log-level", "error"], check=True)

    def times(self) -> str:
        """Whether each wake has entered the log once."""
        db = read_database(self.data, "log")
        try:
            (repeated,) = db.execute("SELECT count(*) - count(DISTINCT fact_id) FROM fact WHERE type = 'wake_reached'").fetchone()
        finally:
            db.close()
        return "each once" if not repeated else f"{repeated} TWICE"

    def watch(self, wanted: int) -> list[tuple[int, int]]:
        """(due, seen) of so many wakes that enter the log from now on, by the folder's clock, in log order."""
        db, seen, position, fed = read_database(self.data, "log"), list[tuple[int, int]](), 0, 0.0
        began = time.monotonic()
        while len(seen) < wanted and time.monotonic() - began < PATIENCE_SECONDS:
            if time.monotonic() - fed >= FEED_EVERY_SECONDS:
                fed = time.monotonic()
                self.feed()
            rows = db.execute(AFTER, (position,)).fetchall()
            now = self.folder.clock()
            seen += [(due_of(body), now) for _, body in rows]
            position = rows[-1][0] if rows else position
            time.sleep(LOOK_SECONDS)
        db.close()
        return seen


def promise(n: int, until: int) -> Incoming:
    stated = {"kind": "call_back", "until": datetime_of(until).isoformat()}
    call = {"type": "track", "event": "Callback Requested", "userId": f"u{n}", "properties": {"case_id": f"c{n}", "promises": [stated]}}
    return Incoming(f"p{n}", 0, json.dumps(call).encode())


def due_of(body: bytes) -> int:
    from omtanke.storage.codec import decode_body

    return int(decode_body("wake_reached", 1, body).due_at)  # type: ignore[attr-defined]


def spread_over_a_minute(data: Path, table: Table) -> None:
    begins = wall_clock() + 20 * SECOND
    shop = Shop(data, lambda n: begins + n * MINUTE // WAKES)
    shop.work()
    with shop.at_work():
        seen = shop.watch(WAKES)
    late = [max(0.0, (now - due) / SECOND) for due, now in seen]
    table.line("spread over a minute: late, median", at(late, 0.5), "s", f"{len({due for due, _ in seen}):,} of {WAKES:,}")
    table.line("spread over a minute: late, p99", at(late, 0.99), "s", "aim 1")


def at_one_instant(data: Path, table: Table) -> None:
    due_at = wall_clock() + 15 * SECOND
    shop = Shop(data, lambda n: due_at)
    shop.work()
    with shop.at_work():
        seen = shop.watch(WAKES)
    table.line("at one instant: all of them after", (seen[-1][1] - due_at) / SECOND, "s", f"aim 5; {len(seen):,} of {WAKES:,}")


def after_an_hour(data: Path, table: Table) -> None:
    """The folder's clock is put an hour on while nobody works."""
    now = wall_clock()
    shop = Shop(data, lambda n: now + MINUTE + n * HOUR // WAKES)
    shop.work()
    set_clock(data / "clock.json", wall_clock() + HOUR + 2 * MINUTE, 1)
    shop.folder = Folder(data)
    began = time.perf_counter()
    with shop.at_work():
        wanted = WAKES + sum(now + MINUTE + n * HOUR // WAKES + 15 * MINUTE < now + HOUR + 2 * MINUTE for n in range(WAKES))
        seen = shop.watch(wanted)
        spent = time.perf_counter() - began
    dues = [due for due, _ in seen]
    order = "oldest first" if dues == sorted(dues) else "NOT oldest first"
    table.line("after an hour's stop: all of them after", spent, "s", f"from the start of the process; {wanted:,}, {order}, {shop.times()}")
