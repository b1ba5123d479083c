"""HTTP/1.1 connections that are not waited for without end: uvicorn's own, with a bound on heads that do not come and on their number."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
IDLE_SECONDS = 30
MOST_CONNECTIONS = 2_000
LARGEST_HEAD = 32 * 1024
FULL_BODY = b'{"type":"about:blank","title":"Too many connections; connect again","status":503}'
FULL = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b" % (
    len(FULL_BODY),
    FULL_BODY,
)
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class PatientProtocol(HttpToolsProtocol):
    """One connection. A head has to come whole within HEAD_SECONDS of its first byte, and of the connection's beginning.

    What still comes of a body that has been answered is passed over, so that its sender hears the answer; for so long
    only, too.
    """

    _head: asyncio.TimerHandle | None = None
    _is_in_head = False
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.write(FULL)
            transport.close()
        else:
            self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > LARGEST_HEAD and not self.transport.is_closing():
                self.transport.write(TOO_LARGE)
                self.transport.close()
            elif self._head is None:
                self._wait_for_head()

    def on_message_begin(self) -> None:
        self._is_in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._wait_no_longer()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.more_body and self._head is None and not self.transport.is_closing():
            self._wait_for_head()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._wait_no_longer()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_longer()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        self._head = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _wait_no_longer(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _give_up(self) -> None:
        self._head = None
        if not self.transport.is_closing():
            self.transport.close()


def server_settings(host: str, port: int, stop_seconds: int) -> dict[str, Any]:
    """What uvicorn is told."""
    return {
        "host": host,
        "port": port,
        "http": PatientProtocol,
        "ws": "none",
        "log_level": "warning",
        "log_config": None,
        "access_log": False,
        "timeout_keep_alive": IDLE_SECONDS,
        "timeout_graceful_shutdown": stop_seconds,
        "server_header": False,
    }
