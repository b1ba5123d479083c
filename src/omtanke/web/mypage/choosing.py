"""How we may turn to a customer: one form, filled with what they have chosen, and what of it they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omtanke.engine.contact import FREQUENCIES, REACHES, SUBJECT
from omtanke.engine.contact_policy import MOST_SUBJECTS, ORDINARY_CONTACT, ContactPolicy
from omtanke.engine.policy import Policy
from omtanke.runtime.preferences import CHANNEL, FREQUENCY, LANGUAGE, NO_PAUSE, OFF, ON, PAUSE, QUIET_HOURS
from omtanke.storage.seen import Known
from omtanke.vocabulary.caring import PreferenceChanged
from omtanke.web.mypage.allowing import sentence_for
from omtanke.web.mypage.entering import Guest
from omtanke.web.mypage.saving import Wish
from omtanke.web.words import names
from omtanke.web.words.voice import Voice

KEEP, MONTH = "keep", "month"
PAUSE_DAYS = 30
HOUR = 60
OWN_NAMES = {"sv": "Svenska", "en": "English"}


class PreferencesForm(forms.Form):
    """How we may turn to them. Every field but `channels` and `subjects` has a choice that is as it was."""

    channels = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("In which way"))
    subjects = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("About what"))
    frequency = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("How often"))
    quiet_from = forms.ChoiceField(label=gettext_lazy("from"))
    quiet_until = forms.ChoiceField(label=gettext_lazy("until"))
    pause = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("A pause"))
    language = forms.ChoiceField(widget=forms.RadioSelect, label=gettext_lazy("The language"), choices=list(OWN_NAMES.items()))

    def __init__(self, sent: Mapping[str, Any] | None, guest: Guest, policy: Policy | None, say: Voice) -> None:
        contact = contact_of(policy)
        self.told_of = policy.plays.subjects[:MOST_SUBJECTS] if policy else ()
        self.before = before(guest, contact, self.told_of, say.today)
        super().__init__(sent, initial=self.before)
        self.ways = reaching(guest.known)
        self._choose("channels", [(one, sentence_for(names.channel(one))) for one in self.ways])
        self._choose("subjects", [(one, subject(one, contact, say.language)) for one in self.told_of])
        self._choose("frequency", [(one, frequency(one)) for one in FREQUENCIES])
        for name in ("quiet_from", "quiet_until"):
            self._choose(name, [(one, one.replace(".", ":") if say.language == "en" else one) for one in hours(self.before[name])])
        self.paused_until = guest.chosen.pause_until
        self._choose("pause", [(one, one) for one in (KEEP, NO_PAUSE, MONTH)])
        self["pause"].field.widget.choices = list(pauses(self.paused_until, say))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def reaching(known: Known) -> list[str]:
    """The channels in which we know an address."""
    return [channel for channel in REACHES if (known.email if channel == "mail" else known.phone)]


def before(guest: Guest, contact: ContactPolicy, subjects: Sequence[str], today: date) -> dict[str, Any]:
    """What they have chosen so far, else what is so for everybody."""
    begins, ends = guest.chosen.quiet or (contact.quiet_from, contact.quiet_until)
    return {
        "channels": [one for one in reaching(guest.known) if one not in guest.chosen.off],
        "subjects": [one for one in subjects if one not in guest.chosen.left_out],
        "frequency": guest.chosen.frequency,
        "quiet_from": clock(begins),
        "quiet_until": clock(ends),
        "pause": KEEP if is_paused(guest.chosen.pause_until, today) else NO_PAUSE,
        "language": guest.language,
    }


def subject(name: str, contact: ContactPolicy, language: str) -> str:
    """What it is called: by the shop, else as a subject that Omtanke brings, else by its name."""
    return contact.subjects.get(name, {}).get(language) or sentence_for(names.subject_of_plays(name))


def is_paused(until: date | None, today: date) -> bool:
    return until is not None and until > today


def clock(minute: int) -> str:
    """21.00, as the log has it."""
    return f"{minute // HOUR:02}.{minute % HOUR:02}"


def hours(own: str) -> list[str]:
    """The hours of the day, and the time that they have chosen before."""
    return sorted({*(clock(hour * HOUR) for hour in range(24)), own})


def frequency(code: str) -> str:
    return {"as_usual": _("As usual"), "weekly": _("At most once a week"), "monthly": _("At most once a month")}[code]


def pauses(until: date | None, say: Voice) -> Iterator[tuple[str, str]]:
    """As it is, none, and a month from today."""
    if until is not None and is_paused(until, say.today):
        yield KEEP, _("Until %(day)s, as now") % {"day": say.dated(until)}
    yield NO_PAUSE, _("No pause")
    if (month := a_month_from(say.today)) != until:
        yield MONTH, _("A month, until %(day)s") % {"day": say.dated(month)}


def a_month_from(day: date) -> date:
    return day + timedelta(days=PAUSE_DAYS)


def wishes_of(form: PreferencesForm, key: str, today: date) -> list[Wish]:
    """What a form that is valid changes, each as a fact of its own."""
    said, was = form.cleaned_data, form.before
    found: list[tuple[str, str, str]] = []
    for channel in form.ways:
        if (channel in said["channels"]) != (channel in was["channels"]):
            found.append((CHANNEL, ON if channel in said["channels"] else OFF, channel))
    found += [(SUBJECT + one, ON if one in said["subjects"] else OFF, "") for one in form.told_of if (one in said["subjects"]) != (one in was["subjects"])]
    found += [(name, said[name], "") for name in (FREQUENCY, LANGUAGE) if said[name] != was[name]]
    if (said["quiet_from"], said["quiet_until"]) != (was["quiet_from"], was["quiet_until"]):
        found.append((QUIET_HOURS, f"{said['quiet_from']}-{said['quiet_until']}", ""))
    if said["pause"] == NO_PAUSE and was["pause"] == KEEP:
        found.append((PAUSE, NO_PAUSE, ""))
    elif said["pause"] == MONTH and (month := a_month_from(today)) != form.paused_until:
        found.append((PAUSE, month.isoformat(), ""))
    return [chosen(name, value, key, channel) for name, value, channel in found]


def chosen(name: str, value: str, key: str, channel: str = "") -> Wish:
    about = {"for_channel": channel} if channel else {}
    return Wish(PreferenceChanged, {"preference": name, "value": value, **about}, f"{name}:{channel}:{key}")


def contact_of(policy: Policy | None) -> ContactPolicy:
    return policy.contact if policy is not None else ORDINARY_CONTACT
