"""The morning letter: what one of the staff reads in a minute before the day begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.insight.board import Chosen
from omtanke.storage.seen import Whose
from omtanke.vocabulary.time import day_ends_at, day_starts_at
from omtanke.web.accounts.access import May
from omtanke.web.console.answers import answer_rows
from omtanke.web.console.rows import PromiseRow, promise_rows
from omtanke.web.console.satisfaction import answered_in, base_words
from omtanke.web.console.today import sentence
from omtanke.web.shop import Shop
from omtanke.web.words.voice import Voice

MOST_NEEDING, MOST_OWED, MOST_SAID = 6, 5, 4
MOST_READ = 60
# The least content first.
MOODS = ("bad", "", "good")
# What each part shows, as abilities: who may not see it on a page does not get it by mail.
PART_NEEDS = {"needs": May.SEE_PROMISES, "owed": May.SEE_PROMISES, "said": May.SEE_FIGURES, "ended": May.SEE_FIGURES}


@dataclass(frozen=True)
class LetterLine:
    """A line that opens the very thing.

    title: who, or what they said. language: that of a quotation, or empty. text: the rest. address: absolute, empty for none.
    """

    title: str
    text: str
    address: str
    language: str = ""


@dataclass(frozen=True)
class LetterPart:
    """A part of the letter. heading: its name. said: it in a sentence. lines: the first of them. more: words of the way to the rest, or
    empty when all is shown. address: where all of it is."""

    heading: str
    said: str
    lines: tuple[LetterLine, ...]
    more: str
    address: str


@dataclass(frozen=True)
class Letter:
    """A morning letter.

    language: of the letter. subject: the sentence that is true now. day: which. late: that it comes late and why, or empty. shop: what it is called.
    parts: what was chosen. today: address of the page. choices: address of the page on which letters are chosen.
    """

    language: str
    subject: str
    day: str
    late: str
    shop: str
    parts: tuple[LetterPart, ...]
    today: str
    choices: str


@dataclass(frozen=True)
class Asked:
    """For whom a letter is.

    base: the address of the pages. name: the shop's. parts: chosen. abilities: what they may see. staff: their number, whose own come first.
    late: by how much, 0 when in time.
    """

    base: str
    name: str
    parts: Sequence[str]
    abilities: frozenset[May]
    staff: int = 0
    late: int = 0


def letter(here: Shop, say: Voice, asked: Asked) -> Letter:
    """The letter as it is at the moment of `say`, in its language."""
    parts = {"needs": needs, "owed": owed, "said": said, "ended": ended}
    chosen = [parts[one] for one in PART_NEEDS if one in asked.parts and PART_NEEDS[one] in asked.abilities]
    late = _("This letter comes %(span)s late: Omtanke did not run at the time you chose.") % {"span": say.span(asked.late)} if asked.late else ""
    pages = here.pages
    return Letter(
        language=say.language,
        subject=sentence(pages.waiting(), pages.open_counts(day_ends_at(say.today, say.zone)), pages.open_tasks(), say),
        day=say.full_day(say.today),
        late=late,
        shop=asked.name,
        parts=tuple(part(here, say, asked) for part in chosen),
        today=asked.base + reverse("today"),
        choices=asked.base + reverse("letters"),
    )


def needs(here: Shop, say: Voice, asked: Asked) -> LetterPart:
    """Who needs a person now: those we let down, the reader's own first, then what has reached its end."""
    pages, whose = here.pages, Whose(viewer=asked.staff)
    waiting = pages.waiting()
    urgent = [*pages.urgent_tasks(MOST_NEEDING, whose), *pages.urgent_untasked(MOST_NEEDING, whose), *pages.urgent_open("due", MOST_NEEDING, whose)]
    numbers = list(dict.fromkeys(one.number for one in urgent))[:MOST_NEEDING]
    more = _("All who wait") if waiting.promises > len(numbers) else ""
    way = asked.base + reverse("promises") + "?state=waiting#people"
    lines = promise_lines(here, say, asked.base, numbers)
    return LetterPart(_("Who needs a person now"), needs_sentence(waiting.persons, bool(numbers), say), lines, more, way)


def needs_sentence(persons: int, has_due: bool, say: Voice) -> str:
    if persons:
        return ngettext("%(n)s customer waits for what we broke.", "%(n)s customers wait for what we broke.", persons) % {"n": say.number(persons)}
    return _("Nobody waits for what we broke; of these we have heard nothing.") if has_due else _("Nobody waits for us.")


def owed(here: Shop, say: Voice, asked: Asked) -> LetterPart:
    """What we owe before evening, with what may break."""
    evening = day_ends_at(say.today, say.zone)
    counts = here.pages.open_counts(evening)
    due, risky = (sum(counts.get(status, (0, 0))[1] for status in statuses) for statuses in (("made", "at_risk"), ("at_risk",)))
    at_risk = [one.number for one in here.pages.urgent_open("at_risk", MOST_OWED)]
    numbers = [one.promise for one in here.pages.promises(at_risk) if one.until_at <= evening]
    more = _("All that may break") if risky > len(numbers) else ""
    way = asked.base + reverse("promises") + "?state=at_risk#people"
    lines = promise_lines(here, say, asked.base, numbers)
    return LetterPart(_("What we owe before evening"), owed_sentence(due, risky, say), lines, more, way)


def owed_sentence(due: int, risky: int, say: Voice) -> str:
    if not due:
        return _("Nothing more is promised for today.")
    text = ngettext("%(n)s promise is to be kept before midnight.", "%(n)s promises are to be kept before midnight.", due) % {"n": say.number(due)}
    if not risky:
        return text + " " + _("All is on its way.")
    return text + " " + ngettext("%(n)s of them may break.", "%(n)s of them may break.", risky) % {"n": say.number(risky)}


def said(here: Shop, say: Voice, asked: Asked) -> LetterPart:
    """What customers said yesterday: the figure, and in their own words, the least content first."""
    yesterday = say.today - timedelta(days=1)
    found = answered_in(here.board, say, yesterday, say.today).all
    lines = tuple(quotes(here, say, asked.base))
    if not found.n and not lines:
        return LetterPart(_("What customers said yesterday"), _("Nobody answered a question yesterday."), (), "", asked.base + reverse("answers"))
    text = _("They gave us %(mean)s out of 5 (%(base)s).") % {"mean": say.number(found.mean, 2), "base": base_words(found, say)} if found.n else ""
    return LetterPart(_("What customers said yesterday"), text, lines, _("All answers"), asked.base + reverse("answers"))


def quotes(here: Shop, say: Voice, base: str) -> Iterator[LetterLine]:
    since, until = day_starts_at(say.today - timedelta(days=1), say.zone), day_starts_at(say.today, say.zone)
    rows = answer_rows(here, here.board.given(Chosen(), since, until, most=MOST_READ).answers, say)
    for row in sorted((row for row in rows if row.comment), key=lambda row: MOODS.index(row.mood))[:MOST_SAID]:
        text = " · ".join(one for one in (row.score, row.name, row.about) if one)
        yield LetterLine(row.comment, text, base + row.address if row.address else "", row.language)


def ended(here: Shop, say: Voice, asked: Asked) -> LetterPart:
    """Yesterday in the four words."""
    yesterday = say.today - timedelta(days=1)
    period = here.board.period(day_starts_at(yesterday, say.zone), day_starts_at(say.today, say.zone))
    text = _("Promised %(promised)s · kept %(kept)s · exceeded %(exceeded)s · put right %(put_right)s · broken %(broken)s") % {
        name: say.number(getattr(period, name)) for name in ("promised", "kept", "exceeded", "put_right", "broken")
    }
    return LetterPart(_("Yesterday"), text, (), _("The last seven days"), asked.base + reverse("promises") + "?period=7")


def promise_lines(here: Shop, say: Voice, base: str, numbers: Sequence[int]) -> tuple[LetterLine, ...]:
    return tuple(promise_line(row, base) for row in promise_rows(here.pages, say, numbers))


def promise_line(row: PromiseRow, base: str) -> LetterLine:
    about = ", ".join(one for one in (row.what, row.where) if one)
    return LetterLine(row.name, f"{about}. {row.became}", base + row.address)
