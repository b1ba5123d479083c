"""One POST: to the checked address only, bounded in time and size."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from fakes.receiver import hook_server
from omtanke.channels.address import Guard
from omtanke.channels.outcome import Outcome, shown
from omtanke.channels.post import MOST_ASKED, Asked, Poster, wait_of

JSON = [("Content-Type", "application/json")]


def send(url: str, guard: Guard, seconds: float = 2.0) -> Outcome:
    with ThreadPoolExecutor(1) as pool:
        return asyncio.run(Poster(guard, pool, seconds=seconds).post(url, JSON, b"{}"))


@contextmanager
def raw_server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that says whatever it likes, as slowly as it likes; its place."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            connection, _where = listening.accept()
            with closing(connection):
                connection.recv(65_536)
                try:
                    answer(connection)
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        thread.join(5)


def drip(connection: socket.socket) -> None:
    for sign in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100:
        connection.send(bytes([sign]))
        time.sleep(0.1)


def flood(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 500 No\r\n\r\n" + b"x" * 1_000_000)


def endless_head(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"X-Many: y\r\n" * 100_000)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_success_is_2xx(status: int) -> None:
    with hook_server(lambda heard: (status, {}, b"")) as server:
        assert send(server.url, Guard([server.place])) == Outcome(is_done=True, status=status)


def ask(url: str, guard: Guard, seconds: float = 2.0) -> Asked:
    with ThreadPoolExecutor(1) as pool:
        return asyncio.run(Poster(guard, pool, seconds=seconds).ask(url, JSON, b"{}"))


@pytest.mark.parametrize("status", [200, 201, 400, 500])
def test_answer_that_is_asked_for_is_read_whatever_the_status_and_no_further_than_a_bound(status: int) -> None:
    with hook_server(lambda heard: (status, {"Retry-After": "7"}, b"x" * 100_000)) as server:
        asked = ask(server.url, Guard([server.place]))
    assert asked.answer is not None
    assert (asked.answer.status, asked.answer.text, asked.answer.wait_seconds, asked.was_given) == (status, "x" * MOST_ASKED, 7, True)


def test_whether_anything_was_given_is_known_when_no_answer_comes() -> None:
    def silent(connection: socket.socket) -> None:
        time.sleep(0.5)

    with raw_server(silent) as place:
        assert ask(f"http://{place}/", Guard([place]), 0.2) == Asked(None, "no answer within 0.2 seconds", was_given=True)
    assert ask("http://127.0.0.1:9/", Guard()).was_given is False
    assert ask("https://nobody.invalid/", Guard()).was_given is False


@pytest.mark.parametrize("status", [301, 307, 308])
def test_redirect_is_a_failure_and_is_not_followed(status: int) -> None:
    with hook_server() as inside, hook_server(lambda heard: (status, {"Location": inside.url}, b"")) as server:
        outcome = send(server.url, Guard([server.place, inside.place]))
        assert (outcome.is_done, outcome.status, outcome.answer, inside.heard) == (False, status, "a redirect, which is not followed", [])


def test_connection_goes_to_the_address_that_was_checked() -> None:
    """The name is looked up once; what it leads to a moment later does not matter."""
    asked = []

    def rebinding(name: str, port: int) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with hook_server() as server:
        guard = Guard([f"shop.example:{server.port}"], rebinding)
        assert send(f"http://shop.example:{server.port}/x", guard).is_done
        assert (asked, server.heard[0].headers["host"]) == (["shop.example"], f"shop.example:{server.port}")


def test_name_that_leads_inside_is_not_connected_to() -> None:
    with hook_server() as server:
        outcome = send(f"https://shop.example:{server.port}/x", Guard(resolve=lambda name, port: ["127.0.0.1"]))
        assert (outcome.is_done, outcome.status, server.heard) == (False, 0, [])


def test_whole_try_is_bounded_in_time_however_slowly_an_answer_drips() -> None:
    with raw_server(drip) as place:
        began = time.monotonic()
        assert send(f"http://{place}/", Guard([place]), seconds=0.5).answer == "no answer within 0.5 seconds"
        assert time.monotonic() - began < 2


def test_answer_is_read_to_a_bound() -> None:
    with raw_server(flood) as place:
        outcome = send(f"http://{place}/", Guard([place]))
        assert (outcome.status, outcome.answer) == (500, "x" * 200)


def test_head_without_an_end_is_a_failure() -> None:
    with raw_server(endless_head) as place:
        outcome = send(f"http://{place}/", Guard([place]))
        assert (outcome.is_done, outcome.status) == (False, 0)


@pytest.mark.parametrize("said", [b"", b"not http at all\r\n\r\n", b"HTTP/1.1 99999 Odd\r\n\r\n"])
def test_answer_that_is_no_http_is_a_failure(said: bytes) -> None:
    with raw_server(lambda connection: connection.sendall(said)) as place:
        assert not send(f"http://{place}/", Guard([place])).is_done


def test_nobody_there_is_a_failure() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        place = f"127.0.0.1:{probe.getsockname()[1]}"
    assert "refused" in send(f"http://{place}/", Guard([place])).answer.lower()


@pytest.mark.parametrize(("written", "seconds"), [("120", 120), ("999999999999", 86_400), ("", 0), ("soon", 0), ("Thu, 01 Jan 1970 00:00:00 GMT", 0)])
def test_retry_after_is_read_and_bounded(written: str, seconds: int) -> None:
    assert wait_of(written) == seconds


def test_kept_answer_holds_no_address_and_no_long_number() -> None:
    assert shown("user ebba@example.org\nwith 070-174 06 05 and order 17 unknown") == "user … with … and order 17 unknown"
