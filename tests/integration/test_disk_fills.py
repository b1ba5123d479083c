"""A disk that fills, for real: the door stops before SQLite fails, the worker a little later, and both go on by themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from integration.running_door import running_door
from omtanke.folder import Folder
from omtanke.folder_clock import wall_clock
from omtanke.runtime.disk import MEGABYTE
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode

MEMORY = Path("/dev/shm")
SPARE_MB, FILL_MB = 60, 120
PATIENCE_SECONDS = 10.0


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder on a disk that nobody else fills meanwhile: in memory, where there is room."""
    home = MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 * FILL_MB * MEGABYTE else None
    with tempfile.TemporaryDirectory(dir=home) as folder:
        yield Path(folder)


def free_mb(place: Path) -> int:
    return shutil.disk_usage(place).free // MEGABYTE


@contextmanager
def filled(place: Path) -> Iterator[None]:
    """While the block runs, a file takes the room."""
    file = place / "something large"
    with file.open("wb") as large:
        os.posix_fallocate(large.fileno(), 0, FILL_MB * MEGABYTE)
    yield
    file.unlink()


def event(n: int) -> dict[str, Any]:
    return {"type": "track", "event": "Product Viewed", "messageId": f"m{n}", "userId": "u", "properties": {"product_id": "p"}}


def wait_for(what: Callable[[], Any], wanted: Any) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while what() != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    assert what() == wanted


def test_door_answers_503_and_when_to_try_again_until_there_is_room(place: Path) -> None:
    with running_door(place / "data", f"keep_free_mb = {free_mb(place) - SPARE_MB}\n", with_worker=False) as door:
        assert door.post("track", event(1)).status == 200
        with filled(place):
            wait_for(lambda: door.post("track", event(2)).status, 503)
            refused = door.post("track", event(3))
            assert (refused.status, refused.headers["retry-after"], "the disk is almost full" in refused.body["title"]) == (503, "5", True)
            health = door.call("GET", "/healthz")
            assert (health.status, health.body["wrong"][0].startswith("the disk is almost full")) == (503, True)
        wait_for(lambda: door.post("track", event(3)).status, 200)
        assert door.call("GET", "/healthz").status == 200
        inbox = Folder(door.data).inbox()
        assert [entry.wire.count(b'"m3"') for entry in inbox.read(0, 9)][-1:] == [1]
        inbox.close()


def test_worker_waits_and_goes_on(place: Path) -> None:
    data = place / "data"
    data.mkdir()
    (data / "omtanke.toml").write_text(f"keep_free_mb = {2 * (free_mb(place) - SPARE_MB)}\n", encoding="utf-8")
    folder = Folder(data)
    inbox, log = folder.inbox(), folder.log()
    source = inbox.source("shop", Mode.LIVE, "Europe/Stockholm", "SEK").source

    def tell(n: int) -> None:
        inbox.append(source, [Incoming(f"m{n}", 0, b'{"event":"Product Viewed","userId":"u","properties":{"product_id":"p"}}')], wall_clock())

    worker = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(data)], stderr=subprocess.PIPE, text=True)
    try:
        tell(1)
        wait_for(log.consumed, 1)
        with filled(place):
            time.sleep(1.2)
            tell(2)
            time.sleep(1.2)
            assert log.consumed() == 1
        wait_for(log.consumed, 2)
    finally:
        worker.terminate()
        said = worker.communicate()[1]
        inbox.close()
        log.close()
    words = [word for word in said.split() if word.startswith("event=disk")]
    assert words, said
    assert (words[0], words[-1]) == ("event=disk_almost_full", "event=disk_has_room")
