"""A real SMTP server that keeps what it is given, or refuses as it is told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """`answers`: what is said to the next mails instead of 250; `refused_recipients`: to the next recipients. `hangs_up`: so many of the
    next mails are taken, and the connection is closed instead of an answer. `raw`: mails as they came. `answers_after`: so many seconds
    lie between a mail that has come and what is said to it. `senders`: whom the envelopes were from, where mail would come back to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.senders: list[str] = []
        self.answers: list[str] = []
        self.refused_recipients: list[str] = []
        self.hangs_up = 0
        self.answers_after = 0.0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.refused_recipients:
            return self.refused_recipients.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.raw.append(envelope.original_content or b"")
        self.recipients += envelope.rcpt_tos
        self.senders.append(envelope.mail_from or "")
        await asyncio.sleep(self.answers_after)
        if self.hangs_up:
            self.hangs_up -= 1
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"


@contextmanager
def mail_server(**how: object) -> Iterator[tuple[Mailbox, int]]:
    """The mailbox, and its port on this machine."""
    mailbox = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ready_timeout=10.0, **how)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()
