"""My letters: what one of the staff is told without watching a console, when and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from omtanke.channels.address import LONGEST_URL, AddressRefused
from omtanke.folder_clock import wall_clock
from omtanke.runtime.dispatch_letters import passed_day
from omtanke.storage.outbox_choices import PARTS, SEVEN, WAYS, Choice
from omtanke.web.accounts.access import May, abilities_of, signed_in, staff_of
from omtanke.web.accounts.models import Role, Staff
from omtanke.web.console.receivers import refusal_words
from omtanke.web.letters.alerts import KIND_NEEDS
from omtanke.web.letters.letter import PART_NEEDS
from omtanke.web.letters.writing import FOR_DEVELOPERS, Writer
from omtanke.web.outgoing import guard, outbox, written
from omtanke.web.shop import shop, voice

MINUTES = tuple(range(5 * 60, 12 * 60 + 1, 30))
WAY_CHOICES = [("mail", gettext_lazy("by mail")), ("chat", gettext_lazy("in the chat"))]
PART_LABELS = {
    "needs": gettext_lazy("Who needs a person now"),
    "owed": gettext_lazy("What we owe before evening"),
    "said": gettext_lazy("What customers said yesterday"),
    "ended": gettext_lazy("Yesterday"),
}
KIND_LABELS = {
    "low_answer": gettext_lazy("A customer is not content"),
    "promise_broken": gettext_lazy("We have broken a promise"),
    "at_risk_burst": gettext_lazy("Many promises come to be at risk at once"),
    "promises_drift": gettext_lazy("We keep fewer promises than we said that we would"),
    "receiver_off": gettext_lazy("A receiver of webhooks has been switched off"),
    "worker_behind": gettext_lazy("We are behind with what comes in"),
    "customer_set_aside": gettext_lazy("We have failed at a customer, who is set aside"),
}


class WaysField(forms.MultipleChoiceField):
    """By mail, in the chat, both or not at all."""

    def __init__(self, label: object) -> None:
        super().__init__(label=label, choices=WAY_CHOICES, required=False, widget=forms.CheckboxSelectMultiple)  # type: ignore[arg-type]


class LettersForm(forms.Form):
    """What somebody wants to be told. Parts and alerts that are not for their role are not in it."""

    letter = WaysField(gettext_lazy("The morning letter comes"))
    minute = forms.TypedChoiceField(label=gettext_lazy("Hour"), coerce=int)
    parts = forms.MultipleChoiceField(label=gettext_lazy("What is in it"), required=False, widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    chat_url = forms.CharField(
        label=gettext_lazy("Your chat's address"),
        required=False,
        max_length=LONGEST_URL,
        help_text=gettext_lazy("An incoming webhook of Slack, Mattermost, Teams or the like. No customer is named there."),
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, object] | None, abilities: frozenset[May], initial: Mapping[str, object]) -> None:
        super().__init__(data, initial=dict(initial))
        say = voice()
        self.fields["minute"].choices = [(one, f"{one // 60:02}{'.' if say.language == 'sv' else ':'}{one % 60:02}") for one in MINUTES]  # type: ignore[attr-defined]
        self.fields["parts"].choices = [(one, PART_LABELS[one]) for one, needed in PART_NEEDS.items() if needed in abilities]  # type: ignore[attr-defined]
        for kind, needed in KIND_NEEDS.items():
            if needed in abilities:
                self.fields[kind] = WaysField(KIND_LABELS[kind])

    def clean_chat_url(self) -> str:
        url: str = self.cleaned_data["chat_url"].strip()
        if url:
            try:
                guard().require_sendable(url)
            except AddressRefused as refused:
                raise forms.ValidationError(refusal_words(refused)) from refused
        return url

    def clean(self) -> dict[str, object]:
        """Whoever wants it in the chat says where that is."""
        cleaned: dict[str, object] = super().clean() or {}
        wants_chat = any("chat" in (cleaned.get(name) or ()) for name in ("letter", *KIND_NEEDS))  # type: ignore[operator]
        if wants_chat and not cleaned.get("chat_url") and "chat_url" not in self.errors:
            self.add_error("chat_url", _("Where is the chat? Give the address of its incoming webhook."))
        return cleaned


@dataclass(frozen=True)
class LettersPage:
    """My letters.

    sentence: what one gets now. warning: what keeps mail from coming, or empty. saved: what was just done, or empty. form: the choices.
    letter, alerts: its fields by part. may_try: whether a letter can be sent now to see it.
    """

    sentence: str
    warning: str
    saved: str
    form: LettersForm
    letter: tuple[forms.BoundField, ...]
    alerts: tuple[forms.BoundField, ...]
    may_try: bool


@signed_in
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest) -> HttpResponseBase:
    """What I am told, when and how."""
    staff = staff_of(request)
    mine = choice_of(staff)
    if request.method == "POST" and request.POST.get("do") == "try":
        return try_letter(request, staff, mine)
    form = LettersForm(request.POST if request.method == "POST" else None, abilities_of(staff), initial_of(mine))
    if request.method == "POST" and form.is_valid():
        outbox().choices.put(chosen(form, mine))
        return redirect(f"{reverse('letters')}?saved=1")
    saved = {"1": _("Saved."), "tried": _("A letter is on its way to you.")}.get(request.GET.get("saved", ""), "")
    return render(request, "console/letters.html", {"page": letters_page(form, mine, saved)})


def choice_of(staff: Staff) -> Choice:
    """What they have chosen; as long as they have not, what their role is told."""
    language = staff.language or ("sv" if translation.get_language() == "sv" else "en")
    alerts = FOR_DEVELOPERS if staff.role == Role.DEVELOPER else {}
    return outbox().choices.of(staff.pk) or Choice(staff.pk, language=language, alerts=alerts)


def initial_of(mine: Choice) -> dict[str, object]:
    simple: dict[str, object] = {name: getattr(mine, name) for name in ("letter", "minute", "parts", "language", "chat_url")}
    return simple | {kind: list(ways) for kind, ways in mine.alerts.items()}


def chosen(form: LettersForm, mine: Choice) -> Choice:
    """The choice that the form holds. A letter whose hour has passed today comes tomorrow."""
    given = form.cleaned_data
    minute = int(given["minute"] or SEVEN)
    here = shop()
    is_new = not mine.letter or minute != mine.minute
    return Choice(
        staff=mine.staff,
        language=given["language"],
        letter=tuple(way for way in WAYS if way in given["letter"]),
        minute=minute,
        parts=tuple(part for part in PARTS if part in given["parts"]),
        alerts={kind: tuple(way for way in WAYS if way in given.get(kind, ())) for kind in KIND_NEEDS},
        chat_url=given["chat_url"],
        letter_day=max(mine.letter_day, passed_day(minute, here.clock.now(), here.zone)) if is_new else mine.letter_day,
    )


def try_letter(request: HttpRequest, staff: Staff, mine: Choice) -> HttpResponseBase:
    """A letter now, to see what it is like; by the ways that are chosen."""
    if not mine.letter:
        return redirect("letters")
    base = written().pages_address or request.build_absolute_uri("/")
    Writer(outbox(), base, written().name).send_now(mine, staff, shop().clock.now(), f"try/{wall_clock()}")
    return redirect(f"{reverse('letters')}?saved=tried")


def letters_page(form: LettersForm, mine: Choice, saved: str) -> LettersPage:
    names = ("letter", "minute", "parts", "language")
    return LettersPage(
        sentence=sentence(mine),
        warning=_("No mail server is named in the settings yet; mail waits until there is one.") if "mail" in wanted(mine) and not written().mail else "",
        saved=saved,
        form=form,
        letter=tuple(form[name] for name in names),
        alerts=tuple(form[name] for name in form.fields if name in KIND_NEEDS),
        may_try=bool(mine.letter),
    )


def wanted(mine: Choice) -> set[str]:
    """The ways that are chosen for anything."""
    return {*mine.letter, *(way for ways in mine.alerts.values() for way in ways)}


def sentence(mine: Choice) -> str:
    """Du får ett brev varje morgon kl. 07.00."""
    if mine.letter:
        clock = f"{mine.minute // 60:02}{'.' if translation.get_language() == 'sv' else ':'}{mine.minute % 60:02}"
        return _("A letter comes to you every morning at %(clock)s.") % {"clock": clock}
    return _("You are told when something happens.") if wanted(mine) else _("Nothing comes to you yet; you look here yourself.")
