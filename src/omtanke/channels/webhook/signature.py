"""Standard Webhooks: who says that it was us (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
SECRET_BYTES = 32
TOLERANCE_SECONDS = 300


def new_secret() -> str:
    """A secret as receivers are given it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def sign(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """The signature with one secret; `timestamp` in whole seconds."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{webhook_id}.{timestamp}.".encode() + body, "sha256")
    return "v1," + base64.b64encode(digest).decode("ascii")


def is_signed(secret: str, received: Mapping[str, str], body: bytes, now: int) -> bool:
    """Whether a webhook that was received bears the signature, and is not older or newer than five minutes; `now` in whole seconds."""
    sent_at = received.get("webhook-timestamp", "")
    if not sent_at.isdecimal() or abs(now - int(sent_at)) > TOLERANCE_SECONDS:
        return False
    wanted = sign(secret, received.get("webhook-id", ""), int(sent_at), body)
    return any(hmac.compare_digest(wanted, given) for given in received.get("webhook-signature", "").split())


def headers(secret_list: Iterable[str], webhook_id: str, timestamp: int, body: bytes) -> list[tuple[str, str]]:
    """What is sent beside the body; one signature for each secret that counts, while a secret is being changed two."""
    return [
        ("Content-Type", "application/json"),
        ("webhook-id", webhook_id),
        ("webhook-timestamp", str(timestamp)),
        ("webhook-signature", " ".join(sign(secret, webhook_id, timestamp, body) for secret in secret_list)),
    ]
