"""What an exposure makes of an answer, when each who met it is held against others of the same sort who did not.

Likeness is a stratum (region and carrier, say). An answer of somebody exposed counts by how far it lies from the mean of
the others in its stratum; the effect is the mean of that over all exposed: the effect on those who met it. Strata
without others have nobody to compare with; their exposed are left out and counted. Two exposures are compared by the
difference of their effects, held against the same others.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from omtanke.insight.statistics import LEVEL, Interval, Sample, welch

LEAST_SHARE = 0.25


class Stratum(Struct, frozen=True):
    """Answers of one sort: of those exposed, and of the others."""

    exposed: Sample
    others: Sample


class Effect(Struct, frozen=True):
    """The effect, its interval (None: too few), and whom it rests on.

    n1, n0: answers compared, of those exposed and of those they are held against. left_out: answers of those exposed
    without anybody to compare with.
    """

    estimate: float | None
    interval: Interval | None
    n1: int
    n0: int
    left_out: int


class Arm(Struct, frozen=True):
    """One exposure: its answers that can be compared, how far they lie from the others' on average, the variance of
    one of them, and which share of them lies in each stratum."""

    n: int
    mean: float
    variance: float
    shares: tuple[float, ...]


def standardised(strata: Sequence[Stratum], level: float = LEVEL) -> Effect:
    """The effect on those exposed. Its variance is Neyman's, s1²/n1 + s0² Σ w²/n0 over strata of which w is the share of the exposed."""
    noise, freedom = pooled_variance([one.others for one in strata])
    arm = arm_of(strata, noise)
    compared = [one for one in strata if one.exposed.n and one.others.n]
    n0, left_out = sum(one.others.n for one in compared), sum(one.exposed.n for one in strata if not one.others.n)
    if arm is None:
        return Effect(None, None, 0, n0, left_out)
    spread = noise * sum(share**2 / one.others.n for share, one in zip(arm.shares, strata, strict=True) if share)
    interval = welch(arm.mean, [(arm.variance / arm.n, arm.n - 1), (spread, freedom)], level) if arm.n > 1 and freedom else None
    return Effect(arm.mean, interval, arm.n, n0, left_out)


def compared(first: Sequence[Stratum], second: Sequence[Stratum], level: float = LEVEL) -> Effect:
    """The effect of one exposure less that of another, held against the same others in the same strata."""
    noise, freedom = pooled_variance([one.others for one in first])
    one, other = arm_of(first, noise), arm_of(second, noise)
    left_out = sum(stratum.exposed.n for stratum in (*first, *second) if not stratum.others.n)
    if one is None or other is None:
        return Effect(None, None, one.n if one else 0, other.n if other else 0, left_out)
    spread = noise * sum((a - b) ** 2 / stratum.others.n for a, b, stratum in zip(one.shares, other.shares, first, strict=True) if a or b)
    parts = [(one.variance / one.n, one.n - 1), (other.variance / other.n, other.n - 1), (spread, freedom)]
    estimate = one.mean - other.mean
    interval = welch(estimate, parts, level) if min(one.n, other.n) > 1 and freedom else None
    return Effect(estimate, interval, one.n, other.n, left_out)


def arm_of(strata: Sequence[Stratum], noise: float) -> Arm | None:
    """The exposed of strata that have others; `noise` is the variance of one answer of the others. None without any.

    Distances from the others' means vary also because those means do; what that adds, n/(n − 1) noise Σ w (1 − w)/n0,
    is taken off again, though never more than three quarters.
    """
    used = [one.exposed.n if one.others.n else 0 for one in strata]
    n = sum(used)
    if not n:
        return None
    away = [(one.exposed, one.others.mean) for one in strata if one.exposed.n and one.others.n]
    mean = sum(sample.total - sample.n * middle for sample, middle in away) / n
    squares = sum(sample.squares - 2 * middle * sample.total + sample.n * middle * middle for sample, middle in away)
    shares = tuple(count / n for count in used)
    if n == 1:
        return Arm(n, mean, 0.0, shares)
    whole = (squares - n * mean * mean) / (n - 1)
    added = noise * sum(share * (1 - share) / one.others.n for share, one in zip(shares, strata, strict=True) if share) * n / (n - 1)
    return Arm(n, mean, max(whole - added, LEAST_SHARE * whole, 0.0), shares)


def pooled_variance(samples: Sequence[Sample]) -> tuple[float, int]:
    """The variance within groups, and its degrees of freedom; zeros when no group has two."""
    freedom = sum(one.n - 1 for one in samples if one.n)
    return (sum(one.variance * (one.n - 1) for one in samples if one.n > 1) / freedom, freedom) if freedom else (0.0, 0)
