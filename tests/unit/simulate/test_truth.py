"""What was planted is what is there: exact in the tables, near in a run, hidden from a naive look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import mean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omtanke.simulate import feelings
from omtanke.simulate.feelings import OTHER_SCALES, SCORES, on_scale, score, shifted
from omtanke.simulate.planted import STORE_MEANS, Effects, ShopSettings
from omtanke.simulate.shop import Shop
from omtanke.simulate.truth import Delivery, Truth
from omtanke.vocabulary.survey import BOUNDS

BEGINS = datetime(2026, 9, 1, tzinfo=ZoneInfo("Europe/Stockholm"))


@pytest.fixture(scope="module")
def truth() -> Truth:
    """A large population, so that averages are near what was planted."""
    shop = Shop(5, 12_000, BEGINS, ShopSettings(browsing=0.02, intensity=1.5))
    shop.advance(BEGINS + timedelta(days=70))
    return shop.truth


@given(st.sampled_from(sorted(SCORES)), st.floats(min_value=-1.9, max_value=0.6))
def test_a_shift_moves_the_mean_by_exactly_so_much(table: str, by: float) -> None:
    moved = shifted(SCORES[table], by)
    assert sum(moved) == pytest.approx(1)
    assert min(moved) >= -1e-12
    assert feelings.mean(moved) == pytest.approx(min(max(feelings.mean(SCORES[table]) + by, feelings.LOWEST), feelings.TOP))


@given(st.floats(min_value=0, max_value=0.999999))
def test_the_same_mood_answers_no_better_after_a_broken_promise(dice: float) -> None:
    assert score("late", 2.6, dice) <= score("kept", 4.1, dice)


@given(st.sampled_from(sorted(OTHER_SCALES)), st.floats(min_value=0, max_value=0.999999))
def test_answers_keep_their_order_on_every_scale(scale: str, dice: float) -> None:
    answers = [on_scale(n, scale, dice) for n in range(1, 6)]
    assert answers == sorted(answers)
    assert BOUNDS[scale][0] <= answers[0] <= answers[-1] <= BOUNDS[scale][1]


def test_average_effects_are_near_those_planted(truth: Truth) -> None:
    effects, planted = truth.effects(), Effects()
    assert effects.broken.average == pytest.approx(planted.broken, abs=0.03)
    assert effects.broken.large_sample == planted.broken
    assert effects.told_first.average == pytest.approx(effects.told_first.large_sample, abs=0.06)
    assert effects.last_quarter.average == pytest.approx(planted.last_quarter, abs=0.03)
    assert effects.case_late.average == pytest.approx(planted.case_late, abs=0.06)
    assert effects.refund_late.average == pytest.approx(planted.refund_late, abs=0.08)
    assert effects.buys_again.average == pytest.approx(effects.buys_again.large_sample, abs=0.02)


def test_each_store_has_its_planted_mean(truth: Truth) -> None:
    stores = truth.effects().stores
    assert set(stores) == set(STORE_MEANS)
    for size in stores.values():
        assert size.average == pytest.approx(size.large_sample, abs=0.1)


def difference(one: list[Delivery], other: list[Delivery]) -> float:
    return mean(d.score for d in one) - mean(d.score for d in other)


def stratified(one: list[Delivery], other: list[Delivery], by: Callable[[Delivery], object]) -> float:
    """The mean of the differences within strata, weighted by how much each can tell."""
    parts: dict[object, tuple[list[Delivery], list[Delivery]]] = defaultdict(lambda: ([], []))
    for place, group in enumerate((one, other)):
        for delivery in group:
            parts[by(delivery)][place].append(delivery)
    both = [(a, b, len(a) * len(b) / (len(a) + len(b))) for a, b in parts.values() if a and b]
    return sum(difference(a, b) * weight for a, b, weight in both) / sum(weight for _, _, weight in both)


def test_a_naive_look_at_the_answers_makes_a_broken_promise_too_dear_and_a_stratified_one_does_not(truth: Truth) -> None:
    answered = [one for one in truth.deliveries if one.is_answered]
    late, kept = [one for one in answered if one.outcome == "late"], [one for one in answered if one.outcome == "kept"]
    assert difference(late, kept) < -1.6
    assert stratified(late, kept, lambda one: (one.zone, one.carrier)) == pytest.approx(-1.5, abs=0.08)


def test_telling_first_helps_as_planted_within_strata(truth: Truth) -> None:
    late = [one for one in truth.deliveries if one.is_late and one.is_answered]
    told, untold = [one for one in late if one.was_told], [one for one in late if not one.was_told]
    assert stratified(told, untold, lambda one: (one.zone, one.carrier)) == pytest.approx(truth.effects().told_first.large_sample, abs=0.12)


def test_who_answers_does_not_depend_on_the_score_given_what_happened(truth: Truth) -> None:
    for outcome in ("kept", "late"):
        felt = [one for one in truth.deliveries if one.outcome == outcome]
        answered = mean(one.score for one in felt if one.is_answered)
        silent = mean(one.score for one in felt if not one.is_answered)
        assert answered == pytest.approx(silent, abs=0.1)


def test_the_shop_tells_first_less_often_in_the_north(truth: Truth) -> None:
    def share(zone: str) -> float:
        return mean(one.was_told for one in truth.deliveries if one.is_late and one.zone == zone)

    assert share("north") == pytest.approx(0.24, abs=0.06)
    assert share("middle") == pytest.approx(0.40, abs=0.06)
    assert share("south") == pytest.approx(0.44, abs=0.06)


def test_what_was_planted_can_be_chosen() -> None:
    shop = Shop(5, 2_000, BEGINS, ShopSettings(browsing=0.02, effects=Effects(broken=-0.5, last_quarter=0.0)))
    shop.advance(BEGINS + timedelta(days=21))
    effects = shop.truth.effects()
    assert effects.broken.average == pytest.approx(-0.5, abs=0.06)
    assert effects.last_quarter.average == 0.0


def test_the_truth_can_be_written_down(truth: Truth) -> None:
    data = truth.to_data()
    assert set(data) == {"effects", "means", "deliveries", "visits", "help", "touches"}
