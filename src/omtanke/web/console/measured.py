"""The three figures of how good it is, each with its change, number of answers and interval."""

from __future__ import annotations

from datetime import timedelta
from math import sqrt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.insight.answer import Answer
from omtanke.insight.board import Board
from omtanke.insight.finishing import FEWEST
from omtanke.insight.statistics import Interval
from omtanke.vocabulary.time import day_starts_at
from omtanke.web.console.figure import Figure, certainly
from omtanke.web.console.filters import days_of
from omtanke.web.words.voice import Voice

COLUMNS = {"satisfaction": "mean_score", "recommendation": "nps", "effort": "mean_score"}
ENDS = {"satisfaction": (1.0, 5.0), "recommendation": (-100.0, 100.0), "effort": (1.0, 7.0)}


def measured_figures(board: Board, say: Voice, period: str) -> tuple[Figure, ...]:
    """Satisfaction, recommendation and effort over a period, against the one before of the same length; those that nobody answered are left out."""
    first, before = days_of(period, say.today)
    since, until = (day_starts_at(first, say.zone) if first else 0), (day_starts_at(before, say.zone) if before else 0)
    earlier = day_starts_at(first - (before - first), say.zone) if first and before else None
    found = []
    for measure in COLUMNS:
        now = total_of(board.measure(measure, since=since, until=until))
        then = None if earlier is None else total_of(board.measure(measure, since=earlier, until=since))
        if now is not None:
            found.append(figure_of(measure, now, then, say, period))
    return tuple(found)


def total_of(answer: Answer) -> dict[str, Any] | None:
    """The one row of the usual scale; None when nobody has answered."""
    return next((one for one in answer.records if one["scale"] != "0-1"), None)


def figure_of(measure: str, now: dict[str, Any], then: dict[str, Any] | None, say: Voice, period: str) -> Figure:
    is_points, column = measure == "recommendation", COLUMNS[measure]
    is_few = now["answers"] < FEWEST
    is_comparable = then is not None and then["answers"] >= FEWEST and not is_few
    low, high = now[f"{column}_low"], now[f"{column}_high"]
    count = ngettext("%(n)s answer", "%(n)s answers", now["answers"]) % {"n": say.number(now["answers"])}
    interval = "" if low is None or is_few else interval_in(ENDS[measure], low, high, is_points, say)
    return Figure(
        label={"satisfaction": _("Satisfaction, out of 5"), "recommendation": _("Recommendation, NPS"), "effort": _("Easy to deal with, out of 7")}[measure],
        value=_("too few") if is_few else said_mean(now[column], is_points, say),
        change=say.change(now[column] - then[column], 0 if is_points else 2) if is_comparable and then else "",
        is_better=certainly(difference(now, then, column)) if is_comparable and then else None,
        since=_("against the %(n)s days before") % {"n": (before_days(period, say))} if is_comparable else "",
        base=tuple(one for one in (count, interval) if one),
        address=reverse("experience") + f"?measure={measure}&period={period}#parts",
    )


def before_days(period: str, say: Voice) -> str:
    """How long the period is."""
    first, before = days_of(period, say.today)
    return say.number((before - first) // timedelta(days=1)) if first and before else ""


def said_mean(value: float, is_points: bool, say: Voice) -> str:
    """4,31; +34."""
    return say.change(value, 0) if is_points else say.number(value, 2)


def interval_in(ends: tuple[float, float], low: float, high: float, is_points: bool, say: Voice) -> str:
    """The interval, inside the scale."""
    low, high = max(low, ends[0]), min(high, ends[1])
    return f"{say.change(low, 0)} – {say.change(high, 0)}" if is_points else say.interval(low, high, 2, 1)


def difference(now: dict[str, Any], then: dict[str, Any], column: str) -> Interval | None:
    """The change with its interval, by the widths of both; None where either has none."""
    if now[f"{column}_low"] is None or then[f"{column}_low"] is None:
        return None
    reach = sqrt(sum(((one[f"{column}_high"] - one[f"{column}_low"]) / 2) ** 2 for one in (now, then)))
    middle = now[column] - then[column]
    return Interval(middle - reach, middle + reach)
