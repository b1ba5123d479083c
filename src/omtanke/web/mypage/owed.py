"""What we have promised a customer, said to them: with the same line as everywhere, in words of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from omtanke.storage.pages import Pages
from omtanke.storage.seen import PromiseSeen
from omtanke.web.mypage.allowing import sentence_for
from omtanke.web.words import names
from omtanke.web.words.promise_line import PromiseLine, became_in_words, promise_line
from omtanke.web.words.stated import Shown, shown_with
from omtanke.web.words.voice import Voice

MOST_PROMISES, MOST_ENDED = 60, 5


@dataclass(frozen=True)
class Owed:
    """One promise, said to whom it was given.

    what: goods and number. kind: what sort of promise. words: what was shown, in quotation marks, or empty. language: of those words.
    window: when. became: what has become of it, in a sentence. line: the drawing.
    """

    what: str
    kind: str
    words: str
    language: str
    window: str
    became: str
    line: PromiseLine


@dataclass(frozen=True)
class Promises:
    """All that we have promised. sentence: how it stands, for the top. owed: what is still to come, what they wait for first. ended: the latest others."""

    sentence: str
    owed: tuple[Owed, ...]
    ended: tuple[Owed, ...]


def promises_to(pages: Pages, person: int, say: Voice) -> Promises:
    """The promises to a person, by three statements however many they are."""
    numbers = pages.promises_of_person(person, MOST_PROMISES)
    stating, promises = pages.stating(numbers), pages.promises(numbers)
    open_ = [one for one in promises if one.is_open or one.is_waiting]
    ended = sorted((one for one in promises if one not in open_), key=lambda one: one.until_at, reverse=True)[:MOST_ENDED]
    rows = {one.promise: owed(one, shown_with(one, stating.get(one.promise, ())), say) for one in (*open_, *ended)}
    return Promises(how_it_stands(open_), tuple(rows[one.promise] for one in open_), tuple(rows[one.promise] for one in ended))


def how_it_stands(open_: Sequence[PromiseSeen]) -> str:
    if any(one.is_waiting for one in open_):
        return _("You are waiting for something that we have promised. We are sorry.")
    return _("This is what we have promised you.") if open_ else _("Nothing is on its way to you just now.")


def owed(promise: PromiseSeen, shown: Shown, say: Voice) -> Owed:
    say = say.of(shown.zone)
    what, became = shown.what or names.kind(promise.kind), became_for_them(promise, say)
    said = _("Promised %(window)s.") % {"window": say.window(promise.from_at, promise.until_at)}
    return Owed(
        what=sentence_for(what),
        kind=names.kind(promise.kind),
        words=names.quoted(shown.words),
        language=shown.language,
        window=say.window(promise.from_at, promise.until_at),
        became=became,
        line=replace(promise_line(promise, say), words=f"{said} {became}"),
    )


def became_for_them(promise: PromiseSeen, say: Voice) -> str:
    """What has become of it, to the one who waits."""
    if promise.is_waiting:
        return _("We broke it, and you have waited %(span)s since.") % {"span": say.span(say.now - promise.until_at)}
    if promise.status == "at_risk":
        return _("It may be later than that.")
    if promise.status == "due":
        return _("Its time is up, and we have not heard that it has come. If it has not, tell us.")
    return became_in_words(promise, say)
