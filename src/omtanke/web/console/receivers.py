"""Receivers: which of the shop's systems are told by webhook, and of what."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from omtanke.channels.address import LONGEST_URL, AddressRefused
from omtanke.channels.webhook.payload import PING
from omtanke.channels.webhook.signature import new_secret
from omtanke.folder_clock import wall_clock
from omtanke.storage.outbox_deliveries import Count, NewDelivery
from omtanke.storage.outbox_receivers import Receiver
from omtanke.web.accounts.access import May, may
from omtanke.web.console.fact_types import TypeGroup, tellable, type_groups
from omtanke.web.outgoing import guard, outbox
from omtanke.web.shop import shop, voice
from omtanke.web.words.names import count_word
from omtanke.web.words.voice import Voice

LONGEST_DESCRIPTION = 100
LOOKS = {"on": "kept", "paused": "still", "off": "broken"}


class ReceiverForm(forms.Form):
    """Where it is, and what it is called here."""

    description = forms.CharField(label=gettext_lazy("What is it?"), max_length=LONGEST_DESCRIPTION, help_text=gettext_lazy("For instance: the warehouse."))
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST_URL,
        help_text=gettext_lazy("It gets a POST for each fact: https, on the open internet. Addresses in your own network are named in the settings first."),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            guard().require_sendable(url)
        except AddressRefused as refused:
            raise forms.ValidationError(refusal_words(refused)) from refused
        return url


def refusal_words(refused: AddressRefused) -> str:
    """Why we do not send there, in the reader's language."""
    match refused.code:
        case "private":
            return _("That address is inside a network, not on the open internet. If it is yours, name it in webhook_allow in omtanke.toml first.")
        case "plain":
            return _("Without https everybody on the way could read it. If it is in your own network, name it in webhook_allow in omtanke.toml first.")
    return _("That is not an address that can be sent to. Write it as in https://shop.example/hooks, without a password in it.")


@dataclass(frozen=True)
class ReceiverRow:
    """A receiver in the list.

    name: what it is. place: its host. told: of how much. state, look: how it stands. stands: what is on its way or did not arrive, or empty. address: its page.
    """

    name: str
    place: str
    told: str
    state: str
    look: str
    stands: str
    address: str


@dataclass(frozen=True)
class ReceiversPage:
    """Receivers. sentence: how it stands. rows: all of them."""

    sentence: str
    rows: tuple[ReceiverRow, ...]


@dataclass(frozen=True)
class ReceiverPage:
    """One receiver, or a new one.

    title: what it is. address: its page. state, look: how it stands, empty for a new one. about: more about that, or empty. form: address and name.
    groups: facts to choose. fault: about the choice, or empty. secret: shown this once, or empty; secret_lasts: how long the former counts, or empty.
    saved: what was just done, or empty. deliveries: the address of what was sent, or empty. is_new, may_pause, may_go_on: which actions there are.
    """

    title: str
    address: str
    state: str
    look: str
    about: str
    form: ReceiverForm
    groups: tuple[TypeGroup, ...]
    fault: str
    secret: str
    secret_lasts: str
    saved: str
    deliveries: str
    is_new: bool
    may_pause: bool
    may_go_on: bool


@may(May.MANAGE_RECEIVERS)
@require_GET
def receivers(request: HttpRequest) -> HttpResponseBase:
    """Who is told."""
    return render(request, "console/receivers.html", {"page": receivers_page(outbox().receivers.all(), outbox().deliveries.counts(), voice(wall_clock()))})


def receivers_page(found: Sequence[Receiver], counts: Sequence[Count], say: Voice) -> ReceiversPage:
    return ReceiversPage(sentence(found, say), tuple(receiver_row(one, [count for count in counts if count.receiver == one.receiver], say) for one in found))


def sentence(found: Sequence[Receiver], say: Voice) -> str:
    """Två mottagare får veta när något händer."""
    off = [one for one in found if one.state == "off"]
    if off:
        return ngettext("%(n)s receiver has been switched off.", "%(n)s receivers have been switched off.", len(off)) % {"n": count_word(len(off), say.number)}
    on = sum(one.state == "on" for one in found)
    if not on:
        return _("Nobody is told by webhook.")
    return ngettext("%(n)s receiver is told when something happens.", "%(n)s receivers are told when something happens.", on) % {
        "n": count_word(on, say.number)
    }


def receiver_row(one: Receiver, counts: Sequence[Count], say: Voice) -> ReceiverRow:
    told = ngettext("%(n)s kind of fact", "%(n)s kinds of facts", len(one.types)) % {"n": say.number(len(one.types))}
    return ReceiverRow(
        one.description, host_of(one.url), told, state_word(one.state), LOOKS[one.state], stands(counts, say), reverse("receiver", args=[one.receiver])
    )


def host_of(url: str) -> str:
    return url.split("/")[2] if url.count("/") > 1 else url


def state_word(state: str) -> str:
    return {"on": _("is told"), "paused": _("paused"), "off": _("switched off")}[state]


def stands(counts: Sequence[Count], say: Voice) -> str:
    """3 på väg · 2 kom inte fram."""
    by_state = {count.state: count.count for count in counts}
    waiting, failed = by_state.get("waiting", 0), by_state.get("failed", 0)
    parts = [
        ngettext("%(n)s on its way", "%(n)s on their way", waiting) % {"n": say.number(waiting)} if waiting else "",
        ngettext("%(n)s did not arrive", "%(n)s did not arrive", failed) % {"n": say.number(failed)} if failed else "",
    ]
    return " · ".join(part for part in parts if part)


@may(May.MANAGE_RECEIVERS)
@require_http_methods(["GET", "POST"])
def new_receiver(request: HttpRequest) -> HttpResponseBase:
    """Add one. Its secret is shown once."""
    form, chosen = ReceiverForm(request.POST or None), chosen_types(request)
    fault = ""
    if request.method == "POST":
        fault = "" if chosen else _("Choose at least one kind of fact.")
        if form.is_valid() and chosen:
            given, secret = form.cleaned_data, new_secret()
            position, _occurred_at, _received_at = shop().pages.last_fact()
            number = outbox().receivers.add(given["url"], chosen, given["description"], position, secret, wall_clock())
            return show(request, found_receiver(number), saved=_("Added. Give it the secret below; it is shown this once."), secret=secret)
    page = ReceiverPage(
        _("A new receiver"),
        reverse("new_receiver"),
        "",
        "",
        "",
        form,
        type_groups(chosen),
        fault,
        "",
        "",
        "",
        "",
        is_new=True,
        may_pause=False,
        may_go_on=False,
    )
    return render(request, "console/receiver.html", {"page": page})


@may(May.MANAGE_RECEIVERS)
@require_http_methods(["GET", "POST"])
def receiver(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of them: what it is told, and what can be done with it."""
    one = found_receiver(number)
    if request.method == "GET":
        return show(request, one)
    match request.POST.get("do"):
        case "save":
            return save(request, one)
        case "ping":
            key = f"msg_{secrets.token_hex(16)}"
            sent = outbox().deliveries.add(NewDelivery(key, one.destination, one.receiver, PING, 0), wall_clock())
            return redirect("delivery", sent)
        case "pause":
            outbox().receivers.set_state(number, "paused")
        case "go_on":
            go_on(one)
        case "rotate":
            secret = new_secret()
            outbox().receivers.rotate(number, secret, wall_clock())
            return show(request, found_receiver(number), saved=_("A new secret is made; it is shown this once."), secret=secret)
        case "remove":
            outbox().receivers.set_state(number, "removed")
            outbox().deliveries.drop_waiting(number, wall_clock())
            return redirect("receivers")
    return redirect("receiver", number)


def go_on(one: Receiver) -> None:
    """One that was paused has what waits; one that was off begins with what happens from now on."""
    if one.state == "off":
        position, _occurred_at, _received_at = shop().pages.last_fact()
        outbox().receivers.switch_on(one.receiver, position)
    else:
        outbox().receivers.set_state(one.receiver, "on")


def save(request: HttpRequest, one: Receiver) -> HttpResponseBase:
    form, chosen = ReceiverForm(request.POST), chosen_types(request)
    if form.is_valid() and chosen:
        outbox().receivers.change(one.receiver, form.cleaned_data["url"], chosen, form.cleaned_data["description"])
        return show(request, found_receiver(one.receiver), saved=_("Saved."))
    return show(request, one, form=form, chosen=chosen, fault="" if chosen else _("Choose at least one kind of fact."))


def chosen_types(request: HttpRequest) -> list[str]:
    known = tellable()
    return [one for one in dict.fromkeys(request.POST.getlist("types")) if one in known]


def found_receiver(number: int) -> Receiver:
    found = outbox().receivers.get(number)
    if found is None or found.state == "removed":
        raise Http404
    return found


def show(
    request: HttpRequest,
    one: Receiver,
    *,
    form: ReceiverForm | None = None,
    chosen: Sequence[str] | None = None,
    fault: str = "",
    saved: str = "",
    secret: str = "",
) -> HttpResponseBase:
    say = voice(wall_clock())
    initial: Mapping[str, str] = {"description": one.description, "url": one.url}
    counts = [count for count in outbox().deliveries.counts() if count.receiver == one.receiver]
    page = ReceiverPage(
        title=one.description,
        address=reverse("receiver", args=[one.receiver]),
        state=state_word(one.state),
        look=LOOKS[one.state],
        about=about(one, counts, say),
        form=form or ReceiverForm(initial=dict(initial)),
        groups=type_groups(one.types if chosen is None else chosen),
        fault=fault,
        secret=secret,
        secret_lasts=_("The one before counts until %(moment)s.") % {"moment": say.moment(one.former_until)} if one.former_until > say.now else "",
        saved=saved,
        deliveries=f"{reverse('deliveries')}?receiver={one.receiver}",
        is_new=False,
        may_pause=one.state == "on",
        may_go_on=one.state in ("paused", "off"),
    )
    return render(request, "console/receiver.html", {"page": page})


def about(one: Receiver, counts: Sequence[Count], say: Voice) -> str:
    """Why it is off; what is on its way."""
    if one.state == "off":
        return _("It answered that it is no longer there (410). What waited has been dropped; switched on, it is told of what happens from then on.")
    waits = stands(counts, say)
    known = f"{waits[:1].upper()}{waits[1:]}." if waits else ""
    return " ".join(part for part in (_("What happens meanwhile waits.") if one.state == "paused" else "", known) if part)
