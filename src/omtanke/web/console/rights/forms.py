"""The forms of what is done about somebody's rights. Each carries a key, so that sent twice it acts once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omtanke.vocabulary.fields import CODE
from omtanke.vocabulary.rights import OUTCOMES
from omtanke.web.console.acting.forms import LONGEST_WORDS, ActForm, text_area, ways
from omtanke.web.words import rights as words
from omtanke.web.words.names import name_in
from omtanke.web.words.stated import LOCALE

LOOSE_PHONE = re.compile(r"\+?[\d\s()/.-]{5,40}")


def whole(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The pattern of all that was written: a form looks for it anywhere."""
    return re.compile(rf"\A(?:{pattern.pattern})\Z")


def choices_of(table: Mapping[str, str]) -> Any:
    """Each code with its word in the language of the page."""
    return lambda: [(code, sentence(name_in(dict(table), code))) for code in table]


def sentence(said: str) -> str:
    return said[:1].upper() + said[1:]


class RequestForm(ActForm):
    """What somebody has asked."""

    shown = ("right", "reached", "channel", "text")
    right = forms.ChoiceField(label=_("What do they ask for?"), choices=choices_of(words.RIGHTS), widget=forms.RadioSelect)
    reached = forms.DateField(
        label=_("When did it reach us?"),
        help_text=_("The month counts from that day, whoever of us it reached."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    channel = forms.ChoiceField(label=_("How?"), choices=ways, initial="mail")
    text = forms.CharField(label=_("In their own words"), required=False, max_length=LONGEST_WORDS, widget=text_area(3))


class AnswerForm(ActForm):
    """What we have answered."""

    shown = ("outcome", "channel", "words")
    outcome = forms.ChoiceField(label=_("What came of it?"), choices=choices_of({code: words.ANSWERS[code] for code in OUTCOMES}), widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("How did they hear it?"), choices=ways, initial="mail")
    words = forms.CharField(
        label=_("What we answered"),
        help_text=_("What could not be done has to be explained, with where they can complain."),
        required=False,
        max_length=LONGEST_WORDS,
        widget=text_area(5),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("outcome") in ("partly", "refused") and not said.get("words", "").strip():
            self.add_error("words", gettext("Say why: they have a right to know, and so have those who ask us later."))
        return said


class ExtendForm(ActForm):
    """Why it takes longer, and that they know."""

    shown = ("why", "channel", "words")
    why = forms.ChoiceField(label=_("Why does it take longer?"), choices=choices_of(words.WHY_LONGER), widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("How did they hear it?"), choices=ways, initial="mail")
    words = forms.CharField(label=_("What we wrote to them"), max_length=LONGEST_WORDS, widget=text_area(4))


class CorrectForm(ActForm):
    """What is known of somebody, as it should be."""

    shown = ("name", "email", "phone", "street", "postal_code", "city", "region", "locale")
    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=320)
    phone = forms.RegexField(whole(LOOSE_PHONE), label=_("Telephone"), required=False, max_length=40)
    street = forms.CharField(label=_("Street"), required=False, max_length=200)
    postal_code = forms.CharField(label=_("Postal code"), required=False, max_length=20)
    city = forms.CharField(label=_("Town"), required=False, max_length=100)
    region = forms.RegexField(whole(CODE), label=_("County"), required=False, max_length=80)
    locale = forms.RegexField(whole(LOCALE), label=_("Language"), help_text=_("As in sv or en-GB."), required=False, max_length=20)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not self.corrected:
            raise forms.ValidationError(gettext("Nothing has been changed."))
        return said

    @property
    def corrected(self) -> list[str]:
        """The details that are other than what was known."""
        return [name for name in self.shown if str(self.cleaned_data.get(name, "")).strip() != str(self.initial.get(name, "")).strip()]


class RestrictForm(ActForm):
    """Why it is to be left alone."""

    shown = ("why", "note")
    why = forms.ChoiceField(label=_("Why?"), choices=choices_of(words.WHY_RESTRICTED), widget=forms.RadioSelect)
    note = forms.CharField(label=_("A note for colleagues"), required=False, max_length=LONGEST_WORDS, widget=text_area(2))


class LiftForm(ActForm):
    """It may be used again."""

    shown = ("note",)
    note = forms.CharField(label=_("A note for colleagues"), required=False, max_length=LONGEST_WORDS, widget=text_area(2))
