"""From what happened to an answer. The mean of each outcome is planted; a shift moves a mean by exactly so much.

One uniform number answers for one delivery, visit, case or return in every condition, so both potential outcomes are
those of the same person in the same mood.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import accumulate

from omtanke.simulate.planted import Effects

Shares = tuple[float, ...]
# Shares of the scores 1 to 5, before any shift.
SCORES: dict[str, Shares] = {
    "kept": (0.03, 0.05, 0.14, 0.35, 0.43),
    "late": (0.22, 0.26, 0.27, 0.17, 0.08),
    "store": (0.01, 0.04, 0.13, 0.38, 0.44),
    "answered": (0.03, 0.05, 0.14, 0.38, 0.40),
    "put_right": (0.02, 0.04, 0.10, 0.30, 0.54),
    "refunded": (0.03, 0.06, 0.14, 0.36, 0.41),
}
KEPT_MEAN = 4.10
TOP = 4.97
LOWEST = 1.03
# A score from 1 to 5 on the other scales: where it begins, and how many steps it is wide.
OTHER_SCALES = {
    "0-10": ((0, 3), (3, 3), (6, 2), (7, 2), (9, 2)),
    "1-7": ((1, 1), (2, 2), (4, 1), (5, 1), (6, 2)),
    "1-3": ((1, 1), (1, 1), (2, 1), (3, 1), (3, 1)),
    "0-1": ((0, 1), (0, 1), (0, 2), (1, 1), (1, 1)),
}


def mean(shares: Shares) -> float:
    """The mean score."""
    return sum(n * share for n, share in enumerate(shares, start=1))


def shifted(shares: Shares, by: float) -> Shares:
    """The same with its mean moved by so much: each step moves all or some one score up or down."""
    by = min(max(by, LOWEST - mean(shares)), TOP - mean(shares))
    while abs(by) > 1e-12:
        moved = (0.0, *shares[:3], shares[3] + shares[4]) if by > 0 else (shares[0] + shares[1], *shares[2:], 0.0)
        whole = mean(moved) - mean(shares)
        part = min(1.0, by / whole)
        shares = tuple(part * after + (1 - part) * before for before, after in zip(shares, moved, strict=True))
        by -= part * whole
    return shares


@cache
def limits(table: str, to: float) -> Shares:
    """The upper limits of the scores 1 to 4 in the uniform number, when the table is moved to a mean."""
    return tuple(accumulate(shifted(SCORES[table], to - mean(SCORES[table]))))[:4]


def score(table: str, to: float, dice: float) -> int:
    """The answer 1 to 5 of one with that uniform number, where the mean is `to`."""
    return 1 + bisect_right(limits(table, round(to, 3)), dice)


def on_scale(answer: int, scale: str, dice: float) -> int:
    """The answer on another scale, by a further uniform number."""
    if scale not in OTHER_SCALES:
        return answer
    least, width = OTHER_SCALES[scale][answer - 1]
    return least + int(dice * width)


def delivery_mean(effects: Effects, outcome: str) -> float:
    """The planted mean of an outcome of a delivery, before region, carrier and person.

    kept · exceeded · late (broken, nobody said so) · told (first, and the new date kept) · told_broken.
    """
    return (
        KEPT_MEAN
        + {
            "kept": 0.0,
            "exceeded": effects.exceeded,
            "late": effects.broken,
            "told": effects.broken + effects.told_first,
            "told_broken": effects.broken + effects.new_date_broken_too,
        }[outcome]
    )


def delivery_score(effects: Effects, outcome: str, shift: float, dice: float) -> int:
    """The answer about a delivery."""
    return score("kept" if outcome in ("kept", "exceeded", "told") else "late", delivery_mean(effects, outcome) + shift, dice)
