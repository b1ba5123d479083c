"""The door and the worker as processes over a data folder, and calls to the door."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from omtanke.folder import Folder
from omtanke.runtime.door_keys import make_read_key, open_write_keys
from omtanke.storage.databases import read_database
from omtanke.storage.sql_log import SqlLog

PATIENCE_SECONDS = 30.0


class Answered(Struct, frozen=True):
    """Status, headers in small letters, and body."""

    status: int
    headers: Mapping[str, str]
    body: Any


class RunningDoor:
    """A door that is open, with a write key of `shop`, a read key, and one that reads and writes as `shop`."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.key = open_write_keys(data / "keys")[0].key
        self.read_key = make_read_key(data / "keys", "tests")[1]
        self.server_key = make_read_key(data / "keys", "server", "shop")[1]
        time.sleep(1.1)  # the door looks at its keys once a second

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def call(self, method: str, path: str, body: Any = None, key: str | None = None, headers: Mapping[str, str] | None = None) -> Answered:
        """One call on a connection of its own."""
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, raw, {**({"authorization": basic(key)} if key else {}), **(headers or {})})
            answer = connection.getresponse()
            said = answer.read()
            return Answered(answer.status, {name.lower(): value for name, value in answer.getheaders()}, json.loads(said) if said else None)
        finally:
            connection.close()

    def post(self, call: str, body: Any, key: str | None = None, **headers: str) -> Answered:
        """An event, with the write key."""
        return self.call("POST", f"/v1/{call}", body, self.key if key is None else key, headers)

    def get(self, path: str, key: str | None = None) -> Answered:
        """Something to be read, with the read key."""
        return self.call("GET", path, key=self.read_key if key is None else key)

    def say(self, body: Any, key: str | None = None, wait: int = 10, **headers: str) -> Answered:
        """An action on a promise, with the key that reads and writes."""
        prefer = {"prefer": f"wait={wait}"} if wait else {}
        return self.call("POST", "/api/promises", body, key or self.server_key, {**prefer, **headers})

    def facts(self, at_least: int) -> list[str]:
        """The types of the log's facts about customers, once there are so many."""
        log = SqlLog(read_database(self.data, "log"))
        try:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while True:
                found = [one.fact.type for one in log.facts_from(0, 100_000) if one.fact.customer]
                if len(found) >= at_least or time.monotonic() > deadline:
                    return found
                time.sleep(0.05)
        finally:
            log.close()


@contextmanager
def running_door(data: Path, settings: str = "", with_worker: bool = True, logs: Path | None = None) -> Iterator[RunningDoor]:
    """Until the block ends. `logs`: the file in which what the processes log is kept."""
    data.mkdir(parents=True, exist_ok=True)
    (data / "omtanke.toml").write_text(settings, encoding="utf-8")
    folder = Folder(data)
    folder.policy_text()
    folder.inbox().close()
    folder.log().close()
    port = free_port()
    commands = [["run", "door", "--data", str(data), "--door-port", str(port)]]
    commands += [["run", "worker", "--data", str(data)]] if with_worker else []
    written = logs.open("ab") if logs else None
    processes = [subprocess.Popen([sys.executable, "-m", "omtanke.cli", *command], stdout=written, stderr=written) for command in commands]
    try:
        wait_until_open(port)
        yield RunningDoor(data, port)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(PATIENCE_SECONDS)
        if written:
            written.close()


def basic(key: str) -> str:
    """Basic authorisation with the key as user name."""
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_open(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the door has not opened")
