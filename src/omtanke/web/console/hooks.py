"""Hooks on the page of senders: under which addresses platforms, carriers and tills tell us, and with what they sign."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omtanke.runtime.hooks import KINDS, MAIL_RETURNS, MAPPED, Hook, make_hook
from omtanke.settings import Settings

LONGEST_NAME, LONGEST_SECRET = 60, 200
# Names of others are the same in every language.
NAMES = {
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
    "bring": "Bring",
    "budbee": "Budbee",
    "dhl": "DHL",
    "instabox": "Instabox",
    "postnord": "PostNord",
    "46elks": "46elks",
    "twilio": "Twilio",
    "till": gettext_lazy("The till"),
    MAIL_RETURNS: gettext_lazy("Mail that came back"),
    MAPPED: gettext_lazy("Another, by a map"),
}
END = 4


class HookForm(forms.Form):
    """A new hook. One by a map is made by command, since the map is a file."""

    kind = forms.ChoiceField(label=gettext_lazy("Who tells?"), choices=[(kind, NAMES[kind]) for kind in KINDS if kind != MAPPED])
    sender = forms.CharField(
        label=gettext_lazy("What is it called here?"), max_length=LONGEST_NAME, required=False, help_text=gettext_lazy("Left out, it is called as it is.")
    )
    secret = forms.CharField(
        label=gettext_lazy("What it signs with"),
        max_length=LONGEST_SECRET,
        required=False,
        help_text=gettext_lazy("Only Shopify, WooCommerce and Twilio sign."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone of its dates"), max_length=64, required=False, widget=forms.TextInput(attrs={"placeholder": "Europe/Stockholm"})
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency of its amounts"), max_length=3, required=False, widget=forms.TextInput(attrs={"placeholder": "SEK"})
    )

    def __init__(self, data: QueryDict | Mapping[str, str] | None = None) -> None:
        super().__init__(data, prefix="hook")

    def make(self, folder: Path) -> Hook:
        """The hook that was asked for. Raises Refused, CannotDo."""
        given = {name: str(value).strip() for name, value in self.cleaned_data.items()}
        return make_hook(folder, given["kind"], given["sender"] or given["kind"], given["secret"], zone=given["zone"], currency=given["currency"].upper())


def address_of(hook: Hook, settings: Settings) -> str:
    """Where its sender sends to, as far as the settings say how the door is reached."""
    return (settings.door_address.rstrip("/") or f"http://{settings.host}:{settings.door_port}") + hook.path


def about(hook: Hook, made: str) -> str:
    """Who tells, and what there is to say of it."""
    signed = _("signs what it sends") if hook.secret else ""
    return " · ".join(str(part) for part in (NAMES[hook.kind], signed, hook.zone, hook.currency, made) if part)


def end_of(hook: Hook) -> str:
    """By which a person knows the address again."""
    return hook.token[-END:]


def debugger_of(hook: Hook) -> str:
    return reverse("debugger", args=[hook.id])
