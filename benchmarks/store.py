"""Facts a second into the store: the whole path from message to fact, beside the floor of storing what is decided already."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.steps import NOON, UNTIL, policy_text
from benchmarks.timing import Table
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.simulate.sending import incoming_history
from omtanke.storage.databases import open_database
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Batch
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fact import Mode

CUSTOMERS = 2_000
RUNS = 5


class KeptBatches(SqlLog):
    """A log that also keeps the batches that it stored."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.batches: list[Batch] = []

    def commit(self, batch: Batch) -> None:
        super().commit(batch)
        self.batches.append(batch)


def run() -> None:
    """Print the table."""
    folder = Path(tempfile.mkdtemp())
    try:
        messages = list(incoming_history(7, UNTIL, customers=CUSTOMERS))
        rates = sorted(one_run(folder / str(n), messages) for n in range(RUNS))
        whole, floor, facts = rates[RUNS // 2]
        table = Table(f"The store: {len(messages):,} messages, {facts:,} facts, SQLite")
        table.line("message to fact, whole path (identity, families, store)", whole, "facts/s")
        table.line("the same facts, states and personal parts stored only", floor, "facts/s", f"{floor / whole:.1f} times")
    finally:
        shutil.rmtree(folder)


def one_run(folder: Path, messages: list) -> tuple[float, float, int]:  # type: ignore[type-arg]
    """(facts/s on the whole path, facts/s stored only, facts)."""
    folder.mkdir()
    keys = Keys(b"benchmark" * 4)
    inbox, log = SqlInbox(open_database(folder, "inbox"), keys), KeptBatches(open_database(folder, "log"))
    source = inbox.source("demo", Mode.HISTORY, "Europe/Stockholm", "SEK")
    inbox.begin_telling(source.source, NOON)
    inbox.append(source.source, messages, NOON)
    inbox.rest(source.source, has_ended=True)
    worker = Worker(inbox, log, keys, activate(log, policy_text(), NOON))
    began = time.perf_counter()
    while not worker.work(NOON).was_idle:
        pass
    whole = time.perf_counter() - began
    facts = sum(len(batch.facts) for batch in log.batches)
    floor_folder = folder / "floor"
    floor_folder.mkdir()
    bare = SqlLog(open_database(floor_folder, "log"))
    began = time.perf_counter()
    for batch in log.batches:
        bare.commit(batch)
    floor = time.perf_counter() - began
    return facts / whole, facts / floor, facts
