"""DKIM (RFC 6376): a mail is signed with the shop's own key, so that whoever takes it knows that it is from the shop."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from omtanke.settings import CustomerMail
from omtanke.vocabulary.refusal import CannotDo

KEY = "dkim.key"
# RFC 8058 wants List-Unsubscribe and List-Unsubscribe-Post among them. From is named twice, so that none can be added.
SIGNED = (
    *("from", "from", "to", "subject", "date", "message-id", "references", "auto-submitted"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post", "mime-version", "content-type", "content-language"),
)


class CannotSign(CannotDo):
    """The key is not there, or is none."""


class Seal(Struct, frozen=True):
    """What signs: the private key as PEM, and under which name its public half stands in the DNS."""

    key: bytes
    selector: str
    domain: str

    def sealed(self, made: bytes) -> bytes:
        """The mail with its signature. Raises CannotSign."""
        import dkim  # a mail is signed by few, and this takes some megabytes

        names = [name.encode() for name in SIGNED]
        try:
            signature = dkim.sign(made, self.selector.encode(), self.domain.encode(), self.key, canonicalize=(b"relaxed", b"relaxed"), include_headers=names)
        except (dkim.DKIMException, ValueError) as error:
            words = f"keys/{KEY} cannot sign: {type(error).__name__}."
            raise CannotSign(f"{words} Make an RSA key of 2,048 bits: openssl genrsa -out {KEY} 2048") from error
        return bytes(signature) + made


def seal_of(server: CustomerMail, keys: Path) -> Seal | None:
    """What the settings name; None when they name none. Raises CannotSign when its key is not there."""
    if not server.dkim_selector:
        return None
    path = keys / KEY
    try:
        return Seal(path.read_bytes(), server.dkim_selector, server.dkim_domain)
    except OSError as error:
        raise CannotSign(f"{path} cannot be read: {error.strerror}. Put the private key there, or name no dkim_selector.") from error
