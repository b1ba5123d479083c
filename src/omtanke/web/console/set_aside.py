"""Customers at whom we have failed, on Health: who, since when, and the button that lets us try again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.storage.aside import AsideCounts, AsideSeen, Asked, counted, seen, waiting_for
from omtanke.vocabulary.running import RetryRequested
from omtanke.web.accounts.access import staff_of
from omtanke.web.console.acting.saving import Event, may_save, save
from omtanke.web.shop import Shop
from omtanke.web.words.voice import Voice

MOST_SHOWN = 50
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class AsideLine:
    """A customer who is set aside.

    person: their number. since: when. waiting: how much is held of them. on: the type of fact that failed. fault: the kind of fault and its
    place, for whoever mends it. tries: how often. state: whether it is being tried again.
    """

    person: int
    since: str
    waiting: str
    on: str
    fault: str
    tries: str
    state: str


@dataclass(frozen=True)
class AsidePart:
    """Who is set aside. sentence: how many, and how much waits; empty for nobody. fault: why the button did nothing, or empty. lines: the
    longest first. key: makes the button act once. may_retry: whether it can be pressed; data that have ended take no event.
    """

    sentence: str
    fault: str
    lines: tuple[AsideLine, ...]
    key: str
    may_retry: bool


def aside_part(here: Shop, say: Voice, fault: str = "") -> AsidePart:
    counts = counted(here.pages)
    lines = tuple(line(one, say) for one in seen(here.pages, MOST_SHOWN)) if counts.persons else ()
    return AsidePart(sentence(counts, say), fault, lines, secrets.token_urlsafe(12), may_save(here))


def sentence(counts: AsideCounts, say: Voice) -> str:
    if not counts.persons:
        return ""
    who = ngettext("We have failed at %(n)s customer, who is set aside.", "We have failed at %(n)s customers, who are set aside.", counts.persons)
    waits = ngettext("%(n)s message about them waits.", "%(n)s messages about them wait.", counts.waiting)
    return f"{who % {'n': say.number(counts.persons)}} {waits % {'n': say.number(counts.waiting)}}"


def aside_words(pages: Asked, person: int, say: Voice) -> str:
    """What whoever meets the customer has to know: this is not all."""
    since, waiting = waiting_for(pages, person)
    if not since:
        return ""
    said = ngettext(
        "This is not all: since %(moment)s %(n)s message about this customer waits, because of a fault of ours.",
        "This is not all: since %(moment)s %(n)s messages about this customer wait, because of a fault of ours.",
        waiting,
    )
    return said % {"moment": say.moment(since), "n": say.number(waiting)}


def line(one: AsideSeen, say: Voice) -> AsideLine:
    return AsideLine(
        person=one.person,
        since=say.moment(one.since),
        waiting=say.number(one.waiting),
        on=one.type,
        fault=one.fault,
        tries=say.number(one.tries),
        state=_("is being tried again") if one.is_returning else "",
    )


class RetryForm(forms.Form):
    """person: who is to be tried again, 0 for everybody. key: makes it act once."""

    person = forms.IntegerField(min_value=0)
    key = forms.SlugField(min_length=8, max_length=40)


def try_again(request: HttpRequest, here: Shop) -> str:
    """Let us try again: one customer, or everybody who is set aside. Why it was not saved; empty when it was."""
    form = RetryForm(request.POST)
    if not may_save(here):
        return _("These data have ended: they can be looked at, and nothing can be done in them.")
    if not form.is_valid():
        return _("This form has expired. Look through it and send it again.")
    wanted, staff, key = form.cleaned_data["person"], staff_of(request).pk, form.cleaned_data["key"]
    chosen = [one.person for one in seen(here.pages, MOST_AT_ONCE) if wanted in (0, one.person)]
    for person in chosen:
        saved = save(here, person, f"retry:{person}:{staff}:{key}", [Event(RetryRequested, {"staff": staff})])
        if saved.fault:
            return saved.words
    return ""
