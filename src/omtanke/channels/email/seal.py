"""DKIM (RFC 6376): a mail is signed with the shop's own key, so that whoever takes it knows that it is from the shop.

Signed are the headers of SIGNED and the body, both in the relaxed form (sections 3.4.2 and 3.4.4), with RSA and SHA-256.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from omtanke.settings import CustomerMail
from omtanke.vocabulary.refusal import CannotDo

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

KEY = "dkim.key"
# RFC 8058 wants List-Unsubscribe and List-Unsubscribe-Post among them. From is named twice, so that none can be added.
SIGNED = (
    *("from", "from", "to", "subject", "date", "message-id", "references", "auto-submitted"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post", "mime-version", "content-type", "content-language"),
)
# RFC 8301: a shorter key is not believed.
SHORTEST_KEY = 1024
FIELDS = re.compile(rb"\r\n(?![ \t])")
BLANKS = re.compile(rb"[ \t]+")
BLANKS_AT_END = re.compile(rb"[ \t]+(?=\r\n|\Z)")
SIGNS_A_LINE = 72


class CannotSign(CannotDo):
    """The key is not there, or is none."""


class Seal(Struct, frozen=True):
    """What signs: the private key as PEM, and under which name its public half stands in the DNS."""

    key: bytes
    selector: str
    domain: str

    def sealed(self, made: bytes, now: int) -> bytes:
        """The mail with its signature before it. `made`: with CRLF; `now`: seconds since 1970. Raises CannotSign."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # a mail is signed by few, and this takes some megabytes
        from cryptography.hazmat.primitives.hashes import SHA256

        head, _, body = made.partition(b"\r\n\r\n")
        hashed = b64encode(sha256(relaxed_body(body)).digest()).decode()
        said = f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={self.domain}; s={self.selector}; t={now};\r\n h={':'.join(SIGNED)};\r\n bh={hashed};\r\n b="
        field = b"DKIM-Signature: " + said.encode()
        signed = b"".join(one + b"\r\n" for one in fields_named(head, SIGNED)) + relaxed_field(field)
        signature = b64encode(_private_key(self.key).sign(signed, PKCS1v15(), SHA256()))
        lines = [signature[n : n + SIGNS_A_LINE] for n in range(0, len(signature), SIGNS_A_LINE)]
        return field + b"\r\n ".join(lines) + b"\r\n" + made


def relaxed_body(body: bytes) -> bytes:
    """Runs of blanks are one, none stands at the end of a line, and no empty line at the end."""
    text = BLANKS_AT_END.sub(b"", BLANKS.sub(b" ", body))
    while text.endswith(b"\r\n"):
        text = text[:-2]
    return text + b"\r\n" if text else b""


def relaxed_field(field: bytes) -> bytes:
    """A header field: its name in small letters, its value on one line, with single blanks."""
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")


def fields_named(head: bytes, names: Sequence[str]) -> Iterator[bytes]:
    """The fields that are signed, relaxed. Of several of one name the last comes first (section 5.4.2); one that is not there says nothing."""
    found: dict[bytes, list[bytes]] = {}
    for field in map(relaxed_field, FIELDS.split(head)):
        found.setdefault(field.partition(b":")[0], []).append(field)
    for name in names:
        if several := found.get(name.encode()):
            yield several.pop()


@lru_cache(maxsize=2)
def _private_key(pem: bytes) -> RSAPrivateKey:
    """The key, read once. Raises CannotSign."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CannotSign(f"keys/{KEY} is no private key that can be read. {MAKE_ONE}") from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < SHORTEST_KEY:
        raise CannotSign(f"keys/{KEY} is no RSA key of at least {SHORTEST_KEY:,} bits. {MAKE_ONE}")
    return key


MAKE_ONE = f"Make one of 2,048 bits: openssl genrsa -out {KEY} 2048"


def seal_of(server: CustomerMail, keys: Path) -> Seal | None:
    """What the settings name; None when they name none. Raises CannotSign when its key is not there."""
    if not server.dkim_selector:
        return None
    path = keys / KEY
    try:
        return Seal(path.read_bytes(), server.dkim_selector, server.dkim_domain)
    except OSError as error:
        raise CannotSign(f"{path} cannot be read: {error.strerror}. Put the private key there, or name no dkim_selector.") from error
