"""Requests as the door reads them, and answers as it writes them: bounds on size, depth and patience; problem+json."""

from __future__ import annotations

import asyncio
import base64
import binascii
import math
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec
from msgspec import Struct

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]
Fault = dict[str, str]

LARGEST_CALL = 32 * 1024
LARGEST_BATCH = 500 * 1024
GZIP_MAGIC = b"\x1f\x8b"
DEEPEST = 50
BODY_SECONDS = 20.0
LONGEST_SHOWN = 200
NO_CONTENT = 204
NESTING = (dict, list)
JSON, PROBLEM = b"application/json", b"application/problem+json"

decode = msgspec.json.Decoder().decode
encode = msgspec.json.Encoder().encode


class Answer(Struct, frozen=True):
    """What is answered: status, body (None: none) and further headers."""

    status: int
    body: Any = None
    headers: tuple[Header, ...] = ()


class Problem(Exception):
    """An answer that is not a success: status, title, faults (each with path, value and rule), and when to try again."""

    def __init__(self, status: int, title: str, faults: Sequence[Fault] = (), retry_after: float = 0, headers: tuple[Header, ...] = ()) -> None:
        super().__init__(title)
        self.status = status
        self.faults = list(faults)
        self.title = title
        self.body = {"type": "about:blank", "title": title, "status": status, **({"faults": self.faults} if faults else {})}
        self.headers = headers if not retry_after else (*headers, (b"retry-after", str(math.ceil(retry_after)).encode()))

    def answer(self) -> Answer:
        return Answer(self.status, self.body, self.headers)


class Disconnected(Exception):
    """The sender has hung up before it had said everything; nobody waits for an answer."""


def fault(path: str, value: str, rule: str) -> Fault:
    """What is wrong, where, and with what value."""
    return {"path": path, "value": value[:LONGEST_SHOWN], "rule": rule}


def header(scope: Scope, name: bytes) -> str:
    """The header of that name, empty when it was not sent."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def query(scope: Scope, known: Sequence[str]) -> dict[str, str]:
    """The query's values. Raises Problem 400 naming what is not known or stands there twice."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True, errors="replace")
    faults = [fault(name, value, f"is not a parameter; those known are {', '.join(known) or 'none'}") for name, value in pairs if name not in known]
    names = [name for name, _ in pairs]
    faults += [fault(name, "", "is there more than once") for name in dict.fromkeys(names) if name in known and names.count(name) > 1]
    if faults:
        raise Problem(400, "The query cannot be understood", faults)
    return dict(pairs)


def query_key(scope: Scope) -> str:
    """The write key of a call that can send no header: one that a browser sends as its page is left."""
    asked: bytes = scope["query_string"]
    return dict(parse_qsl(asked.decode("latin-1"))).get("writeKey", "")


def segments(scope: Scope) -> list[str]:
    """The path's parts, each unquoted by itself: an id may hold a slash."""
    return [unquote(part, errors="replace") for part in scope["raw_path"].decode("latin-1").strip("/").split("/")]


async def receive_body(scope: Scope, receive: Receive, largest: int) -> bytes:
    """The whole body. Raises Problem 400 for one that is too large, 408 for one that does not come; Disconnected."""
    length = header(scope, b"content-length")
    if length.isdecimal() and int(length[:12]) > largest:
        raise too_large(largest)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _whole(receive, largest)
    except TimeoutError as error:
        raise Problem(408, f"The body has not come within {BODY_SECONDS:.0f} seconds", headers=((b"connection", b"close"),)) from error


async def _whole(receive: Receive, largest: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        body += message.get("body", b"")
        if len(body) > largest:
            raise too_large(largest)
        if not message.get("more_body"):
            return bytes(body)


def too_large(largest: int, what: str = "") -> Problem:
    """The way out of it, too."""
    return Problem(400, f"The body is larger than {largest} bytes{what}; send it in parts")


def read_body(raw: bytes, largest: int) -> dict[str, Any]:
    """A JSON object, whatever its content type says. Raises Problem 400."""
    body = read_json(raw, largest)
    if not isinstance(body, dict):
        raise Problem(400, "The body is not a JSON object")
    return body


def read_json(raw: bytes, largest: int) -> Any:
    """JSON; gzip is recognised by its first bytes. Raises Problem 400."""
    try:
        text = unpacked(raw, largest) if raw[:2] == GZIP_MAGIC else raw
        body = decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, zlib.error) as error:
        raise Problem(400, f"The body is not JSON: {error}") from error
    if is_deeper(body, DEEPEST):
        raise Problem(400, f"The body is nested deeper than {DEEPEST} levels")
    return body


def unpacked(raw: bytes, largest: int) -> bytes:
    """What a gzip body holds; no more is unpacked than may be there. Raises Problem 400."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    body = unpacking.decompress(raw, largest)
    if unpacking.unconsumed_tail:
        raise too_large(largest, " when it is unpacked")
    if not unpacking.eof:
        raise Problem(400, "The body is not whole: its gzip ends too early")
    return body


def is_deeper(body: Any, most: int) -> bool:
    """Whether a value is nested deeper than so many levels, itself included."""
    level: list[Any] = [body] if isinstance(body, NESTING) else []
    for _ in range(most):
        level = [one for value in level for one in (value.values() if type(value) is dict else value) if type(one) in NESTING]
        if not level:
            return False
    return True


def authorised_key(scope: Scope) -> str:
    """The user name of Basic authorisation, or a Bearer token; empty when there is none."""
    written = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    scheme, _, token = written.partition(b" ")
    try:
        if scheme.lower() == b"basic":
            return base64.b64decode(token).decode().partition(":")[0]
        if scheme.lower() == b"bearer":
            return token.strip().decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return ""


async def send_answer(send: Send, answer: Answer, is_head: bool = False) -> None:
    """One answer, whole."""
    body = b"" if answer.body is None else answer.body if isinstance(answer.body, bytes) else encode(answer.body)
    kind = JSON if answer.status < 400 else PROBLEM
    kinds = [] if any(name == b"content-type" for name, _ in answer.headers) else [(b"content-type", kind)]
    of_body = () if answer.status == NO_CONTENT else (*kinds, (b"content-length", str(len(body)).encode()))
    headers = [*answer.headers, *of_body]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else body})
