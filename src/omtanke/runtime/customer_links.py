"""The links that a customer is given in messages: signed with the store's key, each for one purpose, for one customer, until a moment.

A link opens what it was made for and nothing else. What it is about (a cart, a message) is a number in it; whose it is, another.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Protocol

from msgspec import Struct

from omtanke.vocabulary.time import DAY, SECOND

MY_PAGE, UNSUBSCRIBE, RESUME = "me", "stop", "r"
# Not for customers: what became of a text message is told under it, by whoever carried it.
RECEIPT, ABOUT = "receipt", "about"
# How long each can be used. Who has had enough must be able to say so long after.
LASTS = {MY_PAGE: 90 * DAY, UNSUBSCRIBE: 400 * DAY, RESUME: 60 * DAY, RECEIPT: 14 * DAY}
NUMBER, SECONDS = 8, 5
LENGTH = 2 * NUMBER + SECONDS


class Keys(Protocol):
    """What signs."""

    def sign(self, purpose: str, value: bytes) -> bytes: ...


class Link(Struct, frozen=True):
    """What a link opens: whose, and about what (0 for nothing further)."""

    customer: int
    about: int
    until: int


def path_of(keys: Keys, purpose: str, customer: int, now: int, about: int = 0) -> str:
    """The path of a link that can be used from now on for as long as its purpose lasts, as `/me/…`."""
    until = (now + LASTS[purpose]) // SECOND
    payload = customer.to_bytes(NUMBER) + about.to_bytes(NUMBER) + until.to_bytes(SECONDS)
    return f"/{purpose}/" + base64.urlsafe_b64encode(payload + keys.sign(_signed(purpose), payload)).decode().rstrip("=")


def token_of(keys: Keys, purpose: str, customer: int, now: int, about: int = 0) -> str:
    """What stands at the end of such a path."""
    return path_of(keys, purpose, customer, now, about).rpartition("/")[2]


def opened(keys: Keys, purpose: str, token: str, now: int) -> Link | None:
    """What a token opens; None when it was not made here for this purpose, or its time is over."""
    link = made(keys, purpose, token)
    return link if link is not None and now < link.until else None


def made(keys: Keys, purpose: str, token: str) -> Link | None:
    """What a token was made to open, also when its time is over; None when it was not made here for this purpose."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    payload, signature = raw[:LENGTH], raw[LENGTH:]
    if len(payload) < LENGTH or not hmac.compare_digest(signature, keys.sign(_signed(purpose), payload)):
        return None
    until = int.from_bytes(payload[2 * NUMBER :]) * SECOND
    return Link(int.from_bytes(payload[:NUMBER]), int.from_bytes(payload[NUMBER : 2 * NUMBER]), until)


def _signed(purpose: str) -> str:
    return f"customer link {purpose}"
