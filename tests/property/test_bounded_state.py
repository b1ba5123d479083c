"""A state stays small, and what has left comes back when a fact is about it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.happenings import FIRST, happenings
from fakes.shop import memory_shop, text_of
from fakes.story import Story, at
from omtanke.engine.promises import memory
from omtanke.engine.promises.ledger import STATUS_NAMES
from omtanke.engine.step import fold, fold_whole
from omtanke.storage.codec import encode
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import DAY, HOUR

LARGEST = 64 * 1024
MANY = 2_000
NUMBERS = 10**9


class Busy(Story):
    """A customer with much going on; numbers are those of a large store."""

    def __init__(self, mode: Mode = Mode.HISTORY) -> None:
        super().__init__(mode=mode)
        self.largest = 0

    def refer(self, kind: str, number: str) -> int:
        return self._numbers.setdefault((kind, number), NUMBERS + len(self._numbers))

    def hear(self, hours: int, event: str, **properties: Any) -> None:
        moment = text_of(FIRST + hours * HOUR)
        self.tell(moment, event, **properties)
        self.measure()

    def do(self, hours: int, event: str, **properties: Any) -> None:
        self.act(text_of(FIRST + hours * HOUR), event, **properties)
        self.measure()

    def measure(self) -> None:
        self.facts = self.facts[-1:]
        self.largest = max(self.largest, len(encode(self.state)))

    def take(self, body: Any, occurred_at: int, now: int) -> list[str]:
        decided = super().take(body, occurred_at, now)
        assert self.wake is None or self.wake >= self.state.now
        return decided


def test_state_with_thousands_of_orders_and_lines_stays_small() -> None:
    story = Busy()
    for n in range(MANY):
        lines = [{"line_id": str(i)} for i in range(n % 40)]
        story.hear(n, "Order Completed", order_id=str(n), products=lines, promises=[{"kind": "delivery", "until": text_of(FIRST + (n + 60) * HOUR)}])
        story.hear(n, "Order Shipped", order_id=str(n), parcel_id=f"p{n}", products=lines[:20])
        story.hear(n, "Shipment Delivered", **({"parcel_id": f"p{n}"} if n % 3 else {"order_id": str(n), "products": lines}))
    assert story.largest < LARGEST


def test_state_with_one_order_of_thousands_of_lines_and_parcels_stays_small() -> None:
    story = Busy()
    for n in range(MANY):
        story.hear(n // 100, "Order Line Recorded", order_id=str(n % 20), line_id=str(n))
        story.hear(n // 100, "Order Shipped", order_id=str(n % 20), parcel_id=f"p{n}", products=[{"line_id": str(n)}])
        story.hear(n // 100, "Shipment Delivered", order_id=str(n % 20), products=[{"line_id": str(n)}])
        story.hear(n // 100, "Order Cancelled", order_id=str(n % 20), products=[{"line_id": str(n)}])
    assert story.largest < LARGEST


def test_state_with_thousands_of_cases_carts_quotes_and_parcels_of_unknown_orders_stays_small() -> None:
    story = Busy()
    for n in range(MANY):
        until = text_of(FIRST + (n + 2_000) * HOUR)
        story.hear(n, "Case Opened", case_id=str(n), promises=[{"kind": "reply", "until": until}, {"kind": "refund", "until": until}])
        story.hear(n, "Product Added", cart_id=str(n), product_id="shoes", quantity=100_000, price=10**12)
        story.hear(n, "Quote Given", quote_id=str(n), until=until, valid_until=text_of(FIRST + 10**4 * HOUR))
        story.hear(n, "Shipment Delivered", parcel_id=str(n))
        story.hear(n, "Promise Stated", promise_id=str(n), kind="delivery", until=until, order_id=str(n), owner="logistics-of-the-north")
        for _ in range(3):
            story.hear(n, "Case Message Sent", case_id=str(n), order_id=str(n))
    assert story.largest < LARGEST


def test_state_with_thousands_of_low_answers_visits_and_acts_stays_small() -> None:
    story = Busy(mode=Mode.LIVE)
    for n in range(MANY):
        until = text_of(FIRST + (n + 1) * HOUR)
        story.hear(n, "Survey Answered", survey_id=f"v{n}", about="store_visit", score=1)
        story.hear(n, "Store Visited", store_id=str(n))
        story.hear(n, "Order Shipped", order_id=str(n), parcel_id=f"p{n}")
        story.hear(n, "Return Received", order_id=str(n))
        story.hear(n, "Promise Stated", promise_id=str(n), kind="delivery", until=until, order_id=str(n), owner="logistics-of-the-north")
        for event, more in (("Task Taken", {}), ("Customer Told", {}), ("Task Closed", {"outcome": "not_reached"})):
            if n % 3 == 0:
                story.do(n, event, task=2**62 + n, staff=2**31 + n, **more)
    assert story.largest < LARGEST


def test_state_with_thousands_of_words_about_consent_stays_small() -> None:
    story = Busy(mode=Mode.LIVE)
    channels = ("", *CHANNELS)
    for n in range(MANY):
        purpose, channel = f"{'a purpose with a long name of its own ' * 2}{n % 900:04}"[-80:], channels[n % len(channels)]
        story.hear(n, "Consent Given", purpose=purpose, for_channel=channel, lifts_objection=n % 2 == 0)
        story.hear(n, "Consent Withdrawn", purpose=purpose, for_channel=channel, objection=n % 5 == 0)
        body = ConsentGiven if n % 3 else ConsentWithdrawn
        story.take(body(purpose=purpose, banner=NUMBERS + n), FIRST + n * HOUR, FIRST + n * HOUR)
        story.take(ConsentWithdrawn(purpose="surveys", for_channel=channel, is_objection=True, banner=NUMBERS + n), FIRST + n * HOUR, FIRST + n * HOUR)
        story.measure()
    assert (story.largest < LARGEST // 2, story.state.consent.objected is not None) == (True, True)


NO_GOODS = ("product_id", "store_id", "case_id")
GOODS = ("Order Completed", "Order Updated", "Order Cancelled", "Order Shipped", "Shipment Delivered", "Pickup Ready", "Survey Answered")


def about_an_order(message: dict[str, Any]) -> dict[str, Any]:
    """The same, naming an order: what is promised is about goods."""
    promises = [{name: value for name, value in one.items() if name not in NO_GOODS} for one in message["properties"].get("promises", ())]
    return {**message, "properties": {"order_id": "o1"} | message["properties"] | {"promises": promises}}


@given(told=st.lists(happenings(GOODS), max_size=14), waits=st.lists(st.integers(0, 20), min_size=14, max_size=14))
def test_what_left_gives_the_same_ending_as_if_it_had_stayed(told: list[dict[str, Any]], waits: list[int]) -> None:
    endings = []
    for bounds in ({}, {"SMALL": 1, "SMALL_WEIGHT": 1, "MOST_GOODS": 1, "MOST_WEIGHT": 2, "KEPT_SPAN": 2 * DAY}):
        # Bounds so small that much leaves.
        with pytest.MonkeyPatch.context() as patch:
            for name, bound in bounds.items():
                patch.setattr(memory, name, bound)
            shop = memory_shop(begins="2026-11-01 00:00")
            for one, days in zip(map(about_an_order, told), waits, strict=False):
                shop.wait(days * DAY)
                shop.hear([{**one, "userId": "u1"}])
                shop.work()
            shop.wait(60 * DAY)
            shop.work()
            assert shop.check().is_clean
            for facts in shop.persons().values():
                assert fold(facts).facts == fold_whole(facts).facts
            rows = shop.log.promises_of([1])  # type: ignore[attr-defined]
            endings.append({number: (STATUS_NAMES[seen[0]], seen[-1]) for number, seen in rows.items()})
    assert endings[0] == endings[1]


def test_delivery_of_an_order_that_left_is_met_late() -> None:
    story = Story()
    story.tell("2026-01-05 10:00", "Order Completed", order_id="first", promises=[{"kind": "delivery", "until": "2026-01-08"}])
    for n in range(40):
        story.tell(f"2026-{2 + n // 10:02}-{1 + n % 10:02} 10:00", "Order Completed", order_id=str(n), promises=[{"kind": "delivery", "until": "2026-12-31"}])
    assert all(one.subject != story.refer("order", "first") for one in story.state.promises.promises.values())
    assert story.tell("2026-05-20 10:00", "Shipment Delivered", order_id="first") == ["promise_met_late"]
    assert story.last("promise_met_late").met_at == at("2026-05-20 10:00")


def test_state_of_somebody_who_asks_and_asks_stays_small() -> None:
    story = Busy(Mode.LIVE)
    for n in range(400):
        story.do(n, "Rights Requested", staff=1, right="access")
        if n % 3:
            story.do(
                n,
                "Rights Answered",
                staff=1,
                promise=max(story.state.rights.requests, key=lambda one: story.state.rights.requests[one].reached_at),
                outcome="done",
            )
    assert story.largest < LARGEST
