"""What our own pages say: staff acts, answers to surveys and what has become of messages, put into the inbox like any other event.

Our pages name customers and promises by the log's own numbers; no sender may.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from omtanke.storage.ports import Inbox, Incoming
from omtanke.vocabulary.fact import Mode, Observed
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import datetime_of

CONSOLE = "console"
ANSWERS = "answers"
# What is done with data that have ended, and must not make them live.
ARCHIVE = "archive"
# What has become of messages to customers.
MESSAGES = "messages"
OWN_SOURCES = frozenset({CONSOLE, ANSWERS, ARCHIVE, MESSAGES})
SENDER = re.compile(r"[\w][\w .-]{0,59}")
LOOK_SECONDS = 0.02

_encode = msgspec.json.Encoder().encode


def require_sender(name: str, path: str = "sender") -> None:
    """Raises Refused for a name that no sender can have."""
    if not SENDER.fullmatch(name):
        raise Refused(path, name, "is not a name: 1 to 60 letters, figures, spaces, dots or hyphens")
    if name in OWN_SOURCES:
        raise Refused(path, name, "is the name of one of Omtanke's own senders; nothing that comes from outside may speak in its name. Choose another")


class OwnSource:
    """One of our own sources. An event with a key that has come before changes nothing, so a form sent twice acts once."""

    def __init__(self, inbox: Inbox, name: str, zone: str, currency: str, clock: Callable[[], int], mode: Mode = Mode.LIVE) -> None:
        self._inbox = inbox
        self._mode = mode
        self._name = name
        self._zone = zone
        self._currency = currency
        self._clock = clock
        self._lock = threading.Lock()

    def put(self, event: type[Observed], key: str, customer: int, properties: Mapping[str, Any], *, channel: str = "none", touchpoint: str = "console") -> int:
        """Make the event durable. Returns the inbox's last entry: once the log has consumed it, the event is a fact."""
        context = {"channel": channel, "touchpoint": touchpoint}
        message = {"type": "track", "event": event.name, "messageId": key, "customer": customer, "context": context, "properties": properties}
        if self._mode is Mode.HISTORY:
            message["timestamp"] = datetime_of(self._clock()).isoformat()
        with self._lock:
            source = self._inbox.source(self._name, self._mode, self._zone, self._currency)
            self._inbox.append(source.source, [Incoming(key, 0, _encode(message))], self._clock())
            return self._inbox.last_entry()


def wait_until(consumed: Callable[[], int], entry: int, seconds: float) -> bool:
    """Whether the worker has made facts of everything up to the entry; waits for so long at most."""
    deadline = time.monotonic() + seconds
    while consumed() < entry:
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_SECONDS)
    return True
