"""Handing a mail over to a server by SMTP (RFC 5321), and what the server has said to it."""

from __future__ import annotations

import re
import smtplib
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from omtanke.channels.outcome import Handed, Outcome, shown
from omtanke.settings import MailServer

SECONDS = 20.0
PERMANENT = 500
TAKEN = 250
# A connection that nobody has used for so long has probably been closed at the other end.
IDLE_SECONDS = 10.0
SENDER, RECIPIENT, CONTENT, CONNECTION = "sender", "recipient", "content", "connection"
# RFC 3463, RFC 7505: what is wrong with an address, or with the box behind it. Everything else (full, too large, a rule, and 5.1.7 and 5.1.8,
# which are about our own address) is no fault of the customer's.
ENHANCED = re.compile(r"\s*5\.(\d{1,3})\.(\d{1,3})\b")
OF_ADDRESS = re.compile(r"\s*5\.(1\.([0-6]|10)|2\.[01])\b")
# Replies to RCPT of servers that say no more: no such box, not here, not a name of a box.
NO_SUCH_ADDRESS = (550, 551, 553)
WORD = re.compile(r"[^\W\d_]+")
SHORTEST_NAME = 3


class DoubtfulError(Exception):
    """The connection was lost after the mail was given, before it was answered."""


def connected(server: MailServer, password: str, trust: ssl.SSLContext | None = None) -> smtplib.SMTP:
    """A connection that mail can be given to. Raises SMTPException and OSError."""
    trust = trust or ssl.create_default_context()
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=trust)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        if server.security == "starttls":
            smtp.starttls(context=trust)
        if server.user:
            smtp.login(server.user, password)
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp


def refused(code: int, said: bytes | str) -> Outcome:
    """5xx to this mail is for good; anything else may go better another time."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return Outcome(is_done=False, status=code, answer=shown(text), is_final=code >= PERMANENT)


def unnamed(answer: str, recipient: str) -> str:
    """An answer without the name before the at sign, whole or in pieces: servers repeat it, and it is often that of a person."""
    name = recipient.rpartition("@")[0]
    words = sorted({name, *(piece for piece in WORD.findall(name) if len(piece) >= SHORTEST_NAME)}, key=len, reverse=True)
    return re.sub("|".join(re.escape(word) for word in words if word), "…", answer, flags=re.IGNORECASE) if name else answer


def is_of_address(code: int, said: bytes) -> bool:
    """Whether a refusal of a recipient says that the address leads nowhere. “Relaying denied” says that we are not set up right."""
    text = said.decode("utf-8", "replace")
    return bool(OF_ADDRESS.match(text)) if ENHANCED.match(text) else code in NO_SUCH_ADDRESS


class Connections:
    """Connections to one server, kept open for a moment, since messages come in crowds. May be used by several threads."""

    def __init__(self, server: MailServer, password: str, trust: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._password = password
        self._trust = trust
        self._idle: list[tuple[smtplib.SMTP, float]] = []
        self._lock = threading.Lock()

    def hand_over(self, sender: str, recipient: str, made: bytes) -> Handed:
        """One mail to one recipient. Raises nothing for what a server says or does not say."""
        try:
            with self._one() as smtp:
                found = handed(smtp, sender, recipient, made)
            return replace(found, outcome=replace(found.outcome, answer=unnamed(found.outcome.answer, recipient)))
        except DoubtfulError as doubt:
            return Handed(Outcome(is_done=False, answer=shown(str(doubt))), CONTENT, is_doubtful=True)
        except OSError as error:  # SMTPException is one
            return Handed(Outcome(is_done=False, status=getattr(error, "smtp_code", 0), answer=shown(str(error))), CONNECTION)

    @contextmanager
    def _one(self) -> Iterator[smtplib.SMTP]:
        smtp = self._kept() or connected(self._server, self._password, self._trust)
        try:
            yield smtp
        except BaseException:
            smtp.close()
            raise
        with self._lock:
            self._idle.append((smtp, time.monotonic()))

    def _kept(self) -> smtplib.SMTP | None:
        """One that is open and answers."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                smtp, since = self._idle.pop()
            try:
                if time.monotonic() - since < IDLE_SECONDS and smtp.rset()[0] == TAKEN:
                    return smtp
            except OSError:
                pass
            smtp.close()

    def close_idle(self, seconds: float = IDLE_SECONDS) -> None:
        """Close what has not been used for so long."""
        edge = time.monotonic() - seconds
        with self._lock:
            over = [smtp for smtp, since in self._idle if since <= edge]
            self._idle = [(smtp, since) for smtp, since in self._idle if since > edge]
        for smtp in over:
            smtp.close()


def handed(smtp: smtplib.SMTP, sender: str, recipient: str, made: bytes) -> Handed:
    """Give one mail over a connection. Raises DoubtfulError, SMTPException and OSError."""
    code, said = smtp.mail(sender)
    if code != TAKEN:
        return Handed(refused(code, said), SENDER)
    code, said = smtp.rcpt(recipient)
    if code not in (TAKEN, TAKEN + 1):
        return Handed(refused(code, said), RECIPIENT, is_address=code >= PERMANENT and is_of_address(code, said))
    try:
        code, said = smtp.data(made)
    except smtplib.SMTPDataError as error:
        code, text = error.smtp_code, error.smtp_error
        said = text.encode() if isinstance(text, str) else text
    except OSError as error:
        raise DoubtfulError(str(error)) from error
    return Handed(Outcome(is_done=True, status=TAKEN)) if code == TAKEN else Handed(refused(code, said), CONTENT)
