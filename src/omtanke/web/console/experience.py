"""How good is it: what customers answer, by where they met us, with how sure that is, and by what truly happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct
from msgspec.structs import replace

from omtanke.insight.answer import Answer, as_csv
from omtanke.insight.board import MEASURES, Board, Chosen
from omtanke.insight.drawing import Wanted
from omtanke.insight.finishing import FEWEST
from omtanke.vocabulary.time import day_starts_at
from omtanke.web.accounts.access import May, may
from omtanke.web.console import heard
from omtanke.web.console.became import Became, became
from omtanke.web.console.figure import Figure
from omtanke.web.console.filters import PERIODS, Choice, days_of, is_period, period_label
from omtanke.web.console.heard import Story
from omtanke.web.console.measured import measured_figures, said_mean
from omtanke.web.drawer import DRAWER
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words import names
from omtanke.web.words.voice import Voice

DIMENSIONS = ("touchpoint", "channel", "store", "about", "question")
USUAL_PERIOD = "28"
FORMS = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
ROW, AROUND = 34, 131
MOST_DRAWN = 24
MOST_PICTURES = 256
STORIES = 3


class Asked(Struct, frozen=True):
    """What the address asks for. `measure`: which; `by`: what it is divided by; `period`: whole days before today, empty for so far."""

    measure: str = MEASURES[0]
    by: str = DIMENSIONS[0]
    period: str = USUAL_PERIOD

    def address(self, **changes: str) -> str:
        """The query of the same page with some things changed."""
        said = replace(self, **changes)
        usual = Asked()
        keep = {name: getattr(said, name) for name in self.__struct_fields__ if getattr(said, name) != getattr(usual, name)}
        return "?" + urlencode(keep)


@dataclass(frozen=True)
class PartRow:
    """A part of the experience.

    label: where. mean: held against the others, interval: of that. own: its own mean. count: answers, address: those answers.
    is_few: too few to say anything by themselves. share: the best answers.
    """

    label: str
    mean: str
    interval: str
    own: str
    share: str
    count: str
    address: str
    is_few: bool


@dataclass(frozen=True)
class ExperiencePage:
    """How good it is.

    sentence: what is true of it. base: how many answered. is_empty: nobody ever has. periods, measures, dimensions: what can be chosen.
    figures: satisfaction, recommendation, effort. title: of the parts. columns: heads of their table. parts: worst first.
    picture, query, height: the address of their picture, and room for it. definition: how it is counted.
    became: by what truly happened. stories: a few in their own words, with how many each is one of. answers: the address of all answers.
    """

    sentence: str
    base: str
    is_empty: bool
    periods: tuple[Choice, ...]
    measures: tuple[Choice, ...]
    dimensions: tuple[Choice, ...]
    figures: tuple[Figure, ...]
    title: str
    columns: tuple[str, ...]
    parts: tuple[PartRow, ...]
    picture: str
    query: str
    height: int
    definition: str
    became: Became
    stories: tuple[Story, ...]
    answers: str


def read_asked(query: Mapping[str, str]) -> Asked:
    """What the address asks for; what makes no sense is as usual."""
    given, usual = {name: query.get(name) for name in Asked.__struct_fields__}, Asked()
    measure, by, period = given["measure"], given["by"], given["period"]
    return Asked(
        measure if measure in MEASURES else usual.measure,
        by if by in DIMENSIONS else usual.by,
        period if period is not None and is_period(period) and period != "today" else usual.period,
    )


def span_of(period: str, say: Voice) -> tuple[int, int]:
    """From when, and until when (0: no end), in microseconds."""
    first, before = days_of(period, say.today)
    return (day_starts_at(first, say.zone) if first else 0), (day_starts_at(before, say.zone) if before else 0)


@may(May.SEE_FIGURES)
def experience(request: HttpRequest) -> HttpResponseBase:
    """How good is it, where, and how sure is that?"""
    return render(request, "console/experience.html", {"page": experience_page(shop(), voice(), read_asked(request.GET.dict()))})


def experience_page(here: Shop, say: Voice, asked: Asked) -> ExperiencePage:
    board = here.board
    since, until = span_of(asked.period, say)
    whole, divided = board.measure("satisfaction", since=since, until=until), board.measure(asked.measure, asked.by, since, until)
    known = worst_first(divided)
    return ExperiencePage(
        sentence=sentence(whole, board.measure("satisfaction", "touchpoint", since, until), say),
        base=base_of(whole, say),
        is_empty=not board.given(Chosen(), 0, 0, most=0).total,
        periods=tuple(Choice(asked.address(period=one), period_label(one, say) if one else _("so far"), one == asked.period) for one in (*PERIODS, "")),
        measures=tuple(Choice(asked.address(measure=one) + "#parts", measure_label(one), one == asked.measure) for one in MEASURES),
        dimensions=tuple(Choice(asked.address(by=one) + "#parts", dimension_label(one), one == asked.by) for one in DIMENSIONS),
        figures=measured_figures(board, say, asked.period),
        title=f"{measure_label(asked.measure)} {dimension_label(asked.by)}",
        columns=(_("Where"), _("Held against the others"), _("95 % interval"), _("Own mean"), share_label(asked.measure), _("Answers")),
        parts=tuple(part_row(one, asked, say) for one in known),
        picture=reverse("measure", args=["svg"]).removesuffix(".svg"),
        query=asked.address(),
        height=AROUND + ROW * min(sum(one["shrunk"] is not None for one in known), MOST_DRAWN),
        definition=_(
            "Each mean is held against the others: few answers say little by themselves, and are drawn towards the mean of all. "
            "Questions that did not apply are left out."
        ),
        became=became(board.became("broken-cost", since, until), board.became("told-first", since, until), say),
        stories=heard.stories(here, say, since, until, STORIES),
        answers=reverse("answers") + (f"?period={asked.period}" if asked.period else ""),
    )


def worst_first(answer: Answer) -> list[dict[str, Any]]:
    """The known parts on the scale that most have answered on, worst first; those that cannot be held against others last."""
    known = [one for one in answer.records if one["part"] is not None]
    scales = {scale: sum(one["answers"] for one in known if one["scale"] == scale) for scale in {one["scale"] for one in known}}
    usual = max(scales, key=lambda scale: (scales[scale], scale), default="")
    return sorted((one for one in known if one["scale"] == usual), key=lambda one: (one["shrunk"] is None, one["shrunk"] or own_mean(one), one["part"]))


def own_mean(one: Mapping[str, Any]) -> float:
    """The row's own mean, whatever it is called."""
    return float(next(one[name] for name in ("mean_score", "nps", "feeling") if name in one))


def sentence(whole: Answer, by_touchpoint: Answer, say: Voice) -> str:
    """How content they are; and where least, when that is beyond chance."""
    total = next((one for one in whole.records if one["scale"] == "1-5"), None)
    if total is None:
        return _("Nobody has answered here yet.")
    if total["answers"] < FEWEST:
        return ngettext(
            "Only %(n)s has answered: too few to say how good it is.", "Only %(n)s have answered: too few to say how good it is.", total["persons"]
        ) % {"n": say.number(total["persons"])}
    mean = say.number(total["mean_score"], 2)
    worst = next((one for one in worst_first(by_touchpoint) if one["answers"] >= FEWEST and one["shrunk"] is not None), None)
    if worst is None or worst["shrunk_high"] >= total["mean_score_low"]:
        return _("Customers gave us %(mean)s out of 5.") % {"mean": mean}
    return _("Customers gave us %(mean)s out of 5, least of all for %(place)s: %(worst)s.") % {
        "mean": mean,
        "place": names.place(worst["part"]) or names.readable(worst["part"]),
        "worst": say.number(worst["shrunk"], 2),
    }


def base_of(whole: Answer, say: Voice) -> str:
    """1 208 svar av 1 100 kunder · 4,26–4,38."""
    total = next((one for one in whole.records if one["scale"] == "1-5"), None)
    if total is None:
        return ""
    count = ngettext("%(n)s answer", "%(n)s answers", total["answers"]) % {"n": say.number(total["answers"])}
    who = ngettext("from %(n)s customer", "from %(n)s customers", total["persons"]) % {"n": say.number(total["persons"])}
    low, high = total["mean_score_low"], total["mean_score_high"]
    interval = "" if low is None else say.interval(max(low, 1.0), min(high, 5.0), 2, 1)
    asked = _("%(share)s of those asked") % {"share": say.percent(total["coverage"], 0)} if total["coverage"] else ""
    return " · ".join(one for one in (f"{count} {who}", interval, asked) if one)


def part_row(one: dict[str, Any], asked: Asked, say: Voice) -> PartRow:
    is_points = asked.measure in ("recommendation", "feeling")
    share = one.get({"satisfaction": "satisfied", "recommendation": "promoters", "effort": "easy", "feeling": "glad"}[asked.measure])
    held, low = one["shrunk"], one["shrunk_low"]
    decimals = 0 if is_points else 2
    return PartRow(
        label=part_label(asked.by, one["part"], say),
        mean="–" if held is None else said_mean(held, is_points, say),
        interval="–" if low is None else f"{say.number(low, decimals)} – {say.number(one['shrunk_high'], decimals)}",
        own=said_mean(own_mean(one), is_points, say),
        share="–" if share is None else say.percent(share, 0),
        count=say.number(one["answers"]),
        address=answers_address(asked, one["part"]),
        is_few=bool(one["note"]),
    )


def answers_address(asked: Asked, part: str) -> str:
    """Where the answers of a part are listed."""
    said = {"period": asked.period, asked.by: part}
    return reverse("answers") + "?" + urlencode({name: value for name, value in said.items() if value}) + "#people"


def measure_label(measure: str) -> str:
    return {"satisfaction": _("Satisfaction"), "recommendation": _("Recommendation"), "effort": _("Effort"), "feeling": _("Feeling")}[measure]


def share_label(measure: str) -> str:
    """The share of the best answers."""
    return {"satisfaction": _("Satisfied (4–5)"), "recommendation": _("Promoters (9–10)"), "effort": _("Easy (5–7)"), "feeling": _("Glad")}[measure]


def dimension_label(dimension: str) -> str:
    return {
        "touchpoint": _("by where they met us"),
        "channel": _("by channel"),
        "store": _("by store"),
        "about": _("by what it was about"),
        "question": _("by question"),
    }[dimension]


def part_label(dimension: str, part: str, say: Voice) -> str:
    """The value of a dimension as said, with a capital."""
    match dimension:
        case "channel":
            text = names.channel(part)
        case "about":
            text = names.asked_about(part)
        case "question":
            text = names.question(part)
        case _:
            text = names.place(part)
    text = text or names.readable(part)
    return text[:1].upper() + text[1:]


@may(May.SEE_FIGURES)
def measure(request: HttpRequest, form: str) -> HttpResponseBase:
    """The parts as a picture or as numbers."""
    if form not in FORMS:
        raise Http404
    here, say, asked = shop(), voice(), read_asked(request.GET.dict())
    seen = (here.board.position, here.board.as_of)
    content = drawn(here.board, asked, say, span_of(asked.period, say), say.language, form, request.GET.get("theme") == "dark", seen)
    response = HttpResponse(content, content_type=FORMS[form])
    response["Cache-Control"] = "private, max-age=60"
    if form != "svg":
        response["Content-Disposition"] = f'attachment; filename="omtanke-{asked.measure}-{asked.by}.{form}"'
    return response


def drawn(board: Board, asked: Asked, say: Voice, span: tuple[int, int], language: str, form: str, is_dark: bool, seen: tuple[int, int]) -> bytes:
    """The chart in one of its forms; a picture is drawn once for each state of the board."""
    answer = board.measure(asked.measure, asked.by, *span)
    if form == "csv":
        return (as_csv(answer) + "\n").encode()
    labels = tuple((one["part"], part_label(asked.by, one["part"], say)) for one in worst_first(answer)[:MOST_DRAWN])
    return picture(Picture(answer, labels, seen), language, form, is_dark)


class Picture(Struct, frozen=True):
    """What is drawn: the parts of an answer that are shown, with their labels; `seen` is the state of the board."""

    answer: Answer
    labels: tuple[tuple[str, str], ...]
    seen: tuple[int, int]

    def __hash__(self) -> int:
        return hash((self.answer.question, tuple(self.answer.parameters.values()), self.labels, self.seen))


@lru_cache(maxsize=MOST_PICTURES)
def picture(of: Picture, language: str, form: str, is_dark: bool) -> bytes:
    labels = dict(of.labels)
    place = [column.name for column in of.answer.columns].index("part")
    rows = tuple((*row[:place], labels[row[place]], *row[place + 1 :]) for row in of.answer.rows if row[place] in labels)
    return DRAWER.draw(Wanted("measure", replace(of.answer, rows=rows), "png" if form == "png" else "svg", language, is_dark))
