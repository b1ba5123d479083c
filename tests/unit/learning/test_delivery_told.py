"""What was told of capacity, as the model reads it: by each day no more than was known then."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from fakes.living import MAJA, Living, promised
from omtanke.engine.quote_policy import QuotePolicy
from omtanke.learning.delivery.told import telling_of
from omtanke.processes.delivery_times import known_of
from omtanke.runtime.working_days import is_working_day
from omtanke.vocabulary.time import day_number
from unit.engine.test_capacity import LAGER, told

FIRST, LAST = day_number(date(2026, 11, 2)), day_number(date(2026, 11, 30))
MONDAY = day_number(date(2026, 11, 23))


def test_a_day_knows_what_was_told_before_it_began_and_no_more() -> None:
    calendar = (told(LAGER, 60, "2026-11-16 00:00", "2026-11-21 00:00", told_at="2026-11-22 12:00"),)
    telling = telling_of(calendar, QuotePolicy(country="SE"), "Europe/Stockholm", FIRST, LAST, lambda day: is_working_day(day, "SE"))
    known = telling(MONDAY)
    assert telling(MONDAY - 1) is None and known is not None and known.transit is None and known.handling is not None
    week = slice(day_number(date(2026, 11, 16)) - FIRST, MONDAY + 1 - FIRST)
    assert known.handling.pace[week].tolist() == [0.6] * 5 + [1.0] * 3
    assert np.allclose(known.handling.work_left[week], [0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.25, 1.25])


def test_what_a_shop_was_told_is_read_with_its_orders(tmp_path: Path) -> None:
    shop = Living(tmp_path / "data", "2026-11-16 09:00")
    shop.meet(MAJA)
    shop.hear(MAJA, "Order Completed", order_id="1", promises=[promised("2026-11-19", "Hos dig torsdag")])
    shop.tell_capacity({"unit_id": "lager", "pace_percent": 40})
    shop.until("2026-11-17 09:00")
    shop.close()
    known = known_of(tmp_path / "data")
    found = known.telling(day_number(date(2026, 11, 17)))
    assert known.telling(day_number(date(2026, 11, 16))) is None and found is not None and found.handling is not None
    assert found.handling.pace[:2].tolist() == [0.4, 0.4]
