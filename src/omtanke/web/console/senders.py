"""Senders: with which keys the shop's systems tell us what happens, and with which they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from omtanke.folder_clock import wall_clock
from omtanke.runtime.door_keys import ReadKey, WriteKey, make_read_key, make_write_key, open_write_keys, read_read_keys, revoke
from omtanke.runtime.hooks import Hook, read_hooks, remove_hook
from omtanke.settings import Settings, read_settings
from omtanke.storage.databases import has_database
from omtanke.storage.door_record import DoorWindow, Traffic
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import moment_of
from omtanke.web.accounts.access import May, may
from omtanke.web.console.hooks import HookForm, about, address_of, debugger_of, end_of
from omtanke.web.shop import shop, voice
from omtanke.web.words.names import count_word
from omtanke.web.words.voice import Voice

LONGEST_NAME = 60


class SenderForm(forms.Form):
    """A new sender. A zone or currency that is left out is the shop's."""

    sender = forms.CharField(label=gettext_lazy("What is it called?"), max_length=LONGEST_NAME, help_text=gettext_lazy("For instance: webshop, till, app."))
    zone = forms.CharField(
        label=gettext_lazy("Time zone of its dates"), max_length=64, required=False, widget=forms.TextInput(attrs={"placeholder": "Europe/Stockholm"})
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency of its amounts"), max_length=3, required=False, widget=forms.TextInput(attrs={"placeholder": "SEK"})
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("What does it tell of?"),
        choices=(
            (Mode.LIVE.value, gettext_lazy("What happens, as it happens")),
            (Mode.HISTORY.value, gettext_lazy("The past; nobody is told of what it says")),
        ),
        initial=Mode.LIVE.value,
        widget=forms.RadioSelect,
    )


class ReaderForm(forms.Form):
    """A new read key."""

    name = forms.CharField(label=gettext_lazy("Who reads?"), max_length=LONGEST_NAME, help_text=gettext_lazy("For instance: customer service’s own system."))
    as_sender = forms.ChoiceField(label=gettext_lazy("May it also write?"), required=False)

    def __init__(self, senders: Sequence[str], data: Mapping[str, str] | None = None) -> None:
        super().__init__(data, prefix="reader")
        field = self.fields["as_sender"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("No, only read")), *((name, _("Yes, as %(sender)s") % {"sender": name}) for name in senders)]


@dataclass(frozen=True)
class KeyLine:
    """A key or hook. id: names it without telling it. name: of the sender, or of who reads. ends: how it ends. key: the key itself, empty for one that is told
    once; of a hook its address.

    about: mode, zone and what else there is to say. seen: when it was last used and what was wrong, or empty. address: what came in with it, or empty.
    """

    id: str
    name: str
    ends: str
    key: str
    about: str
    seen: str
    address: str


@dataclass(frozen=True)
class SendersPage:
    """Senders. sentence: how many. writing, reading: the keys. hooks: addresses of those who tell in forms of their own. sender, reader, hook: forms.

    fault: what could not be done, or empty. made: what was just made, or empty; secret: the key or address, shown with it; is_address: whether
    it is one. unknown: the address of calls with a key that nobody has, or empty.
    """

    sentence: str
    writing: tuple[KeyLine, ...]
    reading: tuple[KeyLine, ...]
    hooks: tuple[KeyLine, ...]
    sender: SenderForm
    reader: ReaderForm
    hook: HookForm
    fault: str = ""
    made: str = ""
    secret: str = ""
    is_address: bool = False
    unknown: str = ""


@may(May.MANAGE_RECEIVERS)
@require_http_methods(["GET", "POST"])
def senders(request: HttpRequest) -> HttpResponseBase:
    """All keys, and what can be done with them."""
    folder = shop().data / "keys"
    page = senders_page(folder, voice(wall_clock()))
    if request.method == "POST":
        try:
            changed = done(request, folder, page)
        except CannotDo as cannot:
            changed = replace(page, fault=str(cannot))
        if changed is None:
            return redirect("senders")
        page = changed
    return render(request, "console/senders.html", {"page": page})


def done(request: HttpRequest, folder: Path, page: SendersPage) -> SendersPage | None:
    """The page after what was asked for; None when there is nothing to show of it. Raises CannotDo."""
    say = voice(wall_clock())
    match request.POST.get("do"):
        case "add":
            form = SenderForm(request.POST)
            if not form.is_valid():
                return replace(page, sender=form)
            given = form.cleaned_data
            made = make_write_key(folder, given["sender"].strip(), given["mode"], given["zone"].strip(), given["currency"].strip().upper())
            return replace(senders_page(folder, say), made=_("%(sender)s has a write key.") % {"sender": made.sender}, secret=made.key)
        case "rotate":
            made = make_write_key(folder, request.POST.get("sender", ""))
            words = _("%(sender)s has a further key. Let it use this one, then revoke the one before.")
            return replace(senders_page(folder, say), made=words % {"sender": made.sender}, secret=made.key)
        case "read":
            reader = ReaderForm(sorted({line.name for line in page.writing}), request.POST)
            if not reader.is_valid():
                return replace(page, reader=reader)
            key, secret = make_read_key(folder, reader.cleaned_data["name"].strip(), reader.cleaned_data["as_sender"])
            words = _("%(name)s has a read key. It is shown this once: put it where only that system sees it.")
            return replace(senders_page(folder, say), made=words % {"name": key.name}, secret=secret)
        case "hook":
            hook = HookForm(request.POST)
            if not hook.is_valid():
                return replace(page, hook=hook)
            added = hook.make(folder)
            words = _("%(sender)s has an address. Enter it there, and give it to nobody else.")
            return replace(senders_page(folder, say), made=words % {"sender": added.sender}, secret=address_of(added, settings_of(folder)), is_address=True)
        case "unhook":
            remove_hook(folder, request.POST.get("hook", ""))
        case "revoke":
            revoke(folder, request.POST.get("key", ""))
    return None


def senders_page(folder: Path, say: Voice) -> SendersPage:
    writing, reading, hooks, traffic = open_write_keys(folder), read_read_keys(folder), read_hooks(folder), traffic_of(folder.parent)
    names, settings = {key.sender for key in writing}, settings_of(folder)
    telling = names | {hook.sender for hook in hooks}
    words = ngettext("%(n)s sender tells us what happens.", "%(n)s senders tell us what happens.", len(telling))
    return SendersPage(
        sentence=words % {"n": count_word(len(telling), say.number)},
        writing=tuple(write_line(key, traffic.get(key.id), say) for key in sorted(writing, key=lambda key: (key.sender, key.made_at))),
        reading=tuple(read_line(key, say) for key in reading),
        hooks=tuple(hook_line(hook, traffic.get(hook.id), settings, say) for hook in sorted(hooks, key=lambda hook: (hook.sender, hook.made_at))),
        sender=SenderForm(),
        reader=ReaderForm(sorted(names)),
        hook=HookForm(),
        unknown=reverse("debugger", args=["unknown"]) if "" in traffic else "",
    )


def traffic_of(data: Path) -> dict[str, Traffic]:
    """What came in by key; nothing before a door has opened."""
    if not has_database(data, "door"):
        return {}
    window = DoorWindow(data)
    try:
        return window.traffic()
    finally:
        window.close()


def write_line(key: WriteKey, traffic: Traffic | None, say: Voice) -> KeyLine:
    past = _("tells of the past") if key.mode == Mode.HISTORY else ""
    about = [part for part in (past, key.zone, key.currency, made_words(key.made_at, say)) if part]
    return KeyLine(key.id, key.sender, key.end, key.key, " · ".join(about), seen_words(traffic, say), reverse("debugger", args=[key.id]))


def hook_line(hook: Hook, traffic: Traffic | None, settings: Settings, say: Voice) -> KeyLine:
    words = about(hook, made_words(hook.made_at, say))
    return KeyLine(hook.id, hook.sender, end_of(hook), address_of(hook, settings), words, seen_words(traffic, say), debugger_of(hook))


def settings_of(folder: Path) -> Settings:
    """As they stand now: how the door is reached."""
    return read_settings(folder.parent / "omtanke.toml")


def read_line(key: ReadKey, say: Voice) -> KeyLine:
    writes = _("may also write as %(sender)s") % {"sender": key.sender} if key.sender else _("may only read")
    return KeyLine(key.id, key.name, key.end, "", " · ".join(part for part in (writes, made_words(key.made_at, say)) if part), "", "")


def made_words(made_at: str, say: Voice) -> str:
    """When a key was made, as far as its file tells."""
    try:
        return _("made %(moment)s") % {"moment": say.moment(moment_of(datetime.fromisoformat(made_at).astimezone(UTC)))} if made_at else ""
    except ValueError:
        return ""


def seen_words(traffic: Traffic | None, say: Voice) -> str:
    """When it was last used, and whether something was wrong."""
    if traffic is None:
        return _("Nothing has come in with it of late.")
    last = _("Last heard %(moment)s.") % {"moment": say.moment(traffic.last_at)}
    wrong = ngettext("%(n)s event was refused.", "%(n)s events were refused.", traffic.refused) % {"n": say.number(traffic.refused)} if traffic.refused else ""
    return f"{last} {wrong}".strip()
