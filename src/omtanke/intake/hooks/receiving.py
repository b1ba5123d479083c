"""A delivery at a hook: whether it is genuine, what it brought, and which events it becomes."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from omtanke.intake.calls import Read, stored
from omtanke.intake.gathering import Sending
from omtanke.intake.hooks import carriers, mapped, shopify, till, woocommerce
from omtanke.intake.hooks.telling import STAMPED, Delivery, Translation
from omtanke.intake.http import LARGEST_BATCH, Problem, Scope, fault, read_json
from omtanke.runtime.hooks import MAPPED, SIGNED, Hook
from omtanke.storage.keys import Keys
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import read_moment

PREFIX = "/hooks/"
TRANSLATIONS: dict[str, Translation] = {
    "shopify": shopify.tell,
    "woocommerce": woocommerce.tell,
    "bring": carriers.bring,
    "budbee": carriers.budbee,
    "dhl": carriers.dhl,
    "instabox": carriers.instabox,
    "postnord": carriers.postnord,
    "till": till.tell,
    MAPPED: mapped.tell,
}
SIGNATURES = {"shopify": "x-shopify-hmac-sha256", "woocommerce": "x-wc-webhook-signature"}
WOOCOMMERCE_PING = b"webhook_id="


def token_of(path: str) -> str:
    """What stands in the address after /hooks/."""
    return unquote(path.removeprefix(PREFIX), errors="replace").strip("/")


def headers_of(scope: Scope) -> dict[str, str]:
    """By name, in small letters."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def read_delivery(hook: Hook, headers: Mapping[str, str], raw: bytes, sending: Sending, clock: Callable[[], int], keys: Keys) -> Read:
    """The events that can be understood, and what is wrong with the others. Raises Problem 400, 401, LeftAside."""
    if hook.kind == "woocommerce" and raw.startswith(WOOCOMMERCE_PING):
        return Read([], [])  # said unsigned when the webhook is made, to see whether somebody is there
    if hook.kind in SIGNED:
        require_signature(hook, headers, raw)
    return translated(hook, Delivery(headers, read_json(raw, LARGEST_BATCH), hook.map), sending, clock(), keys)


def require_signature(hook: Hook, headers: Mapping[str, str], raw: bytes) -> None:
    """HMAC-SHA256 of the body under the secret, in base64, as Shopify and WooCommerce sign. Raises Problem 401."""
    name = SIGNATURES[hook.kind]
    expected = base64.b64encode(hmac.digest(hook.secret.encode(), raw, hashlib.sha256)).decode()
    if not hmac.compare_digest(expected.encode(), headers.get(name, "").encode("utf-8", "replace")):
        raise Problem(401, f"{name} does not sign this body with the secret of the hook; compare the secret with the one at {hook.kind}")


def translated(hook: Hook, delivery: Delivery, sending: Sending, now: int, keys: Keys) -> Read:
    """Each event as it is stored. An event that cannot be made takes those after it with it: what it brought is sent again."""
    read = Read([], [])
    message: dict[str, Any] = {}
    try:
        for message in TRANSLATIONS[hook.kind](delivery):
            stamp = message.pop(STAMPED, "")
            at = read_moment(stamp, STAMPED, sending.zone) if stamp else 0
            read.take(stored(message, sending, now, stamped_at=at), message, sending, keys, now)
    except Refused as refused:
        read.refused.append((message, fault(refused.path, refused.shown, refused.rule)))
    return read
