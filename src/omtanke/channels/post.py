"""One POST to a checked address: bounded in time and size, no redirect followed."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import Sequence
from concurrent.futures import Executor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import h11
from msgspec import Struct

from omtanke import __version__
from omtanke.channels.address import Guard, Target
from omtanke.channels.outcome import Outcome, shown

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 20.0
ANSWER_SECONDS = 2.0
MOST_ADDRESSES = 3
MOST_ANSWER = 4096
# An answer that is asked for repeats what was sent, and each of its signs may be six.
MOST_ASKED = 32_768
MOST_HEADERS = 16_384
LONGEST_WAIT_SECONDS = 86_400
GONE = 410

Headers = Sequence[tuple[str, str]]


class Answer(Struct, frozen=True):
    """What came back: status, the beginning of the body, and how long the other side asks us to wait (0: it does not)."""

    status: int
    text: str
    wait_seconds: int = 0


class Asked(Struct, frozen=True):
    """What came of one request whose answer is read. `answer`: None when there was none, and `fault` is what stood in the way.

    `was_given`: something of the request had left by then, so that nobody knows whether it was taken.
    """

    answer: Answer | None
    fault: str = ""
    was_given: bool = False


class Given:
    """Whether anything of a request has been written to the other side."""

    is_so = False


class Poster:
    """Sends over HTTP. `pool` looks names up; `trust` overrides the system's certificates."""

    def __init__(self, guard: Guard, pool: Executor, trust: ssl.SSLContext | None = None, seconds: float = WHOLE_SECONDS) -> None:
        self.guard = guard
        self._pool = pool
        self._trust = trust or ssl.create_default_context()
        self._seconds = seconds

    async def post(self, url: str, headers: Headers, body: bytes) -> Outcome:
        """One try, and what became of it: only 2xx is success."""
        asked = await self._asked(url, headers, body, 0)
        return outcome_of(asked.answer) if asked.answer else Outcome(is_done=False, answer=asked.fault)

    async def ask(self, url: str, headers: Headers, body: bytes) -> Asked:
        """One try whose answer says more than its status: the beginning of its body is read, whatever the status. Raises nothing."""
        return await self._asked(url, headers, body, MOST_ASKED)

    async def _asked(self, url: str, headers: Headers, body: bytes, most: int) -> Asked:
        given = Given()
        try:
            async with asyncio.timeout(self._seconds):
                return Asked(await self._post(self.guard.target(url), headers, body, most, given), was_given=True)
        except TimeoutError:
            return Asked(None, f"no answer within {self._seconds:g} seconds", given.is_so)
        except (OSError, ssl.SSLError, h11.ProtocolError, EOFError, ValueError) as error:
            return Asked(None, shown(said_by(error)), given.is_so)

    async def _post(self, target: Target, headers: Headers, body: bytes, most: int, given: Given) -> Answer:
        addresses = await self.guard.checked(target, self._pool)
        reader, writer = await self._connect(target, addresses)
        try:
            given.is_so = True
            return await _exchange(target, reader, writer, headers, body, most)
        finally:
            writer.transport.abort()

    async def _connect(self, target: Target, addresses: Sequence[str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """To the first checked address that answers; the certificate is held against the name."""
        failure: Exception = OSError("no address")
        for address in addresses[:MOST_ADDRESSES]:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    if target.is_tls:
                        return await asyncio.open_connection(address, target.port, ssl=self._trust, server_hostname=target.name)
                    return await asyncio.open_connection(address, target.port)
            except TimeoutError:
                failure = OSError(f"no connection within {CONNECT_SECONDS:g} seconds")
            except OSError as error:
                failure = error
        raise failure


def said_by(error: Exception) -> str:
    """What stood in the way, as the system says it."""
    number = error.errno if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) else None
    return os.strerror(number) if number and number > 0 else getattr(error, "strerror", None) or str(error) or type(error).__name__


async def _exchange(target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, headers: Headers, body: bytes, most: int) -> Answer:
    """`most`: so much of the answer's body is read when it says yes; 0 for nothing."""
    wire = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEADERS)
    own = [("Host", target.host), ("User-Agent", f"Omtanke/{__version__}"), ("Accept-Encoding", "identity"), ("Connection", "close")]
    request = h11.Request(method="POST", target=target.path, headers=[*own, ("Content-Length", str(len(body))), *headers])
    writer.write((wire.send(request) or b"") + (wire.send(h11.Data(body)) or b"") + (wire.send(h11.EndOfMessage()) or b""))
    await writer.drain()
    answer = await _status(wire, reader)
    wait = wait_of(dict(answer.headers).get(b"retry-after", b"").decode("latin-1"))
    said = await _beginning(wire, reader, most or MOST_ANSWER) if most or answer.status_code >= 300 else b""
    return Answer(answer.status_code, said.decode("utf-8", "replace"), wait)


async def _event(wire: h11.Connection, reader: asyncio.StreamReader) -> object:
    while (event := wire.next_event()) is h11.NEED_DATA:
        wire.receive_data(await reader.read(MOST_ANSWER))
    return event


async def _status(wire: h11.Connection, reader: asyncio.StreamReader) -> h11.Response:
    while True:
        event = await _event(wire, reader)
        if isinstance(event, h11.Response):
            return event
        if isinstance(event, h11.ConnectionClosed):
            raise EOFError("the connection was closed without an answer")


async def _beginning(wire: h11.Connection, reader: asyncio.StreamReader, most: int) -> bytes:
    """The beginning of what was said; whoever says it slowly is not listened to for long."""
    said = b""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while len(said) < most and isinstance(event := await _event(wire, reader), h11.Data):
                said += event.data
    except (TimeoutError, OSError, h11.ProtocolError):
        return said
    return said[:most]


def wait_of(written: str) -> int:
    """Retry-After in seconds, from seconds or a date; at most a day, 0 when it says nothing."""
    if written.strip().isdecimal():
        return min(int(written.strip()[:9]), LONGEST_WAIT_SECONDS)
    try:
        until = parsedate_to_datetime(written)
    except (ValueError, TypeError):
        return 0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0, min(int((until - datetime.now(UTC)).total_seconds()), LONGEST_WAIT_SECONDS))


def outcome_of(answer: Answer) -> Outcome:
    """2xx is success; 410 means that nobody is there any more; everything else may go better another time."""
    is_done = 200 <= answer.status < 300
    said = "a redirect, which is not followed" if 300 <= answer.status < 400 else shown(answer.text)
    return Outcome(is_done, answer.status, "" if is_done else said, is_gone=answer.status == GONE, wait_seconds=0 if is_done else answer.wait_seconds)
