"""Answers: what customers said when we asked, as figures and in their own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.insight.board import Satisfied
from omtanke.storage.pages import FactSeen, Known
from omtanke.web.access import signed_in
from omtanke.web.console.filters import LONGEST, PERIODS, Choice, days_of, is_period, period_label
from omtanke.web.console.rows import who
from omtanke.web.console.satisfaction import answered_in, base_words, interval_words
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words import names
from omtanke.web.words.stated import language_of
from omtanke.web.words.telling import tell
from omtanke.web.words.voice import Voice

PAGE_SIZE = 25
MOST_SKIPPED = 1_000_000


@dataclass(frozen=True)
class Part:
    """Answers to one question at one place.

    label: what and where. mean, interval: as said. count: how many. address: those answers. is_chosen: whether they are listed.
    """

    label: str
    mean: str
    interval: str
    count: str
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class AnswerRow:
    """An answer.

    score: of five. mood: good, bad or empty. name, address: who, and their page. about: what was asked, where, and which order. when: the moment.
    comment: in their own words, quoted, or empty; language: theirs, or empty.
    """

    score: str
    mood: str
    name: str
    address: str
    about: str
    when: str
    comment: str
    language: str


@dataclass(frozen=True)
class AnswersPage:
    """Answers.

    sentence: how content they are. base: how many answered, with interval. periods: spans to choose. columns: heads of the table.
    parts: by question and place. every: the address of all of them, when some are chosen. listed: what the list holds. rows: the list.
    following: the address of more, first: of the beginning, or empty.
    """

    sentence: str
    base: str
    periods: tuple[Choice, ...]
    columns: tuple[str, ...]
    parts: tuple[Part, ...]
    every: str
    listed: str
    rows: tuple[AnswerRow, ...]
    following: str
    first: str


@dataclass(frozen=True)
class Asked:
    """What the address asks for. period: a span, or empty. question, touchpoint: None for all. skip: how many answers come before the page."""

    period: str
    question: str | None
    touchpoint: str | None
    skip: int

    @property
    def part(self) -> tuple[str, str] | None:
        return None if self.question is None or self.touchpoint is None else (self.question, self.touchpoint)

    def address(self, skip: int = 0) -> str:
        """The address of the same answers, after some."""
        said = {"period": self.period, "question": self.question, "touchpoint": self.touchpoint, "skip": str(skip) if skip else ""}
        keep = {name: value for name, value in said.items() if value or (value == "" and name in ("question", "touchpoint"))}
        return reverse("answers") + ("?" + urlencode(keep) if keep else "")


def read_asked(query: Mapping[str, str]) -> Asked:
    """What the address asks for; what makes no sense is left out."""
    period, skip = query.get("period", ""), query.get("skip", "")
    question, touchpoint = query.get("question"), query.get("touchpoint")
    is_part = question is not None and touchpoint is not None
    return Asked(
        period if is_period(period) else "",
        question[:LONGEST] if is_part and question is not None else None,
        touchpoint[:LONGEST] if is_part and touchpoint is not None else None,
        min(int(skip), MOST_SKIPPED) if skip.isdecimal() and len(skip) < 9 else 0,
    )


@signed_in
def answers(request: HttpRequest) -> HttpResponseBase:
    """How content they are, and what they say."""
    return render(request, "console/answers.html", {"page": answers_page(shop(), voice(), read_asked(request.GET.dict()))})


def answers_page(here: Shop, say: Voice, asked: Asked) -> AnswersPage:
    found = answered_in(here.board, say, *days_of(asked.period, say.today), asked.part, asked.skip, PAGE_SIZE + 1)
    facts = here.pages.facts_at(found.answers[:PAGE_SIZE])
    people = {one.person: one for one in here.pages.known(list(dict.fromkeys(person for person, _fact in facts)))}
    count = sum(one.n for one in found.parts if asked.part in (None, (one.question, one.touchpoint)))
    label = "" if asked.part is None else part_label(*asked.part)
    listed = ngettext("%(n)s answer", "%(n)s answers", count) % {"n": say.number(count)}
    return AnswersPage(
        sentence=_("Customers gave us %(mean)s out of 5.") % {"mean": say.number(found.all.mean, 2)} if found.all.n else _("Nobody has answered here yet."),
        base=base_words(found.all, say) if found.all.n else "",
        periods=tuple(
            Choice(Asked(one, asked.question, asked.touchpoint, 0).address(), period_label(one, say) if one else _("so far"), one == asked.period)
            for one in (*PERIODS, "")
        ),
        columns=(_("About"), _("Mean, 1 to 5"), _("95 % interval"), _("Answers")),
        parts=tuple(part(one, asked, say) for one in found.parts) if len(found.parts) > 1 else (),
        every=Asked(asked.period, None, None, 0).address() if asked.part else "",
        listed=f"{listed}: {label}" if label else listed,
        rows=tuple(answer_row(people.get(person), fact, say) for person, fact in facts),
        following=asked.address(asked.skip + PAGE_SIZE) + "#people" if len(found.answers) > PAGE_SIZE else "",
        first=asked.address() + "#people" if asked.skip else "",
    )


def part(one: Satisfied, asked: Asked, say: Voice) -> Part:
    mine = Asked(asked.period, one.question, one.touchpoint, 0)
    label = part_label(one.question, one.touchpoint)
    return Part(label, say.number(one.mean, 2), interval_words(one, say), say.number(one.n), mine.address() + "#people", mine.part == asked.part)


def part_label(question: str, touchpoint: str) -> str:
    """Vår hjälp, chatt; leveransen."""
    asked = names.question(question)
    text = ", ".join(one for one in (asked, place_beside(question, touchpoint)) if one) or _("without a question named")
    return text[0].upper() + text[1:]


def place_beside(question: str, touchpoint: str) -> str:
    """The place, where the question does not name it already."""
    return names.met("survey", touchpoint) if touchpoint and names.readable(touchpoint) not in names.readable(question) else ""


def answer_row(one: Known | None, fact: FactSeen, say: Voice) -> AnswerRow:
    said = tell(fact, say)
    place = place_beside(getattr(fact.body, "question", ""), fact.touchpoint)
    return AnswerRow(
        score=str(getattr(fact.body, "score", "")),
        mood=said.mood,
        name=who(one.name, one.city, one.person) if one else who("", "", fact.customer),
        address=reverse("customer", args=[one.person if one else fact.customer]),
        about=" · ".join(text for text in (*said.details[:1], place, *said.details[1:]) if text),
        when=say.moment(fact.occurred_at),
        comment=said.quote,
        language=language_of(one.locale) if one else "",
    )
