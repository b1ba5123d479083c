"""A mail to a customer as it goes over the wire (RFC 5322, RFC 2919, RFC 3834, RFC 8058)."""

from __future__ import annotations

import quopri
from email.header import Header
from email.headerregistry import Address
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr

from msgspec import Struct

from omtanke.channels.email.compose import message_id, one_line
from omtanke.vocabulary.play import NOT_ASKED_FOR
from omtanke.vocabulary.time import datetime_of

# A link is not broken. The older form of the library's messages: the newer one reads again what is written, and takes four times as long.
ON_THE_WIRE = compat32.clone(linesep="\r\n", max_line_length=998)
SIGNS_OF_BOUNDARY = 25


class Letter(Struct, frozen=True, kw_only=True):
    """What goes to one customer. `number`: of the message in the log. `made_at`: UTC microseconds. `thread`: what other messages that are
    about the same share, empty for none. `unsubscribe`: where a POST says no more of this class, empty when it cannot be said. `offered`: the
    words of the date that is offered in it, empty for none."""

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
    offered: str = ""


def reference_of(number: int, sender: str) -> str:
    """The Message-ID of a message: the same at each try, and whoever sends it."""
    return message_id(f"message/{number}", sender)


def as_sent_to(address: str) -> str:
    """The address as a server takes it that knows ASCII only. Raises ValueError, IndexError and MessageError for one that is none."""
    name, at, domain = address.strip().rpartition("@")
    if not (name and at and domain and name.isascii()):
        raise ValueError("is no address that mail can be sent to")
    return Address(addr_spec=f"{name}@{domain.encode('idna').decode()}").addr_spec


def customer_mail(letter: Letter, recipient: str, sender: str, sender_name: str) -> bytes:
    """The mail as it is signed and handed over: plain text first, the same in HTML beside it. `recipient`: as `as_sent_to` gives it.

    What is about the same order stands together: each refers to one Message-ID that is nobody's, made from the order's number.
    """
    domain, reference = sender.rpartition("@")[2], reference_of(letter.number, sender)
    made = MIMEMultipart("alternative", boundary=f"=_{reference[1:SIGNS_OF_BOUNDARY]}")
    made["From"] = formataddr((one_line(sender_name), sender))
    made["To"] = recipient
    made["Subject"] = Header(one_line(letter.subject), header_name="Subject").encode(linesep="\r\n")
    made["Date"] = format_datetime(datetime_of(letter.made_at))
    made["Message-ID"] = reference
    if letter.thread:
        made["References"] = message_id(letter.thread, sender)
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    made["List-Id"] = f"<{letter.class_}.messages.{domain}>"
    if letter.unsubscribe and letter.class_ in NOT_ASKED_FOR:
        made["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made["Content-Language"] = letter.language
    for subtype, text in (("plain", letter.text), ("html", letter.html)):
        made.attach(_part(subtype, text))
    return made.as_bytes(policy=ON_THE_WIRE)


def _part(subtype: str, text: str) -> MIMENonMultipart:
    """A text in quoted-printable, which passes everywhere and in which "=_" does not stand."""
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(quopri.encodestring(text.encode()).decode())
    return part
