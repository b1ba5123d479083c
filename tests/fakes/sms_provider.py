"""A real HTTP server that takes text messages as 46elks does, and answers as it is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl

from fakes.receiver import Heard, HookServer, hook_server

Reply = tuple[int, dict[str, str], bytes]


def form(heard: Heard) -> dict[str, str]:
    return dict(parse_qsl(heard.body.decode()))


class SmsProvider:
    """`answers`: what is said to the next messages instead of yes. `answers_after`: so many seconds lie between a message and its answer.
    `hangs_up`: so many of the next messages are taken, and the connection is closed instead of an answer. `most`: so many came at once."""

    def __init__(self) -> None:
        self.answers: list[Reply] = []
        self.answers_after = 0.0
        self.hangs_up = 0
        self.taken: list[dict[str, str]] = []
        self.most = self._now = 0

    def reply(self, heard: Heard) -> Reply:
        if self.answers:
            return self.answers.pop(0)
        self.taken.append(form(heard))
        self._now += 1
        self.most = max(self.most, self._now)
        time.sleep(self.answers_after)
        self._now -= 1
        if self.hangs_up:
            self.hangs_up -= 1
            raise ConnectionAbortedError
        return yes(len(self.taken))

    @property
    def texts(self) -> list[str]:
        return [one["message"] for one in self.taken]


def yes(number: int) -> Reply:
    said = {"id": f"s{number:032x}", "status": "created", "parts": 1, "cost": 3500, "direction": "outgoing"}
    return 200, {"Content-Type": "application/json"}, json.dumps(said).encode()


@contextmanager
def sms_provider(change: Callable[[SmsProvider], object] = lambda one: None) -> Iterator[tuple[SmsProvider, HookServer]]:
    provider = SmsProvider()
    change(provider)
    with hook_server(provider.reply) as server:
        yield provider, server
