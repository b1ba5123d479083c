"""The door: Segment's calls over HTTP, made durable before they are answered. An ASGI application without Django.

`POST /v1/track`, `/v1/identify`, `/v1/page`, `/v1/screen` and `/v1/batch`; Basic authorisation with the write
key as user name, or `writeKey` in the body. 200 means durable. A call that breaks a rule is answered with 400 and,
as problem+json (RFC 9457), every fault with its path, value and rule; of a batch the good calls are kept.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import sqlite3
import zlib
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from omtanke.storage.ports import Inbox, Incoming
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.reading import message_id, occurred_at, read_message
from omtanke.vocabulary.refusal import CannotDo, Refused

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Answer = tuple[int, dict[str, Any]]

LARGEST_CALL = 32 * 1024
LARGEST_BATCH = 500 * 1024
GZIP_MAGIC = b"\x1f\x8b"
CALLS = ("track", "identify", "page", "screen")
GATHERED_MOST = 2_000
RETRY_AFTER_SECONDS = 5

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Problem(Exception):
    """An answer that is not 200: status, title and faults."""

    def __init__(self, status: int, title: str, faults: list[dict[str, str]] | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.body = {"type": "about:blank", "title": title, "status": status, **({"faults": faults} if faults else {})}


class Door:
    """The ASGI application. Calls that come together are committed together."""

    def __init__(self, inbox: Inbox, senders: Mapping[str, str], zone: ZoneInfo, currency: str, clock: Callable[[], int]) -> None:
        self._inbox = inbox
        self._senders = senders
        self._zone = zone
        self._currency = currency
        self._clock = clock
        self._sources: dict[str, int] = {}
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="inbox")
        self._gathered: list[tuple[str, list[Incoming], asyncio.Future[None]]] = []
        self._is_writing = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        try:
            status, body = await self._answer(scope, receive)
        except Problem as problem:
            status, body = problem.status, problem.body
        headers = [(b"content-type", b"application/json" if status == 200 else b"application/problem+json")]
        if status == 503:
            headers.append((b"retry-after", str(RETRY_AFTER_SECONDS).encode()))
        if status == 401:
            headers.append((b"www-authenticate", b'Basic realm="write key"'))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": _encode(body)})

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        path, method = scope["path"], scope["method"]
        if path == "/healthz" and method == "GET":
            return 200, {"status": "ok"}
        call = path.removeprefix("/v1/")
        if call == path or call not in (*CALLS, "batch"):
            raise Problem(404, f"There is nothing at {path}; the door takes /v1/{', /v1/'.join((*CALLS, 'batch'))}")
        if method != "POST":
            raise Problem(405, f"{path} takes POST")
        body = read_body(await receive_body(receive, LARGEST_BATCH if call == "batch" else LARGEST_CALL))
        sender = self._sender(scope, body)
        messages, faults = self._read(call, body)
        if messages:
            await self._make_durable(sender, messages)
        if faults:
            raise Problem(400, f"{len(faults)} of {len(faults) + len(messages)} calls cannot be understood", faults)
        return 200, {"success": True}

    def _sender(self, scope: Scope, body: Mapping[str, Any]) -> str:
        key = authorised_key(scope["headers"]) or str(body.get("writeKey") or "")
        sender = self._senders.get(key)
        if sender is None:
            raise Problem(401, "The write key is not known; the data folder's keys/write_keys.toml has those that are")
        return sender

    def _read(self, call: str, body: dict[str, Any]) -> tuple[list[Incoming], list[dict[str, str]]]:
        """The messages of a call or batch that can be understood, and what is wrong with the others."""
        messages, faults = [], []
        for path, message in calls_of(call, body):
            try:
                messages.append(self._checked(message))
            except Refused as refused:
                where = f"{path}.{refused.path}" if path else refused.path
                faults.append({"path": where, "value": refused.shown[:200], "rule": refused.rule})
        return messages, faults

    def _checked(self, message: dict[str, Any]) -> Incoming:
        if not message.get("userId") and not message.get("anonymousId"):
            raise Refused("userId", None, "is missing, and so is anonymousId: one of them says who it was")
        wire = _encode(message)
        if len(wire) > LARGEST_CALL:
            raise Refused("", f"{len(wire)} bytes", f"is larger than {LARGEST_CALL} bytes")
        now = self._clock()
        read_message(message, now, self._zone, self._currency, lambda kind, number: 1)
        stamped = message.get("originalTimestamp") or message.get("timestamp")
        stamped_at = occurred_at({"timestamp": stamped}, 2**62, self._zone)[0] if stamped else 0
        return Incoming(message_id(message), stamped_at, wire)

    # Durable

    async def _make_durable(self, sender: str, messages: list[Incoming]) -> None:
        done = asyncio.get_running_loop().create_future()
        self._gathered.append((sender, messages, done))
        if not self._is_writing:
            self._is_writing = True
            self._task = asyncio.create_task(self._write())
        await done

    async def _write(self) -> None:
        """Commit what has gathered while the last commit ran, until nothing is left."""
        loop = asyncio.get_running_loop()
        while self._gathered:
            batch, self._gathered = self._gathered[:GATHERED_MOST], self._gathered[GATHERED_MOST:]
            by_sender: dict[str, list[Incoming]] = {}
            for sender, messages, _ in batch:
                by_sender.setdefault(sender, []).extend(messages)
            problem: Problem | None = None
            try:
                await loop.run_in_executor(self._writer, self._append, by_sender)
            except CannotDo as cannot:
                problem = Problem(409, str(cannot))
            except sqlite3.Error as error:
                problem = Problem(503, f"The inbox cannot be written just now ({error}); send it again")
            for _, _, done in batch:
                if not done.done():
                    done.set_result(None) if problem is None else done.set_exception(problem)
        self._is_writing = False

    def _append(self, by_sender: Mapping[str, list[Incoming]]) -> None:
        for sender, messages in by_sender.items():
            if sender not in self._sources:
                self._sources[sender] = self._inbox.source(sender, Mode.LIVE, self._zone.key, self._currency).source
            self._inbox.append(self._sources[sender], messages, self._clock())


async def receive_body(receive: Receive, largest: int) -> bytes:
    """The whole body. Raises Problem 400 for one that is too large."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > largest:
            raise Problem(400, f"The body is larger than {largest} bytes")
        if not message.get("more_body"):
            return bytes(body)


def read_body(raw: bytes) -> dict[str, Any]:
    """A JSON object, whatever its content type says; gzip is recognised by its first bytes."""
    try:
        body = _decode(unpacked(raw) if raw[:2] == GZIP_MAGIC else raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, zlib.error) as error:
        raise Problem(400, f"The body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise Problem(400, "The body is not a JSON object")
    return body


def unpacked(raw: bytes) -> bytes:
    """What a gzip body holds. Raises Problem 400 when that is too large."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    body = unpacking.decompress(raw, LARGEST_BATCH)
    if unpacking.unconsumed_tail:
        raise Problem(400, f"The body is larger than {LARGEST_BATCH} bytes when it is unpacked")
    return body


def authorised_key(headers: list[tuple[bytes, bytes]]) -> str:
    """The user name of Basic authorisation; empty when there is none."""
    for name, value in headers:
        if name == b"authorization" and value[:6].lower() == b"basic ":
            try:
                return base64.b64decode(value[6:]).decode().partition(":")[0]
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return ""


def calls_of(call: str, body: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(path, message) of each call in the body; a batch shares its `sentAt` and `context`."""
    if call != "batch":
        return [("", {**body, "type": call})]
    batch = body.get("batch")
    if not isinstance(batch, list) or not all(isinstance(message, dict) for message in batch):
        raise Problem(400, "batch is not a list of calls")
    shared = {name: body[name] for name in ("sentAt", "context") if body.get(name)}
    return [(f"batch[{n}]", {**shared, **message}) for n, message in enumerate(batch)]
