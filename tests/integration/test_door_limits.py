"""The door under load and under attack: whoever asks too much is told so, and nobody else notices."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integration.running_door import RunningDoor, basic, running_door
from omtanke.intake import http as bounds
from omtanke.intake import protocol
from omtanke.runtime.door_keys import make_write_key

LIMITS = "door_events_per_second = 200\ndoor_burst = 400\n"
MODEST_CALLS = 60


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    data = tmp_path_factory.mktemp("limits") / "data"
    make_write_key(data / "keys", "shop")
    make_write_key(data / "keys", "greedy")
    make_write_key(data / "keys", "modest")
    with running_door(data, LIMITS, with_worker=False) as opened:
        yield opened


def key_of(door: RunningDoor, sender: str) -> str:
    keys = (door.data / "keys" / "write_keys.toml").read_text(encoding="utf-8")
    return keys.split(f'sender = "{sender}"\nkey = "')[1].split('"')[0]


def page(number: object, **more: Any) -> dict[str, Any]:
    return {"type": "page", "messageId": f"m{number}", "userId": "u", **more}


class Greedy:
    """Several connections that send batches as fast as they are answered, until told to stop."""

    def __init__(self, door: RunningDoor, key: str, connections: int = 8) -> None:
        self.statuses: Counter[int] = Counter()
        self.waits: list[int] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(door, key, n), daemon=True) for n in range(connections)]

    def __enter__(self) -> Greedy:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *about: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _send(self, door: RunningDoor, key: str, who: int) -> None:
        sent = 0
        while not self._stop.is_set():
            answer = door.post("batch", {"batch": [page(f"{who}-{sent}-{n}") for n in range(100)]}, key=key)
            self.statuses[answer.status] += 1
            sent += 1
            if answer.status == 429:
                self.waits.append(int(answer.headers["retry-after"]))


def modest_calls(door: RunningDoor, key: str) -> list[float]:
    """Seconds of each call, one every 50 ms; every one has to be taken."""
    took = []
    for n in range(MODEST_CALLS):
        began = time.perf_counter()
        assert door.post("page", page(f"modest-{time.time_ns()}-{n}"), key=key).status == 200
        took.append(time.perf_counter() - began)
        time.sleep(0.05)
    return took


def test_greedy_key_is_slowed_down_and_the_modest_one_does_not_notice(door: RunningDoor) -> None:
    modest = key_of(door, "modest")
    alone = modest_calls(door, modest)
    with Greedy(door, key_of(door, "greedy")) as greedy:
        beside = modest_calls(door, modest)
    assert greedy.statuses[429] > 100
    assert 4 <= greedy.statuses[200] <= 30
    assert min(greedy.waits) >= 1
    assert statistics.median(beside) < statistics.median(alone) + 0.1


def test_body_that_is_too_large_is_refused_and_costs_no_memory(door: RunningDoor) -> None:
    too_large = json.dumps(page(1, properties={"text": "x" * bounds.LARGEST_CALL})).encode()
    bomb = gzip.compress(b'{"batch": [' + b" " * 300_000_000)
    before = memory_of(door)
    for _ in range(20):
        answer = door.post("batch", bomb)
        assert (answer.status, answer.body["title"]) == (400, "The body is larger than 512000 bytes when it is unpacked; send it in parts")
    assert memory_of(door) - before < 30_000_000
    answer = door.post("page", too_large)
    assert (answer.status, answer.body["title"]) == (400, "The body is larger than 32768 bytes; send it in parts")


def memory_of(door: RunningDoor) -> int:
    """Resident bytes of the door's process."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(door.port).encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                return int((entry / "statm").read_text().split()[1]) * 4096
        except OSError:
            continue
    raise LookupError("the door's process is not there")


def test_sender_of_a_body_that_is_too_large_hears_so_and_goes_on(door: RunningDoor) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    statuses = []
    for body in (b" " * 5_000_000, json.dumps(page("after")).encode()):
        connection.request("POST", "/v1/page", body, {"authorization": basic(key_of(door, "modest"))})
        answer = connection.getresponse()
        statuses.append((answer.status, bool(answer.read())))
    connection.close()
    assert statuses == [(400, True), (200, True)]


def test_body_of_unknown_length_is_bounded_too(door: RunningDoor) -> None:
    with socket.create_connection(("127.0.0.1", door.port), timeout=10) as wire:
        wire.sendall(head(door, "transfer-encoding: chunked"))
        chunk = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
        with Unmoved():
            for _ in range(20):
                wire.sendall(chunk)
        assert b" 400 " in wire.recv(4_096).partition(b"\r\n")[0]


def head(door: RunningDoor, *lines: str, call: str = "batch") -> bytes:
    """The head of a call."""
    said = [f"POST /v1/{call} HTTP/1.1", "host: door", f"authorization: {basic(door.key)}", *lines, "", ""]
    return "\r\n".join(said).encode()


class Unmoved:
    """A sender that does not mind being hung up on while it still sends."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, *about: object) -> bool:
        return kind is not None and issubclass(kind, OSError)


def test_what_never_comes_is_not_waited_for(door: RunningDoor) -> None:
    began = time.monotonic()
    silent, half_a_head, half_a_body = (socket.create_connection(("127.0.0.1", door.port), timeout=60) for _ in range(3))
    half_a_head.sendall(b"POST /v1/page HTTP/1.1\r\nhost: door\r\n")
    half_a_body.sendall(head(door, "content-length: 100", call="page") + b"{")
    with silent, half_a_head, half_a_body:
        assert (silent.recv(1), half_a_head.recv(1)) == (b"", b"")
        assert protocol.HEAD_SECONDS - 1 < time.monotonic() - began < protocol.HEAD_SECONDS + 5
        assert b" 408 " in half_a_body.recv(4_096).partition(b"\r\n")[0]
        assert bounds.BODY_SECONDS - 1 < time.monotonic() - began < bounds.BODY_SECONDS + 5


def test_head_without_end_is_cut_off(door: RunningDoor) -> None:
    with socket.create_connection(("127.0.0.1", door.port), timeout=10) as wire, Unmoved():
        wire.sendall(b"POST /v1/page HTTP/1.1\r\n")
        for n in range(10_000):
            wire.sendall(f"x-{n}: {'y' * 100}\r\n".encode())
        pytest.fail("a megabyte of head was taken")


def test_slow_ones_leave_room_for_others(door: RunningDoor) -> None:
    slow = [socket.create_connection(("127.0.0.1", door.port), timeout=10) for _ in range(200)]
    try:
        for wire in slow:
            wire.sendall(head(door, "content-length: 100", call="page"))
        time.sleep(0.5)
        assert door.post("page", page("beside"), key=key_of(door, "modest")).status == 200
    finally:
        for wire in slow:
            wire.close()


def test_key_with_too_many_calls_under_way_is_told_and_others_are_not(door: RunningDoor) -> None:
    slow = [socket.create_connection(("127.0.0.1", door.port), timeout=10) for _ in range(260)]
    try:
        for wire in slow:
            wire.sendall(head(door, "content-length: 100", call="page"))
        time.sleep(0.5)
        greedy, modest = door.post("page", page("g")), door.post("page", page("n"), key=key_of(door, "modest"))
        assert (greedy.status, greedy.headers["retry-after"], modest.status) == (429, "1", 200)
    finally:
        for wire in slow:
            wire.close()
