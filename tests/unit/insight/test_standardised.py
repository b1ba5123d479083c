"""Those who met something, compared with others of the same sort."""

from __future__ import annotations

from random import Random

from omtanke.insight.standardised import Stratum, compared, standardised
from omtanke.insight.statistics import Sample, contrast


def sample(*scores: int) -> Sample:
    return Sample(len(scores), sum(scores), sum(score * score for score in scores))


STRATA = [
    Stratum(sample(1, 2, 3), sample(4, 5, 4, 3)),
    Stratum(sample(2), sample(5, 4)),
    Stratum(sample(3, 1), sample(5)),
]


def test_the_estimate_and_its_interval_as_numpy_and_scipy_have_them() -> None:
    found = standardised(STRATA)
    assert found.estimate is not None and found.interval is not None
    assert (round(found.estimate, 9), round(found.interval.low, 9), round(found.interval.high, 9)) == (-2.416666667, -3.540525834, -1.292807499)
    assert (found.n1, found.n0, found.left_out) == (6, 7, 0)


def test_two_exposures_are_held_against_the_same_others() -> None:
    told = [Stratum(sample(4, 3), sample(5, 4, 4)), Stratum(sample(5), sample(3, 4)), Stratum(sample(), sample(4, 5))]
    silent = [Stratum(sample(2), sample(5, 4, 4)), Stratum(sample(2, 1), sample(3, 4)), Stratum(sample(3), sample(4, 5))]
    found = compared(told, silent)
    assert found.estimate is not None and found.interval is not None
    assert (round(found.estimate, 9), round(found.interval.low, 9), round(found.interval.high, 9)) == (1.902777778, -1.158685855, 4.96424141)
    assert (found.n1, found.n0, found.left_out) == (3, 4, 0)


def test_those_without_anybody_to_compare_with_are_left_out_and_counted() -> None:
    found = standardised([*STRATA, Stratum(sample(1, 1), sample())])
    assert (found.estimate, found.interval) == (standardised(STRATA).estimate, standardised(STRATA).interval)
    assert (found.n1, found.n0, found.left_out) == (6, 7, 2)


def test_nothing_to_compare_is_no_effect() -> None:
    assert (standardised([]).estimate, standardised([]).interval) == (None, None)
    assert standardised([Stratum(sample(3), sample(4))]).interval is None


def test_a_confounded_effect_is_recovered_where_the_plain_difference_is_not() -> None:
    """In the north all are less content, and more is late there; being late costs 1.0 everywhere. 400 runs."""
    rng = Random(5)
    covered = plain_covered = 0
    for _ in range(400):
        strata = []
        for base, share, n in ((4.0, 0.05, 400), (3.0, 0.4, 100)):
            late = [rng.random() < share for _ in range(n)]
            scores = [round(100 * (base - is_late + rng.gauss(0, 1))) for is_late in late]
            exposed = [one for one, is_late in zip(scores, late, strict=True) if is_late]
            strata.append(Stratum(sample(*exposed), sample(*(one for one, is_late in zip(scores, late, strict=True) if not is_late))))
        covered += covers(standardised(strata).interval, -100)
        plain_covered += covers(standardised([merged(strata)]).interval, -100)
    assert 0.92 < covered / 400 < 0.98
    assert plain_covered / 400 < 0.2


def test_intervals_cover_where_most_sorts_have_one_exposed_and_few_others() -> None:
    """40 sorts with 1 to 9 others; 25 exposed and 15 told lie anywhere, and vary more than the others. 600 runs."""
    rng = Random(11)
    covered = covered_between = 0
    for _ in range(600):
        late, told = [[] for _ in range(40)], [[] for _ in range(40)]
        for _ in range(25):
            late[rng.randrange(40)].append(-150)
        for _ in range(15):
            told[rng.randrange(40)].append(-50)
        first, second = [], []
        for of_late, of_told in zip(late, told, strict=True):
            base = rng.gauss(400, 30)
            others = sample(*(round(base + rng.gauss(0, 90)) for _ in range(rng.randint(1, 9))))
            first.append(Stratum(sample(*(round(base + shift + rng.gauss(0, 120)) for shift in of_late)), others))
            second.append(Stratum(sample(*(round(base + shift + rng.gauss(0, 120)) for shift in of_told)), others))
        covered += covers(standardised(first).interval, -150)
        covered_between += covers(compared(second, first).interval, 100)
    assert 0.92 < covered / 600 < 0.98
    assert 0.92 < covered_between / 600 < 0.98


def covers(interval: object, truth: float) -> bool:
    return interval.low <= truth <= interval.high  # type: ignore[attr-defined]


def merged(strata: list[Stratum]) -> Stratum:
    def added(samples: list[Sample]) -> Sample:
        return Sample(*(sum(getattr(one, name) for one in samples) for name in Sample.__struct_fields__))

    return Stratum(added([one.exposed for one in strata]), added([one.others for one in strata]))


def test_a_group_is_held_against_the_mean_over_groups_as_numpy_and_scipy_have_it() -> None:
    found = contrast([sample(5, 4, 4, 3), sample(2, 3, 4), sample(5, 5, 4, 4, 3)], 0)
    assert found is not None and found[1] is not None
    assert (round(found[0], 9), round(found[1].low, 9), round(found[1].high, 9)) == (0.266666667, -0.596461468, 1.129794802)
    assert contrast([sample(5, 4)], 0) is None
    assert contrast([sample(5, 4), sample(3)], 0) is None
