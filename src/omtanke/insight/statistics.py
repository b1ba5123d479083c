"""Intervals for shares and means. Short, in closed form, checked against published values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

from msgspec import Struct

LEVEL = 0.95
TINY = 1e-300
MOST_ROUNDS = 300


class Interval(Struct, frozen=True):
    """From `low` to `high`."""

    low: float
    high: float


class Sample(Struct, frozen=True):
    """Whole numbers as their count, sum and sum of squares: exact, whatever order they came in."""

    n: int
    total: int
    squares: int

    @property
    def mean(self) -> float:
        return self.total / self.n

    @property
    def variance(self) -> float:
        """The sample variance, with n - 1."""
        return (self.n * self.squares - self.total * self.total) / (self.n * (self.n - 1))


def wilson(successes: float, trials: float, level: float = LEVEL) -> Interval | None:
    """The score interval of a share (Wilson 1927; method 3 in Newcombe 1998). None without trials."""
    if trials == 0:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, z2 = successes / trials, z * z
    middle = share + z2 / (2 * trials)
    reach = z * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    scale = 1 + z2 / trials
    low = 0.0 if successes == 0 else (middle - reach) / scale
    high = 1.0 if successes == trials else (middle + reach) / scale
    return Interval(low, high)


def difference_of_shares(one: tuple[int, int], other: tuple[int, int], level: float = LEVEL) -> Interval | None:
    """The interval of a share less another, each as (successes, trials): the square-and-add score interval (method 10 in Newcombe 1998, "Interval
    estimation for the difference between independent proportions"). None without trials."""
    first, second = wilson(*one, level), wilson(*other, level)
    if first is None or second is None:
        return None
    share, against = one[0] / one[1], other[0] / other[1]
    low = sqrt((share - first.low) ** 2 + (second.high - against) ** 2)
    high = sqrt((first.high - share) ** 2 + (against - second.low) ** 2)
    return Interval(share - against - low, share - against + high)


def mean_interval(sample: Sample, level: float = LEVEL) -> Interval | None:
    """Student's t interval of a mean. None for fewer than two."""
    if sample.n < 2:
        return None
    reach = t_quantile((1 + level) / 2, sample.n - 1) * sqrt(sample.variance / sample.n)
    return Interval(sample.mean - reach, sample.mean + reach)


def difference_interval(one: Sample, other: Sample, level: float = LEVEL) -> Interval | None:
    """Welch's interval of the difference of two means, one less other. None for fewer than two, or without any spread."""
    if one.n < 2 or other.n < 2:
        return None
    return welch(one.mean - other.mean, [(one.variance / one.n, one.n - 1), (other.variance / other.n, other.n - 1)], level)


def welch(estimate: float, parts: Sequence[tuple[float, int]], level: float = LEVEL) -> Interval | None:
    """The interval of an estimate whose variance is a sum of independent parts, each with its degrees of freedom (Welch 1947). None without any spread."""
    variance = sum(part for part, _ in parts)
    if variance <= 0:
        return None
    freedom = variance**2 / sum(part * part / own for part, own in parts if part)
    reach = t_quantile((1 + level) / 2, freedom) * sqrt(variance)
    return Interval(estimate - reach, estimate + reach)


def contrast(samples: Sequence[Sample], n: int, level: float = LEVEL) -> tuple[float, Interval | None] | None:
    """The n-th group's mean less the mean over groups, each counting once, and its interval. None for one group alone, or without two of each."""
    if len(samples) < 2 or any(one.n < 2 for one in samples):
        return None
    share = 1 / len(samples)
    weights = [(1 - share) if place == n else -share for place in range(len(samples))]
    estimate = sum(weight * one.mean for weight, one in zip(weights, samples, strict=True))
    parts = [(weight * weight * one.variance / one.n, one.n - 1) for weight, one in zip(weights, samples, strict=True)]
    return estimate, welch(estimate, parts, level)


@lru_cache(maxsize=4096)
def t_quantile(p: float, freedom: float) -> float:
    """The value below which Student's t with that many degrees of freedom lies with probability p; by bisection of its distribution."""
    if not 0 < p < 1 or freedom <= 0:
        raise ValueError(f"p = {p}, degrees of freedom = {freedom}: p must lie between 0 and 1, degrees of freedom above 0")
    if p < 0.5:
        return -t_quantile(1 - p, freedom)
    low, high = 0.0, 1.0
    while t_distribution(high, freedom) < p:
        low, high = high, high * 2
    for _ in range(MOST_ROUNDS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if t_distribution(middle, freedom) < p else (low, middle)
    return (low + high) / 2


def t_distribution(t: float, freedom: float) -> float:
    """P(T ≤ t), by the incomplete beta function (Abramowitz and Stegun 26.7.1)."""
    tail = beta_share(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2
    return tail if t < 0 else 1 - tail


def beta_share(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz; DLMF 8.17.22)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or TINY)
    fraction = d
    for m in range(1, MOST_ROUNDS):
        for term in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 / (1 + term * d or TINY)
            c = 1 + term / c or TINY
            fraction *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * fraction
