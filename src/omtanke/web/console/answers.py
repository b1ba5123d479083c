"""Answers: what customers said when we asked, as figures and in their own words; found by word, place, what happened and how content."""

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
from msgspec import Struct
from msgspec.structs import replace

from omtanke.insight.board import Board, Chosen, Given, GivenPage, Satisfied
from omtanke.storage.seen import FactSeen, Known
from omtanke.vocabulary.time import day_starts_at
from omtanke.web.accounts.access import May, may
from omtanke.web.console.filters import LONGEST, PERIODS, Choice, Filter, choose, days_of, is_period, period_label
from omtanke.web.console.heard import score_of, words_of_answers
from omtanke.web.console.rows import who
from omtanke.web.console.satisfaction import answered_in, base_words, interval_words
from omtanke.web.shop import Shop, sees_customers, shop, voice
from omtanke.web.words import names
from omtanke.web.words.stated import language_of
from omtanke.web.words.telling import tell
from omtanke.web.words.voice import Voice

PAGE_SIZE = 25
MOST_SKIPPED = 1_000_000
MOST_FOUND = 5_000
FATES = ("kept", "broken", "never_arrived", "late_waiting", "late_after", "withdrawn", "without_promise")
LEVELS = ("low", "high")
# What the address may choose by, beside words and period.
CHOSEN = ("question", "touchpoint", "channel", "store", "about", "fate", "level")


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

    score: of how many. mood: good, bad or empty. name, address: who, and their page (empty for those who may not open it).
    about: what was asked, where, and which order. when: the moment. comment: in their own words, quoted, or empty; language: theirs, or empty.
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

    sentence: how content they are. base: how many answered, with interval. periods: spans to choose. words: what is searched for.
    filters: what the list can be narrowed by. kept: what of the address the form carries along, as name and value. columns: heads of the table.
    parts: by question and place. every: the address of all of them, when some are chosen. listed: what the list holds. rows: the list.
    following: the address of more, first: of the beginning, or empty.
    """

    sentence: str
    base: str
    periods: tuple[Choice, ...]
    words: str
    filters: tuple[Filter, ...]
    kept: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    parts: tuple[Part, ...]
    every: str
    listed: str
    rows: tuple[AnswerRow, ...]
    following: str
    first: str


class Asked(Struct, frozen=True, kw_only=True):
    """What the address asks for. `q`: words; `period`: a span, or empty; the rest as in `Chosen`, None for all; `skip`: how many come before the page."""

    q: str = ""
    period: str = ""
    question: str | None = None
    touchpoint: str | None = None
    channel: str | None = None
    store: str | None = None
    about: str | None = None
    fate: str | None = None
    level: str | None = None
    skip: int = 0

    @property
    def chosen(self) -> Chosen:
        return Chosen(**{name: getattr(self, name) for name in CHOSEN})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q) or self.chosen != Chosen()

    @property
    def part(self) -> tuple[str, str] | None:
        return None if self.question is None or self.touchpoint is None else (self.question, self.touchpoint)

    def address(self, skip: int = 0) -> str:
        """The address of the same answers, after some."""
        said = {"q": self.q, "period": self.period} | {name: value for name in CHOSEN if (value := getattr(self, name)) is not None}
        keep = {name: value for name, value in said.items() if value or name in CHOSEN} | ({"skip": str(skip)} if skip else {})
        return reverse("answers") + ("?" + urlencode(keep) if keep else "")


def read_asked(query: Mapping[str, str]) -> Asked:
    """What the address asks for; what makes no sense is left out. An empty place means one that is not known only beside its question."""
    period, skip = query.get("period", ""), query.get("skip", "")
    given = {name: value[:LONGEST] for name in CHOSEN if (value := query.get(name))}
    if query.get("question") == "" and query.get("touchpoint") is not None:
        given["question"] = ""
    if query.get("touchpoint") == "" and query.get("question") is not None:
        given["touchpoint"] = ""
    return Asked(
        q=query.get("q", "").strip()[:LONGEST],
        period=period if is_period(period) else "",
        skip=min(int(skip), MOST_SKIPPED) if skip.isdecimal() and len(skip) < 9 else 0,
        **{name: value for name, value in given.items() if name not in ("fate", "level") or value in (*FATES, *LEVELS)},
    )


@may(May.SEE_FIGURES)
def answers(request: HttpRequest) -> HttpResponseBase:
    """How content they are, and what they say."""
    return render(request, "console/answers.html", {"page": answers_page(shop(), voice(), read_asked(request.GET.dict()))})


def answers_page(here: Shop, say: Voice, asked: Asked) -> AnswersPage:
    found = answered_in(here.board, say, *days_of(asked.period, say.today))
    listed = given_of(here, say, asked)
    page = listed.answers[:PAGE_SIZE]
    return AnswersPage(
        sentence=_("Customers gave us %(mean)s out of 5.") % {"mean": say.number(found.all.mean, 2)} if found.all.n else _("Nobody has answered here yet."),
        base=base_words(found.all, say) if found.all.n else "",
        periods=tuple(
            Choice(replace(asked, period=one, skip=0).address(), period_label(one, say) if one else _("so far"), one == asked.period) for one in (*PERIODS, "")
        ),
        words=asked.q,
        filters=filters_of(here.board, asked),
        kept=tuple((name, value) for name in ("period", "question", "channel", "store", "about") if (value := getattr(asked, name))),
        columns=(_("About"), _("Mean, 1 to 5"), _("95 % interval"), _("Answers")),
        parts=tuple(part(one, asked, say) for one in found.parts) if len(found.parts) > 1 and not asked.q else (),
        every=Asked(period=asked.period).address() if asked.is_narrowed else "",
        listed=listed_words(listed.total, asked, say),
        rows=answer_rows(here, page, say),
        following=asked.address(asked.skip + PAGE_SIZE) + "#people" if len(listed.answers) > PAGE_SIZE else "",
        first=asked.address() + "#people" if asked.skip else "",
    )


def given_of(here: Shop, say: Voice, asked: Asked) -> GivenPage:
    """The answers asked for, one more than a page holds."""
    first, before = days_of(asked.period, say.today)
    since, until = (day_starts_at(first, say.zone) if first else 0), (day_starts_at(before, say.zone) if before else 0)
    among = here.pages.by_words(asked.q, MOST_FOUND) if asked.q else None
    return here.board.given(asked.chosen, since, until, asked.skip, PAGE_SIZE + 1, among)


def filters_of(board: Board, asked: Asked) -> tuple[Filter, ...]:
    """Where it was, what had become of the promise, and how content they were."""
    places = [(one, names.place(one)) for one in board.answered_choices("touchpoint")]
    return (
        choose("touchpoint", _("Where"), _("everywhere"), places, asked.touchpoint or ""),
        choose("fate", _("What had happened"), _("whatever had happened"), [(one, fate_label(one)) for one in FATES], asked.fate or ""),
        choose("level", _("How content"), _("all"), [(one, level_label(one)) for one in LEVELS], asked.level or ""),
    )


def fate_label(fate: str) -> str:
    """What had become of the promise that it is about."""
    return {
        "kept": _("kept"),
        "broken": _("broken"),
        "never_arrived": _("broken, and not there yet"),
        "late_waiting": _("broken, answered while waiting"),
        "late_after": _("broken, answered after it came"),
        "withdrawn": _("withdrawn"),
        "without_promise": _("nothing promised"),
    }[fate]


def level_label(level: str) -> str:
    return _("not content") if level == "low" else _("content")


def listed_words(total: int, asked: Asked, say: Voice) -> str:
    """What the list holds."""
    count = ngettext("%(n)s answer", "%(n)s answers", total) % {"n": say.number(total)}
    said = [
        names.quoted(asked.q),
        part_label(*asked.part) if asked.part else "",
        *(names.place(one) for one in (asked.touchpoint, asked.store) if one and not asked.part),
        names.channel(asked.channel) if asked.channel else "",
        names.asked_about(asked.about) if asked.about else "",
        names.question(asked.question) if asked.question and not asked.part else "",
        fate_label(asked.fate) if asked.fate else "",
        level_label(asked.level) if asked.level else "",
    ]
    label = ", ".join(one for one in said if one)
    return f"{count}: {label}" if label else count


def part(one: Satisfied, asked: Asked, say: Voice) -> Part:
    mine = Asked(period=asked.period, question=one.question, touchpoint=one.touchpoint)
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


def answer_rows(here: Shop, given: tuple[Given, ...], say: Voice) -> tuple[AnswerRow, ...]:
    """The answers of a page, with what was written."""
    words = words_of_answers(here.pages, given)
    facts = here.pages.facts_at([one.position for one in given])
    people = {one.person: one for one in here.pages.known(list(dict.fromkeys(person for person, _fact in facts)))}
    return tuple(answer_row(people.get(person), fact, words.get(fact.position, ""), say) for person, fact in facts)


def answer_row(one: Known | None, fact: FactSeen, words: str, say: Voice) -> AnswerRow:
    said = tell(fact, say)
    place = place_beside(getattr(fact.body, "question", ""), fact.touchpoint)
    return AnswerRow(
        score=score_of(fact) or said.what,
        mood=said.mood,
        name=who(one.name, one.city, one.person) if one else who("", "", fact.customer),
        address=reverse("customer", args=[one.person if one else fact.customer]) if sees_customers() else "",
        about=" · ".join(dict.fromkeys(text for text in (*said.details[:1], place, *said.details[1:]) if text)),
        when=say.moment(fact.occurred_at),
        comment=names.quoted(words),
        language=language_of(one.locale) if one else "",
    )
