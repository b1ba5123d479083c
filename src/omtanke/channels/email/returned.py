"""What comes back for a mail: reports on its delivery (RFC 3464 in RFC 6522, RFC 6533) and complaints about it (RFC 5965).

Anybody can send anything to an address that mail comes back to, so whatever bytes come are read, or said to be none of these. Who it was is
not read from here: that stands in the address to which it came back.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.parser import HeaderParser

from msgspec import Struct

from omtanke.channels.email.handing import ENHANCED, PERMANENT, is_of_address

STATUS = ("message/delivery-status", "message/global-delivery-status")
FEEDBACK = ("message/feedback-report",)
# RFC 5965, and the word that some lists of senders have for it. Somebody who says that it is no spam complains of nothing (RFC 6430).
COMPLAINTS = ("abuse", "fraud", "opt-out", "opt-out-list")
FAILED = "failed"
BLANK = re.compile(r"\r?\n[ \t]*\r?\n")
NO_MORE_SAID = re.compile(r"5\.\d{1,3}\.0$")
# What the other server answered, as in "smtp; 550 5.1.1 No such user" or "smtp; 550-5.1.1 …".
ANSWER = re.compile(r"\s*smtp\s*;\s*(\d{3})[ \-](.*)", re.IGNORECASE | re.DOTALL)
WORD = re.compile(r"[a-z][a-z-]{0,30}")
CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
DEEPEST, MOST_BLOCKS = 8, 50
# What a report says stands before the mail that it brings back. Beyond these the library takes seconds for what nobody sends in good faith.
LARGEST_READ = 200_000
MOST_BOUNDARIES, MOST_BLANK_LINES = 40, 3_000


class NotReturned(Exception):
    """It is neither a report nor a complaint, or cannot be read. The text says which, without anything of what stands in it."""


class Bounce(Struct, frozen=True):
    """What a report says of a recipient. `action`: failed, delayed, delivered, relayed or expanded; `status`: as 5.1.1, empty for none.
    `is_address`: there is no such address, or it takes nothing any more."""

    action: str
    status: str
    is_address: bool = False


class Complaint(Struct, frozen=True):
    """Somebody has told their mail service that they do not want it. `kind`: one of COMPLAINTS, or what was said instead."""

    kind: str

    @property
    def is_one(self) -> bool:
        return self.kind in COMPLAINTS


def read_returned(raw: bytes) -> Bounce | Complaint:
    """What a mail that came back says, by its beginning. Of several recipients the one that failed counts. Raises NotReturned, and nothing else."""
    head = raw[:LARGEST_READ]
    if head.lower().count(b"boundary") > MOST_BOUNDARIES or head.count(b"\n\n") + head.count(b"\n\r\n") > MOST_BLANK_LINES:
        raise NotReturned("it has more parts than a report has")
    try:
        return _read(head)
    except NotReturned:
        raise
    except Exception as fault:  # the library's reader was not made for hostile bytes, and raises many things
        raise NotReturned("it cannot be read as a mail") from fault


def _read(raw: bytes) -> Bounce | Complaint:
    for part in _parts(message_from_bytes(raw), 0):
        kind = part.get_content_type()
        if kind in FEEDBACK:
            return Complaint(_word(next(_blocks(part), Message()).get("Feedback-Type")))
        if kind in STATUS:
            found = [_bounce(block) for block in _blocks(part) if block.get("Action") is not None]
            if not found:
                raise NotReturned("its delivery report names no recipient")
            return next((one for one in found if one.action == FAILED), found[0])
    raise NotReturned("it is neither a delivery report (RFC 3464) nor a complaint (RFC 5965)")


def _parts(message: Message, depth: int) -> Iterator[Message]:
    """The parts, without those of the mail that came back."""
    if message.get_content_maintype() != "multipart":
        yield message
    elif depth < DEEPEST and message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields in a report: the first is about the mail, each further one about a recipient."""
    texts = [text for text in BLANK.split(_text(part)) if text.strip()]
    for text in texts[:MOST_BLOCKS]:
        yield HeaderParser().parsestr(text.lstrip("\r\n"))


def _text(part: Message) -> str:
    """The body as it stood there: the library takes what is of type message for messages of their own."""
    payload = part.get_payload()
    text = "\n\n".join(str(one) for one in payload) if isinstance(payload, list) else str(payload)
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        try:
            return base64.b64decode(text.encode("ascii", "ignore")).decode("utf-8", "replace")
        except binascii.Error:
            return text
    return text


def _bounce(block: Message) -> Bounce:
    code = CODE.search(str(block.get("Status", "")))
    status = code[0] if code else ""
    return Bounce(_word(block.get("Action")), status, _is_of_address(status, str(block.get("Diagnostic-Code", ""))))


def _is_of_address(status: str, said: str) -> bool:
    """By the code; where that says no more than that it is for good, by what the other server answered."""
    if status and not status.startswith("5"):
        return False
    if ENHANCED.match(status) and not NO_MORE_SAID.match(status):
        return is_of_address(PERMANENT, status.encode())
    answer = ANSWER.match(said)
    if answer is None or int(answer[1]) < PERMANENT:
        return is_of_address(PERMANENT, status.encode())
    return is_of_address(int(answer[1]), answer[2].encode("utf-8", "replace"))


def _word(value: object) -> str:
    """A field's one word; empty for anything else."""
    found = WORD.match(str(value or "").strip().lower())
    return found[0] if found else ""
