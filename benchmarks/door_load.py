"""A sender as a process of its own: calls over kept-alive connections, each after the answer to the one before.

`python -m benchmarks.door_load PORT KEYS CALLS EVENTS_A_CALL CONNECTIONS RUN`: prints seconds and how many were not answered with 200.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from collections import Counter, deque


def event(number: int, run: str) -> dict[str, object]:
    """What shops send most: a page or a product looked at, now and then an order with a promise."""
    kind = number % 20
    common = {
        "messageId": f"{run}-{number}",
        "userId": f"kund-{number % 5000:05}",
        "timestamp": "2026-11-17T09:14:00.000+01:00",
        "context": {
            "channel": "web",
            "touchpoint": "product",
            "timezone": "Europe/Stockholm",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64)",
            "ip": "192.0.2.7",
        },
    }
    if kind == 0:
        products = [{"line_id": "1", "product_id": "LOP-101", "name": "Löparskor Trail 3", "quantity": 1, "price": 1299}]
        promise = {"kind": "delivery", "from": "2026-11-19", "until": "2026-11-20", "words": "Hos dig torsdag–fredag"}
        properties = {"order_id": f"{run}-{number}", "total": 1299, "currency": "SEK", "products": products, "promises": [promise]}
        return common | {"type": "track", "event": "Order Completed", "properties": properties}
    if kind < 8:
        properties = {"product_id": f"LOP-{number % 300}", "name": "Löparskor Trail 3", "category": "Skor", "price": 1299, "url": "https://shop.example/skor"}
        return common | {"type": "track", "event": "Product Viewed", "properties": properties}
    properties = {"path": f"/skor/{number % 300}", "title": "Skor", "url": f"https://shop.example/skor/{number % 300}"}
    return common | {"type": "page", "name": "Skor", "properties": properties}


def request(port: int, key: str, numbers: range, run: str) -> bytes:
    """A call of one event, or a batch, as bytes of HTTP."""
    events = [event(number, run) for number in numbers]
    call, body = ("batch", {"batch": events}) if len(events) > 1 else (str(events[0]["type"]), events[0])
    raw = json.dumps(body, ensure_ascii=False).encode()
    authorisation = base64.b64encode(f"{key}:".encode()).decode()
    head = f"POST /v1/{call} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nauthorization: Basic {authorisation}\r\ncontent-length: {len(raw)}\r\n\r\n"
    return head.encode() + raw


class Sender(asyncio.Protocol):
    """One connection: sends the next call when the last has been answered."""

    def __init__(self, calls: deque[bytes], statuses: Counter[int], done: asyncio.Future[None]) -> None:
        self.calls, self.statuses, self.done = calls, statuses, done
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.go_on()

    def go_on(self) -> None:
        if self.calls:
            self.transport.write(self.calls.popleft())
        else:
            self.transport.close()
            if not self.done.done():
                self.done.set_result(None)

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        head, end, body = self.waiting.partition(b"\r\n\r\n")
        if not end:
            return
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        is_whole = len(body) >= int(length) if length else body.endswith(b"0\r\n\r\n")
        if is_whole:
            self.waiting = b""
            self.statuses[int(head[9:12])] += 1
            self.go_on()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the door has hung up"))


async def send(port: int, calls: deque[bytes], connections: int) -> tuple[float, Counter[int]]:
    """Seconds from the first call to the last answer, and the answers by status."""
    loop, statuses = asyncio.get_running_loop(), Counter[int]()
    began = time.perf_counter()
    waiting = [loop.create_future() for _ in range(connections)]
    for done in waiting:
        await loop.create_connection(lambda done=done: Sender(calls, statuses, done), "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*waiting)
    return time.perf_counter() - began, statuses


def main() -> None:
    port, keys, calls, size, connections, run = sys.argv[1:]
    known, n = keys.split(","), int(size)
    prepared = deque(request(int(port), known[c % len(known)], range(c * n, c * n + n), run) for c in range(int(calls)))
    print("ready", flush=True)
    sys.stdin.readline()
    seconds, statuses = asyncio.run(send(int(port), prepared, int(connections)))
    print(json.dumps({"seconds": seconds, "statuses": statuses}), flush=True)


if __name__ == "__main__":
    main()
