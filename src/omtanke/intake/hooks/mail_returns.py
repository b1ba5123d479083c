"""Mail that came back, as a mail server hands it on: whole, as `message/rfc822`, or as a service posts it, in a field of a form.

What is no report, or about no mail of ours, is answered as taken, with the reason in the answer and in the debugger: a mail server that
was refused would try it again for days.
"""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Any

from omtanke.channels.email.returned import FAILED, LARGEST_READ, Bounce, Complaint, NotReturned, read_returned
from omtanke.engine.consent_policy import MARKETING, SURVEYS
from omtanke.intake.hooks.telling import LeftAside
from omtanke.intake.http import Problem, Scope, encode, header
from omtanke.runtime.customer_links import Link
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.caring import ConsentWithdrawn
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.play import MessageFailed

CHANNEL, TOUCHPOINT = "mail", "message"
# A report may bring back the mail that it is about.
LARGEST_MAIL = 5_000_000
FORM = "multipart/form-data"
# Under which services post the mail as it came: SendGrid's Inbound Parse, when it is set to post the raw message.
FIELDS = ("email",)


def mail_in(scope: Scope, raw: bytes) -> bytes:
    """The mail in a call. Raises Problem 400 for a form without one."""
    kind = header(scope, b"content-type")
    if not kind.lower().startswith(FORM):
        return raw
    try:
        form = message_from_bytes(f"content-type: {kind}\r\n\r\n".encode("latin-1") + raw)
        parts = form.get_payload() if form.is_multipart() else []
        for part in parts if isinstance(parts, list) else []:
            found = _field(part) if isinstance(part, Message) else None
            if found is not None:
                return found
    except Exception as fault:  # the library's reader was not made for hostile bytes, and raises many things
        raise Problem(400, "The form cannot be read") from fault
    raise Problem(400, f"The form has no field {' or '.join(FIELDS)} with the mail as it came; set the service to post the raw message")


def _field(part: Message) -> bytes | None:
    found = part.get_payload(decode=True)
    return found if str(part.get_param("name", header="content-disposition")) in FIELDS and isinstance(found, bytes) else None


def told(raw: bytes, found: Callable[[bytes], Link | None]) -> list[Incoming]:
    """What is told, as our own. `found`: whose mail it was, and which. Raises LeftAside for what changes nothing."""
    try:
        said = read_returned(raw)
    except NotReturned as fault:
        raise LeftAside(f"{fault}; it was not told further") from fault
    link = found(raw[:LARGEST_READ])
    if link is None:
        raise LeftAside("it names no mail that went out from here in the last 90 days; it was not told further")
    return _complaint(said, link) if isinstance(said, Complaint) else _bounce(said, link)


def _bounce(said: Bounce, link: Link) -> list[Incoming]:
    if said.action != FAILED:
        raise LeftAside(f"{said.action or 'no action'} {said.status}: only what has not arrived for good is told further")
    properties = {"message": link.about, "for_channel": CHANNEL, "failure": "address" if said.is_address else "refused"}
    return [_own(MessageFailed, f"returned/{link.about}", link, properties)]


def _complaint(said: Complaint, link: Link) -> list[Incoming]:
    """Whoever tells their mail service that it is spam wants none of what they have not asked for."""
    if not said.is_one:
        raise LeftAside(f"feedback of the type {said.kind or 'unknown'}: only complaints are told further")
    evidence = f"complaint about a mail, told by the mail service ({said.kind})"
    return [
        _own(ConsentWithdrawn, f"complaint/{link.about}/{purpose}", link, {"purpose": purpose, "for_channel": CHANNEL, "evidence": evidence})
        for purpose in (MARKETING, SURVEYS)
    ]


def _own(event: type[Observed], key: str, link: Link, properties: dict[str, Any]) -> Incoming:
    context = {"channel": CHANNEL, "touchpoint": TOUCHPOINT}
    message: dict[str, Any] = {"type": "track", "event": event.name, "messageId": key, "customer": link.customer, "context": context}
    return Incoming(key, 0, encode({**message, "properties": properties}))
