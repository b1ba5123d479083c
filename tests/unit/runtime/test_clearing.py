"""Messages that have become facts leave, and what is left of erasures is done: at once when there is no other work, else once a second."""

from __future__ import annotations

import pytest

from fakes.shop import Shop, memory_shop
from omtanke.runtime import working
from omtanke.runtime.working import CLEAR_SECONDS, Clearing


class LeftToDo:
    """What is left of erasures, and how often somebody has looked."""

    def __init__(self) -> None:
        self.looked, self.is_done = 0, True

    def look(self) -> bool:
        self.looked += 1
        return self.is_done


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(working.time, "monotonic", lambda: now[0])
    return now


def entries(shop: Shop) -> list[int]:
    return [one.entry for one in shop.inbox.read(0, 9)]


def heard(shop: Shop, message_id: str) -> None:
    shop.hear([{"type": "track", "event": "Product Viewed", "messageId": message_id, "userId": "anna", "properties": {"product_id": "p"}}])
    shop.work()


def test_under_load_it_is_done_once_a_second(seconds: list[float]) -> None:
    shop, left = memory_shop(), LeftToDo()
    clearing = Clearing(shop.worker, shop.inbox, left)
    heard(shop, "a")
    assert (clearing.look(is_idle=False), entries(shop), left.looked) == (False, [1], 0)
    seconds[0] = CLEAR_SECONDS
    assert (clearing.look(is_idle=False), entries(shop), left.looked) == (True, [], 1)
    heard(shop, "b")
    assert (clearing.look(is_idle=False), entries(shop), left.looked) == (False, [2], 1)


def test_without_other_work_it_is_done_at_once(seconds: list[float]) -> None:
    shop, left = memory_shop(), LeftToDo()
    clearing = Clearing(shop.worker, shop.inbox, left)
    heard(shop, "a")
    left.is_done = False
    assert (clearing.look(is_idle=True), entries(shop), left.looked) == (False, [], 1)
