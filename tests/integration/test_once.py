"""Door, worker, pages, dispatch and PostgreSQL itself are killed at random moments, on either store, while senders tell what happens,
try again when nobody answers and repeat what was acknowledged: each acknowledged event is one fact, each effect is told under one id.
"""

from __future__ import annotations

import base64
import http.client
import itertools
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import missing
from fakes.postgres import Cluster, cluster
from fakes.receiver import hook_server
from fakes.shop import FIRST_POLICY, assert_one_ending
from fakes.web import free_port
from omtanke.bootstrap import check_folder
from omtanke.channels.webhook.signature import new_secret
from omtanke.folder import Folder
from omtanke.runtime.dispatch import webhook_id
from omtanke.runtime.door_keys import open_write_keys
from omtanke.storage.databases import VARIABLE
from omtanke.storage.sql_log import SqlLog

KILLS = 110 if os.environ.get("OMTANKE_SOAK") else 8
SENDERS, BATCH, PERSONS = 3, 8, 40
PATIENCE_SECONDS = 15.0
TYPES = ["promise_made", "promise_broken"]
QUICK = FIRST_POLICY.replace("grace_seconds = 43200", "grace_seconds = 1").replace("at_risk_seconds = 86400", "at_risk_seconds = 1")
SOURCE = "shop"


class Processes:
    """The four of a shop, each of which can be killed and is started again."""

    def __init__(self, data: Path, server: Cluster | None) -> None:
        self.door_port, self._pages_port, self._server = free_port(), free_port(), server
        common = ["--data", str(data), "--port", str(self._pages_port)]
        self._commands = {
            "worker": ["worker", "--data", str(data)],
            "door": ["door", *common, "--door-port", str(self.door_port)],
            "web": ["web", *common],
            "dispatch": ["dispatch", *common],
        }
        self._running = {name: self._start(name) for name in self._commands}

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "omtanke.cli", "run", *self._commands[name]]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def victims(self) -> list[str]:
        return [*self._commands, *(["postgres"] if self._server else [])]

    def kill(self, name: str) -> None:
        if name == "postgres":
            assert self._server
            self._server.kill()
            self._server.start()
            return
        self._running[name].kill()
        self._running[name].wait()
        self._running[name] = self._start(name)

    def stop(self) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Sender:
    """Tells one batch after the other, each until it is acknowledged, and now and then one of before once more."""

    def __init__(self, name: int, port: int, key: str, dice: random.Random) -> None:
        self.acknowledged: list[str] = []
        self.stopping = threading.Event()
        self._name, self._port, self._dice = name, port, dice
        self._headers = {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
        self._told: list[bytes] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        for number in itertools.count():
            if self.stopping.is_set():
                return
            ids = [f"{self._name}/{number}/{n}" for n in range(BATCH)]
            body = json.dumps({"batch": [self._event(one) for one in ids]}).encode()
            while not self._post(body):
                time.sleep(0.05)
            self.acknowledged += ids
            self._told.append(body)
            if self._dice.random() < 0.3:
                self._post(self._dice.choice(self._told))
            time.sleep(0.02)

    def _event(self, message_id: str) -> dict[str, Any]:
        who = {"messageId": message_id, "type": "track", "userId": f"u{self._dice.randrange(PERSONS)}"}
        if not message_id.endswith("/0"):
            return {**who, "event": "Product Viewed", "properties": {"product_id": f"p{self._dice.randrange(9)}"}}
        until = (datetime.now(UTC) + timedelta(seconds=self._dice.uniform(0.5, 4))).isoformat()
        return {**who, "event": "Order Completed", "properties": {"order_id": message_id, "promises": [{"kind": "delivery", "until": until}]}}

    def _post(self, body: bytes) -> bool:
        """Whether it was acknowledged; a call that breaks off may have been stored all the same."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("POST", "/v1/batch", body, self._headers)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        self.stopping.set()
        self._thread.join(60)
        assert not self._thread.is_alive(), "nobody acknowledges"


@contextmanager
def stored(store: str) -> Iterator[Cluster | None]:
    """Where the shop's databases stand while the block runs."""
    with cluster(careful=True) if store == "postgres" else nullcontext() as server:
        if store == "postgres" and server is None:
            missing("PostgreSQL's programs (initdb, pg_ctl) are not on this machine")
        yield server


@pytest.mark.timeout(1_800 if os.environ.get("OMTANKE_SOAK") else 180)
@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_whatever_is_killed_each_event_is_one_fact_and_each_effect_is_told(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = int(os.environ.get("OMTANKE_SEED", time.time_ns() % 1_000_000))
    print(f"seed {seed}")
    dice, data = random.Random(seed), tmp_path / "data"
    (data / "policy").mkdir(parents=True)
    (data / "policy" / "policy.toml").write_text(QUICK, encoding="utf-8")
    with stored(store) as server, hook_server() as hooks:
        if server:
            monkeypatch.setenv(VARIABLE, server.database())
        (data / "omtanke.toml").write_text(f'webhook_allow = ["{hooks.place}"]\n', encoding="utf-8")
        folder = Folder(data)
        receiver = folder.outbox().receivers.add(hooks.url, TYPES, "the shop's own", 0, new_secret(), 1)
        folder.log().close()
        processes = Processes(data, server)
        key = open_write_keys(data / "keys")[0].key
        senders = [Sender(n, processes.door_port, key, random.Random(dice.random())) for n in range(SENDERS)]
        killed: Counter[str] = Counter()
        try:
            wait_until(lambda: all(sender.acknowledged for sender in senders))
            for _ in range(KILLS):
                time.sleep(dice.uniform(0.1, 1.5))
                victim = dice.choice(processes.victims())
                processes.kill(victim)
                killed[victim] += 1
            for sender in senders:
                sender.stop()
            log, inbox = folder.log(), folder.inbox()
            wait_until(lambda: log.consumed() >= inbox.last_entry() and not open_promises(log), come=log.last_position)
            wanted = {webhook_id(fact_id, receiver) for fact_id in effects(log)}
            wait_until(lambda: set(hooks.ids()) >= wanted, lambda: unsent(folder), lambda: len(hooks.ids()))
        finally:
            for sender in senders:
                sender.stopping.set()
            processes.stop()
        print(f"killed {dict(killed)}, {sum(len(sender.acknowledged) for sender in senders)} acknowledged")
        assert set(hooks.ids()) == wanted
        assert_each_is_one_fact(folder, log, [one for sender in senders for one in sender.acknowledged])
        *_, checked = check_folder(data)
        assert [one.what for one in checked.differences[:5]] == []
        log.close()
        inbox.close()


def assert_each_is_one_fact(folder: Folder, log: SqlLog, acknowledged: list[str]) -> None:
    facts = [one.fact for one in log.facts_from(0, 10_000_000)]
    told = Counter(fact.fact_id for fact in facts)
    assert set(told.values()) == {1}
    assert {told[folder.keys.fact_id(SOURCE, one)] for one in acknowledged} == {1}
    assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))
    for _, customers in log.persons():
        assert_one_ending(one.fact for one in log.facts_of(customers))


def open_promises(log: SqlLog) -> int:
    return int(log.connection.execute("SELECT count(*) FROM promise WHERE status IN ('made', 'at_risk', 'due')").fetchone()[0])


def effects(log: SqlLog) -> list[bytes]:
    """The facts that the receiver has asked for."""
    return [row[0] for row in log.connection.execute("SELECT fact_id FROM fact WHERE mode = 0 AND type IN ('promise_made', 'promise_broken')")]


def unsent(folder: Folder) -> str:
    """Why something has not been told yet."""
    outbox = folder.outbox()
    waiting = outbox.connection.execute("SELECT count(*), max(attempts), min(due_at) FROM delivery WHERE state <> 'delivered'").fetchone()
    tries = outbox.connection.execute("SELECT status, answer, count(*), max(took) FROM attempt GROUP BY status, answer ORDER BY status").fetchall()
    followed, last = outbox.deliveries.meta("position"), folder.log().last_position()
    return f"deliveries that wait {waiting}, tries {tries}, destinations {outbox.deliveries.destinations()}, followed {followed} of {last}"


def wait_until(so: Any, said: Any = lambda: "it did not become so", come: Any = lambda: 0, seconds: float = 90.0) -> None:
    """Until it is so; as long as more comes (`come`: how much has), however much a quick machine has to tell."""
    deadline, so_far = time.monotonic() + seconds, come()
    while not so():
        if (now := come()) != so_far:
            deadline, so_far = time.monotonic() + seconds, now
        assert time.monotonic() < deadline, said()
        time.sleep(0.1)
