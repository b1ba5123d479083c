"""Set aside and back again, at whatever moments: every customer's history is the one of a shop in which nothing ever failed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fakes.happenings import happenings
from fakes.poison import poison
from fakes.shop import CURRENCY, ZONE, Shop, first_difference, memory_shop, sqlite_shop, unplaced
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.vocabulary.running import RetryRequested
from omtanke.vocabulary.time import HOUR

USERS = ("anna", "bo", "cleo")
happened = st.tuples(happenings(), st.sampled_from(USERS)).map(lambda told: told[0] | {"userId": told[1], "anonymousId": None, "context": {}})
steps = st.lists(st.tuples(st.lists(happened, max_size=4), st.integers(0, 60), st.sampled_from(("", "", "fails", "is tried again", "is mended"))), max_size=8)


def tell(shop: Shop, told: Any, fails: bool) -> None:
    """Whoever's turn it is to fail does until it is mended; at the end all is mended and tried again."""
    is_faulty = [False]
    with poison(lambda fact: is_faulty[0] and fact.customer == 1):
        for n, (messages, hours, what) in enumerate(told):
            is_faulty[0] = fails and (what == "fails" or (is_faulty[0] and what != "is mended"))
            shop.hear(message | {"messageId": f"{n}/{i}"} for i, message in enumerate(messages))
            if what in ("is tried again", "is mended"):
                ask_back(shop, f"again{n}")
            shop.work()
            shop.wait(hours * HOUR)
            shop.work()
        is_faulty[0] = False
        ask_back(shop, "last")
        shop.work()


def ask_back(shop: Shop, key: str) -> None:
    """Whether they are set aside or not: the shop without a fault is told the same."""
    if shop.log.counters()[0] > 1:
        OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock).put(RetryRequested, key, 1, {"staff": 1})


@given(told=steps, limit=st.sampled_from([1, 3, 4_000]))
def test_history_is_the_one_without_a_fault(told: Any, limit: int) -> None:
    faulty, well = memory_shop(limit=limit), memory_shop()
    tell(faulty, told, fails=True)
    tell(well, told, fails=False)
    assert faulty.log.set_aside() == {}
    assert first_difference(unplaced(faulty), unplaced(well)) == ""
    faulty.assert_sound()


@given(told=steps)
def test_stores_set_aside_alike(told: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, other = memory_shop(), sqlite_shop(Path(folder))
        for shop in (one, other):
            tell(shop, told, fails=True)
        assert [fact.fact for fact in one.facts()] == [fact.fact for fact in other.facts()]
