"""The questions recover what was planted in the living shop: a few small runs. `make truth` makes two hundred whole ones."""

from __future__ import annotations

from statistics import fmean

import pytest
from benchmarks.truth import Run, run_seed, table

SEEDS, PERSONS = (1, 2), 2_000


@pytest.fixture(scope="module", name="runs")
def few_runs() -> list[Run]:
    return [run_seed(seed, PERSONS) for seed in SEEDS]


def of(runs: list[Run], effect: str) -> list[float]:
    return [one.estimate for run in runs for one in run.found if one.effect == effect and one.estimate is not None]


def test_planted_effects_are_recovered_with_their_sign_and_size(runs: list[Run]) -> None:
    assert -2.2 < fmean(of(runs, "cost of a broken promise")) < -0.8
    assert 0.0 < fmean(of(runs, "told first")) < 2.0


def test_intervals_cover_what_was_planted(runs: list[Run]) -> None:
    said = [one for run in runs for one in run.found if one.has_said]
    assert len(said) > 12
    assert sum(one.covers for one in said) / len(said) > 0.8


def test_the_same_seed_says_the_same(runs: list[Run]) -> None:
    assert run_seed(SEEDS[0], PERSONS).found == runs[0].found


def test_the_table_says_how_often_each_interval_covers(runs: list[Run]) -> None:
    text, _ = table(runs)
    assert "told first" in text and "all stores" in text and "2 runs" in text
