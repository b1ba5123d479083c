"""A sender of prepared requests as a process of its own: `python -m benchmarks.throughput_load PORT FILE CONNECTIONS EVENTS_A_SECOND`.

What is sent was made before and is only copied, so that the sender takes as little as may be of the cores that it shares.
A rate of 0: as fast as the door answers. Prints seconds and how often which status was answered.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from collections import Counter, deque
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.door_load import Sender


class Prepared(Struct, array_like=True):
    """Requests as bytes of HTTP, each with so many events."""

    events: list[int]
    requests: list[bytes]


def batch_request(port: int, key: str, wires: Sequence[bytes]) -> bytes:
    """A batch as bytes of HTTP."""
    raw = b'{"batch":[' + b",".join(wires) + b"]}"
    authorisation = base64.b64encode(f"{key}:".encode()).decode()
    head = f"POST /v1/batch HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Basic {authorisation}\r\ncontent-length: {len(raw)}\r\n\r\n"
    return head.encode() + raw


async def send_paced(port: int, prepared: Prepared, connections: int, rate: int) -> tuple[float, Counter[int]]:
    """Seconds from the first request to the last answer, and the answers by status; at most `rate` events a second, 0 for no bound."""
    loop, statuses, calls = asyncio.get_running_loop(), Counter[int](), deque[bytes]()
    began, sent = time.perf_counter(), 0
    waiting = list(zip(prepared.events, prepared.requests, strict=True))[::-1]
    if not rate:
        calls.extend(prepared.requests)
        waiting = []
    while waiting or calls:
        while waiting and sent <= (time.perf_counter() - began) * rate:
            events, request = waiting.pop()
            calls.append(request)
            sent += events
        done = [loop.create_future() for _ in range(min(connections, len(calls)))]
        for one in done:
            await loop.create_connection(lambda one=one: Sender(calls, statuses, one), "127.0.0.1", port)  # type: ignore[misc]
        if done:
            await asyncio.gather(*done)
        if waiting:
            await asyncio.sleep(max(0.0, began + sent / rate - time.perf_counter()))
    return time.perf_counter() - began, statuses


def main() -> None:
    port, path, connections, rate = sys.argv[1:]
    prepared = msgspec.msgpack.decode(Path(path).read_bytes(), type=Prepared)
    print("ready", flush=True)
    sys.stdin.readline()
    seconds, statuses = asyncio.run(send_paced(int(port), prepared, int(connections), int(rate)))
    print(json.dumps({"seconds": seconds, "statuses": statuses, "cpu_seconds": time.process_time()}), flush=True)


if __name__ == "__main__":
    main()
