"""A figure of the first screen."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from omtanke.insight.statistics import Interval, wilson


@dataclass(frozen=True)
class Figure:
    """A figure.

    label: what it is. value: as said. change: against the time before, or empty. is_better: None when the change may be chance.
    since: what the change is against. base: number of cases, and interval. address: the people behind it. note: how it stands to its target, or empty.
    """

    label: str
    value: str
    change: str
    is_better: bool | None
    since: str
    base: tuple[str, ...]
    address: str
    note: str = ""


def certainly(difference: Interval | None) -> bool | None:
    """Better or worse, when the interval of the difference leaves no doubt; else None."""
    if difference is None or difference.low <= 0 <= difference.high:
        return None
    return difference.low > 0


def share_difference(held: int, due: int, held_before: int, due_before: int) -> Interval | None:
    """Newcombe's interval of the difference of two shares (1998, method 10). None without cases."""
    now, before = wilson(held, due), wilson(held_before, due_before)
    if now is None or before is None:
        return None
    p, q = held / due, held_before / due_before
    low = p - q - sqrt((p - now.low) ** 2 + (before.high - q) ** 2)
    high = p - q + sqrt((now.high - p) ** 2 + (q - before.low) ** 2)
    return Interval(low, high)
