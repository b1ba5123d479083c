"""A mail to one of the staff as it goes over the wire (RFC 5322, RFC 3834)."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from omtanke.storage.outbox_deliveries import Delivery, Message
from omtanke.vocabulary.time import datetime_of

ID_LENGTH = 32
LONGEST_LINE = 998


def message_id(key: str, sender: str) -> str:
    """The same for the same key, so that a mail which arrives twice is one."""
    domain = sender.rpartition("@")[2] or "localhost"
    return f"<{sha256(key.encode()).hexdigest()[:ID_LENGTH]}@{domain}>"


def mail(delivery: Delivery, message: Message, sender: str, sender_name: str) -> EmailMessage:
    """Plain text first; the same in HTML beside it when there is any. Nobody's automatic answer is asked for."""
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(one_line(sender_name), addr_spec=sender)
    made["To"] = Address(addr_spec=message.recipient)
    made["Subject"] = one_line(message.subject)
    made["Date"] = format_datetime(datetime_of(delivery.made_at))
    made["Message-ID"] = message_id(delivery.key, sender)
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content(message.text, cte="quoted-printable")
    if message.html:
        made.add_alternative(message.html, subtype="html", cte="quoted-printable")
    made["Content-Language"] = message.language
    return made


def one_line(text: str) -> str:
    """A heading may not begin another one."""
    return " ".join(text.split())[:LONGEST_LINE]
