"""What a customer says of a purpose, recorded on their word: a yes, a no, an objection, or that they lift it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omtanke.engine.consent_policy import MARKETING
from omtanke.runtime.consents import consents_of, policy_in_force
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.web.console.acting.about import About
from omtanke.web.console.acting.forms import LONGEST_WORDS, ActForm, text_area, ways
from omtanke.web.console.acting.saving import Event
from omtanke.web.shop import Shop
from omtanke.web.words import common

YES, NO, OBJECTION, LIFTING = "yes", "no", "objection", "lifting"
ALL = "all"
ANSWERS = {
    YES: _("Yes"),
    NO: _("No"),
    OBJECTION: _("They object to all direct marketing"),
    LIFTING: _("Yes, and they lift their objection to direct marketing"),
}


class ConsentForm(ActForm):
    """What they said, of what, and how. An objection covers all direct marketing, whatever purpose and channel are chosen."""

    shown = ("answer", "purpose", "for_channel", "channel", "words")
    answer = forms.ChoiceField(label=_("What do they say?"), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("To what?"))
    for_channel = forms.ChoiceField(label=_("In which channel?"))
    channel = forms.ChoiceField(label=_("How did they tell us?"), choices=ways, initial="phone")
    words = forms.CharField(label=_("What was asked and said"), max_length=LONGEST_WORDS, widget=text_area(3))

    def __init__(self, *args: Any, purposes: list[str], has_objected: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [one for one in ANSWERS if has_objected or one != LIFTING]
        self._choose("answer", [(one, str(ANSWERS[one])) for one in answers])
        self._choose("purpose", [(one, sentence(common.purpose(one))) for one in purposes])
        self._choose("for_channel", [(ALL, gettext("All channels")), *ways()])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def consent_form(about: About, here: Shop, sent: Mapping[str, Any] | None, initial: dict[str, str]) -> ConsentForm:
    """The purposes are those of the policy."""
    policy = policy_in_force(here.pages)
    purposes = list(policy.consent.purposes) if policy else [MARKETING]
    has_objected = consents_of(here.pages, about.person).objection is not None
    return ConsentForm(sent, initial=initial | {"purpose": MARKETING, "for_channel": ALL}, purposes=purposes, has_objected=has_objected)


def consent_event(staff: int, said: Mapping[str, Any]) -> Event:
    """What it becomes. An objection is about direct marketing as such."""
    told = {"staff": staff, "words": said["words"], "purpose": said["purpose"], "for_channel": "" if said["for_channel"] == ALL else said["for_channel"]}
    match said["answer"]:
        case "objection":
            return Event(ConsentWithdrawn, told | {"purpose": MARKETING, "for_channel": "", "objection": True}, said["channel"])
        case "no":
            return Event(ConsentWithdrawn, told, said["channel"])
    return Event(ConsentGiven, told | {"lifts_objection": said["answer"] == LIFTING}, said["channel"])
