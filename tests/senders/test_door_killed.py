"""Genuine clients and a door that is killed while they send: they send again, and every event is one fact. Every client with OMTANKE_SOAK=1."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.running_door import PATIENCE_SECONDS, free_port, wait_until_open
from omtanke.folder import Folder
from omtanke.runtime.door_keys import make_write_key
from senders.arrived import facts_of
from senders.conftest import CLIENTS, LANGUAGES, ON_SERVERS

IS_SOAK = bool(os.environ.get("OMTANKE_SOAK"))
MANY = 1_500 if IS_SOAK else 400
KILLED_AFTER_SECONDS = (0.35, 0.5) if IS_SOAK else (0.35,)
PROGRAMS = ON_SERVERS if IS_SOAK else ("segment_python.py",)


class MortalDoor:
    """A door that can be killed and opened again, with a worker beside it."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        folder = Folder(data)
        folder.policy_text()
        folder.inbox().close()
        folder.log().close()
        self.worker = self._run("worker")
        self.door = self._open()

    def _run(self, process: str, *more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", process, "--data", str(self.data), *more])

    def _open(self) -> subprocess.Popen[bytes]:
        door = self._run("door", "--door-port", str(self.port))
        wait_until_open(self.port)
        return door

    def kill_and_open(self) -> None:
        self.door.send_signal(signal.SIGKILL)
        self.door.wait(PATIENCE_SECONDS)
        time.sleep(0.4)
        self.door = self._open()

    def close(self) -> None:
        for process in (self.door, self.worker):
            process.terminate()
            process.wait(PATIENCE_SECONDS)


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[MortalDoor]:
    door = MortalDoor(tmp_path / "data")
    yield door
    door.close()


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.usefixtures("packages")
def test_every_event_is_one_fact_though_the_door_is_killed(mortal: MortalDoor, program: str) -> None:
    key = make_write_key(mortal.data / "keys", program).key
    mortal.kill_and_open()  # it has read the key
    command = [LANGUAGES[Path(program).suffix], str(CLIENTS / program), f"http://127.0.0.1:{mortal.port}", key, "--many", str(MANY)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as client:
        for seconds in KILLED_AFTER_SECONDS:
            time.sleep(seconds)
            mortal.kill_and_open()
        client.wait(120)
    assert sorted(many_of(mortal.data, program)) == sorted(f"many-{n}" for n in range(MANY))


def many_of(data: Path, sender: str) -> list[str]:
    """What has come, once there is as much as there should be."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = [number for one in facts_of(data, sender) for _, _, number in one.personal.get("numbers", ()) if number.startswith("many-")]
        if len(found) >= MANY or time.monotonic() > deadline:
            return found
        time.sleep(0.2)
