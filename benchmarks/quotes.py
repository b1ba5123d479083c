"""Quotes at 300 requests a second beside the running worker, as customers come: each at its moment, whether or not the one before was answered.

Beside it the floor: the same door answering `/healthz`, with the same connections at the same moments. The worker takes events meanwhile.
Milliseconds are from the moment at which a request was due to its last byte. Bound: p99 of 10 ms.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.door import at_work
from benchmarks.timing import Table
from omtanke.folder import Folder

RATE, SECONDS, CONNECTIONS = 300, 12, 16
EVENTS, EVENTS_A_CALL, EVENT_CONNECTIONS = 200, 50, 1
BOUND_MS = 10.0
LANES = '\n[quotes]\ncut_off = "14.00"\ncountry = "SE"\nlanes.SE = [1, 2]\nlanes.NO = [2, 3]\nlanes.FI = [2, 4]\nlanes.DE = [3, 6]\n'
COUNTRIES = ("SE", "SE", "SE", "NO", "FI", "DE", "US")


def run() -> None:
    """Print the table."""
    folder = Path(tempfile.mkdtemp())
    table = Table(f"Quotes: {RATE} requests a second for {SECONDS} s; load before {os.getloadavg()[0]:.1f}")
    try:
        with_worker(folder / "data", table)
    finally:
        shutil.rmtree(folder)


def with_worker(data: Path, table: Table) -> None:
    """The floor, quotes, and quotes while events come in."""
    with at_work(data, LANES) as (key, port):
        require_day(port, key)
        line(table, "floor: the same door answers /healthz", measured(port, [health(port)]))
        line(table, "quotes, worker running", measured(port, asked(port, key)), BOUND_MS)
        before = Folder(data).log().consumed()
        words = [sys.executable, "-m", "benchmarks.door_load", str(port), key, str(EVENTS), str(EVENTS_A_CALL), str(EVENT_CONNECTIONS), os.urandom(4).hex()]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as sender:
            assert sender.stdin is not None
            sender.stdin.write("go\n")
            sender.stdin.flush()
            busy = measured(port, asked(port, key))
            sender.communicate()
        line(table, "quotes, while events come in and are made facts of", busy, BOUND_MS)
        table.line("facts that the worker made of events by then", Folder(data).log().consumed() - before, "events", f"of {EVENTS * EVENTS_A_CALL:,}")


def require_day(port: int, key: str) -> None:
    """The worker has begun to follow the policy, so that a day is said."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        (body,) = asyncio.run(answers(port, [asked(port, key)[0]]))
        if json.loads(body)["id"]:
            return
        time.sleep(0.2)
    raise RuntimeError("no day is said")


def asked(port: int, key: str) -> list[bytes]:
    """Quotes for several baskets and countries."""
    authorisation = base64.b64encode(f"{key}:".encode()).decode()
    found = []
    for n, country in enumerate(COUNTRIES):
        items = [{"product_id": f"LOP-{n}{m}", "quantity": 1 + m, "weight": 0.8} for m in range(1 + n % 3)]
        body = {"items": items, "destination": {"country": country, "postal_code": "11122"}, "language": ("sv", "en")[n % 2]}
        raw = json.dumps(body).encode()
        head = f"POST /api/quotes HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Basic {authorisation}\r\ncontent-length: {len(raw)}\r\n\r\n"
        found.append(head.encode() + raw)
    return found


def health(port: int) -> bytes:
    return f"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n".encode()


def line(table: Table, what: str, milliseconds: list[float], bound: float = 0) -> None:
    """Median and p99, and whether the bound holds."""
    inside = f"bound {bound:.0f} ms: {'held' if at_share(milliseconds, 0.99) <= bound else 'NOT held'}" if bound else ""
    table.line(f"{what}, median", at_share(milliseconds, 0.5), "ms")
    table.line(f"{what}, p99", at_share(milliseconds, 0.99), "ms", inside)


def at_share(values: list[float], share: float) -> float:
    """The value below which so many lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measured(port: int, requests: list[bytes]) -> list[float]:
    """Milliseconds of each request."""
    return asyncio.run(at_their_moments(port, requests))


async def answers(port: int, requests: list[bytes]) -> list[bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    found = [await answered(reader, writer, one) for one in requests]
    writer.close()
    return found


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    """The body of the answer, which has to be 200."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    body = await reader.readexactly(length)
    if head[9:12] != b"200":
        raise RuntimeError(f"not every request was answered: {head[:40]!r} {body[:200]!r}")
    return body


async def at_their_moments(port: int, requests: list[bytes]) -> list[float]:
    """Every connection takes each CONNECTIONS-th moment; who is late is late for its next one, and that counts."""
    began, taken = time.perf_counter() + 0.2, list[float]()

    async def one_connection(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for n in range(first, RATE * SECONDS, CONNECTIONS):
            due = began + n / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await answered(reader, writer, requests[n % len(requests)])
            taken.append((time.perf_counter() - due) * 1000)
        writer.close()

    await asyncio.gather(*(one_connection(first) for first in range(CONNECTIONS)))
    return taken
