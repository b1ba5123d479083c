"""The link by which one question is answered: the place of the asking in the log, signed with the store's key."""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Protocol

PLACE_LENGTH = 6
PURPOSE = "survey link"


class Keys(Protocol):
    """What signs."""

    def sign(self, purpose: str, value: bytes) -> bytes: ...


def survey_path(keys: Keys, position: int) -> str:
    """The path of the page, for the asking at that position."""
    place = position.to_bytes(PLACE_LENGTH)
    return "/s/" + base64.urlsafe_b64encode(place + keys.sign(PURPOSE, place)).decode().rstrip("=")


def asked_at(keys: Keys, token: str) -> int:
    """The position that a token leads to; 0 when it was not made here."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return 0
    place, signature = raw[:PLACE_LENGTH], raw[PLACE_LENGTH:]
    return int.from_bytes(place) if hmac.compare_digest(signature, keys.sign(PURPOSE, place)) else 0
