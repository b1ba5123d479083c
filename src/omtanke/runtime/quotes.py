"""Quotes that are remembered by nobody: what was offered stands in the id of the quote, signed with the store's key.

So a date can be shown to everybody who looks without a row being written; the order that names the id brings it back.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from typing import Any, Protocol

from msgspec import Struct

from omtanke.messages.languages import LANGUAGES
from omtanke.messages.offers import offer_words
from omtanke.vocabulary.fields import LONGEST_NUMBER
from omtanke.vocabulary.promise import QuoteGiven
from omtanke.vocabulary.reading import Understood
from omtanke.vocabulary.time import MINUTE, SECOND

# By which an id of ours is told from a shop's own.
PREFIX = "omq_"
PURPOSE = QUOTE = "quote"
# Another one whenever the bytes mean something else, or the words are others: those shown come back with the order. The first form said
# neither how sure a window is nor what was told of capacity; what was offered so is still taken.
FIRST_FORM, FORM = 1, 2
SECONDS, VERSION, NONCE, SURE, POSITION, SIGNATURE = 5, 4, 6, 2, 6, 16
FIXED = 2 + 4 * SECONDS + VERSION + NONCE
VERSION_AT = 2 + 4 * SECONDS
ZONES_END = b"\0"
TABLE, MODEL, WIDE, CAPACITY = "table", "model", "wide", "capacity"


class Keys(Protocol):
    """What signs."""

    def sign(self, purpose: str, value: bytes) -> bytes: ...


class Offer(Struct, frozen=True, kw_only=True):
    """A window that was offered to whoever asked. Moments in UTC microseconds, whole seconds; `from_at` 0 for none.

    `asked_at`: the moment from which its words count, a whole minute. `zone`: the customer's, in which its days are meant; `shop_zone`: the shop's.
    `version`: of the policy by whose table it was reckoned, or of the learnt model when `is_learnt`; `is_wide`: not all that was asked could be understood.
    `capacity`: where in the log that was told last of all that was told of capacity and bears on it; 0, nothing does.
    `sure_permille`: how many of a thousand such windows are kept, as the model reckons; 0 where nobody has reckoned it.
    `nonce`: chance, so that the ids of two who ask in the same minute are two.
    """

    from_at: int
    until_at: int
    valid_until: int
    asked_at: int
    language: str
    zone: str
    shop_zone: str
    version: int
    is_wide: bool = False
    is_learnt: bool = False
    capacity: int = 0
    sure_permille: int = 0
    nonce: bytes = bytes(NONCE)

    @property
    def words(self) -> str:
        """As they are shown to the customer."""
        return offer_words(self.language, self.zone, self.from_at, self.until_at, self.valid_until, self.shop_zone, self.asked_at)

    @property
    def rests_on(self) -> str:
        """What it was reckoned from, as a code: the policy's table or a model, and its version; and what was told of capacity, by its place in the log."""
        more = (f"/{WIDE}" if self.is_wide else "") + (f"/{CAPACITY}/{self.capacity}" if self.capacity else "")
        return f"{MODEL if self.is_learnt else TABLE}/{self.version}{more}"

    def as_given(self, quote: int) -> QuoteGiven:
        """The fact that an order which names it brings, under the number of the quote."""
        return QuoteGiven(
            quote=quote,
            from_at=self.from_at,
            until_at=self.until_at,
            valid_until=self.valid_until,
            rests_on=self.rests_on,
            zone=self.zone,
            sure_permille=self.sure_permille,
        )


def asked_at(moment: int) -> int:
    """The end of the minute in which somebody asks, so that nobody is told of more time than is left."""
    return -(-moment // MINUTE) * MINUTE


def id_of(keys: Keys, offer: Offer) -> str:
    """The id of a quote; it has no more than LONGEST_NUMBER characters."""
    payload = packed(offer)
    return PREFIX + base64.urlsafe_b64encode(payload + keys.sign(PURPOSE, payload)).decode().rstrip("=")


def is_ours(quote_id: str) -> bool:
    """Whether an id claims to have been made here."""
    return quote_id.startswith(PREFIX)


def opened(keys: Keys, quote_id: str) -> Offer | None:
    """What was offered under an id, also when its time is over; None when it was not made with this store's key, or has been changed."""
    if not is_ours(quote_id) or len(quote_id) > LONGEST_NUMBER:
        return None
    text = quote_id.removeprefix(PREFIX)
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    payload, signature = raw[:-SIGNATURE], raw[-SIGNATURE:]
    if len(payload) < FIXED or not hmac.compare_digest(signature, keys.sign(PURPOSE, payload)):
        return None
    return unpacked(payload) if payload[0] in (FIRST_FORM, FORM) else None


def brought_by(understood: Understood, keys: Keys) -> tuple[QuoteGiven, dict[str, Any], int] | None:
    """The fact of the quote that an order names, its personal part, and when it was given; None where the order names none of ours."""
    number, quote_id = next(((surrogate, written) for kind, surrogate, written in understood.numbers if kind == QUOTE), (0, ""))
    offer = opened(keys, quote_id)
    if offer is None:
        return None
    personal = {"properties": {"words": offer.words}, "numbers": [(QUOTE, number, quote_id)]}
    return offer.as_given(number), personal, min(offer.asked_at, understood.occurred_at)


def packed(offer: Offer) -> bytes:
    """Form, flags, four moments in seconds, version, chance, how sure, what was told of capacity, and the two zones."""
    flags = LANGUAGES.index(offer.language) << 2 | offer.is_learnt << 1 | offer.is_wide
    moments = (offer.from_at, offer.until_at, offer.valid_until, offer.asked_at)
    zones = offer.zone.encode() if offer.zone == offer.shop_zone else offer.zone.encode() + ZONES_END + offer.shop_zone.encode()
    numbers = b"".join((at // SECOND).to_bytes(SECONDS) for at in moments) + offer.version.to_bytes(VERSION)
    return bytes((FORM, flags)) + numbers + offer.nonce + offer.sure_permille.to_bytes(SURE) + offer.capacity.to_bytes(POSITION) + zones


def unpacked(payload: bytes) -> Offer:
    from_at, until_at, valid_until, asked = (int.from_bytes(payload[start : start + SECONDS]) * SECOND for start in range(2, VERSION_AT, SECONDS))
    sure_at, capacity_at, zones_at = (FIXED, FIXED, FIXED) if payload[0] == FIRST_FORM else (FIXED, FIXED + SURE, FIXED + SURE + POSITION)
    zone, _, shop_zone = payload[zones_at:].decode().partition(ZONES_END.decode())
    return Offer(
        from_at=from_at,
        until_at=until_at,
        valid_until=valid_until,
        asked_at=asked,
        language=LANGUAGES[payload[1] >> 2],
        zone=zone,
        shop_zone=shop_zone or zone,
        version=int.from_bytes(payload[VERSION_AT : VERSION_AT + VERSION]),
        is_wide=bool(payload[1] & 1),
        is_learnt=bool(payload[1] & 2),
        sure_permille=int.from_bytes(payload[sure_at:capacity_at]),
        capacity=int.from_bytes(payload[capacity_at:zones_at]),
        nonce=payload[FIXED - NONCE : FIXED],
    )
