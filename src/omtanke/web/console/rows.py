"""A promise as a row in a list: the same on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from omtanke.storage.pages import Pages, PromiseSeen
from omtanke.web.words import names
from omtanke.web.words.promise_line import PromiseLine, became_in_words, promise_line
from omtanke.web.words.stated import Shown, shown_with
from omtanke.web.words.voice import Voice


@dataclass(frozen=True)
class PromiseRow:
    """One promise in a list.

    address: its own page. state, look: in a word, and how the word is coloured. kind: what sort of promise.
    name: the person, or what stands for a name. person_address: the person's page, empty for a store's own hours.
    words: what was shown, in quotation marks, or empty; language: theirs, or empty. what: goods and number. where: carrier or place, and town.
    window: when. became: what became of it, in a sentence. line: the drawing.
    """

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


def promise_rows(pages: Pages, voice: Voice, numbers: Sequence[int]) -> list[PromiseRow]:
    """The promises as rows, by two statements however many they are."""
    stating = pages.stating(numbers)
    return [promise_row(promise, shown_with(promise, stating.get(promise.promise, ())), voice) for promise in pages.promises(numbers)]


def promise_row(promise: PromiseSeen, shown: Shown, voice: Voice) -> PromiseRow:
    is_store = promise.customer_kind == "subject"
    voice = voice.of(shown.zone)
    return PromiseRow(
        address=reverse("promise", args=[promise.promise]),
        state=names.state(promise.status),
        look=names.LOOKS[promise.status],
        kind=names.kind(promise.kind),
        name=names.owner(promise.owner) if is_store else who(promise.name, promise.city, promise.person),
        person_address="" if is_store else reverse("customer", args=[promise.person]),
        words=names.quoted(shown.words),
        language=shown.language,
        what=names.kind(promise.kind) if is_store else shown.what or names.kind(promise.kind),
        where="" if is_store else where(promise, shown),
        window=voice.window(promise.from_at, promise.until_at),
        became=became_in_words(promise, voice),
        line=promise_line(promise, voice),
    )


def where(promise: PromiseSeen, shown: Shown) -> str:
    """DHL, Umeå; the store; the way it was asked."""
    first = shown.carrier or (names.owner(promise.owner) if promise.owner.startswith("store/") else "" if promise.order else names.channel(shown.channel))
    return ", ".join(part for part in (first, names.town(promise.city) if promise.name else "") if part)


def who(name: str, city: str, person: int) -> str:
    """A person's name, or what stands for it when none is known: somebody in their town."""
    if name:
        return name
    return _("A customer in %(town)s") % {"town": names.town(city)} if city else _("A customer without a name, no. %(number)s") % {"number": person}
