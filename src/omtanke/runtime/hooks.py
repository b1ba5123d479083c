"""Hooks: addresses at the door under which commerce platforms, carriers and tills tell what happened, each in its own form.

The address holds a long random token, so that nobody guesses it; a platform that signs what it sends is held to that, too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.runtime.key_files import changing, digest, new_secret, read_tables, today, write_tables
from omtanke.runtime.own_sources import require_sender
from omtanke.settings import SMS_PROVIDERS
from omtanke.vocabulary.money import read_currency
from omtanke.vocabulary.refusal import CannotDo, Refused
from omtanke.vocabulary.time import zone_named

HOOKS = "hooks.toml"
TITLE = "Hooks: addresses at the door for platforms, carriers and tills. Who knows the token of one can tell as its sender."
ID_LENGTH = 12
MAPPED = "mapped"
MAIL_RETURNS = "mail_returns"
KINDS = {
    "shopify": "orders, payments, shipments, refunds, customers, carts and checkouts of a Shopify shop",
    "woocommerce": "orders, payments, refunds and customers of a WooCommerce shop",
    "bring": "parcels with Bring (Event Cast)",
    "budbee": "parcels with Budbee",
    "dhl": "parcels with DHL (Shipment Tracking, Unified)",
    "instabox": "parcels with Instabox",
    "postnord": "parcels with PostNord",
    "till": "receipts from the till, in a form of ours",
    "46elks": "receipts for text messages by 46elks, and what customers answer to them",
    "twilio": "receipts for text messages by Twilio, and what customers answer to them",
    MAIL_RETURNS: "mail to customers that came back, and complaints about it, from a mail server or a service that takes mail",
    MAPPED: "anything else as JSON, by a map like that of an import",
}
# Those that sign what they send, and who makes up the secret.
SIGNED = {
    "shopify": "Shopify shows it beside its webhooks",
    "woocommerce": "you enter it where WooCommerce makes the webhook",
    "twilio": "it is the account's auth token",
}
# Those that carry text messages, under the names that the settings have for them.
TEXT_MESSAGES = SMS_PROVIDERS


class Hook(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One address. `map`: the text of the map of a mapped one. Empty zone and currency are those of the shop."""

    sender: str
    kind: str
    token: str
    secret: str = ""
    map: str = ""
    zone: str = ""
    currency: str = ""
    made_at: str = ""

    @property
    def id(self) -> str:
        """Names the hook without telling its address."""
        return digest(self.token)[:ID_LENGTH]

    @property
    def path(self) -> str:
        return f"/hooks/{self.token}"


def read_hooks(folder: Path) -> tuple[Hook, ...]:
    """The hooks as they stand in the file. Raises CannotDo for a file that breaks a rule."""
    tables = read_tables(folder / HOOKS).get("hook", [])
    return tuple(_checked(folder / HOOKS, table) for table in (tables if isinstance(tables, list) else [tables]))


def make_hook(folder: Path, kind: str, sender: str, secret: str = "", map_text: str = "", zone: str = "", currency: str = "") -> Hook:
    """A further hook. Raises Refused, or CannotDo."""
    hook = Hook(sender=sender, kind=kind, token=new_secret(), secret=secret, map=map_text, zone=zone, currency=currency, made_at=today())
    _require(hook)
    with changing(folder):
        write_tables(folder / HOOKS, "hook", [*read_hooks(folder), hook], TITLE)
    return hook


def remove_hook(folder: Path, hook_id: str) -> Hook:
    """The address counts no longer. Raises CannotDo when there is none of that id."""
    with changing(folder):
        hooks = read_hooks(folder)
        gone = next((hook for hook in hooks if hook.id == hook_id), None)
        if gone is None:
            raise CannotDo(f"There is no hook {hook_id!r}; `omtanke hook list` shows those that are.")
        write_tables(folder / HOOKS, "hook", [hook for hook in hooks if hook is not gone], TITLE)
    return gone


def _require(hook: Hook) -> None:
    require_sender(hook.sender)
    if hook.kind not in KINDS:
        raise Refused("kind", hook.kind, f"is not one of {', '.join(KINDS)}")
    if hook.kind in SIGNED and not hook.secret:
        raise Refused("secret", "", f"is missing: {hook.kind} signs what it sends, and {SIGNED[hook.kind]}")
    if (hook.kind == MAPPED) != bool(hook.map):
        raise Refused("map", "", "is missing: it says what the fields mean" if hook.kind == MAPPED else f"is of no use: the form of {hook.kind} is known")
    if hook.zone:
        zone_named(hook.zone)
    if hook.currency:
        read_currency(hook.currency, "currency")
    if not hook.token:
        raise Refused("token", hook.token, "is empty")


def _checked(path: Path, table: Any) -> Hook:
    try:
        hook = msgspec.convert(table, Hook)
        _require(hook)
    except (msgspec.ValidationError, Refused) as error:
        named = table.get("sender") if isinstance(table, dict) else table
        raise CannotDo(f"{path}: a hook of {named!r}: {error}") from error
    return hook
