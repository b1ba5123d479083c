"""Small groups held against all of them."""

from __future__ import annotations

from random import Random

import pytest

from omtanke.insight.shrinkage import held, shrunk
from omtanke.insight.statistics import Sample

# Rubin (1981): what coaching was worth in eight schools, and its standard error.
SCHOOLS = [(28, 15), (8, 10), (-3, 16), (7, 11), (-1, 9), (1, 11), (18, 10), (12, 18)]
# The means of what is then likely, as Stan's own introduction to that example prints them (by simulation).
STAN = [11.4, 8.0, 6.2, 7.7, 5.2, 6.2, 10.7, 8.5]


def sample(*scores: int) -> Sample:
    return Sample(len(scores), sum(scores), sum(score * score for score in scores))


def by_size(*samples: Sample) -> list[tuple[Sample, float]]:
    return [(one, float(one.n)) for one in samples]


def test_eight_schools_as_published() -> None:
    found = held([(mean, error * error) for mean, error in SCHOOLS])
    assert [round(mean, 1) for mean, _ in found] == pytest.approx(STAN, abs=0.3)
    assert all(6 < variance**0.5 < 9 for _, variance in found)


def test_few_answers_lie_near_the_mean_of_all_and_many_stay_where_they_are() -> None:
    groups = [sample(5, 5), sample(*[1, 2, 3, 4, 5] * 100), sample(*[2, 3, 4, 4, 5] * 100), sample(*[1, 1, 2, 3, 5] * 100)]
    found = shrunk(by_size(*groups))
    assert found is not None
    assert found[0].mean < 4.5
    assert abs(found[1].mean - 3.0) < 0.02


def test_a_group_alone_and_answers_one_by_one_have_nothing_to_be_held_against() -> None:
    assert shrunk([]) is None
    assert shrunk(by_size(sample(1, 5))) is None
    assert shrunk(by_size(sample(1), sample(5))) is None


def test_groups_without_any_spread_stay_where_they_are() -> None:
    found = shrunk(by_size(sample(3, 3), sample(3, 3, 3)))
    assert found is not None
    assert [(one.mean, one.interval.low, one.interval.high) for one in found] == [(3.0, 3.0, 3.0), (3.0, 3.0, 3.0)]


@pytest.mark.parametrize(("groups", "spread", "least", "most"), [(12, 0.35, 3, 40), (5, 0.35, 3, 40), (14, 0.1, 5, 60)])
def test_shrunk_intervals_cover_the_truth_and_lie_nearer_to_it(groups: int, spread: float, least: int, most: int) -> None:
    """Shops whose touchpoints have few answers; the truth of each is drawn first, and then its answers."""
    rng = Random(17)
    covered, off, off_shrunk, times = 0, 0.0, 0.0, 2_400 // groups
    for _ in range(times):
        truths = [rng.gauss(3.6, spread) for _ in range(groups)]
        samples = [sample(*(round(100 * rng.gauss(truth, 1.0)) for _ in range(rng.randint(least, most)))) for truth in truths]
        for truth, own, one in zip(truths, samples, shrunk(by_size(*samples)) or (), strict=True):
            covered += one.interval.low <= 100 * truth <= one.interval.high
            off += (own.mean - 100 * truth) ** 2
            off_shrunk += (one.mean - 100 * truth) ** 2
    assert 0.93 < covered / (times * groups) < 0.97
    assert off_shrunk < 0.75 * off
