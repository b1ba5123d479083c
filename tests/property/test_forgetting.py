"""What stays without being looked at would have stayed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes.happenings import happenings
from fakes.shop import memory_shop
from omtanke.engine import situation
from omtanke.engine.promises import memory
from omtanke.engine.state import NOBODY
from omtanke.engine.step import evolve
from omtanke.vocabulary.fact import Fact
from omtanke.vocabulary.time import DAY

EVENTS = (
    "Order Completed",
    "Order Updated",
    "Order Cancelled",
    "Order Line Recorded",
    "Order Shipped",
    "Shipment Delivered",
    "Pickup Ready",
    "Case Opened",
    "Case Message Sent",
    "Callback Made",
    "Promise Stated",
    "Quote Given",
    "Product Added",
)
BOUGHT = ("Product Added", "Order Completed")


def persons(told: list[dict[str, Any]], waits: list[int]) -> list[list[Fact]]:
    """What became of the happenings, days apart."""
    shop = memory_shop(begins="2026-11-01 00:00")
    for one, days in zip(told, waits, strict=False):
        shop.wait(days * DAY)
        shop.hear([{**one, "userId": "u1"}])
        shop.work()
    return list(shop.persons().values())


@given(told=st.lists(happenings(EVENTS), max_size=16), waits=st.lists(st.integers(0, 4), min_size=16, max_size=16))
def test_what_is_passed_over_would_have_stayed_as_it_is(told: list[dict[str, Any]], waits: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # Bounds so small that much leaves.
        for name, bound in {"SMALL": 0, "SMALL_WEIGHT": 0, "KEPT_SPAN": 3 * DAY}.items():
            patch.setattr(memory, name, bound)
        for facts in persons(told, waits):
            state = NOBODY
            for fact in facts:
                ledger = state.promises
                if memory.forget(ledger, fact) is ledger:
                    gone_through = memory.without_what_leaves(ledger, fact, fact.now - memory.KEPT_SPAN)
                    assert replace(gone_through, stays_until=0) == replace(ledger, stays_until=0)
                state = evolve(state, fact)


def bought(n: int, name: str) -> dict[str, Any]:
    numbers = {"order_id": f"o{n}", "cart_id": f"c{n}", "product_id": "shoes"}
    return {"type": "track", "event": name, "messageId": f"{name}-{n}", "properties": numbers}


@given(waits=st.lists(st.integers(0, 40), min_size=14, max_size=14))
def test_cart_or_order_that_is_passed_over_would_have_stayed(waits: list[int]) -> None:
    for facts in persons([bought(n, name) for n in range(7) for name in BOUGHT], waits):
        state = NOBODY
        for fact in facts:
            if situation.forget(state.situation, fact) is state.situation and len(state.situation.carts) + len(state.situation.orders) > 8:
                edge = fact.now - situation.KEPT_SPAN
                moments = (*(cart.touched_at for cart in state.situation.carts.values()), *(order.placed_at for order in state.situation.orders.values()))
                assert min(moments) >= edge
            state = evolve(state, fact)
