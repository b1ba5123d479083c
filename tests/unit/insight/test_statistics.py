"""Intervals against published values."""

from __future__ import annotations

import pytest

from omtanke.insight.statistics import Interval, Sample, difference_interval, difference_of_shares, mean_interval, t_distribution, t_quantile, wilson


# Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
)
def test_wilson_as_published(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(successes, trials)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


# The same author, the same volume, 17:873-890, table II, method 10.
@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_difference_of_shares_as_published(one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    found = difference_of_shares(one, other)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_wilson_is_the_same_seen_from_either_side() -> None:
    kept, broken = wilson(81, 263), wilson(182, 263)
    assert kept is not None
    assert broken is not None
    assert (kept.low, kept.high) == pytest.approx((1 - broken.high, 1 - broken.low), abs=1e-12)


def test_wilson_of_nothing_is_nothing() -> None:
    assert wilson(0, 0) is None
    assert wilson(5, 5) == Interval(wilson(5, 5).low, 1.0)  # type: ignore[union-attr]


# Tables of Student's t, as in Fisher and Yates.
@pytest.mark.parametrize(
    ("p", "freedom", "value"),
    [
        (0.975, 1, 12.7062),
        (0.975, 2, 4.3027),
        (0.95, 3, 2.3534),
        (0.995, 5, 4.0321),
        (0.975, 10, 2.2281),
        (0.975, 30, 2.0423),
        (0.975, 120, 1.9799),
        (0.975, 1_000_000, 1.96),
    ],
)
def test_t_quantile_as_published(p: float, freedom: float, value: float) -> None:
    assert t_quantile(p, freedom) == pytest.approx(value, abs=5e-5)


def test_t_quantile_lies_alike_on_both_sides() -> None:
    assert t_quantile(0.025, 7) == -t_quantile(0.975, 7)
    assert t_distribution(t_quantile(0.9, 4.5), 4.5) == pytest.approx(0.9, abs=1e-12)


@pytest.mark.parametrize(("p", "freedom"), [(0.0, 5), (1.0, 5), (0.5, 0)])
def test_t_quantile_refuses_what_cannot_be(p: float, freedom: float) -> None:
    with pytest.raises(ValueError, match="degrees of freedom above 0"):
        t_quantile(p, freedom)


def sample(*values: int) -> Sample:
    return Sample(len(values), sum(values), sum(value * value for value in values))


# Student 1908, the additional hours of sleep of ten patients, in tenths: drug 1, drug 2.
SLEEP_1 = sample(7, -16, -2, -12, -1, 34, 37, 8, 0, 20)
SLEEP_2 = sample(19, 8, 11, 1, -1, 44, 55, 16, 46, 34)


def test_mean_interval_of_students_sleep() -> None:
    found = mean_interval(SLEEP_2)
    assert found is not None
    assert (round(found.low, 2), round(found.high, 2)) == (8.98, 37.62)


def test_welchs_interval_of_students_sleep() -> None:
    found = difference_interval(SLEEP_1, SLEEP_2)
    assert found is not None
    assert (found.low / 10, found.high / 10) == pytest.approx((-3.3654832, 0.2054832), abs=1e-6)  # R: t.test(extra ~ group, sleep)


def test_no_interval_from_one_case_or_without_spread() -> None:
    assert mean_interval(sample(5)) is None
    assert difference_interval(sample(5), sample(1, 2)) is None
    assert difference_interval(sample(5, 5), sample(4, 4)) is None
