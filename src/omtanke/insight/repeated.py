"""Answers of persons who may have answered more than once: what is said by one person is not said by two.

The mean is over answers; its variance is between persons (the ratio estimator of cluster samples; Cochran 1977, 11.6).
Where each has answered once it is the ordinary variance of a mean.
"""

from __future__ import annotations

from math import sqrt

from msgspec import Struct

from omtanke.insight.statistics import LEVEL, Interval, Sample, t_quantile, wilson


class Summed(Struct, frozen=True):
    """Whole numbers by person, summed: count n and total t of each, as Σn, Σt, Σt², Σtn, Σn². Exact, in whatever order they came."""

    persons: int
    n: int
    total: int
    of_totals: int
    of_products: int
    of_counts: int

    @property
    def mean(self) -> float:
        return self.total / self.n

    @property
    def error(self) -> float | None:
        """The variance of the mean. None for fewer than two persons."""
        if self.persons < 2:
            return None
        n, total = self.n, self.total
        spread = n * n * self.of_totals - 2 * total * n * self.of_products + total * total * self.of_counts
        return spread * self.persons / (n**4 * (self.persons - 1))


def interval_of_mean(summed: Summed, level: float = LEVEL) -> Interval | None:
    """Student's t interval of a mean, with persons less one degrees of freedom. None for fewer than two persons."""
    error = summed.error
    if error is None:
        return None
    reach = t_quantile((1 + level) / 2, summed.persons - 1) * sqrt(error)
    return Interval(summed.mean - reach, summed.mean + reach)


def interval_of_share(summed: Summed, level: float = LEVEL) -> Interval | None:
    """Wilson's interval of a share, over as many answers as the persons are worth (Korn and Graubard 1998). `total` counts those that are in the share."""
    share = summed.mean
    if summed.persons == summed.n:
        return wilson(summed.total, summed.n, level)
    worth = worth_of(summed, share * (1 - share) * summed.n / (summed.n - 1))
    return wilson(share * worth, worth, level)


def worth_of(summed: Summed, variance: float) -> float:
    """How many answers of as many persons the mean is worth; `variance` is that of one answer. Never more than there are answers."""
    error = summed.error
    if summed.persons == summed.n or not error:
        return float(summed.n if error is not None or summed.persons == summed.n else summed.persons)
    return min(float(summed.n), max(variance / error, 1.0))


def variance_of(sample: Sample) -> float:
    """The variance of one answer; 0 for a single one."""
    return sample.variance if sample.n > 1 else 0.0
