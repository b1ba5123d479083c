"""A promise as a row in a list: the same on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from omtanke.storage.pages import Pages
from omtanke.storage.seen import PromiseSeen, TaskSeen
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.acting.offers import Acts, Desk, acts_on, whose
from omtanke.web.shop import sees_customers
from omtanke.web.words import names
from omtanke.web.words.promise_line import PromiseLine, became_in_words, promise_line
from omtanke.web.words.stated import Shown, shown_with
from omtanke.web.words.voice import Voice


@dataclass(frozen=True)
class PromiseRow:
    """One promise in a list.

    key: its number. address: its own page. state, look: in a word, and how the word is coloured. kind: what sort of promise.
    name: the person, or what stands for a name. person_address: the person's page, empty for a store's own hours and for those who may not open it.
    words: what was shown, in quotation marks, or empty; language: theirs, or empty. what: goods and number. where: carrier or place, and town.
    window: when. became: what became of it, in a sentence. line: the drawing.
    whose: who has it and how far they have come, empty where nobody acts. acts: what can be done, None when nothing is to be done.
    """

    key: str
    address: str
    state: str
    look: str
    kind: str
    name: str
    person_address: str
    words: str
    language: str
    what: str
    where: str
    window: str
    became: str
    line: PromiseLine
    whose: str = ""
    acts: Acts | None = None


def promise_rows(pages: Pages, voice: Voice, numbers: Sequence[int], desk: Desk | None = None, tasks: Mapping[int, TaskSeen] | None = None) -> list[PromiseRow]:
    """The promises as rows, by two statements however many they are. `desk`: who may act on them; None for nobody."""
    stating, tasks = pages.stating(numbers), tasks or {}
    return [promise_row(one, shown_with(one, stating.get(one.promise, ())), voice, desk, tasks.get(one.promise)) for one in pages.promises(numbers)]


def promise_row(promise: PromiseSeen, shown: Shown, voice: Voice, desk: Desk | None = None, task: TaskSeen | None = None) -> PromiseRow:
    acts = acts_on(promise, task, desk) if desk else None
    is_store = promise.customer_kind == "subject"
    voice = voice.of(shown.zone)
    return PromiseRow(
        key=str(promise.promise),
        address=reverse("promise", args=[promise.promise]),
        state=names.state(promise.status),
        look=names.LOOKS[promise.status],
        kind=names.kind(promise.kind),
        name=names.owner(promise.owner) if is_store else who(promise.name, promise.city, promise.person),
        person_address="" if is_store or not sees_customers() else reverse("customer", args=[promise.person]),
        words=names.quoted(shown.words),
        language=shown.language,
        what=names.kind(promise.kind) if is_store else shown.what or names.kind(promise.kind),
        where="" if is_store else where(promise, shown),
        window=voice.window(promise.from_at, promise.until_at),
        became=became_in_words(promise, voice),
        line=promise_line(promise, voice),
        whose=whose(task, promise.owner, desk, voice) if desk and acts else "",
        acts=acts,
    )


def where(promise: PromiseSeen, shown: Shown) -> str:
    """DHL, Umeå; the store; the way it was asked."""
    first = shown.carrier or (names.owner(promise.owner) if promise.owner.startswith("store/") else "" if promise.order else names.channel(shown.channel))
    return ", ".join(part for part in (first, names.town(promise.city) if promise.name else "") if part)


def who(name: str, city: str, person: int) -> str:
    """A person's name, or what stands for it when none is known: somebody in their town. Whoever is called that on a page has been seen there."""
    if sees_customers():
        met(person, Seen.LISTED)
    return called(name, city, person)


def called(name: str, city: str, person: int) -> str:
    """The same for whoever is nobody's to see: a store's own ledger."""
    if name:
        return name
    if city:
        return _("A customer in %(town)s") % {"town": names.town(city)}
    return _("A customer without a name, no. %(number)s") % {"number": person} if sees_customers() else _("A customer")
