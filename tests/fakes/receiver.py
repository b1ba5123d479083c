"""A real HTTP server that receives webhooks, answers as it is told, and remembers everything."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from msgspec import Struct


class Heard(Struct, frozen=True):
    """A request. Header names in small letters."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def payload(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


# Status, headers and body for a request; raises ConnectionAbortedError to hang up.
Reply = Callable[[Heard], tuple[int, dict[str, str], bytes]]


def fine(heard: Heard) -> tuple[int, dict[str, str], bytes]:
    return 204, {}, b""


class HookServer:
    """Listens on a port of its own on this machine."""

    def __init__(self, reply: Reply = fine, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[Heard] = []
        self.reply = reply
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard = Heard(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                outer.heard.append(heard)
                try:
                    status, headers, said = outer.reply(heard)
                except ConnectionAbortedError:  # it was told to hang up instead of an answer
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                with suppress(BrokenPipeError, ConnectionResetError):  # whoever called does not wait for the rest
                    self.wfile.write(said)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.place}/hooks"

    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.heard]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def hook_server(reply: Reply = fine, tls: ssl.SSLContext | None = None) -> Iterator[HookServer]:
    server = HookServer(reply, tls)
    try:
        yield server
    finally:
        server.close()
