"""Mail over SMTP, to the server that the settings name."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from concurrent.futures import Executor
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import Path

from omtanke.channels.email.compose import mail
from omtanke.channels.email.handing import connected, refused
from omtanke.channels.outcome import Outcome, shown
from omtanke.settings import MailServer
from omtanke.storage.outbox_deliveries import Delivery, Message


def mail_password(keys: Path) -> str:
    """The password of the mail server, from `keys/mail.secret`; empty when there is none."""
    path = keys / "mail.secret"
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


class MailChannel:
    """Sends mail to staff. Without a server the mail waits."""

    def __init__(
        self,
        message: Callable[[int], Message | None],
        server: MailServer,
        password: str,
        sender_name: str,
        pool: Executor,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._message = message
        self._server = server
        self._password = password
        self._sender_name = sender_name
        self._pool = pool
        self._trust = trust

    async def send(self, delivery: Delivery) -> Outcome:
        if not self._server.host:
            return Outcome(is_done=False, is_waiting=True)
        message = self._message(delivery.delivery)
        if message is None:
            return Outcome(is_done=False, is_final=True, answer="its text has left")
        try:
            made = mail(delivery, message, self._server.sender, self._sender_name)
        except (ValueError, IndexError, MessageError):
            return Outcome(is_done=False, is_final=True, answer="the address is none that mail can be sent to")
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._hand_over, made, message.recipient)

    def _hand_over(self, made: EmailMessage, recipient: str) -> Outcome:
        """5xx to this mail is for good; anything else may go better another time."""
        try:
            with connected(self._server, self._password, self._trust) as smtp:
                smtp.send_message(made, from_addr=self._server.sender, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as none:
            code, said = next(iter(none.recipients.values()))
            return refused(code, said)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as told:
            return refused(told.smtp_code, told.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return Outcome(is_done=False, status=getattr(error, "smtp_code", 0), answer=shown(str(error)))
        return Outcome(is_done=True, status=250)
