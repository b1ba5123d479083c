"""The figure of satisfaction: what customers answered about what was due in the last seven days."""

from __future__ import annotations

from datetime import timedelta
from math import sqrt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.insight.answer import Record
from omtanke.insight.board import Board, Filters
from omtanke.insight.statistics import Sample, difference_interval, mean_interval, t_quantile
from omtanke.web.console.figure import Figure, certainly
from omtanke.web.words.voice import Voice

DAYS = 7
FEWEST = 5
DELIVERED = ("kept or exceeded", "broken")


def satisfaction_figure(board: Board, say: Voice) -> Figure | None:
    """Mean of 1 to 5 over answers about deliveries that came due in seven whole days; None when too few have answered."""
    week, before = sample(board, say, 1), sample(board, say, 2)
    if week is None or week.n < FEWEST:
        return None
    interval = mean_interval(week)
    assert interval is not None
    is_comparable = before is not None and before.n >= FEWEST
    difference = week.mean - before.mean if before is not None and is_comparable else None
    sure = difference_interval(week, before) if before is not None and is_comparable else None
    base = ngettext("%(n)s answer · %(interval)s", "%(n)s answers · %(interval)s", week.n)
    return Figure(
        label=_("Content with the delivery, of 5"),
        value=say.number(week.mean, 2),
        change="" if difference is None else say.change(difference, 2),
        is_better=certainly(sure),
        since="" if difference is None else _("against the week before"),
        base=base % {"n": say.number(week.n), "interval": say.interval(interval.low, min(interval.high, 5.0), 2, 1)},
        address=reverse("promises") + "?period=7#cost",
    )


def sample(board: Board, say: Voice, weeks_ago: int) -> Sample | None:
    """The answers of a week of whole days."""
    due = Filters(due_from=say.today - timedelta(days=DAYS * weeks_ago), due_before=say.today - timedelta(days=DAYS * (weeks_ago - 1)))
    parts = [sample_of(one) for one in board.broken_cost(due).records if one["part"] in DELIVERED and one["answers"]]
    if not parts:
        return None
    return Sample(sum(one.n for one in parts), sum(one.total for one in parts), sum(one.squares for one in parts))


def sample_of(record: Record) -> Sample:
    """Count, sum and sum of squares of whole numbers, from their mean and its t interval."""
    n, mean = record["answers"], record["mean_score"]
    total = round(mean * n)
    if record["mean_score_low"] is None:
        return Sample(n, total, total * total // n)
    deviation = (record["mean_score_high"] - mean) / t_quantile(0.975, n - 1) * sqrt(n)
    return Sample(n, total, round(deviation**2 * (n - 1) + total * total / n))
