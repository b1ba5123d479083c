"""The model of delivery on shops whose truth is known: what it learns, what it may not know, and what it does when the world changes."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from fakes.delivery_shops import FIRST, NO_DAYS_OFF, orders, shop
from omtanke.learning.delivery.backtest import is_quoted, quote_again
from omtanke.learning.delivery.model import Model, corrected, distribution, features_of, learn_delivery
from omtanke.learning.delivery.orders import NEVER, UNKNOWN, Feature, Floats, Orders, feature
from omtanke.learning.delivery.pace import Slowed
from omtanke.learning.delivery.quoting import last_by_level
from omtanke.learning.delivery.told import Told


def quoted(model: Model, region: str, chance: float = 0.8, freight: str = "5") -> int:
    return int(last_by_level(distribution(model, model.day, features_of(model, {"region": region, "seller": "1", "freight": freight})), chance)[0])


def kept(orders: Orders, truth: Orders, first: int, end: int, chance: float) -> float:
    found = quote_again(orders, NO_DAYS_OFF, first, end, 1.0, lambda done, total: None)
    return float((truth.delivered[found.rows] - truth.placed[found.rows] <= last_by_level(found.distributions, chance)).mean())


@pytest.mark.parametrize("chance", [0.8, 0.9, 0.95])
def test_windows_hold_as_often_as_they_say(chance: float) -> None:
    """Whole days keep a little more than was asked for, never clearly less."""
    steady = shop(days=200, a_day=25, transit=15.0)
    assert chance - 0.015 <= kept(steady, steady, FIRST + 120, FIRST + 170, chance) <= chance + 0.05


def test_orders_under_way_count() -> None:
    """Of the last ten days only the quick ones have come. A quantile of those delivered would be far too short."""
    today = FIRST + 30
    known = shop(days=40, a_day=60, transit=12.0, until=today)
    took = (known.delivered - known.placed)[known.delivered < NEVER]
    truth = shop(days=40, a_day=60, transit=12.0)
    real = float(np.quantile(truth.delivered - truth.placed, 0.8))
    learnt = quoted(learn_delivery(known, NO_DAYS_OFF, today), "N")
    assert np.quantile(took, 0.8) < real - 1
    assert learnt >= real - 1


def test_one_region_that_slows_down_is_seen_within_days_and_leaves_the_other_alone() -> None:
    slow_from = FIRST + 100
    transit = np.full(140 * 60, 5.0)
    placed = FIRST + np.repeat(np.arange(140), 60)
    transit[(placed >= slow_from) & (np.arange(len(placed)) % 2 == 0)] = 12.0
    before, after = (learn_delivery(shop(140, 60, transit, until=day), NO_DAYS_OFF, day) for day in (slow_from, slow_from + 12))
    assert quoted(after, "N") >= quoted(before, "N") + 3
    assert abs(quoted(after, "S") - quoted(before, "S")) <= 2


def test_what_comes_later_changes_nothing_that_was_quoted() -> None:
    end = FIRST + 100
    one, other = shop(days=140, a_day=20), shop(days=140, a_day=20)
    late = np.where(other.delivered >= end, other.delivered + 30, other.delivered)
    shipped = np.where(other.shipped >= end, other.shipped + 20, other.shipped)
    found = [quote_again(known, NO_DAYS_OFF, end - 5, end, 1.0, lambda done, total: None) for known in (one, replace(other, delivered=late, shipped=shipped))]
    assert np.array_equal(found[0].distributions, found[1].distributions)


def test_a_delivered_order_that_stands_for_more_makes_fewer_lost() -> None:
    known = shop(days=200, a_day=20)
    some = replace(known, delivered=np.where(np.arange(len(known)) % 20 == 0, NEVER, known.delivered))
    alone, weighed = (learn_delivery(some, NO_DAYS_OFF, FIRST + 200, weight).lost for weight in (1.0, 3.0))
    assert alone == pytest.approx(0.05, abs=0.005)
    assert weighed == pytest.approx(0.05 / (0.05 + 3 * 0.95), abs=0.003)


def test_nothing_is_quoted_for_what_was_called_off_before_it_came() -> None:
    known = shop(days=20, a_day=2)
    cancelled = known.cancelled.copy()
    cancelled[[0, 1]] = FIRST + 1
    delivered = known.delivered.copy()
    delivered[0] = NEVER
    assert is_quoted(replace(known, cancelled=cancelled, delivered=delivered), FIRST, FIRST + 1).tolist() == [1]


def test_sunday_is_no_day_to_promise() -> None:
    """Nobody delivers at weekends: the chance does not grow there."""
    week = shop(days=150, a_day=30)
    weekday = (week.delivered + 3) % 7
    moved = week.delivered + np.select([weekday == 5, weekday == 6], [2, 1], 0)
    model = learn_delivery(replace(week, delivered=moved), NO_DAYS_OFF, FIRST + 150)
    chances: Floats = np.diff(distribution(model, model.day, features_of(model, {"region": "N", "seller": "1", "freight": "5"}))[0])
    on_sundays = [gain for at, gain in enumerate(chances[:20], 1) if (model.day + at + 3) % 7 == 6]
    assert max(on_sundays) < 0.15 * chances.max()


def test_a_shop_that_has_seen_nothing_gives_a_wide_answer() -> None:
    model = learn_delivery(shop(days=1, a_day=2, until=FIRST + 1), NO_DAYS_OFF, FIRST + 1)
    assert 5 <= quoted(model, "N", 0.5) <= 15
    assert 10 <= quoted(model, "never seen", 0.9) <= 60


def test_more_under_way_than_usual_makes_windows_longer() -> None:
    known = shop(days=150, a_day=30)
    model = learn_delivery(known, NO_DAYS_OFF, FIRST + 150)
    features = features_of(model, {"region": "N", "seller": "1", "freight": "5"})
    calm, swamped = (int(last_by_level(distribution(model, model.day, features, since), 0.9)[0]) for since in (0.0, model.usual))
    assert swamped >= calm + 2


def test_an_order_to_nobody_knows_where_may_go_to_the_far_region() -> None:
    transit = np.where(np.arange(150 * 30) % 2 == 0, 3.0, 15.0)
    model = learn_delivery(shop(150, 30, transit), NO_DAYS_OFF, FIRST + 150)
    near, far, unknown = (
        distribution(model, model.day, features_of(model, {"region": region, "seller": "1", "freight": "5"}))[0] for region in ("N", "S", "elsewhere")
    )
    assert np.allclose(unknown, (near + far) / 2)
    assert quoted(model, "N", 0.9) + 5 < quoted(model, "elsewhere", 0.9) <= quoted(model, "S", 0.9)


def test_an_order_to_nobody_knows_where_may_be_a_small_parcel_or_a_large_one() -> None:
    """Large ones, dear to send, take long in both regions."""
    large = np.arange(150 * 30) // 2 % 2 == 1
    known = shop(150, 30, np.where(large, 15.0, 3.0))
    known.features["freight"] = feature(["9" if one else "1" for one in large])
    model = learn_delivery(known, NO_DAYS_OFF, FIRST + 150)
    small, big, unknown, of_a_small = (
        quoted(model, region, 0.9, freight) for region, freight in (("N", "1"), ("N", "9"), ("elsewhere", ""), ("elsewhere", "1"))
    )
    assert small + 5 < unknown <= big
    assert of_a_small <= small + 1


def test_windows_by_level_follow_what_a_region_did_against_its_own_quotes() -> None:
    model = learn_delivery(shop(150, 30), NO_DAYS_OFF, FIRST + 150)
    features = {
        "region": Feature(("N", "S"), np.array([0, 1, UNKNOWN])),
        "seller": Feature(("1",), np.zeros(3, int)),
        "freight": Feature(("5",), np.zeros(3, int)),
    }
    features["method"] = Feature(("",), np.zeros(3, int))
    plain = distribution(model, model.day, features)
    north, south, unknown = corrected(replace(model, region_pace=np.array([0.5, 1.0])), features, plain)
    assert int(last_by_level(north[None], 0.8)[0]) >= int(last_by_level(plain[:1], 0.8)[0]) + 2
    assert np.allclose(south, plain[1]) and np.allclose(unknown, plain[2])
    assert np.array_equal(corrected(replace(model, region_pace=None), features, plain), plain)


def test_a_region_that_is_slower_every_week_is_held_against_its_quotes() -> None:
    """The life table of the whole and the effects of half a year lag behind; its own last quotes tell."""
    placed = np.repeat(np.arange(150), 60)
    north = np.arange(len(placed)) % 2 == 0
    transit = np.where(north & (placed >= 60), 5.0 * 1.015 ** (placed - 60), 5.0)
    model = learn_delivery(shop(150, 60, transit, until=FIRST + 140), NO_DAYS_OFF, FIRST + 140)
    assert model.region_pace is not None
    assert model.region_pace[0] < 0.9 and model.region_pace[1] > 0.98


def test_a_little_more_under_way_than_usual_slows_nothing() -> None:
    known = shop(days=150, a_day=30)
    model = learn_delivery(known, NO_DAYS_OFF, FIRST + 150)
    features = features_of(model, {"region": "N", "seller": "1", "freight": "5"})
    usual, little, much = (distribution(replace(model, waiting=model.usual * load), model.day, features) for load in (1.0, 1.1, 1.3))
    assert np.array_equal(little, usual)
    assert (much[0, 4:20] < usual[0, 4:20]).all()


def test_more_under_way_to_one_region_makes_its_windows_longer() -> None:
    model = learn_delivery(shop(150, 30), NO_DAYS_OFF, FIRST + 150)
    assert quoted(replace(model, region_load=np.array([1.6, 1.0])), "N", 0.9) >= quoted(model, "N", 0.9) + 2
    assert quoted(replace(model, region_load=np.array([1.6, 1.0])), "S", 0.9) == quoted(model, "S", 0.9)


def slow(first: int, days: int, begins: int, ends: int, pace: float = 0.5) -> Told:
    """A carrier at half its pace from one day to another, who leaves nothing undone."""
    counts = np.arange(first, first + days)
    paces = np.where((counts >= begins) & (counts < ends), pace, 1.0)
    return Told(first, None, Slowed(paces, np.zeros(days), np.zeros(days)))


def slow_shop(begins: int, ends: int, until: int) -> Orders:
    """Transit takes four days, and each day of the slow weeks counts for half of one."""
    placed = FIRST + np.repeat(np.arange(120), 40)
    clock = np.concatenate([[0.0], np.cumsum(np.where((np.arange(FIRST, FIRST + 200) >= begins) & (np.arange(FIRST, FIRST + 200) < ends), 0.5, 1.0))])
    took = np.searchsorted(clock, clock[placed + 1 - FIRST] + 3.5) - (placed - FIRST)
    return orders(placed, placed, placed + took, until, ["N", "S"] * (len(placed) // 2))


def test_a_pace_that_is_told_makes_windows_longer_at_once_and_a_closed_day_counts_for_nothing() -> None:
    day = FIRST + 100
    model = learn_delivery(slow_shop(day, day, day), NO_DAYS_OFF, day)
    features = features_of(model, {"region": "N", "seller": "1", "freight": "5"})
    plain, half, closed = (
        int(last_by_level(distribution(model, day, features, told=told), 0.8)[0])
        for told in (None, slow(day, 320, day, day + 60), slow(day, 320, day, day + 10, 0.0))
    )
    assert plain + 2 <= half <= 2 * plain + 2 and plain + 9 <= closed <= plain + 11


def test_slow_weeks_that_were_told_are_not_learnt_as_slowness() -> None:
    begins, ends = FIRST + 80, FIRST + 94
    today = ends
    known = slow_shop(begins, ends, today)
    days = int(known.placed.max()) + 2 * 200 - FIRST
    unaware = learn_delivery(known, NO_DAYS_OFF, today)
    aware = learn_delivery(known, NO_DAYS_OFF, today, telling=lambda day: slow(FIRST, days, begins, ends))
    before = learn_delivery(slow_shop(begins, ends, begins), NO_DAYS_OFF, begins)
    assert 4 <= quoted(aware, "N") <= quoted(before, "N") < quoted(unaware, "N")


def test_nothing_told_is_as_it_was() -> None:
    known = shop(days=60, a_day=20, until=FIRST + 60)
    one, other = learn_delivery(known, NO_DAYS_OFF, FIRST + 60), learn_delivery(known, NO_DAYS_OFF, FIRST + 60, telling=lambda day: slow(FIRST, 459, 0, 0))
    ordinary = distribution(other, FIRST + 60, features_of(other, {"region": "N"}), told=slow(FIRST + 60, 320, 0, 0))
    assert np.allclose(distribution(one, FIRST + 60, features_of(one, {"region": "N"})), ordinary)
