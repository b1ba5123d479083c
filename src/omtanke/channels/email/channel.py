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
from omtanke.channels.outcome import Outcome, shown
from omtanke.settings import MailServer
from omtanke.storage.outbox_deliveries import Delivery, Message

SECONDS = 20.0
PERMANENT = 500


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
            with self._connection() as smtp:
                smtp.send_message(made, from_addr=self._server.sender, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            return _refused(code, said)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
            return _refused(refused.smtp_code, refused.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return Outcome(is_done=False, status=getattr(error, "smtp_code", 0), answer=shown(str(error)))
        return Outcome(is_done=True, status=250)

    def _connection(self) -> smtplib.SMTP:
        trust = self._trust or ssl.create_default_context()
        server = self._server
        if server.security == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=trust)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        try:
            if server.security == "starttls":
                smtp.starttls(context=trust)
            if server.user:
                smtp.login(server.user, self._password)
        except BaseException:
            smtp.close()
            raise
        return smtp


def _refused(code: int, said: bytes | str) -> Outcome:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return Outcome(is_done=False, status=code, answer=shown(text), is_final=code >= PERMANENT)
