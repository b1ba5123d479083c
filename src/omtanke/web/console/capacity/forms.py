"""What is said of a unit: by which pace it goes, from which day to which, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omtanke.engine.capacity import CARRIER, MOST_AHEAD, ONE_DAY, STORE, WAREHOUSE, Change
from omtanke.vocabulary.fields import is_code
from omtanke.vocabulary.store import CapacityChanged
from omtanke.vocabulary.time import datetime_of, day_ends_at, day_starts_at
from omtanke.web.console.acting.forms import ActForm
from omtanke.web.console.acting.saving import Event

LONGEST_NAME, MOST_PACE = 60, 1000
KINDS = {WAREHOUSE: _("A warehouse"), STORE: _("A store"), CARRIER: _("A carrier")}
ENDED = "ended"
REASONS = {
    "temporary staff": _("Temporary staff"),
    "holiday": _("Holiday"),
    "strike": _("Strike"),
    "peak": _("Peak"),
    "other": _("Something else"),
}


class CapacityForm(ActForm):
    """Both days are among those on which it holds. Without a last day it holds until something else is told."""

    shown = ("unit", "kind", "pace", "first", "last", "why")
    unit = forms.CharField(label=_("Which warehouse, store or carrier?"), max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"list": "units"}))
    kind = forms.ChoiceField(label=_("What is it?"), choices=list(KINDS.items()))
    pace = forms.IntegerField(
        label=_("Its pace, in per cent of the ordinary"),
        min_value=0,
        max_value=MOST_PACE,
        help_text=_("100 is as always, 0 is closed."),
        error_messages={
            "min_value": _("The pace is less than 0. Write 0 for closed."),
            "max_value": _("The pace is more than 1000 per cent. Write what it is in per cent of an ordinary day."),
            "invalid": _("That is no whole number. Write for instance 60."),
        },
    )
    first = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("To and with"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until something else is said."),
    )
    why = forms.ChoiceField(label=_("Why?"), choices=list(REASONS.items()))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        for name in ("first", "last"):
            self.fields[name].widget.attrs["min"] = today.isoformat()

    def clean_unit(self) -> str:
        return str(self.cleaned_data["unit"]).strip()

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first < self._today:
            raise forms.ValidationError(gettext("That day has passed. Choose today or a later day."))
        if first >= self._today + MOST_AHEAD * ONE_DAY:
            raise forms.ValidationError(gettext("That is too far off: no quote looks farther than %(days)s days ahead.") % {"days": MOST_AHEAD})
        return first

    def clean(self) -> dict[str, Any]:
        said = dict(super().clean() or {})
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", gettext("It ends before it begins. Choose a later day, or leave it empty."))
        if said.get("kind") == CARRIER and "unit" in said and not is_code(said["unit"]):
            self.add_error("unit", gettext("A carrier is named as in the orders that were sent: it begins with a letter or figure and has no quotation marks."))
        return said


def said_event(said: Mapping[str, Any], staff: int, zone: ZoneInfo) -> Event:
    """What the form becomes. Days are the shop's."""
    last = said["last"]
    until = day_ends_at(last, zone) if last else 0
    return changed(said["unit"], said["kind"], said["pace"], day_starts_at(said["first"], zone), until, said["why"], staff, zone)


def ended_event(change: Change, today: date, staff: int, zone: ZoneInfo) -> Event:
    """As always again, for what is left of its days."""
    return changed(change.name, change.kind, 100, max(change.from_at, day_starts_at(today, zone)), change.until_at, ENDED, staff, zone)


def changed(name: str, kind: str, pace: int, from_at: int, until_at: int, why: str, staff: int, zone: ZoneInfo) -> Event:
    said: dict[str, Any] = {"unit_id": name, "pace_percent": pace, "from": datetime_of(from_at, zone).isoformat(), "reason": why, "staff": staff}
    if kind:
        said["unit_kind"] = kind
    if until_at:
        said["until"] = datetime_of(until_at, zone).isoformat()
    return Event(CapacityChanged, said)
