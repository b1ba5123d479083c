"""What is older than the shop's rule leaves every byte of a folder; figures stay, and killed on the way it comes to the same."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes.files import copied
from fakes.marked import MARK, OTHER, holding
from omtanke.bootstrap import check_folder
from omtanke.folder import Folder
from omtanke.storage.condensing import Retained
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode

CUSTOMERS = 150
QUESTIONS = ("overview", "kept-rate", "answers")


def told(year: int, customer: int, mark: str) -> Iterator[dict[str, Any]]:
    """An order with its promise, what became of it, and what was said of it."""
    order, who = {"order_id": f"{mark}-{year}-{customer}"}, {"userId": f"user-{customer}"}
    stated = {"kind": "delivery", "until": f"{year}-05-0{3 + customer % 3}", "words": f"{mark} hos dig"}
    happened = (
        ("04-28T10:00:00Z", "Order Completed", {**order, "total": "250.00", "currency": "SEK", "promises": [stated]}),
        ("05-04T10:00:00Z", "Shipment Delivered", order),
        ("05-06T10:00:00Z", "Survey Answered", {"survey_id": "s", **order, "scale": "1-5", "score": 1 + customer % 5, "comment": f"{mark} var det"}),
    )
    for at, event, properties in happened:
        yield {"type": "track", "event": event, "timestamp": f"{year}-{at}", "messageId": f"{year}{at}{customer}", "properties": properties, **who}


def history() -> list[Incoming]:
    found = []
    for customer in range(CUSTOMERS):
        traits = {"email": f"person{customer}@example.com", "name": "Ebba"}
        found.append({"type": "identify", "userId": f"user-{customer}", "timestamp": "2016-01-02T10:00:00Z", "messageId": f"i{customer}", "traits": traits})
        for year in (2016, 2017):
            found += told(year, customer, MARK)
        if customer % 3:
            found += told(2025, customer, OTHER)
    found.sort(key=lambda one: one["timestamp"])
    return [Incoming(one["messageId"], 0, json.dumps(one).encode()) for one in found]


def omtanke(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "omtanke.cli", *words], capture_output=True, text=True, check=False)


def keep(data: Path, **months: int) -> None:
    """The shop says how long."""
    folder = Folder(data)
    text = folder.policy_text()
    for name, number in months.items():
        text = text.replace(f"{name}_months = 0 ", f"{name}_months = {number} ")
    (data / "policy" / "policy.toml").write_text(text)


def answers(data: Path) -> list[str]:
    return [omtanke("ask", question, "--data", str(data), "--format", "json").stdout for question in QUESTIONS]


def retained(data: Path) -> Retained:
    log = Folder(data).log()
    try:
        return log.retained()
    finally:
        log.close()


def facts(data: Path) -> list[tuple[Any, ...]]:
    log = Folder(data).log()
    try:
        return log.connection.execute("SELECT position, customer, type, body FROM fact ORDER BY position").fetchall()
    finally:
        log.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine years, and the last order of some of the customers."""
    data = tmp_path_factory.mktemp("shop") / "data"
    folder = Folder(data)
    inbox = folder.inbox()
    source = inbox.source("export", Mode.HISTORY, folder.settings.zone, folder.settings.currency).source
    inbox.append(source, history(), folder.clock())
    inbox.rest(source, has_ended=True)
    inbox.close()
    subprocess.run([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(data), "--until-idle"], check=True)
    return data


def test_no_byte_of_what_is_old_is_left_and_no_figure_differs(shop: Path, tmp_path: Path) -> None:
    data = copied(shop, tmp_path / "data")
    before, counted = answers(data), len(facts(data))
    assert all(json.loads(answer)["rows"] for answer in before[:1])
    assert "log.db" in holding(data, MARK)
    keep(data, texts=60, history=84)
    run = omtanke("rights", "retention", "--now", "--data", str(data))
    assert (run.returncode, run.stderr) == (0, ""), run.stdout
    assert "Facts are kept 84 months." in run.stdout
    assert holding(data, MARK) == []
    assert "log.db" in holding(data, OTHER)
    left = facts(data)
    assert len([row for row in left if row[2] == "history_condensed"]) == CUSTOMERS
    assert len(left) < counted - 4 * CUSTOMERS
    assert retained(data).facts > 6 * CUSTOMERS
    assert answers(data) == before
    *_, checked = check_folder(data)
    assert checked.is_clean, checked.differences[:5]
    again = omtanke("rights", "retention", "--now", "--data", str(data))
    assert again.stdout == run.stdout
    assert facts(data) == left


def test_whoever_is_not_heard_of_is_erased(shop: Path, tmp_path: Path) -> None:
    data = copied(shop, tmp_path / "data")
    keep(data, customers=36)
    assert omtanke("rights", "retention", "--now", "--data", str(data)).returncode == 0
    log = Folder(data).log()
    erased = [customer for customer in range(1, CUSTOMERS + 1) if log.is_erased(customer)]
    log.close()
    assert len(erased) == CUSTOMERS // 3
    assert holding(data, "person0@example.com") == []
    assert "log.db" in holding(data, "person1@example.com")
    receipts = json.loads(omtanke("rights", "receipts", "--format", "json", "--data", str(data)).stdout)
    assert {one["status"] for one in receipts} == {"done"} and len(receipts) == CUSTOMERS // 3
    *_, checked = check_folder(data)
    assert checked.is_clean, checked.differences[:5]


def test_killed_again_and_again_it_comes_to_the_same(shop: Path, tmp_path: Path) -> None:
    whole, data, chance = copied(shop, tmp_path / "whole"), copied(shop, tmp_path / "data"), random.Random(7)
    for one in (whole, data):
        keep(one, texts=60, history=84)
    omtanke("rights", "retention", "--now", "--data", str(whole))
    command, killed = [sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(data), "--until-idle"], 0
    while not retained(data).at:
        worker = subprocess.Popen(command)
        if killed < 6:
            until, known = time.monotonic() + 20, len(facts(data))
            while len(facts(data)) == known and not retained(data).at and time.monotonic() < until:
                time.sleep(0.01)
            time.sleep(chance.random() / 20)
            worker.kill()
            killed += 1
        worker.wait()
    *_, checked = check_folder(data)
    assert checked.is_clean, checked.differences[:5]
    assert bodies(facts(data)) == bodies(facts(whole))
    assert killed


def bodies(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Without what the policy's own activation says."""
    return [row for row in rows if row[2] != "policy_activated"]
