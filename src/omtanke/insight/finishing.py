"""From the counts and sums that a question's statement finds to the rows of its answer: means, shares and intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from omtanke.insight.repeated import Summed, interval_of_mean, interval_of_share, variance_of, worth_of
from omtanke.insight.shrinkage import shrunk
from omtanke.insight.standardised import Effect, Stratum, compared, standardised
from omtanke.insight.statistics import Interval, Sample, contrast, difference_interval, difference_of_shares, mean_interval, wilson

Record = dict[str, Any]
Finish = Callable[[Sequence[Record]], list[Record]]

FEWEST = 10
FEW = f"fewer than {FEWEST} answers"
POINTS = 100
STRATUM = "stratum"


def with_share_intervals(found: Sequence[Record]) -> list[Record]:
    """Kept rates with their Wilson intervals."""
    return [record | between("kept_rate", wilson(record["held"], record["came_due"])) for record in found]


def calibration(found: Sequence[Record]) -> list[Record]:
    """Kept rates with their Wilson intervals, and what they lie above or below what was promised, in points."""
    return [
        record | {"gap": None if record["kept_rate"] is None else POINTS * (record["kept_rate"] - record["promised"])} for record in with_share_intervals(found)
    ]


def satisfaction(found: Sequence[Record]) -> list[Record]:
    """Top-two-box share and mean."""
    return [record | share_of("satisfied", record) for record in means(found)]


def effort(found: Sequence[Record]) -> list[Record]:
    """Share of 5 to 7 and mean."""
    return [record | share_of("easy", record) for record in means(found)]


def recommendation(found: Sequence[Record]) -> list[Record]:
    """NPS in points."""
    return balances(found, "nps", "promoters", "detractors")


def feeling(found: Sequence[Record]) -> list[Record]:
    """Glad less sad faces, in points."""
    return balances(found, "feeling", "glad", "sad")


def means(found: Sequence[Record]) -> list[Record]:
    """Means with t intervals, each held against the other parts of its scale."""
    return [
        record | {"mean_score": sample_of(record).mean, **between("mean_score", interval_of_mean(summed_of(record)))} | beside | said_beside(record)
        for record, beside in zip(found, held_against_others(found), strict=True)
    ]


def balances(found: Sequence[Record], name: str, high: str, low: str) -> list[Record]:
    """Shares of the best less shares of the worst, in points; variance p₊ + p₋ − (p₊ − p₋)²."""
    finished = []
    for record, beside in zip(found, held_against_others(found, POINTS), strict=True):
        best, worst = record["high"] / record["answers"], record["low"] / record["answers"]
        added = {name: POINTS * sample_of(record).mean, high: best, low: worst, "variance": best + worst - (best - worst) ** 2}
        added |= between(name, interval_of_mean(summed_of(record)), POINTS)
        finished.append(record | added | beside | said_beside(record))
    return finished


def held_against_others(found: Sequence[Record], points: int = 1) -> list[Record]:
    """Each row's mean held against the other known parts of its scale; nothing where there are none, or the part is not known."""
    beside: list[Record] = [{"shrunk": None} | between("shrunk", None) for _ in found]
    for scale in {record["scale"] for record in found}:
        places = [n for n, record in enumerate(found) if record["scale"] == scale and record["part"] is not None]
        together = shrunk([(sample_of(found[n]), worth(found[n])) for n in places]) or []
        for n, one in zip(places, together, strict=False):
            beside[n] = {"shrunk": points * one.mean} | between("shrunk", one.interval, points)
    return beside


def worth(record: Record) -> float:
    """How many answers of different persons the row is worth."""
    return worth_of(summed_of(record), variance_of(sample_of(record)))


def said_beside(record: Record) -> Record:
    """Coverage, and what to beware of."""
    return {"coverage": record["came_back"] / record["asked"] if record["asked"] else None, "note": FEW if record["answers"] < FEWEST else ""}


def broken_cost(found: Sequence[Record]) -> list[Record]:
    """Means with t intervals, their differences to the first row's with Welch's; then the effect among like ones."""
    first, *others = mean_rows(found)
    effect = standardised(strata_of(found, "1"))
    return [first, *(row | less_first(row, first) for row in others), effect_row("broken less kept, among like ones", effect)]


def less_first(row: Record, first: Record) -> Record:
    """A row's mean less the first row's, with Welch's interval; nothing where either has no mean."""
    if row["mean_score"] is None or first["mean_score"] is None:
        return {}
    one, other = sample_of(row), sample_of(first)
    return {"difference": one.mean - other.mean} | between("difference", difference_interval(one, other))


def told_first(found: Sequence[Record]) -> list[Record]:
    """Means with t intervals; then the difference among like ones."""
    effect = compared(strata_of(found, "1"), strata_of(found, "2"))
    return [*mean_rows(found), effect_row("told first less not told, among like ones", effect)]


def mean_rows(found: Sequence[Record]) -> list[Record]:
    """The rows that are no strata, with t intervals."""
    rows = [record for record in found if record["part"] != STRATUM]
    return [row | between("mean_score", mean_interval(sample_of(row)) if row["mean_score"] is not None else None) for row in rows]


def strata_of(found: Sequence[Record], arm: str) -> list[Stratum]:
    """The strata of an answer: one arm of exposed, and the others (0)."""
    return [Stratum(sample_of(record, arm), sample_of(record, "0")) for record in found if record["part"] == STRATUM]


def effect_row(part: str, effect: Effect) -> Record:
    """An effect as a row of the answer."""
    low, high = (effect.interval.low, effect.interval.high) if effect.interval else (None, None)
    return {"part": part, "answers": effect.n1 + effect.n0, "estimate": effect.estimate, "low": low, "high": high} | {
        name: getattr(effect, name) for name in ("n1", "n0", "left_out")
    }


def stores(found: Sequence[Record]) -> list[Record]:
    """Means with t intervals, shrunk, and held against the mean over stores."""
    rows = [record | {"asked": None} for record in found]
    compared = [n for n, record in enumerate(found) if record["answers"] > 1]
    samples = [sample_of(found[n]) for n in compared]
    finished = []
    for n, row in enumerate(means(rows)):
        against = contrast(samples, compared.index(n)) if n in compared else None
        estimate, interval = against or (None, None)
        low, high = (interval.low, interval.high) if interval else (None, None)
        others = sum(one.n for one in samples) - row["answers"] if against else None
        finished.append(row | {"estimate": estimate, "low": low, "high": high, "n1": row["answers"], "n0": others})
    return finished


def plays(found: Sequence[Record]) -> list[Record]:
    """Shares of those told and held out who bought, and their difference with Newcombe's interval, in points."""
    finished = []
    for record in found:
        told, held_out = (record["told_bought"], record["told"]), (record["held_out_bought"], record["held_out"])
        share, against = (bought / of if of else None for bought, of in (told, held_out))
        effect = None if share is None or against is None else POINTS * (share - against)
        said = {"told_share": share, "held_out_share": against, "effect": effect}
        finished.append(record | said | between("effect", difference_of_shares(told, held_out), POINTS))
    return finished


def sample_of(record: Record, arm: str = "") -> Sample:
    """The answers of a row, or of one arm of it."""
    return Sample(int(record["n" + arm if arm else "answers"]), int(record["total" + arm] or 0), int(record["squares" + arm] or 0))


def summed_of(record: Record) -> Summed:
    """The scores of a row, by person."""
    return Summed(record["persons"], record["answers"], record["total"], record["tt"], record["tn"], record["nn"])


def share_of(name: str, record: Record) -> Record:
    """The share of the best answers with its interval."""
    summed = Summed(record["persons"], record["answers"], record["high"], record["hh"], record["hn"], record["nn"])
    return {name: summed.mean} | between(name, interval_of_share(summed))


def between(name: str, interval: Interval | None, points: int = 1) -> Record:
    """The two ends of an interval as columns."""
    return {f"{name}_low": points * interval.low if interval else None, f"{name}_high": points * interval.high if interval else None}


FINISH: dict[str, Finish] = {
    "promises": with_share_intervals,
    "calibration": calibration,
    "broken-cost": broken_cost,
    "told-first": told_first,
    "satisfaction": satisfaction,
    "recommendation": recommendation,
    "effort": effort,
    "feeling": feeling,
    "stores": stores,
    "plays": plays,
}
