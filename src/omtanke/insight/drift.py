"""Whether windows are kept as often as was said, watched as one promise after the other comes due.

A cumulative sum of log likelihood ratios for outcomes of which each had a chance of its own (Steiner, Cook, Farewell and Treasure 2000, "Monitoring surgical
performance using risk-adjusted cumulative sum charts", Biostatistics 1:441–452): as we said, against odds of breaking that are ODDS times as high. It never
falls under 0, so that a good year hides no bad month; at LIMIT we keep fewer than we said. From there on it is counted the other way round with the same limit:
that is over when as much speaks for what we said. So it does not flutter.

With an odds ratio of 2 and a limit of 6, promises that break independently and as often as was said lead to a false alarm once in 43,000 where 95 % were
promised, and once in 18,000 at 80 %. Odds twice as high are found after 310 promises at 95 %, 140 at 90 %, 110 at 80 %, on average (simulated). Promises that
break together, as in a storm, lead to more: that they did is then true.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log

from msgspec import Struct

ODDS = 2.0
LIMIT = 6.0
# How far back is looked, in promises.
MOST = 20_000
SURE_ENDS = (1, 999)

ROWS = """\
SELECT epoch_us(first_until), sure_permille, CASE WHEN first_outcome = 'broken' THEN 0 ELSE 1 END
FROM {promises}
WHERE NOT sure_permille IS NULL AND first_until <= {as_of}::TIMESTAMPTZ AND first_outcome IN ('kept', 'exceeded', 'broken')
ORDER BY first_until DESC, promise DESC
LIMIT {most:d}"""


class Due(Struct, frozen=True, array_like=True):
    """A promise that came due: when its first window ended, how many of a thousand such windows are kept, as was said, and whether it was held."""

    at: int
    sure_permille: int
    is_held: bool


class Drift(Struct, frozen=True):
    """We keep fewer than we said, found at the promise that came due at `at`. Of the `promises` that came due from `since` on, the share `promised`
    was to be kept, and `held` were."""

    at: int
    since: int
    promises: int
    promised: float
    held: int


def drift_of(dues: Iterable[Due]) -> Drift | None:
    """What stands after the last of them, in the order in which they came due; None when we keep what we said."""
    found: Drift | None = None
    total = 0.0
    run: list[Due] = []
    for due in dues:
        total = max(0.0, total + (-weight_of(due) if found else weight_of(due)))
        if total and not found:
            run.append(due)
        else:
            run.clear()
        if total >= LIMIT:
            found, total = (None if found else summed(run)), 0.0
            run.clear()
    return found


def weight_of(due: Due) -> float:
    """The log likelihood ratio of one outcome. Nothing is quite sure: a chance of 1 counts as 0.999."""
    low, high = SURE_ENDS
    breaks = 1 - min(max(due.sure_permille, low), high) / 1000
    return log((1.0 if due.is_held else ODDS) / (1 - breaks + ODDS * breaks))


def summed(run: list[Due]) -> Drift:
    promised = sum(due.sure_permille for due in run) / len(run) / 1000
    return Drift(run[-1].at, run[0].at, len(run), promised, sum(due.is_held for due in run))


def rows_text(promises: str, as_of: str) -> str:
    """The statement that finds what came due, the last first. `promises`: a relation with the columns of `promise`; `as_of`: a moment as a literal."""
    return ROWS.format(promises=promises, as_of=as_of, most=MOST)


def dues_of(rows: list[tuple[int, int, int]]) -> list[Due]:
    """What came due, as it did."""
    return [Due(at, sure, bool(held)) for at, sure, held in reversed(rows)]
