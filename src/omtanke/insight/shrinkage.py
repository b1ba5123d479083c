"""Small groups held against all of them: what a group's mean most likely is, given how much groups of its sort differ.

The true means of groups lie around a mean μ of their own with a spread τ, neither of which is known. Were τ known, a
group of n answers would keep the share Z = n τ² / (n τ² + σ²) of its own mean and take the rest from μ, σ² being the
variance of answers within groups. τ is averaged over what the groups say of it, every τ as likely beforehand (Rubin
1981, "Estimation in parallel randomized experiments"; Gelman 2006 on that prior), so that few groups are not overread.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt
from statistics import NormalDist

from msgspec import Struct

from omtanke.insight.statistics import LEVEL, Interval, Sample

STEPS = 100


class Shrunk(Struct, frozen=True):
    """A group's mean, held against all, and its interval."""

    mean: float
    interval: Interval


def shrunk(groups: Sequence[tuple[Sample, float]], level: float = LEVEL) -> list[Shrunk] | None:
    """Each group held against all; a group is its answers, and how many answers of different persons they are worth.

    None for fewer than two groups, or when no group has two answers.
    """
    freedom = sum(sample.n - 1 for sample, _ in groups)
    if len(groups) < 2 or not freedom:
        return None
    within = sum(sample.variance * (sample.n - 1) for sample, _ in groups if sample.n > 1) / freedom
    found = held([(sample.mean, within / worth) for sample, worth in groups])
    z = NormalDist().inv_cdf((1 + level) / 2)
    return [Shrunk(mean, Interval(mean - z * sqrt(variance), mean + z * sqrt(variance))) for mean, variance in found]


def held(groups: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """(mean, variance) of each group's true mean, from its own mean and the variance of that."""
    means = [mean for mean, _ in groups]
    widest = 2 * max(max(means) - min(means), sqrt(sum(error for _, error in groups) / len(groups)))
    if not widest:
        return [(mean, 0.0) for mean in means]
    spreads = [(step + 0.5) / STEPS * widest for step in range(STEPS)]
    fits = [given_spread(groups, spread * spread) for spread in spreads]
    most = max(likelihood for likelihood, _ in fits)
    weights = [exp(likelihood - most) for likelihood, _ in fits]
    whole = sum(weights)
    averaged = []
    for n in range(len(groups)):
        mean = sum(weight * fit[n][0] for weight, (_, fit) in zip(weights, fits, strict=True)) / whole
        square = sum(weight * (fit[n][1] + (fit[n][0] - mean) ** 2) for weight, (_, fit) in zip(weights, fits, strict=True)) / whole
        averaged.append((mean, square))
    return averaged


def given_spread(groups: Sequence[tuple[float, float]], between: float) -> tuple[float, list[tuple[float, float]]]:
    """The log likelihood of τ² = `between`, μ being any, and (mean, variance) of each group's true mean if it is that."""
    precisions = [1 / (between + error) for _, error in groups]
    whole = sum(precisions)
    centre = sum(precision * mean for precision, (mean, _) in zip(precisions, groups, strict=True)) / whole
    away = sum(precision * (mean - centre) ** 2 for precision, (mean, _) in zip(precisions, groups, strict=True))
    likelihood = 0.5 * (sum(map(log, precisions)) - log(whole) - away)
    found = []
    for precision, (mean, error) in zip(precisions, groups, strict=True):
        kept, taken = between * precision, error * precision
        found.append((centre + kept * (mean - centre), kept * error + taken * taken / whole))
    return likelihood, found
