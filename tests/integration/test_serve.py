"""The product as it runs: five processes, a door that takes events, and an end within five seconds."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from omtanke.storage.databases import read_database
from omtanke.storage.lake_manifest import read_manifest
from omtanke.storage.sql_log import SqlLog

PATIENCE_SECONDS = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """`omtanke serve` on a folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.pages, self.door = free_port(), free_port()
        command = ["serve", "--data", str(data), "--port", str(self.pages), "--door-port", str(self.door)]
        self.process = subprocess.Popen([sys.executable, "-m", "omtanke.cli", *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said: list[str] = []
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Ctrl-C"):
                break
        self.key = next(line for line in self.said if "write key" in line).split()[-1]

    def post(self, call: str, body: Any, key: str | None = None) -> tuple[int, dict[str, Any]]:
        """Status and answer of a call at the door."""
        authorisation = base64.b64encode(f"{self.key if key is None else key}:".encode()).decode()
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.door}/v1/{call}", raw, {"authorization": f"Basic {authorisation}"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read())

    def facts(self, at_least: int) -> list[str]:
        """The types of the log's facts, once there are so many."""
        log = SqlLog(read_database(self.data, "log"))
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while True:
                found = [one.fact.type for one in log.facts_from(0, 1000) if one.fact.customer]
                if len(found) >= at_least or time.monotonic() > deadline:
                    return found
                time.sleep(0.1)
        finally:
            log.close()

    def children(self) -> dict[str, int]:
        """Process ids by name."""
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if str(self.data).encode() in words and b"run" in words:
                found[words[words.index(b"run") + 1].decode()] = int(entry.name)
        return found

    def stop(self) -> float:
        """How long it took to end."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.stdout is not None
        self.said += self.process.stdout.readlines()
        self.process.wait(PATIENCE_SECONDS)
        self.process.stdout.close()
        return time.monotonic() - began


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    served = Running(tmp_path / "data")
    yield served
    if served.process.poll() is None:
        served.stop()


def order(number: str) -> dict[str, Any]:
    """An order with a delivery promise, as a client sends it."""
    properties = {"order_id": number, "promises": [{"kind": "delivery", "until": "2099-11-20"}]}
    return {"type": "track", "event": "Order Completed", "messageId": f"m{number}", "userId": "u1", "properties": properties}


def test_event_at_the_door_is_durable_and_becomes_a_promise(running: Running) -> None:
    assert running.post("batch", {"batch": [order("1"), order("1"), order("2")]}) == (200, {"success": True})
    assert running.facts(4) == ["order_completed", "promise_made", "order_completed", "promise_made"]


def test_wrong_call_is_told_what_is_wrong_and_the_good_ones_are_kept(running: Running) -> None:
    wrong = order("3") | {"properties": {"order_id": "3", "total": "much"}}
    status, answer = running.post("batch", {"batch": [order("1"), wrong]})
    assert status == 400
    assert answer["faults"] == [{"path": "batch[1].properties.total", "value": "'much'", "rule": "is not an amount; write a number as in 149.50"}]
    assert running.facts(2) == ["order_completed", "promise_made"]


@pytest.mark.parametrize(
    ("call", "body", "status"),
    [("track", b"{", 400), ("track", b"[" * 100_000, 400), ("track", b"x" * 40_000, 400), ("track", b"\x1f\x8bxx", 400), ("nothing", b"{}", 404)],
)
def test_what_is_no_call_is_refused(running: Running, call: str, body: bytes, status: int) -> None:
    assert running.post(call, body)[0] == status


def test_unknown_write_key_is_refused(running: Running) -> None:
    assert running.post("track", order("1"), key="nobody")[0] == 401


def test_source_that_is_known_otherwise_is_said_and_the_door_goes_on(running: Running) -> None:
    running.post("track", order("1"))
    running.stop()
    (running.data / "omtanke.toml").write_text('currency = "NOK"\n', encoding="utf-8")
    again = Running(running.data)
    try:
        assert [again.post("track", order(str(n)))[0] for n in (2, 3)] == [409, 409]
    finally:
        again.stop()


def test_everything_ends_within_five_seconds_and_goes_on_later(running: Running) -> None:
    running.post("track", order("1"))
    assert running.stop() < 6.0
    assert (running.process.returncode, running.children()) == (0, {})
    again = Running(running.data)
    try:
        assert again.facts(2) == ["order_completed", "promise_made"]
        assert again.post("track", order("1")) == (200, {"success": True})
    finally:
        again.stop()


def test_process_that_is_killed_is_started_again(running: Running) -> None:
    os.kill(running.children()["worker"], signal.SIGKILL)
    running.post("track", order("1"))
    assert running.facts(2) == ["order_completed", "promise_made"]
    running.stop()
    assert any("process_started_again process=worker" in line for line in running.said)


def test_port_that_is_taken_is_named_with_its_flag(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = ["serve", "--data", str(tmp_path / "data"), "--port", str(port)]
        asked = subprocess.run([sys.executable, "-m", "omtanke.cli", *command], capture_output=True, text=True, check=False)
    assert asked.returncode == 2
    assert f"Port {port}" in asked.stderr
    assert "--port" in asked.stderr


def test_facts_flow_into_the_lake_beside_the_worker_and_watching_takes_little_memory(running: Running) -> None:
    lake = running.children()["lake"]
    running.post("batch", {"batch": [order("1"), order("2")]})
    last = len(running.facts(4))
    os.kill(lake, signal.SIGKILL)  # started again, it first brings along what lies in the log
    deadline = time.monotonic() + PATIENCE_SECONDS
    while read_manifest(running.data / "lake").position < last and time.monotonic() < deadline:
        time.sleep(0.1)
    assert read_manifest(running.data / "lake").position >= last
    held = next(line for line in Path(f"/proc/{running.process.pid}/smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
    assert int(held.split()[1]) < 60 * 1024


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nobody_is_left_behind_however_early_it_is_ended(tmp_path: Path, number: signal.Signals) -> None:
    """Ended at every moment of its start, while nobody asks after what has ended: the pipe that all of them hold is closed all the same."""
    for seconds in (0.4, 0.9, 1.4, 2.0):
        data = tmp_path / str(seconds)
        command = [sys.executable, "-m", "omtanke.cli", "serve", "--data", str(data), "--port", str(free_port()), "--door-port", str(free_port())]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert process.stdout is not None
        time.sleep(seconds)
        process.send_signal(number)
        began = time.monotonic()
        process.stdout.read()
        assert time.monotonic() - began < PATIENCE_SECONDS
        process.wait()
        process.stdout.close()
