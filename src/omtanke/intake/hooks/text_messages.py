"""What 46elks and Twilio tell of text messages: receipts for those that we have sent, and what customers answer.

Both send forms, after their documentation (46elks: SMS delivery reports, receive SMS; Twilio: status callbacks, incoming messages, security).
A receipt comes to the address that went out with the message, in which the customer and the message stand, signed by us.
An answer must be answered with nothing: 46elks would send what we say to it to the customer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from msgspec import Struct

from omtanke.channels.sms.twilio import OF_ADDRESS, OF_ADDRESS_LATER, code_of
from omtanke.engine.consent_policy import MARKETING, SURVEYS
from omtanke.intake.calls import Read, stored
from omtanke.intake.gathering import Sending
from omtanke.intake.hooks.telling import LeftAside, Message, Person, track
from omtanke.intake.http import Problem, Scope, encode, fault, header
from omtanke.runtime.customer_links import ABOUT, Link
from omtanke.runtime.hooks import TEXT_MESSAGES, Hook
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.play import MessageFailed
from omtanke.vocabulary.refusal import Refused

CHANNEL, TOUCHPOINT = "sms", "message"
MOST_FIELDS = 100
# The whole answer is one of these words, in whatever letters and with whatever signs around it.
STOPS = frozenset(("STOP", "STOPP", "STOPALL", "SLUTA", "AVSLUTA", "UNSUBSCRIBE", "END", "QUIT", "CANCEL"))
NOT_LETTERS = re.compile(r"[\W\d_]+")
SIGNATURE = "x-twilio-signature"
Fields = Mapping[str, str]


class Report(Struct, frozen=True):
    """What has become of a message. `failure`: one of FAILURES, empty when it has not failed. `status`: the provider's own word."""

    status: str
    failure: str = ""


class Answered(Struct, frozen=True):
    """What somebody has written to us. `at`: when, as text with its offset; empty for now. `is_stop`: the provider says that it is one."""

    id: str
    number: str
    text: str
    at: str = ""
    is_stop: bool = False


class Heard(Struct):
    """What a call brings: events of the hook's sender, and what is told as our own."""

    read: Read
    own: Sequence[Incoming] = ()


def of_46elks(fields: Fields) -> Report | Answered:
    if fields.get("direction") == "incoming":
        created = fields.get("created", "")
        return Answered(_named(fields, "id"), _named(fields, "from"), fields.get("message", ""), f"{created}Z" if created else "")
    status = _named(fields, "status")
    return Report(status, "refused" if status == "failed" else "")


def of_twilio(fields: Fields) -> Report | Answered:
    status = fields.get("MessageStatus", "")
    if not status:
        return Answered(_named(fields, "MessageSid"), _named(fields, "From"), fields.get("Body", ""), is_stop=fields.get("OptOutType") == "STOP")
    has_failed = status in ("failed", "undelivered")
    is_address = code_of(fields.get("ErrorCode")) in OF_ADDRESS | OF_ADDRESS_LATER
    return Report(status, ("address" if is_address else "refused") if has_failed else "")


FORMS: Mapping[str, Callable[[Fields], Report | Answered]] = {"46elks": of_46elks, "twilio": of_twilio}
assert tuple(FORMS) == TEXT_MESSAGES


def heard(hook: Hook, scope: Scope, raw: bytes, door_address: str, sending: Sending, now: int, opened: Callable[[str], Link | None]) -> Heard:
    """What a call is about. `opened`: what the address of a receipt was made for. Raises Problem 400, 401, LeftAside."""
    pairs = pairs_of(raw)
    if hook.kind == "twilio":
        require_twilio(hook.secret, url_of(scope, door_address), pairs, header(scope, SIGNATURE.encode()))
    fields = dict(pairs)
    try:
        said = FORMS[hook.kind](fields)
    except Refused as refused:
        return Heard(Read([], [({}, fault(refused.path, refused.shown, refused.rule))]))
    if isinstance(said, Report):
        return Heard(Read([], []), [failed(said, opened(about_of(scope)))])
    read = Read([], [])
    for message in told(hook.kind, said):
        try:
            read.taken.append(stored(message, sending, now))
        except Refused as refused:
            read.refused.append((message, fault(refused.path, refused.shown, refused.rule)))
    return Heard(read)


def told(kind: str, said: Answered) -> Iterator[Message]:
    """A stop is a no to everything that was not asked for, in this channel; anything else is that the customer has written."""
    who = Person(traits={"phone": said.number})
    if said.is_stop or NOT_LETTERS.sub("", said.text).upper() in STOPS:
        for purpose in (MARKETING, SURVEYS):
            properties = {"purpose": purpose, "for_channel": CHANNEL, "evidence": said.text}
            yield track("Consent Withdrawn", f"{kind}/{said.id}/{purpose}", said.at, properties, CHANNEL, who)
    else:
        yield track("Case Message Received", f"{kind}/{said.id}", said.at, {"text": said.text}, CHANNEL, who)


def failed(report: Report, link: Link | None) -> Incoming:
    """A message that was sent has not arrived, once however often it is told. Raises LeftAside for what has, and Problem for nobody's."""
    if not report.failure:
        raise LeftAside(f"{report.status}: only what has not arrived is told further")
    if link is None:
        raise Problem(400, "The address of this receipt was not made here, or long ago; only what we have sent has receipts")
    key = f"receipt/{link.about}"
    properties = {"message": link.about, "for_channel": CHANNEL, "failure": report.failure}
    context = {"channel": CHANNEL, "touchpoint": TOUCHPOINT}
    message: dict[str, Any] = {"type": "track", "event": MessageFailed.name, "messageId": key, "customer": link.customer, "context": context}
    return Incoming(key, 0, encode({**message, "properties": properties}))


def pairs_of(raw: bytes) -> list[tuple[str, str]]:
    """The fields of a form. Raises Problem 400."""
    try:
        return parse_qsl(raw.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(raw), errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Problem(400, "The body is not a form (application/x-www-form-urlencoded)") from error


def require_twilio(secret: str, url: str, pairs: Sequence[tuple[str, str]], signature: str) -> None:
    """HMAC-SHA1 of the address with the fields in order of their names, in base64, as Twilio signs with the auth token. Raises Problem 401."""
    signed = url + "".join(name + value for name, value in sorted(pairs))
    expected = base64.b64encode(hmac.digest(secret.encode(), signed.encode(), hashlib.sha1))
    if not hmac.compare_digest(expected, signature.encode("utf-8", "replace")):
        raise Problem(401, f"{SIGNATURE} does not sign this call; compare the hook's secret with the auth token, and door_address with the address at Twilio")


def url_of(scope: Scope, door_address: str) -> str:
    """The address that was called, as the caller wrote it: a proxy in front has its own name for us."""
    place = door_address.rstrip("/") or "https://" + header(scope, b"host")
    path, asked = text_of(scope["raw_path"]), text_of(scope["query_string"])
    return f"{place}{path}?{asked}" if asked else place + path


def about_of(scope: Scope) -> str:
    """What stands in the address of a receipt; empty for one that was not made here."""
    return (parse_qs(text_of(scope["query_string"])).get(ABOUT) or [""])[0]


def text_of(raw: bytes) -> str:
    return raw.decode("latin-1")


def _named(fields: Fields, name: str) -> str:
    """A field that has to be there. Raises Refused."""
    found = fields.get(name, "").strip()
    if not found:
        raise Refused(name, found, "is missing: this is neither a receipt nor an answer as it is documented")
    return found
