"""The post office of the demo's shop: mail to its customers is taken here, and lies in memory while the shop lives. Nobody in it is real."""

from __future__ import annotations

import asyncio
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from typing import Protocol

from msgspec import Struct

KEPT = 300
LARGEST_MAIL = 4 * 1024 * 1024
END = b"\r\n.\r\n"


class Mail(Struct, frozen=True):
    """A mail that has come."""

    number: int
    recipient: str
    subject: str
    html: str


class Taking(Protocol):
    """Somebody who takes mail."""

    def take(self, recipient: str, wire: bytes) -> None: ...


class PostOffice:
    """A server of SMTP on loopback, as much of it as our own sending needs (RFC 5321); what has come, the latest first."""

    def __init__(self, port: int) -> None:
        self._mails: list[Mail] = []
        self._numbers = count(1)
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(self._loop.create_server(lambda: Counter(self), "127.0.0.1", port))
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def take(self, recipient: str, wire: bytes) -> None:
        """A mail, as it came over the wire."""
        made = message_from_bytes(wire, policy=policy.default)
        assert isinstance(made, EmailMessage)
        part = made.get_body(("html", "plain"))
        text = str(part.get_content()) if part is not None else ""
        mail = Mail(next(self._numbers), recipient, str(made["Subject"] or ""), text)
        self._mails = [mail, *self._mails[: KEPT - 1]]  # one list is put in the place of another, so that who reads needs no lock

    def mails(self) -> list[Mail]:
        return self._mails

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._server.close()
        self._loop.close()


class Counter(asyncio.Protocol):
    """One connection to whoever takes mail."""

    def __init__(self, office: Taking) -> None:
        self._office = office
        self._seen = bytearray()
        self._recipients: list[str] = []
        self._is_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 demo\r\n")

    def data_received(self, data: bytes) -> None:
        self._seen += data
        if len(self._seen) > LARGEST_MAIL:
            self._transport.abort()
        while self._answer():
            pass

    def _answer(self) -> bool:
        """One command, or one mail; whether there was one."""
        head, end, rest = self._seen.partition(END if self._is_data else b"\r\n")
        if not end:
            return False
        self._seen = rest
        if self._is_data:
            self._is_data = False
            for recipient in self._recipients:
                self._office.take(recipient, bytes(head).replace(b"\r\n..", b"\r\n."))
            self._recipients = []
            self._transport.write(b"250 OK\r\n")
            return True
        word = bytes(head[:4]).upper()
        if word == b"RCPT":
            self._recipients.append(bytes(head).partition(b"<")[2].partition(b">")[0].decode("ascii", "replace"))
        self._is_data = word == b"DATA"
        self._transport.write({b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 OK\r\n"))
        if word == b"QUIT":
            self._transport.close()
        return True
