"""The port to whoever carries text messages: a request made from a message, and what an answer means."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from omtanke.channels.outcome import Handed, Outcome, shown
from omtanke.channels.post import Answer, Headers

# Statuses of HTTP after which nobody knows whether the message was taken: the request was there, and something behind it failed.
DOUBTFUL = (500, 502, 504)
# The message is not as the provider wants it. Everything else that is refused (who we are, what we may, what we owe) may be mended by tomorrow.
OF_MESSAGE = (400, 422)
ANSWER, CONNECTION = "answer", "connection"


class TextMessage(Struct, frozen=True):
    """One text message. `sender`: letters and figures, or a number; `to`: a number; both in E.164 as +46701234567.

    `receipts`: the address at which we hear what became of it, with our own reference in it; empty for none.
    """

    sender: str
    to: str
    text: str
    receipts: str = ""


class Request(Struct, frozen=True):
    """What is to be posted."""

    url: str
    headers: Headers
    body: bytes


class Provider(Protocol):
    """Somebody who carries text messages. Pure: says what is to be asked, and what was answered."""

    def request(self, message: TextMessage) -> Request: ...

    def handed(self, answer: Answer) -> Handed: ...


def form_request(url: str, user: str, secret: str, fields: Mapping[str, str]) -> Request:
    """A form under Basic authorisation (RFC 7617); fields that are empty are left out."""
    known = base64.b64encode(f"{user}:{secret}".encode()).decode()
    body = urlencode({name: value for name, value in fields.items() if value}).encode()
    return Request(url, [("Authorization", f"Basic {known}"), ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")], body)


def fields_of(text: str) -> dict[str, Any]:
    """The fields of a JSON object; none of anything else, or of one that was cut off."""
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def taken(answer: Answer, reference: object) -> Handed:
    """It has been taken, and is the provider's from now on. `reference`: their number of it."""
    return Handed(Outcome(is_done=True, status=answer.status), reference=reference if isinstance(reference, str) else "")


def not_taken(answer: Answer, said: str, *, is_address: bool = False, is_final: bool = False) -> Handed:
    """It has been refused, or nobody knows. `is_address`: the number takes nothing; `is_final`: this message never will be taken."""
    is_final = is_final or is_address or answer.status in OF_MESSAGE
    outcome = Outcome(is_done=False, status=answer.status, answer=shown(said), is_final=is_final, wait_seconds=answer.wait_seconds)
    return Handed(outcome, ANSWER, is_doubtful=answer.status in DOUBTFUL, is_address=is_address)


def is_yes(answer: Answer) -> bool:
    return 200 <= answer.status < 300
