"""What is said by one person is not said by two."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from omtanke.insight.repeated import Summed, interval_of_mean, interval_of_share, worth_of
from omtanke.insight.statistics import Sample, mean_interval, wilson


def summed(persons: Sequence[Sequence[int]]) -> Summed:
    totals = [(len(scores), sum(scores)) for scores in persons]
    return Summed(
        len(persons),
        sum(n for n, _ in totals),
        sum(total for _, total in totals),
        sum(total * total for _, total in totals),
        sum(total * n for n, total in totals),
        sum(n * n for n, _ in totals),
    )


def test_where_each_has_answered_once_it_is_the_ordinary_interval() -> None:
    scores = [5, 4, 1, 3, 5, 2, 4]
    ordinary = mean_interval(Sample(7, 24, 96))
    found = interval_of_mean(summed([[one] for one in scores]))
    assert ordinary is not None and found is not None
    assert (found.low, found.high) == pytest.approx((ordinary.low, ordinary.high), abs=1e-12)
    assert interval_of_share(summed([[int(one >= 4)] for one in scores])) == wilson(4, 7)


def test_the_ratio_estimator_as_statsmodels_has_it() -> None:
    """OLS on a constant with cov_type="cluster", use_t: mean 3.083333, standard error 0.650428 with the correction m/(m − 1) over 5 persons."""
    persons = [[5, 5, 4], [1], [2, 2], [4, 4, 4, 3], [1, 2]]
    found = summed(persons)
    assert found.error is not None
    assert (round(found.mean, 6), round(found.error**0.5, 6)) == (3.083333, 0.650428)


def test_answers_that_repeat_their_person_are_worth_their_persons() -> None:
    persons = [[score] * 10 for score in (1, 2, 3, 4, 5)]
    found = summed(persons)
    assert worth_of(found, 100 / 49) == pytest.approx(100 / 49 / (2.5 / 5))
    wide, narrow = interval_of_share(summed([[int(score > 3)] * 10 for score in (1, 2, 3, 4, 5)])), wilson(20, 50)
    assert wide is not None and narrow is not None
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_one_person_gives_no_interval_of_a_mean() -> None:
    assert interval_of_mean(summed([[5, 4, 5]])) is None
