"""The worker and the importer are killed at random moments; afterwards nothing is missing and nothing is there twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from omtanke.bootstrap import check_folder
from omtanke.flow import LakeFlow
from omtanke.folder import Folder
from omtanke.insight.ask import ask
from omtanke.simulate.sending import incoming_history
from omtanke.vocabulary.fact import Mode

KILLS = 200 if os.environ.get("OMTANKE_SOAK") else 12
CUSTOMERS = 6_000 if os.environ.get("OMTANKE_SOAK") else 2_500
UNTIL = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NOON = 1_795_000_000_000_000
WORK_SECONDS = 0.5
OBSERVED = """
SELECT count(*) FROM fact
WHERE kind = 0 AND cause IS NULL AND type NOT IN ('wake_reached', 'customers_linked', 'policy_activated')
"""


def start(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "omtanke.cli", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_after(seconds: float, *words: str) -> None:
    """Start a command and kill it so long after."""
    process = start(*words)
    time.sleep(seconds)
    process.kill()
    process.wait()


def fill(folder: Folder, seed: int) -> int:
    """The messages of a demo shop in the inbox. How many there are."""
    inbox = folder.inbox()
    source = inbox.source("demo", Mode.HISTORY, "Europe/Stockholm", "SEK").source
    accepted = inbox.append(source, list(incoming_history(seed, UNTIL, customers=CUSTOMERS)), NOON)
    inbox.close()
    return accepted.new


def is_work_left(folder: Folder) -> bool:
    inbox, log = folder.inbox(), folder.log()
    left = log.consumed() < inbox.last_entry()
    inbox.close()
    log.close()
    return left


def start_up_seconds(data: Path) -> float:
    """How long a worker takes to be at work, so that kills fall into the work and not before it."""
    began = time.monotonic()
    process = start("run", "worker", "--data", str(data))
    lock = data / "log.db"
    while not lock.exists() and time.monotonic() - began < 30:
        time.sleep(0.01)
    process.kill()
    process.wait()
    return time.monotonic() - began


def test_killed_worker_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    seed = int(os.environ.get("OMTANKE_SEED", time.time_ns() % 1_000_000))
    print(f"seed {seed}")
    dice, folder = random.Random(seed), Folder(tmp_path / "data")
    messages = fill(folder, 1)
    ready = start_up_seconds(folder.path)
    for kill in range(KILLS):
        kill_after(ready + dice.uniform(0, WORK_SECONDS), "run", "worker", "--data", str(folder.path))
        if not is_work_left(folder):
            messages += fill(folder, kill + 2)
    assert start("run", "worker", "--data", str(folder.path), "--until-idle").wait(600) == 0
    assert_whole(folder, messages)


def assert_whole(folder: Folder, messages: int) -> None:
    """Every message is one fact, positions have no gap, the check is clean, and the lake holds what the log holds."""
    log = folder.log()
    positions, ids, last = log.connection.execute("SELECT count(*), count(DISTINCT fact_id), max(position) FROM fact").fetchone()
    (told,) = log.connection.execute(OBSERVED).fetchone()
    (refused,) = log.connection.execute("SELECT count(*) FROM quarantine").fetchone()
    *_, checked = check_folder(folder.path)
    LakeFlow(folder).flush()
    from_lake = [record["number"] for record in ask(folder.path, "overview").records if record["section"] == "facts" and record["item"] == "all"]
    assert (positions, ids, told + refused, [one.what for one in checked.differences[:3]]) == (last, last, messages, [])
    assert from_lake == [told]


def test_killed_importer_goes_on(tmp_path: Path) -> None:
    dice, file, mapped = random.Random(3), tmp_path / "orders.csv", tmp_path / "orders.toml"
    file.write_text("order,at,total\n" + "".join(f"{n},2026-01-{1 + n % 28:02}T10:00:00,{n % 900}.50\n" for n in range(30_000)), encoding="utf-8")
    mapped.write_text(
        '[source]\nname = "till"\nzone = "Europe/Stockholm"\ncurrency = "SEK"\n[[event]]\n'
        'name = "Order Completed"\nfamily = "orders"\nkey = ["order"]\nat = "at"\n'
        '[event.properties]\norder_id = "order"\ntotal = "total"\n',
        encoding="utf-8",
    )
    command = ["import", "csv", str(file), "--map", str(mapped), "--data", str(tmp_path / "data")]
    for _ in range(6):
        kill_after(dice.uniform(0.4, 1.2), *command)
    assert start(*command, "--ended").wait(300) == 0
    assert_whole(Folder(tmp_path / "data"), 30_000)


def test_killed_demo_is_finished_by_the_same_command(tmp_path: Path) -> None:
    """Also when everything had been handed over and only the worker's part was left."""
    dice, data = random.Random(4), tmp_path / "data"
    command = ["demo", "--no-serve", "--customers", "600", "--data", str(data)]
    for _ in range(4):
        kill_after(dice.uniform(0.3, 1.2), *command)
        kill_worker_of(data)
    assert start(*command).wait(300) == 0
    until, customers, demo_seed = (data / "demo.txt").read_text(encoding="utf-8").split()
    told = incoming_history(int(demo_seed), datetime.fromisoformat(until), customers=int(customers))
    keys, log = Folder(data).keys, Folder(data).log()
    found = {row[0] for row in log.connection.execute("SELECT fact_id FROM fact UNION ALL SELECT fact_id FROM quarantine")}
    assert {keys.fact_id("demo-shop", message.message_id) for message in told} <= found
    *_, checked = check_folder(data)
    assert checked.is_clean


def kill_worker_of(data: Path) -> None:
    """The worker that a killed command has left behind."""
    lock = data / "worker.lock"
    if lock.exists() and (number := lock.read_text(encoding="utf-8")):
        with suppress(ProcessLookupError):
            os.kill(int(number), signal.SIGKILL)
