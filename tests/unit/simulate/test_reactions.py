"""Persons and units react to what they are told, and both outcomes of each touch are written down."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from omtanke.simulate.planted import Effects, ShopSettings
from omtanke.simulate.shop import Answer, Event, Shop
from omtanke.simulate.told import CapacityChange, CartOrdered, Message, NewDate, Quote, Remedy, SurveyLink
from omtanke.vocabulary.time import moment_of

ZONE = ZoneInfo("Europe/Stockholm")
BEGINS = datetime(2026, 10, 1, tzinfo=ZONE)
LIVE_FROM = datetime(2026, 10, 21, 9, 30, tzinfo=ZONE)
SIGNE = "kund-00009"
LINKS = ShopSettings(live_from=LIVE_FROM, surveys="omtanke", answers="links")


def minutes(n: int) -> datetime:
    return LIVE_FROM + timedelta(minutes=n)


def about(events: list[Event], what: str) -> list[tuple[int, str]]:
    """Minutes after live_from, and event."""
    told = [json.loads(event.wire) for event in events if what.encode() in event.wire]
    return [(round((datetime.fromisoformat(one["timestamp"]) - LIVE_FROM).total_seconds() / 60), one["event"]) for one in told]


def signes_hour(new_date: bool) -> tuple[list[tuple[int, str]], list[Answer], Shop]:
    shop = Shop(3, 50, BEGINS, LINKS)
    shop.advance(LIVE_FROM)
    told = shop.advance(minutes(45))
    if new_date:
        shop.receive(NewDate(user_id=SIGNE, case_id="arende-signe", until_at=moment_of(minutes(80)), at=shop.now))
    told += shop.advance(minutes(60))
    shop.receive(SurveyLink(user_id=SIGNE, survey_id="fraga-1", about="case", case_id="arende-signe", link="https://shop.example/s/1", at=shop.now))
    told += shop.advance(minutes(70))
    return about(told, "arende-signe"), shop.answers(), shop


def test_signe_is_not_called_unless_somebody_notices() -> None:
    told, answers, _ = signes_hour(False)
    assert told == [(1, "Case Opened"), (2, "Callback Requested")]
    assert [(answer.link, answer.score, answer.at) for answer in answers] == [("https://shop.example/s/1", 2, moment_of(minutes(63)))]


def test_signe_gets_what_was_promised_by_the_new_date_and_says_so() -> None:
    told, answers, shop = signes_hour(True)
    assert told == [(1, "Case Opened"), (2, "Callback Requested"), (53, "Callback Made"), (55, "Case Resolved")]
    assert [answer.score for answer in answers] == [4]
    touch = shop.truth.touches[0]
    assert (touch.what, touch.about, touch.score_without, touch.score_with) == ("new_date", "arende-signe", 2, 4)


def test_signes_promise_falls_due_after_twenty_four_minutes() -> None:
    shop = Shop(3, 50, BEGINS, LINKS)
    shop.advance(LIVE_FROM)
    asked = next(
        message
        for message in map(json.loads, (e.wire for e in shop.advance(minutes(5))))
        if message.get("event") == "Callback Requested" and message["userId"] == SIGNE
    )
    promise = asked["properties"]["promises"][0]
    assert (promise["words"], promise["until"]) == ("Vi ringer dig före kl. 09.54", "2026-10-21T09:54:00+02:00")


def test_a_link_is_answered_by_an_event_when_wished() -> None:
    shop = Shop(3, 50, BEGINS, ShopSettings(live_from=LIVE_FROM, surveys="omtanke"))
    shop.advance(minutes(40))
    shop.receive(SurveyLink(user_id=SIGNE, survey_id="fraga-1", about="case", case_id="arende-signe", question="effort", scale="1-7", link="x", at=shop.now))
    answer = next(message for message in map(json.loads, (e.wire for e in shop.advance(minutes(50)))) if message.get("event") == "Survey Answered")
    said = answer["properties"]
    assert {name: said[name] for name in ("survey_id", "about", "question", "scale", "case_id")} == {
        "survey_id": "fraga-1",
        "about": "case",
        "question": "effort",
        "scale": "1-7",
        "case_id": "arende-signe",
    }
    assert 1 <= said["score"] <= 7
    assert shop.answers() == []


def late_shop(telling: float, effects_of: ShopSettings | None = None) -> Shop:
    settings = effects_of or ShopSettings(telling_first_share=telling, browsing=0.05, intensity=2.0)
    shop = Shop(11, 3_000, BEGINS, settings)
    shop.advance(BEGINS + timedelta(days=28))
    return shop


@pytest.fixture(scope="module")
def silent() -> Shop:
    return late_shop(0.0)


def promise_of(message: dict[str, Any]) -> dict[str, Any]:
    return message["properties"]["promises"][0]  # type: ignore[no-any-return]


def test_who_is_told_first_is_milder_and_asks_less(silent: Shop) -> None:
    shop = Shop(11, 3_000, BEGINS, ShopSettings(telling_first_share=0.0, browsing=0.05, intensity=2.0))
    while shop.now < moment_of(BEGINS + timedelta(days=28)):
        shop.advance(shop.now + 6 * 3_600_000_000)
        for order in list(shop.world.orders.values()):
            if not order.arrived_at and not order.is_cancelled and shop.world.now < order.until_at <= shop.world.now + 6 * 3600 and not order.told_at:
                shop.receive(Message(user_id=order.customer.user_id, kind="delay", order_id=order.number, at=shop.now))
    untold = [one for one in silent.truth.deliveries if one.is_late]
    told = [one for one in shop.truth.deliveries if one.is_late]
    assert mean(one.was_told for one in told) > 0.95
    assert mean(one.score for one in told) - mean(one.score for one in untold) == pytest.approx(1.0, abs=0.25)
    assert where_is_it(shop) < 0.6 * where_is_it(silent)


def where_is_it(shop: Shop) -> int:
    return sum(one.topic == "where_is_it" for one in shop.truth.help)


def test_a_warehouse_with_half_its_hands_breaks_more_promises(silent: Shop) -> None:
    shop = Shop(11, 3_000, BEGINS, ShopSettings(telling_first_share=0.0, browsing=0.05, intensity=2.0))
    shop.receive(CapacityChange(unit="warehouse", pace=0.35, from_at=moment_of(BEGINS), until_at=moment_of(BEGINS + timedelta(days=21))))
    shop.advance(BEGINS + timedelta(days=28))

    def share(of: Shop) -> float:
        return mean(one.is_late for one in of.truth.deliveries if one.outcome)

    assert share(shop) > 3 * share(silent)


def test_a_carrier_at_half_pace_is_late_twice_as_often(silent: Shop) -> None:
    shop = Shop(11, 3_000, BEGINS, ShopSettings(telling_first_share=0.0, browsing=0.05, intensity=2.0))
    shop.receive(CapacityChange(unit="DHL", pace=0.5, from_at=moment_of(BEGINS), until_at=moment_of(BEGINS + timedelta(days=30))))
    shop.advance(BEGINS + timedelta(days=28))

    def share(of: Shop) -> float:
        return mean(one.is_late for one in of.truth.deliveries if one.outcome and one.carrier == "DHL")

    assert share(shop) == pytest.approx(2 * share(silent), rel=0.3)


def test_a_new_date_after_the_break_is_better_than_none_and_a_remedy_better_still(silent: Shop) -> None:
    shop = Shop(11, 3_000, BEGINS, ShopSettings(telling_first_share=0.0, browsing=0.05, intensity=2.0))
    touched = set()
    while shop.now < moment_of(BEGINS + timedelta(days=28)):
        shop.advance(shop.now + 12 * 3_600_000_000)
        for order in list(shop.world.orders.values()):
            if not order.arrived_at and not order.is_cancelled and order.until_at < shop.world.now and order.number not in touched:
                touched.add(order.number)
                in_ten_days = shop.now + 10 * 86_400_000_000
                shop.receive(NewDate(user_id=order.customer.user_id, order_id=order.number, until_at=in_ten_days, at=shop.now))
                shop.receive(Remedy(user_id=order.customer.user_id, order_id=order.number, kind="voucher", at=shop.now))
    dates = [touch for touch in shop.truth.touches if touch.what == "new_date"]
    remedies = [touch for touch in shop.truth.touches if touch.what == "remedy/voucher"]
    assert mean(touch.score_with - touch.score_without for touch in dates) == pytest.approx(1.4, abs=0.25)
    assert mean(touch.score_with - touch.score_without for touch in remedies) == pytest.approx(0.8, abs=0.25)
    scores = {one.order_id: one.score for one in shop.truth.deliveries}
    before = {one.order_id: one.score for one in silent.truth.deliveries}
    both = [number for number in touched if number in before and before[number] and scores[number]]
    assert mean(scores[number] - before[number] for number in both) > 1.0


def test_who_waits_in_vain_stays_away_and_a_remedy_brings_them_back() -> None:
    shop = Shop(11, 800, BEGINS, ShopSettings(telling_first_share=0.0, browsing=0.05))
    shop.advance(BEGINS + timedelta(days=20))
    hurt = [one for one in shop.world.ordinary if one.is_hurt(shop.world.now)]
    assert len(hurt) > 5
    shop.receive(Remedy(user_id=hurt[0].user_id, kind="call", at=shop.now))
    assert not hurt[0].is_hurt(shop.world.now)


def test_a_quote_that_was_shown_is_taken_by_the_next_order() -> None:
    shop = Shop(11, 400, BEGINS, ShopSettings(browsing=0.05))
    shop.advance(BEGINS + timedelta(days=1))
    for n, person in enumerate(shop.world.ordinary):
        shop.receive(
            Quote(user_id=person.user_id, quote_id=f"bud-{n}", until_at=shop.now + 9 * 86_400_000_000, valid_until=shop.now + 5 * 86_400_000_000, at=shop.now)
        )
    told = [json.loads(event.wire) for event in shop.advance(BEGINS + timedelta(days=6))]
    orders = [one["properties"] for one in told if one.get("event") == "Order Completed" and "promises" not in one["properties"]]
    taken = [one for one in orders if one.get("quote_id", "").startswith("bud-") and one["products"][0]["category"] != "presentkort"]
    assert len(taken) > 10


def test_a_reminder_brings_some_back_to_their_cart() -> None:
    def bought(reminds: bool) -> int:
        shop = Shop(11, 3_000, BEGINS, ShopSettings(browsing=0.05, effects=Effects(persuadable=0.6, comes_back_when_reminded=0.4)))
        shop.advance(BEGINS + timedelta(days=4))
        carts = {one.cart.cart_id: one.user_id for one in shop.world.ordinary if one.cart}
        for person in carts.values() if reminds else ():
            shop.receive(Message(user_id=person, kind="cart_reminder", at=shop.now))
        told = [json.loads(event.wire) for event in shop.advance(BEGINS + timedelta(days=6))]
        return sum(one.get("event") == "Order Completed" and one["properties"].get("cart_id") in carts for one in told)

    assert bought(True) > bought(False) + 5


def test_only_the_persuadable_come_back_for_a_reminder() -> None:
    def came_back(share: float) -> set[int]:
        effects = Effects(persuadable=share, comes_back_when_reminded=1.0)
        shop = Shop(11, 1_500, BEGINS, ShopSettings(browsing=0.0, carts=3.0, effects=effects))
        shop.advance(BEGINS + timedelta(days=3))
        left = [one for one in shop.world.ordinary if one.cart]
        for one in left:
            shop.receive(Message(user_id=one.user_id, kind="cart_reminder", at=shop.now))
        shop.advance(BEGINS + timedelta(days=4, hours=12))
        return {one.number for one in left if one.cart is None}

    nobody, some, everybody = (came_back(share) for share in (0.0, 0.5, 1.0))
    assert len(everybody) > 40
    assert 0.35 < (len(some) - len(nobody)) / (len(everybody) - len(nobody)) < 0.65


@pytest.mark.parametrize(("kind", "times", "is_annoyed"), [("cart_reminder", 3, False), ("cart_reminder", 4, True), ("offer", 4, True), ("delay", 9, False)])
def test_the_fourth_in_a_week_that_was_not_asked_for_annoys(kind: str, times: int, is_annoyed: bool) -> None:
    shop = Shop(11, 200, BEGINS, ShopSettings(browsing=0.0, intensity=0.0, effects=Effects(says_no_when_annoyed=1.0)))
    one = shop.world.ordinary[0]
    for n in range(times):
        shop.advance(BEGINS + timedelta(days=1, hours=n))
        shop.receive(Message(user_id=one.user_id, kind=kind, at=shop.now))
    assert one.is_annoyed(shop.world.now + 1) == is_annoyed
    told = [json.loads(event.wire) for event in shop.advance(BEGINS + timedelta(days=4))]
    said_no = [call for call in told if call.get("event") == "Consent Withdrawn" and call["userId"] == one.user_id]
    assert [call["properties"]["for_channel"] for call in said_no] == (["mail"] if is_annoyed else [])


def test_four_in_four_weeks_annoy_nobody_and_annoyance_passes() -> None:
    shop = Shop(11, 200, BEGINS, ShopSettings(browsing=0.0, intensity=0.0))
    calm, annoyed = shop.world.ordinary[:2]
    for n in range(4):
        shop.advance(BEGINS + timedelta(days=7 * n + 1))
        shop.receive(Message(user_id=calm.user_id, kind="offer", at=shop.now))
        for _ in range(4):
            shop.receive(Message(user_id=annoyed.user_id, kind="offer", at=shop.now))
    effects, day = shop.world.effects, 86_400
    assert not calm.stays_away(shop.world.now + day, 0.0, effects)
    assert [annoyed.stays_away(shop.world.now + day, dice, effects) for dice in (0.24, 0.26)] == [True, False]
    assert not annoyed.stays_away(shop.world.now + 29 * day, 0.24, effects)


def test_once_handed_over_the_shop_asks_nobody_by_itself() -> None:
    shop = Shop(11, 600, BEGINS)
    shop.advance(BEGINS + timedelta(days=10))
    shop.hand_over()
    told = {json.loads(event.wire).get("event") for event in shop.advance(BEGINS + timedelta(days=16))}
    assert "Order Completed" in told
    assert "Survey Sent" not in told


def test_moa_leaves_a_cart_and_whoever_presses_order_buys_it() -> None:
    shop = Shop(3, 50, BEGINS, LINKS)
    shop.advance(LIVE_FROM)
    forgotten = about(shop.advance(minutes(10)), "webb-moa")
    assert forgotten == [(3, "Product Added")]
    number = str(shop.world.by_user["kund-00002"].cart.cart_id)
    left = shop.cart(number)
    assert left is not None and left.name == "Moa"
    shop.advance(minutes(90))
    for cart_id in ("korg-of-nobody", number):
        shop.receive(CartOrdered(cart_id=cart_id, way="home", at=shop.now))
    ordered = [json.loads(event.wire) for event in shop.advance(minutes(120)) if b'"Order Completed"' in event.wire and number.encode() in event.wire]
    assert [(one["userId"], [line["name"] for line in one["properties"]["products"]]) for one in ordered] == [("kund-00002", ["Löparskor Dubb"])]
    assert ordered[0]["properties"]["carrier"] in ("DHL", "Bring"), "to the door, as was chosen"
    assert shop.cart(number) is None
