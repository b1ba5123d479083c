"""Figures of the page Promises: a picture, the numbers under it, and the people behind each number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_row
from functools import lru_cache
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec.structs import replace

from omtanke.insight.answer import Answer, as_csv
from omtanke.insight.board import Board, Filters
from omtanke.insight.drawing import Wanted
from omtanke.web.console.became import cost_sentence, effect_of
from omtanke.web.console.before import by_part, period_before
from omtanke.web.console.calibration import calibrated, drift_said
from omtanke.web.console.filters import NOT_KNOWN, Asked, dimension_label, filters_of, part_label
from omtanke.web.console.targets import met_words
from omtanke.web.drawer import DRAWER
from omtanke.web.words import names
from omtanke.web.words.voice import Voice

FORMS = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}
FEWEST_WEEKS = 2
# Sizes of the pictures, so that the page leaves room for them before they come.
ROW, AROUND, WEEKS_HEIGHT = 34, 131, 417
MOST_PICTURES = 512

COST_GROUPS = {
    "kept or exceeded": "answered_kept",
    "broken": "answered_broken",
    "- never arrived": "answered_never_arrived",
    "- arrived late": "answered_late",
    "- - answered while waiting": "answered_late_waiting",
    "- - answered after arrival": "answered_late_after",
    "withdrawn": "answered_withdrawn",
}


@dataclass(frozen=True)
class Cell:
    """A number in a table. said: as said. address: the people behind it, or empty."""

    said: str
    address: str = ""


@dataclass(frozen=True)
class NumberRow:
    """A row of a table. label: of what. depth: how far in it stands, 0 to 2. cells: its numbers."""

    label: str
    depth: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class FigureShown:
    """A figure.

    name: in addresses. title: what it shows. picture: the address of its picture without the form, query: what follows it.
    height: of the picture. columns: heads of the table. rows: the table. definition: how it is counted. is_empty: nothing to show.
    """

    name: str
    title: str
    picture: str
    query: str
    height: int
    columns: tuple[str, ...]
    rows: tuple[NumberRow, ...]
    definition: str
    is_empty: bool


def answer_of(name: str, board: Board, filters: Filters, by: str) -> Answer:
    """The answer that a figure shows. Raises KeyError for a figure that there is not."""
    asked: dict[str, Callable[[], Answer]] = {
        "weeks": lambda: board.kept_by_week(filters),
        "parts": lambda: board.kept_by(by, filters),
        "sure": lambda: board.calibration(by, filters),
        "cost": lambda: board.broken_cost(filters),
    }
    return asked[name]()


DRAWN: dict[str, Literal["kept_by_week", "kept_by", "calibration", "broken_cost"]] = {
    "weeks": "kept_by_week",
    "parts": "kept_by",
    "sure": "calibration",
    "cost": "broken_cost",
}


def picture(name: str, board: Board, asked: Asked, say: Voice, form: str, *, is_dark: bool) -> bytes:
    """The figure as SVG, PNG or CSV; drawn once for each state of the board."""
    return drawn(name, board, filters_of(whole(asked), say.today), asked.by, say.language, form, is_dark, (board.position, board.as_of))


def whole(asked: Asked) -> Asked:
    """Figures count every state, whichever the list shows."""
    return replace(asked, state="", figure="", after="")


@lru_cache(maxsize=MOST_PICTURES)
def drawn(name: str, board: Board, filters: Filters, by: str, language: str, form: str, is_dark: bool, seen: tuple[int, int]) -> bytes:
    """`seen` is the state of the board, so that a newer one is drawn anew."""
    answer = answer_of(name, board, filters, by)
    if form == "csv":
        return (as_csv(answer) + "\n").encode()
    shown = in_words(answer, by) if name in ("parts", "sure") else answer
    return DRAWER.draw(Wanted(DRAWN[name], shown, "png" if form == "png" else "svg", language, is_dark))


def in_words(answer: Answer, by: str) -> Answer:
    """The answer with its parts in words, where the shop's own codes stand; two codes of one word stay codes."""
    if by not in ("touchpoint", "warehouse", "owner") or not answer.rows:
        return answer
    place = [column.name for column in answer.columns].index("part")
    said = {row[place]: names.owner(row[place]) if by == "owner" else names.place(row[place]) for row in answer.rows if row[place]}
    once = {code: words for code, words in said.items() if words and list(said.values()).count(words) == 1}
    return replace(answer, rows=tuple((*row[:place], once.get(row[place], row[place]), *row[place + 1 :]) for row in answer.rows))


def figures(board: Board, asked: Asked, say: Voice, wanted: Mapping[str, int] | None = None) -> tuple[FigureShown, ...]:
    """All of them; `wanted`: percent by kind that the shop means to keep. How sure we were is shown where any promise rests on a quote that said it."""
    filters, earlier = filters_of(whole(asked), say.today), period_before(whole(asked), say.today)
    is_quoted = bool(board.calibration().records)
    return (
        weeks_figure(board.kept_by_week(filters), asked, say),
        parts_figure(board.kept_by(asked.by, filters), asked, say, board.kept_by(asked.by, earlier) if earlier else None, wanted or {}),
        *([sure_figure(board.calibration(asked.by, filters), board.calibration(filters=filters), drift_said(board, say), asked, say)] if is_quoted else []),
        cost_figure(board.broken_cost(filters), asked, say),
    )


def place_of(name: str) -> str:
    return reverse("figure", args=[name, "svg"]).removesuffix(".svg")


def weeks_figure(answer: Answer, asked: Asked, say: Voice) -> FigureShown:
    records = [one for one in answer.records if one["came_due"] and one["part"]]
    rows = [rate_row(say.week_label(one["part"]), one, asked, say, period=say.week_code(one["part"])) for one in reversed(records)]
    return FigureShown(
        name="weeks",
        title=_("Week by week"),
        picture=place_of("weeks"),
        query=asked.address(state="", figure=""),
        height=WEEKS_HEIGHT,
        columns=(_("Week"), _("Kept rate"), _("95 % interval"), _("Came due"), _("Held"), _("Missed")),
        rows=tuple(rows),
        definition=_(
            "Kept and exceeded of all promises that came due, against what was said first. "
            "Those that nobody has met count as broken; withdrawn ones stand apart."
        ),
        is_empty=len(records) < FEWEST_WEEKS,
    )


def parts_figure(answer: Answer, asked: Asked, say: Voice, earlier: Answer | None, wanted: Mapping[str, int]) -> FigureShown:
    """A kept rate for each value of a dimension: beside the period before, and beside the target where there is one."""
    records = sorted((one for one in answer.records if one["came_due"]), key=lambda one: one["came_due"], reverse=True)
    if asked.by == "month":
        records.sort(key=lambda one: one["part"] or "", reverse=True)
    field = "period" if asked.by == "month" else asked.by
    before, has_targets = by_part(earlier) if earlier else {}, asked.by == "kind" and bool(wanted)

    def row(one: dict[str, Any]) -> NumberRow:
        known = rate_row(part_label(asked.by, one["part"], say), one, asked, say, **{field: one["part"] or NOT_KNOWN})
        was = before.get(one["part"])
        added = [Cell(before_words(one, was, say))] if earlier else []
        target = wanted.get(one["part"])
        added += [Cell(met_words(one["held"], one["came_due"], target, say) if target else "")] if has_targets else []
        return replace_row(known, cells=(*known.cells[:2], *added, *known.cells[2:]))

    rows = [row(one) for one in records]
    added = (*([_("The period before")] if earlier else []), *([_("Target")] if has_targets else []))
    return FigureShown(
        name="parts",
        title=_("Kept rate %(by)s") % {"by": dimension_label(asked.by)},
        picture=place_of("parts"),
        query=asked.address(state="", figure=""),
        height=AROUND + ROW * len(records),
        columns=("", _("Kept rate"), _("95 % interval"), *added, _("Came due"), _("Held"), _("Missed")),
        rows=tuple(rows),
        definition=targets_in_words(records, wanted, say) if has_targets else "",
        is_empty=not records,
    )


def sure_figure(answer: Answer, total: Answer, drift: str, asked: Asked, say: Voice) -> FigureShown:
    """How sure we were, beside how many we kept, for each value of the dimension."""
    records = sorted((one for one in answer.records if one["came_due"]), key=lambda one: one["came_due"], reverse=True)
    if asked.by == "month":
        records.sort(key=lambda one: one["part"] or "", reverse=True)
    field = "period" if asked.by == "month" else asked.by
    return FigureShown(
        name="sure",
        title=_("As sure as we said, %(by)s") % {"by": dimension_label(asked.by)},
        picture=place_of("sure"),
        query=asked.address(state="", figure=""),
        height=AROUND + ROW * len(records),
        columns=("", _("Promised"), _("Kept rate"), _("95 % interval"), _("Kept less promised"), _("Came due"), _("Held")),
        rows=tuple(sure_row(part_label(asked.by, one["part"], say), one, asked, say, **{field: one["part"] or NOT_KNOWN}) for one in records),
        definition=" ".join(
            (
                *([drift] if drift else []),
                *(calibrated(one, say) for one in total.records if one["came_due"]),
                _(
                    "Only promises that were taken from a quote which said how sure its window was. "
                    "Promised is the mean of that, kept is held against that window."
                ),
            )
        ),
        is_empty=not records,
    )


def sure_row(label: str, one: dict[str, Any], asked: Asked, say: Voice, **chosen: str) -> NumberRow:
    def behind(figure: str) -> str:
        return asked.address(figure=figure, **{"state": "", **chosen}) + "#people"

    cells = (
        Cell(say.percent(one["promised"])),
        Cell(say.percent(one["kept_rate"])),
        Cell(say.interval(one["kept_rate_low"], one["kept_rate_high"])),
        Cell(say.change(one["gap"])),
        Cell(say.number(one["came_due"]), behind("sure_came_due")),
        Cell(say.number(one["held"]), behind("sure_held")),
    )
    return NumberRow(label, 0, cells)


def targets_in_words(records: Sequence[dict[str, Any]], wanted: Mapping[str, int], say: Voice) -> str:
    """Målen: leverans ✗ 95 %, inte nått · återbetalning ✓ 97 %, nått."""
    met = [
        (part_label("kind", one["part"], say), met_words(one["held"], one["came_due"], wanted[one["part"]], say)) for one in records if one["part"] in wanted
    ]
    return _("The targets: %(kinds)s") % {"kinds": " · ".join(f"{kind} {said}" for kind, said in met)} if met else ""


def before_words(one: dict[str, Any], was: dict[str, Any] | None, say: Voice) -> str:
    """95,4 % (+0,8); a dash where nothing came due."""
    if was is None or not was["came_due"]:
        return "–"
    return f"{say.percent(was['kept_rate'])} ({say.change((one['kept_rate'] - was['kept_rate']) * 100)})"


def rate_row(label: str, one: dict[str, Any], asked: Asked, say: Voice, **chosen: str) -> NumberRow:
    """A kept rate with its interval, and the people behind each count."""

    def behind(figure: str) -> str:
        return asked.address(figure=figure, **{"state": "", **chosen}) + "#people"

    missed = one["came_due"] - one["held"]
    return NumberRow(
        label,
        0,
        (
            Cell(say.percent(one["kept_rate"])),
            Cell(say.interval(one["kept_rate_low"], one["kept_rate_high"])),
            Cell(say.number(one["came_due"]), behind("came_due")),
            Cell(say.number(one["held"]), behind("held")),
            Cell(say.number(missed), behind("missed") if missed else ""),
        ),
    )


def cost_label(part: str) -> str:
    match part.lstrip("- "):
        case "kept or exceeded":
            return _("Kept or exceeded")
        case "broken":
            return _("Broken")
        case "never arrived":
            return _("never arrived")
        case "arrived before an agreed slot":
            return _("came before the agreed time")
        case "arrived late":
            return _("arrived late")
        case "answered while waiting":
            return _("answered while still waiting")
        case "answered after arrival":
            return _("answered after arrival")
        case "withdrawn":
            return _("Withdrawn")
        case "still open":
            return _("Still open")
        case "no delivery promised":
            return _("No delivery promised")
        case "on another scale":
            return _("On another scale")
    return part


def cost_figure(answer: Answer, asked: Asked, say: Voice) -> FigureShown:
    records = [one for one in answer.records if one["answers"] and one["n1"] is None]
    drawn_rows = sum(one["mean_score"] is not None and one["part"] != "on another scale" for one in records)
    return FigureShown(
        name="cost",
        title=_("What a broken promise costs"),
        picture=place_of("cost"),
        query=asked.address(state="", figure=""),
        height=AROUND + ROW * drawn_rows,
        columns=("", _("Mean, 1 to 5"), _("95 % interval"), _("Compared with kept"), _("Answers")),
        rows=tuple(cost_row(one, asked, say) for one in records),
        definition=_(
            "Answers to surveys about deliveries, by what had become of the promise when they were given. "
            "They describe; they do not prove that the delay is the cause."
        )
        + among_like_ones(answer, say),
        is_empty=not any(one["mean_score"] is not None and one["part"] in COST_GROUPS for one in records),
    )


def among_like_ones(answer: Answer, say: Voice) -> str:
    """The difference among those of the same region and carrier, where there are enough of them."""
    text = cost_sentence(effect_of(answer), say)
    return f" {text} " + _("That is among those of the same region and carrier.") if text else ""


def cost_row(one: dict[str, Any], asked: Asked, say: Voice) -> NumberRow:
    group = COST_GROUPS.get(one["part"], "")
    low, difference = one["mean_score_low"], one["difference"]
    return NumberRow(
        cost_label(one["part"]),
        one["part"].count("- "),
        (
            Cell("–" if one["mean_score"] is None else say.number(one["mean_score"], 2)),
            Cell("–" if low is None else say.interval(low, one["mean_score_high"], 2, 1)),
            Cell("" if difference is None else say.change(difference, 2)),
            Cell(say.number(one["answers"]), asked.address(figure=group, state="") + "#people" if group else ""),
        ),
    )
