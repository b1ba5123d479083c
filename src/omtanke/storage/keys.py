"""The store key, and the keyed hashes under which identifiers and numbers are found.

HMAC-SHA256 cut to 128 bits: without the key nobody can tell whose a hash is, and erasing the alias rows
leaves nothing to guess at.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import phonenumbers

from omtanke.vocabulary.identity import PREVIOUS, STRONG, WEAK

KEY_LENGTH = 32
HASH_LENGTH = 16
BLOCK_LENGTH = 64  # of SHA-256; with the two pads, RFC 2104
INNER_PAD, OUTER_PAD = 0x36, 0x5C
OF_SOURCES = ("promise", "quote")
KINDS = (*STRONG, *WEAK, PREVIOUS)


class Keys:
    """Keyed hashes of one store. `own_addresses`: the shop's own e-mail addresses, domains (as `@butik.se`) and telephone
    numbers, which staff and systems write when they know none of the customer's; `blocked_values`: other values, of any kind, that are
    written for nobody. Neither identify anyone. The secret has at most 64 bytes.
    """

    def __init__(self, secret: bytes, country: str = "SE", own_addresses: Iterable[str] = (), blocked_values: Iterable[str] = ()) -> None:
        self._secret = secret
        self._country = country
        self._own = frozenset(normalised("email" if "@" in one else "phone", one, country) for one in own_addresses)
        self._blocked = frozenset((kind, normalised(kind, one, country).casefold()) for one in blocked_values for kind in KINDS)
        self._inner, self._outer = (hashlib.sha256(bytes(byte ^ pad for byte in secret.ljust(BLOCK_LENGTH, b"\0"))) for pad in (INNER_PAD, OUTER_PAD))

    def _hash(self, *parts: str) -> bytes:
        """HMAC-SHA256 (RFC 2104) with the key taken in once: an import asks for half a million, and most of the time went into the key."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update("\x1f".join(parts).encode("utf-8", "surrogatepass"))
        outer.update(inner.digest())
        return outer.digest()[:HASH_LENGTH]

    def fact_id(self, source: str, message_id: str) -> bytes:
        """The id of the fact that a source's message becomes."""
        return self._hash("fact", source, message_id)

    def may_identify(self, kind: str, value: str) -> bool:
        """Whether it says who somebody is; the shop's own addresses do not, nor what it has blocked."""
        if self._blocked and self._is_blocked(kind, value):
            return False
        if not self._own or kind not in ("email", "phone"):
            return True
        text = normalised(kind, value, self._country)
        return text not in self._own and text[text.rfind("@") :] not in self._own

    def _is_blocked(self, kind: str, value: str) -> bool:
        """Whether the shop has blocked the value; an id from elsewhere is meant with its type and without."""
        if kind == "external" and (kind, value.partition(":")[2].strip().casefold()) in self._blocked:
            return True
        return (kind, normalised(kind, value, self._country).casefold()) in self._blocked

    def identifier_key(self, kind: str, value: str) -> bytes:
        """Where an identifier is found. E-mail in small letters, telephone as E.164 in the shop's country, club number without
        spaces and hyphens."""
        return self._hash("identifier", kind, normalised(kind, value, self._country))

    def identifier_key_of_before(self, kind: str, value: str) -> bytes | None:
        """Where it was found before club numbers and unusual letters were written in one way; None when that is the same place."""
        before = value.strip().lower() if kind == "email" else value.strip()
        is_same = kind == "phone" or before == normalised(kind, value, self._country)
        return None if is_same else self._hash("identifier", kind, before)

    def identifier_keys(self, kind: str, value: str) -> tuple[bytes, bytes]:
        """Where an identifier is found, and where it was found before; empty for the same place."""
        return self.identifier_key(kind, value), self.identifier_key_of_before(kind, value) or b""

    def number_key(self, source: str, kind: str, number: str) -> bytes:
        """Where the surrogate of a number is found that a source has named; ids of promises and quotes count within it."""
        return self.subject_key(kind, f"{source}\x1f{number}" if kind in OF_SOURCES else number)

    def subject_key(self, kind: str, number: str) -> bytes:
        """Where the surrogate of an order, parcel, case … is found."""
        return self._hash("subject", kind, number.strip())

    def sign(self, purpose: str, value: bytes) -> bytes:
        """A signature that only this store can make; what is signed for one purpose says nothing for another."""
        return hmac.digest(self._secret, purpose.encode() + b"\x1f" + value, "sha256")[:HASH_LENGTH]


def normalised(kind: str, value: str, country: str) -> str:
    """One way of writing for each identifier; a telephone number that is none stays as written."""
    text = value.strip()
    if kind == "email":
        return unicodedata.normalize("NFKC", text).lower()
    if kind == "loyalty_number":
        return text.replace(" ", "").replace("-", "").upper()
    if kind == "phone":
        try:
            number = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            return text
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return text


def open_secret(folder: Path) -> bytes:
    """The store's secret, made at first use; only the owner may read it."""
    path = folder / "store.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_LENGTH))
            file.flush()
            os.fsync(file.fileno())
        path.with_suffix(".new").rename(path)
    secret = path.read_bytes()
    if len(secret) != KEY_LENGTH:
        raise ValueError(f"{path}: the store key has {len(secret)} bytes instead of {KEY_LENGTH}; restore it from a back-up")
    return secret
