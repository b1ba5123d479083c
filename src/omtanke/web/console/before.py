"""The period before the one that is asked for, so that every figure has something to be held against."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from omtanke.insight.answer import Answer
from omtanke.insight.board import Filters
from omtanke.web.console.filters import Asked, days_of, filters_of

MONTH_LENGTH = 7  # 2026-11


def period_before(asked: Asked, today: date) -> Filters | None:
    """The same promises, due in the period before; None when no period is asked for."""
    first, end = days_of(asked.period, today)
    if first is None or end is None:
        return None
    is_month = len(asked.period) == MONTH_LENGTH and "W" not in asked.period
    earlier = (first - timedelta(days=1)).replace(day=1) if is_month else first - (end - first)
    return replace(filters_of(asked, today), due_from=earlier, due_before=first)


def by_part(answer: Answer) -> dict[Any, dict[str, Any]]:
    """The records of an answer by the part that they are about."""
    return {one["part"]: one for one in answer.records}
