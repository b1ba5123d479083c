"""The real worker, with a rule family that has a fault: it lives on, is killed, and nothing is lost; then the fault is mended."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fakes.poison import QUOTED
from omtanke.bootstrap import check_folder
from omtanke.folder import Folder
from omtanke.folder_clock import wall_clock
from omtanke.processes.retrying import set_aside
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.running import RetryRequested

TESTS = Path(__file__).parent.parent
# Python runs it before anything else: the fault is there as long as the file is.
FAULT = f"""
import os, sys
sys.path.insert(0, {str(TESTS)!r})
from fakes.poison import at_touchpoint, spread
spread(lambda fact: at_touchpoint(fact) and os.path.exists(os.environ["FAULTY_WHILE"]))
"""
PATIENCE_SECONDS = 20.0
KILLS = 60 if os.environ.get("OMTANKE_SOAK") else 6


@pytest.fixture
def faulty(tmp_path: Path) -> dict[str, str]:
    """An environment in which processes have the fault."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(FAULT, encoding="utf-8")
    (tmp_path / "fault").touch()
    paths = [str(tmp_path / "site"), *filter(None, [os.environ.get("PYTHONPATH", ""), str(TESTS.parent / "src")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths), "FAULTY_WHILE": str(tmp_path / "fault")}


@contextmanager
def worker(data: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(data)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def tell(folder: Folder, first: int, count: int) -> None:
    """Messages of three customers in turn; the eleventh is done where the fault is."""
    inbox = folder.inbox()
    source = inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source
    inbox.append(source, [Incoming(f"m{n}", 0, json.dumps(message(n)).encode()) for n in range(first, first + count)], wall_clock())
    inbox.close()


def message(n: int) -> dict[str, Any]:
    context = {"touchpoint": "poison" if n == 10 else "shop", "channel": "web"}
    return {"type": "track", "event": "Product Viewed", "userId": f"u{n % 3}", "context": context, "properties": {"product_id": f"p{n}", "note": QUOTED}}


def viewed(folder: Folder) -> list[int]:
    """How many facts each customer has."""
    log = folder.log()
    try:
        rows = log.connection.execute("SELECT customer, count(*) FROM fact WHERE type = 'product_viewed' GROUP BY customer ORDER BY customer").fetchall()
        return [count for _, count in rows]
    finally:
        log.close()


def wait_for(what: Any, wanted: Any) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while what() != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    assert what() == wanted


def test_worker_lives_on_and_whoever_failed_comes_back_whole(tmp_path: Path, faulty: dict[str, str]) -> None:
    folder = Folder(tmp_path / "data")
    folder.log().close()
    tell(folder, 0, 30)
    with worker(folder.path, faulty) as process:
        wait_for(lambda: viewed(folder), [10, 3, 10])
        wait_for(lambda: [(one.person, one.waiting) for one in set_aside(folder.path)], [(2, 7)])
        tell(folder, 30, 30)
        process.kill()
        said = process.stderr.read() if process.stderr else ""
    assert "event=customer_set_aside person=2 on=product_viewed" in said and QUOTED not in said
    again = [sys.executable, "-m", "omtanke.cli", "retry", "--data", str(folder.path), "--all"]
    with worker(folder.path, faulty):
        wait_for(lambda: viewed(folder), [20, 3, 20])
        still = subprocess.run(again, env=faulty, capture_output=True, text=True, check=False)
        assert (still.returncode, still.stdout.split(":")[0]) == (1, "customer 2")
        Path(faulty["FAULTY_WHILE"]).unlink()
        back = subprocess.run(again, env=faulty, capture_output=True, text=True, check=False)
        assert (back.returncode, back.stdout) == (0, "All of them are back; what waited is on record.\n")
        assert viewed(folder) == [20, 20, 20]
    *_, checked = check_folder(folder.path)
    assert checked.is_clean
    log = folder.log()
    told = [json.loads(json.dumps(one.fact.body.product)) for one in log.facts_of([2]) if one.fact.type == "product_viewed"]  # type: ignore[attr-defined]
    assert told == sorted(told)
    log.close()


def test_killed_at_any_moment_nothing_is_lost_doubled_or_out_of_order(tmp_path: Path, faulty: dict[str, str]) -> None:
    """While customers are set aside, while what is told of them is held, and while they come back."""
    dice, folder, told = random.Random(11), Folder(tmp_path / "data"), 0
    folder.log().close()
    for kill in range(KILLS):
        tell(folder, told, 400)
        told += 400
        if kill == KILLS // 2:
            Path(faulty["FAULTY_WHILE"]).unlink()
        if kill >= KILLS // 2:
            ask_for_all(folder)
        with worker(folder.path, faulty) as process:
            wait_for(lambda: holder(folder), str(process.pid))
            time.sleep(dice.uniform(0, 0.4))
    ask_for_all(folder)
    assert subprocess.run([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(folder.path), "--until-idle"], check=False).returncode == 0
    log = folder.log()
    try:
        assert (log.set_aside(), log.held(2, 9)) == ({}, [])
        keys, ids = folder.keys, {n: [one.fact.fact_id for one in log.facts_of([n]) if one.fact.type == "product_viewed"] for n in (1, 2, 3)}
        assert ids == {n + 1: [keys.fact_id("shop", f"m{m}") for m in range(n, told, 3)] for n in range(3)}
    finally:
        log.close()
    *_, checked = check_folder(folder.path)
    assert checked.is_clean


def holder(folder: Folder) -> str:
    """The process that is at work on the folder, or was last."""
    lock = folder.path / "worker.lock"
    return lock.read_text(encoding="ascii") if lock.exists() else ""


def ask_for_all(folder: Folder) -> None:
    inbox = folder.inbox()
    source = OwnSource(inbox, CONSOLE, "Europe/Stockholm", "SEK", wall_clock)
    for one in set_aside(folder.path):
        source.put(RetryRequested, f"again:{one.person}:{time.monotonic_ns()}", one.person, {})
    inbox.close()
