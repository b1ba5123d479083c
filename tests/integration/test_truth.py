"""The questions recover what was planted in the living shop: a few small runs. `make truth` makes two hundred whole ones."""

from __future__ import annotations

from statistics import fmean

import msgspec
import pytest
from benchmarks.reminder import SETTINGS, Compared, compare
from benchmarks.truth import Run, run_seed, table

from omtanke.simulate.planted import Effects

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


WORKS = msgspec.structs.replace(SETTINGS, effects=Effects(persuadable=1.0, comes_back_when_reminded=0.5))


@pytest.fixture(scope="module", name="remembered")
def one_shop_whose_reminders_work() -> Compared:
    """Everybody can be persuaded, and every second reminder works: so few customers are enough to see it."""
    return compare(1, 500, WORKS)


def test_a_reminder_that_works_is_seen_to_work(remembered: Compared) -> None:
    found = remembered.found
    assert found.low is not None and found.low > 0
    assert found.truth > 15 and found.covers


def test_chance_decides_who_is_held_out_and_nobody_writes_to_them(remembered: Compared) -> None:
    held_out = {turn.run for turn in remembered.turns if turn.is_held_out}
    told = {turn.run for turn in remembered.turns if not turn.is_held_out}
    assert 0.4 < len(held_out) / len(remembered.turns) < 0.6
    assert not held_out & {heard.run for heard in remembered.lived.heard}
    assert len(told & {heard.run for heard in remembered.lived.heard}) > 0.6 * len(told)


def test_without_an_effect_the_two_lives_are_the_same() -> None:
    nothing = msgspec.structs.replace(SETTINGS, effects=Effects(comes_back_when_reminded=0.0))
    found = compare(2, 150, nothing).found
    assert found.truth == 0.0 and found.covers
    text, holds = table([Run(2, 1.0, 1, (found,))])
    assert "remembered cart" in text and "all stores" not in text
    assert not holds  # one run of one is more than 98 %
