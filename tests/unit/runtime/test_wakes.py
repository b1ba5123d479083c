"""Wakes: at their moment, the oldest first, each once, also after a stop and in the nights when clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fakes.shop import Shop, memory_shop, sqlite_shop
from fakes.story import at
from omtanke.storage.ports import Snapshot
from omtanke.vocabulary.time import DAY, HOUR, SECOND, moment_of


@pytest.fixture(params=["memory", "sqlite"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    yield memory_shop() if request.param == "memory" else sqlite_shop(tmp_path)


def ordered(number: int, until: str) -> dict[str, Any]:
    properties = {"order_id": f"{number}", "promises": [{"kind": "delivery", "until": until}]}
    return {"messageId": f"m{number}", "userId": f"u{number}", "event": "Order Completed", "properties": properties}


def wakes(shop: Shop) -> list[tuple[int, int]]:
    """(due, customer) in log order."""
    return [(one.fact.body.due_at, one.fact.customer) for one in shop.facts() if one.fact.type == "wake_reached"]  # type: ignore[attr-defined]


def known(snapshot: Snapshot | None) -> Snapshot:
    assert snapshot is not None
    return snapshot


def test_wake_enters_as_soon_as_it_is_due(shop: Shop) -> None:
    shop.hear([ordered(1, "2026-12-01T12:00:00+01:00")])
    shop.work()
    (person,) = [person for person, _ in shop.log.persons()]
    shop.clock = due = known(shop.log.snapshot(person)).next_wake or 0
    shop.work()
    assert wakes(shop) == []
    shop.clock = due + 1
    shop.work()
    assert wakes(shop) == [(due, person)]


def test_message_that_comes_while_a_wake_enters_is_received_after_it(shop: Shop) -> None:
    """A door that had read its clock before is no earlier for that."""
    shop.hear([ordered(1, "2026-12-01T12:00:00+01:00")])
    shop.work()
    shop.clock = at("2026-12-01 12:00") + SECOND
    shop.work()
    number = shop.inbox.sources()[1].source
    shop.inbox.append(number, [], shop.clock - 10 * SECOND)
    shop.hear([{"messageId": "late", "userId": "u1", "event": "Shipment Delivered", "properties": {"order_id": "1"}}])
    shop.work()
    shop.assert_sound()


def test_after_a_long_stop_all_enter_once_and_the_oldest_first(shop: Shop) -> None:
    """Also of those who have several: at risk, due, and broken after the grace."""
    shop.limit = 7
    shop.hear(ordered(n, f"2026-12-{2 + n % 9:02}T{n % 24:02}:{n % 60:02}:00+01:00") for n in range(60))
    shop.work()
    shop.wait(20 * DAY)
    shop.hear([ordered(99, "2026-12-31")])
    shop.work()
    found = wakes(shop)
    assert (len(found) > 120, found == sorted(found, key=lambda one: one[0]), len(set(found)) == len(found)) == (True, True, True)
    shop.assert_sound()


@pytest.mark.parametrize(("day", "hours"), [("2027-03-28", 23), ("2026-10-25", 25), ("2026-11-20", 24)])
def test_day_on_which_clocks_change_ends_when_it_does(day: str, hours: int) -> None:
    """A promise by that day falls due at its midnight, after so many hours of it."""
    begins = at(f"{day} 00:00")
    shop = memory_shop(begins=f"{day} 00:00")
    shop.hear([ordered(1, day)])
    shop.work()
    shop.clock = begins + hours * HOUR
    shop.work()
    assert "promise_fell_due" not in shop.decided()
    shop.clock += SECOND
    shop.work()
    assert "promise_fell_due" in shop.decided()
    shop.assert_sound()


@pytest.mark.parametrize(
    ("until", "moment"),
    [
        ("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00+00:00"),  # the first half past two
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00+00:00"),  # the second
        ("2027-03-28T03:30:00+02:00", "2027-03-28T01:30:00+00:00"),  # half past two is skipped
    ],
)
def test_hour_that_comes_twice_or_not_at_all(until: str, moment: str) -> None:
    due = moment_of(datetime.fromisoformat(moment))
    shop = memory_shop(begins=f"{moment[:10]} 00:00")
    shop.hear([ordered(1, until)])
    shop.work()
    shop.clock = due - SECOND
    shop.work()
    assert "promise_fell_due" not in shop.decided()
    shop.clock = due + SECOND
    shop.work()
    assert "promise_fell_due" in shop.decided()
    shop.assert_sound()
