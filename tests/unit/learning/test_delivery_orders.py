"""From columns to orders, the paces of days, and a model kept and read again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fakes.delivery_shops import FIRST, NO_DAYS_OFF, shop
from omtanke.learning.delivery.keeping import keep, newest
from omtanke.learning.delivery.model import distribution, features_of, learn_delivery
from omtanke.learning.delivery.orders import NEVER, freight_band, orders_of
from omtanke.learning.delivery.pace import kinds_of_day, load_by_group, open_on_days, usual_before
from omtanke.vocabulary.refusal import CannotDo

COLUMNS = {
    "placed": [10, 10, 11, 12],
    "shipped": [11, 9, 15, None],
    "delivered": [14, 13, 13, None],
    "cancelled": [None, None, None, 13],
    "promised": [20, None, 21, 22],
    "region": ["N", "S", "N", ""],
    "seller": ["1", "2", "1", "0"],
    "freight": [4900, 4900, 9900, 0],
    "method": ["card"] * 4,
}


def test_what_contradicts_itself_is_straightened() -> None:
    orders = orders_of(COLUMNS)
    assert orders.shipped.tolist() == [11, NEVER, 13, NEVER]
    assert orders.delivered.tolist() == [14, 13, 13, NEVER]
    assert orders.promised.tolist() == [20, NEVER, 21, 22]
    assert orders.features["region"].labels == ("", "N", "S")
    assert orders.features["region"].of.tolist() == [1, 2, 1, 0]


def test_shop_that_does_not_tell_when_it_ships_ships_at_once() -> None:
    assert orders_of(COLUMNS | {"shipped": [None] * 4}).shipped.tolist() == [10, 10, 11, 12]


def test_freight_is_in_bands_of_fifteen_per_cent() -> None:
    assert (freight_band(0), freight_band(4900) == freight_band(4950), freight_band(4900) == freight_band(9900)) == ("", True, False)


def test_days_have_kinds() -> None:
    # 2026-11-27 is a Friday, day 20784; the Monday after is a day off here.
    assert kinds_of_day(20784, 5, {20787}).tolist() == [4, 5, 6, 7, 1]


def test_open_orders_are_counted_as_known_when_the_day_begins() -> None:
    began, left = np.array([0, 0, 1]), np.array([2, NEVER, 1])
    assert open_on_days(began, left, 0, 4).tolist() == [0, 2, 2, 1]
    assert open_on_days(began, left, 0, 43)[[40, 41, 42]].tolist() == [1, 0, 0]
    assert usual_before(np.array([2.0, 4.0, 0.0])).tolist() == [0, 2, 3]


def test_load_of_a_region_is_held_against_the_whole() -> None:
    """Ten orders a day to each for sixty days, open five days; yesterday a hundred more to the first."""
    day = np.repeat(np.arange(60), 20)
    of, began = np.append(np.tile([0, 1], 600), np.zeros(100, np.int64)), np.append(day, np.full(100, 59))
    first, second = load_by_group(of, 2, began, began + 5, 60)
    assert first == pytest.approx((150 + 50 * 210 / 110) / (50 + 50) / (210 / 110), abs=0.02)
    assert second == pytest.approx((50 + 50 * 210 / 110) / (50 + 50) / (210 / 110), abs=0.02)


def test_model_that_was_kept_says_the_same(tmp_path: Path) -> None:
    model = learn_delivery(shop(days=60, a_day=5), {FIRST + 65}, FIRST + 60)
    assert newest(tmp_path) is None
    assert [keep(tmp_path, model).version for _ in range(2)] == [1, 2]
    read = newest(tmp_path)
    assert read is not None
    assert read.version == 2
    known = {"region": "S", "seller": "1", "freight": "5"}
    one, other = (distribution(each, FIRST + 60, features_of(each, known)) for each in (model, read.model))
    assert np.allclose(one, other, atol=1e-6)


def test_model_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    keep(tmp_path, learn_delivery(shop(days=5, a_day=2), NO_DAYS_OFF, FIRST + 5))
    (tmp_path / "models" / "delivery" / "0001.json").write_text("{}")
    with pytest.raises(CannotDo, match=r"0001.json is no model of delivery"):
        newest(tmp_path)
