"""The figure of satisfaction: what customers answered in the last seven days, in every channel."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.insight.board import Board, Satisfaction, Satisfied
from omtanke.insight.statistics import difference_interval
from omtanke.vocabulary.time import day_starts_at
from omtanke.web.console.figure import Figure, certainly
from omtanke.web.words.voice import Voice

DAYS = 7
FEWEST = 5
BEST = 5


def satisfaction_figure(board: Board, say: Voice, period: str) -> Figure | None:
    """Mean of 1 to 5 over everything answered in seven whole days, or ever; None when too few have answered."""
    week = answered_in(board, say, say.today - timedelta(days=DAYS) if period else None, say.today if period else None).all
    if week.n < FEWEST:
        return None
    before = answered_in(board, say, say.today - timedelta(days=2 * DAYS), say.today - timedelta(days=DAYS)).all
    is_comparable = bool(period) and before.n >= FEWEST
    return Figure(
        label=_("Satisfaction, out of 5"),
        value=say.number(week.mean, 2),
        change=say.change(week.mean - before.mean, 2) if is_comparable else "",
        is_better=certainly(difference_interval(week.sample, before.sample)) if is_comparable else None,
        since=_("against the week before") if is_comparable else "",
        base=tuple(base_words(week, say).split(" · ")),
        address=reverse("answers") + (f"?period={period}" if period else ""),
    )


def answered_in(
    board: Board, say: Voice, first: date | None, before: date | None, part: tuple[str, str] | None = None, skip: int = 0, most: int = 0
) -> Satisfaction:
    """What was answered from one day until another; None: ever, until now."""
    since = day_starts_at(first, say.zone) if first else 0
    until = day_starts_at(before, say.zone) if before else say.now + 1
    return board.satisfaction(since, until, part, skip, most)


def base_words(one: Satisfied, say: Voice) -> str:
    """38 svar · 4,02–4,66."""
    count = ngettext("%(n)s answer", "%(n)s answers", one.n) % {"n": say.number(one.n)}
    return " · ".join(part for part in (count, interval_words(one, say)) if part)


def interval_words(one: Satisfied, say: Voice) -> str:
    """The interval, inside the scale."""
    interval = one.interval
    return say.interval(max(interval.low, 1.0), min(interval.high, float(BEST)), 2, 1) if interval else ""
