"""Open promises that a changed capacity puts at risk, from a folder in which a worker works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fakes.living import AISHA, LIV, MAJA, Living, promised
from fakes.story import at
from omtanke.runtime.at_risk import AllAtRisk, at_risk
from omtanke.storage.pages import Pages

LANES = '\n[quotes]\ncut_off = "14.00"\ncountry = "SE"\nlanes.SE = [1, 2]\n'


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Living]:
    """Three wait for what they ordered on Monday morning; that of one has left."""
    living = Living(tmp_path / "data", "2026-11-23 09:00")
    policy = tmp_path / "data" / "policy" / "policy.toml"
    living.folder.policy_text()
    policy.write_text(policy.read_text(encoding="utf-8") + LANES, encoding="utf-8")
    living.restart()
    for user, until in ((MAJA, "2026-11-25"), (AISHA, "2026-11-24"), (LIV, "2026-12-04")):
        living.meet(user)
        living.hear(user, "Order Completed", order_id=user, promises=[promised(until, "Hos dig snart")])
    living.until("2026-11-23 13:00")
    living.hear(LIV, "Order Shipped", order_id=LIV, carrier="DHL")
    living.until("2026-11-23 16:00")
    yield living
    living.close()


def listed(shop: Living) -> AllAtRisk:
    with closing(Pages(shop.folder.path)) as pages:
        return at_risk(pages, shop.now, "Europe/Stockholm")


def slow(shop: Living, unit: str, pace: int, **more: str) -> None:
    shop.tell_capacity({"unit_id": unit, "pace_percent": pace, **more})
    shop.work()


def test_nothing_is_at_risk_while_nothing_is_told(shop: Living) -> None:
    assert listed(shop) == AllAtRisk(0, ())


def test_what_waits_in_a_slow_warehouse_is_listed_with_its_new_day_and_why_and_what_has_left_is_not(shop: Living) -> None:
    slow(shop, "lager", 60, reason="temporary staff")
    found = listed(shop)
    assert found.count == 2
    aisha, maja = found.latest
    assert (maja.until_at, maja.new_until, maja.is_sent) == (at("2026-11-26 00:00"), at("2026-11-27 00:00"), False)
    assert (aisha.until_at, aisha.new_until, [change.why for change in aisha.why]) == (at("2026-11-25 00:00"), at("2026-11-26 00:00"), ["temporary staff"])
    with closing(Pages(shop.folder.path)) as pages:
        assert [one.name for number in (aisha.promise, maja.promise) for one in pages.promises([number])] == ["Aisha Warsame", "Maja Lindqvist"]


def test_a_strike_of_the_carrier_bears_on_what_is_on_its_way(shop: Living) -> None:
    slow(shop, "DHL", 0, unit_kind="carrier")
    found = listed(shop)
    assert (found.count, {one.is_sent for one in found.latest}, {one.new_until for one in found.latest}) == (3, {True, False}, {0})


def test_who_has_been_told_a_new_day_is_at_risk_no_more(shop: Living) -> None:
    slow(shop, "lager", 60)
    shop.hear(MAJA, "Promise Stated", kind="delivery", order_id=MAJA, until="2026-11-26", words="Hos dig torsdag")
    shop.until("2026-11-23 17:00")
    assert [one.until_at for one in listed(shop).latest] == [at("2026-11-25 00:00")]
