"""Evidence comes in any order; what became of a promise of goods does not depend on it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fakes.happenings import FIRST, happenings
from fakes.shop import Shop, assert_one_ending, memory_shop, text_of, wire
from omtanke.engine.promises.ledger import STATUS_NAMES
from omtanke.vocabulary.time import DAY, HOUR

GOODS = ("Order Updated", "Order Cancelled", "Order Shipped", "Shipment Delivered", "Shipment Delayed", "Pickup Ready", "Pickup Collected")
Ending = tuple[int, str, int, int, int]


@st.composite
def orders(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One order with its promise, perhaps another window before it was due, and everything that may befall its goods."""
    lines = draw(st.sampled_from([[], [{"line_id": "1"}], [{"line_id": "1"}, {"line_id": "2"}]]))
    windows = [text_of(FIRST + draw(st.integers(5, 8)) * DAY)]
    if draw(st.booleans()):
        windows.append(text_of(FIRST + draw(st.integers(5, 12)) * DAY))
    kind = draw(st.sampled_from(["delivery", "pickup"]))
    told = [
        {
            "event": "Order Completed",
            "timestamp": text_of(FIRST),
            "properties": {"order_id": "o1", "products": lines, "promises": [{"kind": kind, "until": windows[0]}]},
        },
        *(
            {"event": "Promise Stated", "timestamp": text_of(FIRST + n * HOUR), "properties": {"order_id": "o1", "kind": kind, "until": until}}
            for n, until in enumerate(windows[1:], 1)
        ),
    ]
    for n, one in enumerate(draw(st.lists(happenings(GOODS), max_size=6))):
        properties = {name: value for name, value in one["properties"].items() if name != "promises"}
        if "order_id" in properties or "parcel_id" not in properties:
            properties["order_id"] = "o1"
        told.append({"event": one["event"], "timestamp": text_of(FIRST + DAY + draw(st.integers(0, 300)) * HOUR + n), "properties": properties})
    return [{"type": "track", "messageId": str(n), **one} for n, one in enumerate(told)]


def endings(shop: Shop) -> set[Ending]:
    """What became of every promise about the order: its windows, its ending, when it was met."""
    found = set()
    for told in shop.persons().values():
        assert_one_ending(told)
    for state in shop.states().values():
        for one in state.promises.promises.values():
            found.add((one.subject, STATUS_NAMES[one.status], one.first_until, one.until_at, one.met_at))
    return found


def subject_free(found: set[Ending]) -> set[tuple[object, ...]]:
    """Surrogates are given in the order of arrival; they say nothing."""
    return {one[1:] for one in found}


def after(told: list[dict[str, Any]], waits: list[int]) -> Shop:
    """The shop some weeks after it has heard all, with so many hours between two tellings."""
    shop = memory_shop(begins="2026-11-21 00:00")
    for one, hours in zip(told, waits, strict=True):
        shop.hear([one])
        shop.wait(hours * HOUR)
        shop.work()
    shop.wait(30 * DAY)
    shop.work()
    assert shop.check().is_clean
    return shop


@given(told=orders(), data=st.data())
def test_arrival_in_any_order_gives_the_same_endings(told: list[dict[str, Any]], data: st.DataObject) -> None:
    in_order = sorted(told, key=lambda one: one["timestamp"])
    shuffled = data.draw(st.permutations(told))
    waits = data.draw(st.lists(st.integers(0, 200), min_size=len(told), max_size=len(told)))
    assert subject_free(endings(after(shuffled, waits))) == subject_free(endings(after(in_order, [0] * len(told))))


@given(told=orders())
def test_heard_as_it_happens_and_heard_late_give_the_same_endings(told: list[dict[str, Any]]) -> None:
    shop = memory_shop(begins="2026-10-31 00:00")
    for one in sorted(told, key=lambda one: one["timestamp"]):
        shop.clock = wire(one).stamped_at
        shop.hear([one])
        shop.work()
    shop.wait(60 * DAY)
    shop.work()
    assert subject_free(endings(shop)) == subject_free(endings(after(told, [0] * len(told))))


@given(told=orders())
def test_past_told_in_order_and_heard_late_give_the_same_endings(told: list[dict[str, Any]]) -> None:
    shop = memory_shop()
    shop.tell(
        [*told, {"type": "track", "event": "Store Visited", "timestamp": "2027-02-01T00:00:00+01:00", "properties": {"store_id": "s1"}, "messageId": "last"}]
    )
    shop.clock += 300 * DAY
    shop.work()
    assert subject_free(endings(shop)) == subject_free(endings(after(told, [0] * len(told))))
