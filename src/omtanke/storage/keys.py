"""The store key, and the keyed hashes under which identifiers and numbers are found.

HMAC-SHA256 cut to 128 bits: without the key nobody can tell whose a hash is, and erasing the alias rows
leaves nothing to guess at.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

import phonenumbers

KEY_LENGTH = 32
HASH_LENGTH = 16


class Keys:
    """Keyed hashes of one store."""

    def __init__(self, secret: bytes, country: str = "SE") -> None:
        self._secret = secret
        self._country = country

    def _hash(self, *parts: str) -> bytes:
        return hmac.digest(self._secret, "\x1f".join(parts).encode("utf-8", "surrogatepass"), "sha256")[:HASH_LENGTH]

    def fact_id(self, source: str, message_id: str) -> bytes:
        """The id of the fact that a source's message becomes."""
        return self._hash("fact", source, message_id)

    def identifier_key(self, kind: str, value: str) -> bytes:
        """Where an identifier is found. E-mail in small letters, telephone as E.164 in the shop's country."""
        return self._hash("identifier", kind, normalised(kind, value, self._country))

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
        return text.lower()
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
