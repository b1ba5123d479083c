"""The living shop: the same each time, in whatever steps, and understood in full."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omtanke.simulate.planted import ShopSettings
from omtanke.simulate.shop import FORM, Event, Shop
from omtanke.simulate.told import CapacityChange, Message, NewDate, Remedy, SurveyLink
from omtanke.vocabulary.catalogue import OBSERVED
from omtanke.vocabulary.fact import OwnAct
from omtanke.vocabulary.reading import read_message
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import moment_of

ZONE = ZoneInfo("Europe/Stockholm")
BEGINS = datetime(2026, 10, 1, 9, 30, tzinfo=ZONE)
LIVE_FROM = datetime(2026, 10, 13, 14, 5, tzinfo=ZONE)
ENDS = datetime(2026, 10, 17, 12, 0, tzinfo=ZONE)
WITH_CAST = ShopSettings(live_from=LIVE_FROM)
LATER = 4_000_000_000_000_000
# Calls have no event name; imports and our own survey page tell the rest.
NOT_BY_TRACK = {"Page Viewed", "Screen Viewed", "Customer Identified", "Customer Grouped", "Customer Aliased"}
NOT_THE_SHOPS = {"Order Line Recorded", "Payment Recorded", "Survey Commented", "Signed Out", "Rights Requested", "Message Sent"}


def small(seed: int = 3) -> Shop:
    return Shop(seed, 150, BEGINS, WITH_CAST)


@pytest.fixture(scope="module")
def at_once() -> list[Event]:
    return small().advance(ENDS)


@pytest.fixture(scope="module")
def four_weeks() -> tuple[Shop, list[Event]]:
    shop = Shop(1, 5_000, datetime(2026, 10, 1, tzinfo=ZONE))
    return shop, shop.advance(datetime(2026, 10, 29, tzinfo=ZONE))


def test_same_seed_gives_the_same_bytes(at_once: list[Event]) -> None:
    assert small().advance(ENDS) == at_once


def test_another_seed_gives_other_events(at_once: list[Event]) -> None:
    assert small(4).advance(ENDS) != at_once


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=int((ENDS - BEGINS).total_seconds())), max_size=25))
def test_steps_give_the_same_events_as_one_go(at_once: list[Event], steps: list[int]) -> None:
    shop, told = small(), []
    for step in sorted(steps):
        told += shop.advance(BEGINS + timedelta(seconds=step))
    assert told + shop.advance(ENDS) == at_once


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=1439), max_size=8))
def test_what_is_received_at_the_same_moments_gives_the_same_events_in_any_steps(minutes: list[int]) -> None:
    def lived(extra: list[int]) -> list[Event]:
        shop = small()
        told = shop.advance(LIVE_FROM)
        for minute in sorted({*extra, 30, 300}):
            told += shop.advance(LIVE_FROM + timedelta(minutes=minute))
            if minute == 30:
                shop.receive(NewDate(user_id="kund-00009", case_id="arende-signe", until_at=moment_of(LIVE_FROM + timedelta(hours=2)), at=shop.now))
            if minute == 300:
                shop.receive(SurveyLink(user_id="kund-00009", survey_id="fraga-1", about="case", case_id="arende-signe", at=shop.now))
        return told + shop.advance(ENDS)

    assert lived(minutes) == lived([])


def test_a_shop_that_was_saved_goes_on_as_if_it_had_not_been(at_once: list[Event]) -> None:
    shop = small()
    told = shop.advance(LIVE_FROM)
    again = Shop.load(shop.save())
    assert told + again.advance(ENDS) == at_once
    assert again.truth.effects() == small_lived().truth.effects()


def small_lived() -> Shop:
    shop = small()
    shop.advance(ENDS)
    return shop


def test_bytes_that_are_no_shop_are_refused() -> None:
    with pytest.raises(CannotDo, match="not a saved shop"):
        Shop.load(b"something else")


def test_a_saved_shop_that_names_other_things_is_refused() -> None:
    import pickle
    import zlib

    with pytest.raises(CannotDo, match="holds nothing called"):
        Shop.load(FORM + zlib.compress(pickle.dumps(pytest.raises)))


def test_the_shop_does_not_go_back() -> None:
    shop = small()
    shop.advance(ENDS)
    with pytest.raises(CannotDo, match="cannot go back"):
        shop.advance(LIVE_FROM)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(CannotDo, match="has no time zone"):
        Shop(1, 10, datetime(2026, 10, 1))


def test_events_come_in_order_of_sending_and_none_before_its_time(four_weeks: tuple[Shop, list[Event]]) -> None:
    _, events = four_weeks
    moments = [event.at for event in events]
    assert moments == sorted(moments)
    assert [event for event in events if event.occurred_at > event.at] == []


def test_advance_tells_what_lies_after_the_last_call_and_up_to_this_one() -> None:
    shop = small()
    shop.advance(LIVE_FROM)
    events = shop.advance(ENDS)
    assert events[0].at > moment_of(LIVE_FROM)
    assert events[-1].at <= moment_of(ENDS)


def test_five_thousand_persons_make_sixty_to_a_hundred_thousand_events_in_four_weeks(four_weeks: tuple[Shop, list[Event]]) -> None:
    assert 60_000 <= len(four_weeks[1]) <= 100_000


@pytest.mark.parametrize("begins", [BEGINS, datetime(2027, 3, 20, 3, 5, tzinfo=ZONE), datetime(2026, 12, 18, 23, 59, tzinfo=ZONE)])
def test_every_event_is_understood(begins: datetime) -> None:
    events = Shop(7, 1_500, begins, ShopSettings(live_from=begins + timedelta(days=9))).advance(begins + timedelta(days=12))
    numbers: dict[tuple[str, str], int] = {}
    read = [
        (event, read_message(json.loads(event.wire), LATER, ZONE, "SEK", lambda kind, number: numbers.setdefault((kind, number), len(numbers) + 1)))
        for event in events
    ]
    assert [event.wire for event, one in read if one.body.type == "unknown_observed"] == []
    assert [event.wire for event, one in read if not one.channel or not one.touchpoint] == []
    assert [event.wire for event, one in read if one.occurred_at != event.occurred_at] == []


def test_everything_that_senders_can_tell_is_told() -> None:
    shop = Shop(2, 6_000, datetime(2026, 10, 12, tzinfo=ZONE), ShopSettings(browsing=0.1))
    told = {json.loads(event.wire).get("event") for event in shop.advance(datetime(2026, 12, 2, tzinfo=ZONE))}
    by_senders = {name for name, body in OBSERVED.items() if not issubclass(body, OwnAct)}
    assert by_senders - told == NOT_BY_TRACK | NOT_THE_SHOPS


def test_every_call_but_batch_is_made(four_weeks: tuple[Shop, list[Event]]) -> None:
    calls = {json.loads(event.wire)["type"] for event in four_weeks[1]}
    assert calls == {"track", "identify", "page", "screen", "alias", "group"}


def test_undeclared_events_are_told_when_wished() -> None:
    shop = Shop(7, 300, BEGINS, ShopSettings(undeclared=0.5))
    told = {json.loads(event.wire).get("event") for event in shop.advance(ENDS)}
    assert {"Wishlist Shared By Dog", "Ski Wax Quiz Finished", "Trail Map Printed"} <= told


def test_some_messages_come_twice_and_are_the_same(four_weeks: tuple[Shop, list[Event]]) -> None:
    times = Counter(event.message_id for event in four_weeks[1])
    twice = {name for name, count in times.items() if count == 2}
    assert 100 < len(twice) < 350
    assert max(times.values()) == 2
    assert all(len({event.wire for event in four_weeks[1] if event.message_id == name}) == 1 for name in list(twice)[:5])


def test_carriers_name_no_customer(four_weeks: tuple[Shop, list[Event]]) -> None:
    scans = [message for message in map(json.loads, (event.wire for event in four_weeks[1])) if message.get("event") == "Shipment Updated"]
    assert [message for message in scans if "userId" in message or "anonymousId" in message] == []


def test_some_arrivals_are_scanned_late(four_weeks: tuple[Shop, list[Event]]) -> None:
    late = [event for event in four_weeks[1] if event.at - event.occurred_at > 3_600_000_000]
    assert 40 < len(late) < 200


def test_nobody_is_asked_when_omtanke_asks() -> None:
    shop = Shop(7, 600, BEGINS, ShopSettings(surveys="omtanke"))
    told = {json.loads(event.wire).get("event") for event in shop.advance(ENDS)}
    assert told & {"Survey Sent", "Survey Answered"} == set()


def test_staff_answer_on_fridays_and_are_no_customers(four_weeks: tuple[Shop, list[Event]]) -> None:
    shop, _ = four_weeks
    pulses = shop.pulses()
    assert {datetime.fromtimestamp(one.at / 1e6, ZONE).weekday() for one in pulses} == {4}
    assert {one.unit for one in pulses} >= {"service", "logistics", "finance", "store/nordstan"}
    assert shop.pulses() == []


def test_words_to_nobody_change_nothing(at_once: list[Event]) -> None:
    shop = small()
    told = shop.advance(LIVE_FROM)
    shop.receive(Message(user_id="kund-99999", kind="delay", order_id="1", at=shop.now))
    shop.receive(Remedy(user_id="kund-99999", case_id="arende-aisha", at=shop.now))
    shop.receive(CapacityChange(unit="nowhere", pace=0.1, from_at=0, until_at=LATER))
    assert told + shop.advance(ENDS) == at_once
