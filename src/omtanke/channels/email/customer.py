"""A mail to a customer as it goes over the wire (RFC 5322, RFC 2919, RFC 3834, RFC 8058)."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from msgspec import Struct

from omtanke.channels.email.compose import message_id, one_line
from omtanke.vocabulary.play import PROMOTIONAL, SURVEY
from omtanke.vocabulary.time import datetime_of

# What was not asked for can be stopped from outside the mail too.
STOPPABLE = (PROMOTIONAL, SURVEY)
# A link longer than a line would be written as an encoded word, which nobody who looks for a link reads.
ON_THE_WIRE = SMTP.clone(max_line_length=998)


class Letter(Struct, frozen=True, kw_only=True):
    """What goes to one customer. `number`: of the message in the log. `made_at`: UTC microseconds. `thread`: what other messages that are
    about the same share, empty for none. `unsubscribe`: where a POST says no more of this class, empty when it cannot be said."""

    number: int
    class_: str
    recipient: str
    subject: str
    text: str
    html: str
    language: str
    made_at: int
    thread: str = ""
    unsubscribe: str = ""


def reference_of(number: int, sender: str) -> str:
    """The Message-ID of a message: the same at each try, and whoever sends it."""
    return message_id(f"message/{number}", sender)


def as_sent_to(address: str) -> str:
    """The address as a server takes it that knows ASCII only. Raises ValueError for one that has no such form."""
    name, at, domain = address.strip().rpartition("@")
    if not (name and at and domain and name.isascii()):
        raise ValueError("is no address that mail can be sent to")
    return f"{name}@{domain.encode('idna').decode()}"


def customer_mail(letter: Letter, sender: str, sender_name: str) -> EmailMessage:
    """Plain text first, the same in HTML beside it. Raises ValueError, IndexError and MessageError for an address that is none.

    What is about the same order stands together: each refers to one Message-ID that is nobody's, made from the order's number.
    """
    domain = sender.rpartition("@")[2]
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(one_line(sender_name), addr_spec=sender)
    made["To"] = Address(addr_spec=as_sent_to(letter.recipient))
    made["Subject"] = one_line(letter.subject)
    made["Date"] = format_datetime(datetime_of(letter.made_at))
    made["Message-ID"] = reference_of(letter.number, sender)
    if letter.thread:
        made["References"] = message_id(letter.thread, sender)
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    made["List-Id"] = f"<{letter.class_}.messages.{domain}>"
    if letter.unsubscribe and letter.class_ in STOPPABLE:
        made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(letter.text, cte="quoted-printable")
    made.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    made["Content-Language"] = letter.language
    return made


def on_the_wire(made: EmailMessage) -> bytes:
    """The mail as it is signed and handed over."""
    return made.as_bytes(policy=ON_THE_WIRE)
