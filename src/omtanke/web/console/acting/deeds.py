"""Each deed: its form, what it says over it, and the events that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from omtanke.vocabulary.case import CallbackMade, CaseMessageSent
from omtanke.vocabulary.promise import REQUEST
from omtanke.vocabulary.task import CustomerTold, NoteAdded, PromiseRenegotiationRequested, TaskClosed, TaskTaken
from omtanke.vocabulary.time import datetime_of, zone_named
from omtanke.web.console.acting.about import About, about_customer, about_promise, about_task
from omtanke.web.console.acting.consent import consent_event, consent_form
from omtanke.web.console.acting.forms import ActForm, CloseForm, NewDateForm, NoteForm, TakeForm, ToldForm
from omtanke.web.console.acting.offers import TALKED, Deed
from omtanke.web.console.acting.saving import Event
from omtanke.web.console.acting.suggestions import Window, suggested
from omtanke.web.console.acting.words import new_date_words
from omtanke.web.console.rows import called, who
from omtanke.web.shop import Shop
from omtanke.web.words.voice import Voice

TALKED_BY = {"call_back": "phone", "reply": "mail"}


def about_of(here: Shop, deed: Deed, number: int) -> About | None:
    """What the deed is about; None when there is no such thing, or the deed cannot be done to it."""
    if number >= 2**63:
        return None
    if deed in (Deed.NOTE, Deed.CONSENT):
        return about_customer(here.pages, number)
    found = about_promise(here.pages, number)
    if found is None:
        return about_task(here.pages, number) if deed in (Deed.TAKE, Deed.TOLD, Deed.CLOSE) else None
    if found.promise is not None and found.promise.subject_kind == REQUEST:
        return found if deed is Deed.TAKE else None
    is_possible = found.kind in TALKED if deed is Deed.MET else found.kind != "opening_hours" or deed in (Deed.TAKE, Deed.CLOSE)
    return found if is_possible else None


def form_of(deed: Deed, about: About, here: Shop, say: Voice, sent: Mapping[str, Any] | None, initial: dict[str, str]) -> ActForm:
    """The form, empty or as it was sent."""
    match deed:
        case Deed.TAKE:
            return TakeForm(sent, initial=initial)
        case Deed.TOLD:
            return ToldForm(sent, initial=initial)
        case Deed.MET:
            return ToldForm(sent, initial=initial | {"channel": TALKED_BY[about.kind]})
        case Deed.CLOSE:
            is_told = about.task is not None and about.task.told_at
            is_from_play = about.kind in ("play", "message")
            ended = "done" if is_from_play else "told" if is_told else "put_right"
            return CloseForm(sent, initial=initial | {"outcome": ended}, is_from_play=is_from_play)
        case Deed.NOTE:
            return NoteForm(sent, initial=initial)
        case Deed.CONSENT:
            return consent_form(about, here, sent, initial)
    return new_date_form(about, here, say, sent, initial)


def new_date_form(about: About, here: Shop, say: Voice, sent: Mapping[str, Any] | None, initial: dict[str, str]) -> NewDateForm:
    """Windows are in the days of the one they are promised to."""
    one = about.promise
    assert one is not None
    local = say.of(about.shown.zone)
    return NewDateForm(
        sent,
        initial=initial | {"channel": "phone" if one.kind in TALKED or not one.order else "mail"},
        windows=suggested(one.kind, say.now, local.zone, here.country),
        say_window=lambda window: sentence_case(local.window(window.from_at, window.until_at)),
        say_words=lambda window: new_date_words(one, window, local, str(settings.LANGUAGE_CODE)),
        now=say.now,
        zone=local.zone,
    )


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def events_of(deed: Deed, about: About, staff: int, form: ActForm) -> list[Event]:
    """What the deed puts into the inbox."""
    said = form.cleaned_data
    match deed:
        case Deed.TAKE:
            return [Event(TaskTaken, {"staff": staff, "task": about.number})]
        case Deed.TOLD:
            return [told(about, staff, said)]
        case Deed.MET:
            return [told(about, staff, said), met(about, said)]
        case Deed.CLOSE:
            return [Event(TaskClosed, {"staff": staff, "task": about.number, "outcome": said["outcome"], "note": said["note"]})]
        case Deed.NOTE:
            return [Event(NoteAdded, {"staff": staff, "note": said["note"]})]
        case Deed.CONSENT:
            return [consent_event(staff, said)]
    assert isinstance(form, NewDateForm)
    assert form.window is not None
    return [new_date(about, staff, form.window, said)]


def told(about: About, staff: int, said: Mapping[str, Any]) -> Event:
    return Event(CustomerTold, {"staff": staff, "task": about.number, "words": said["words"]}, said["channel"])


def met(about: About, said: Mapping[str, Any]) -> Event:
    """That we have called or answered is evidence like any other: it meets what was promised about the case."""
    event = CallbackMade if about.kind == "call_back" else CaseMessageSent
    one = about.promise
    is_numbered = one is not None and one.subject_kind == "case" and about.shown.number
    return Event(event, {"case_id": about.shown.number} if is_numbered else {}, said["channel"], "-met")


def new_date(about: About, staff: int, window: Window, said: Mapping[str, Any]) -> Event:
    zone = zone_named(about.shown.zone) if about.shown.zone else None
    times = {"until": datetime_of(window.until_at, *([zone] if zone else [])).isoformat()}
    if window.from_at:
        times["from"] = datetime_of(window.from_at, *([zone] if zone else [])).isoformat()
    return Event(PromiseRenegotiationRequested, {"staff": staff, "promise": about.number, "words": said["words"], **times}, said["channel"])


def heading(deed: Deed, about: About) -> str:
    """What the page says first."""
    name = (called if about.is_store else who)(about.name, about.city, about.person)
    match deed:
        case Deed.TAKE:
            return _("You take it upon yourself.")
        case Deed.NEW_DATE:
            return _("A new promise to %(name)s") % {"name": name}
        case Deed.TOLD:
            return _("%(name)s has heard it from us") % {"name": name}
        case Deed.MET:
            return _("We have called %(name)s") % {"name": name} if about.kind == "call_back" else _("We have answered %(name)s") % {"name": name}
        case Deed.CLOSE:
            return _("Nothing more to do for %(name)s?") % {"name": name}
        case Deed.CONSENT:
            return _("What does %(name)s allow?") % {"name": name}
    return _("A note about %(name)s") % {"name": name}


def button(deed: Deed) -> str:
    """What the button of the form says."""
    match deed:
        case Deed.TAKE:
            return _("I take it")
        case Deed.NEW_DATE:
            return _("Promise this")
        case Deed.CLOSE:
            return _("Close it")
    return _("Save")
