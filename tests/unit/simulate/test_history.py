"""The shop's history for the console: the same each time, in order, with the cast's stories up to its end."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from datetime import datetime
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from omtanke.simulate.days import at, delivery_day, easter, is_peak, working_day
from omtanke.simulate.sending import incoming_history
from omtanke.vocabulary.reading import read_message

ZONE = ZoneInfo("Europe/Stockholm")
NOON = datetime(2026, 11, 21, 12, 14, tzinfo=ZONE)
LATER = 4_000_000_000_000_000
CAST_NUMBERS = {"10482", "10466", "10127", "9618"}
Message = dict[str, Any]


def retail_history(seed: int, until: datetime, months: int = 4, customers: int = 2_000) -> list[Message]:
    return [json.loads(entry.wire) for entry in incoming_history(seed, until, months, customers)]


@pytest.fixture(scope="module")
def history() -> list[Message]:
    return retail_history(7, NOON)


def named(history: list[Message], event: str) -> list[Message]:
    return [message for message in history if message.get("event") == event]


def about(history: list[Message], order: str) -> list[str]:
    return [message["event"] for message in history if message.get("properties", {}).get("order_id") == order]


def moment(message: Message) -> datetime:
    return datetime.fromisoformat(message["timestamp"])


def test_same_seed_and_end_give_the_same_messages() -> None:
    assert retail_history(3, NOON, customers=60) == retail_history(3, NOON, customers=60)


def test_another_seed_gives_other_messages() -> None:
    assert retail_history(3, NOON, customers=60) != retail_history(4, NOON, customers=60)


def test_history_has_forty_to_sixty_thousand_messages(history: list[Message]) -> None:
    assert 40_000 <= len(history) <= 60_000


def test_history_is_in_order_and_ends_at_the_end(history: list[Message]) -> None:
    moments = [moment(message) for message in history]
    assert moments == sorted(moments)
    assert moments[-1] <= NOON


@pytest.mark.parametrize("end", [NOON, datetime(2027, 3, 29, 3, 5, tzinfo=ZONE), datetime(2027, 1, 1, 23, 59, tzinfo=ZONE)])
def test_every_message_is_understood(end: datetime) -> None:
    known: dict[tuple[str, str], int] = {}
    unknown = Counter(
        message["event"]
        for message in retail_history(7, end, customers=600)
        if read_message(message, LATER, ZONE, "SEK", lambda kind, number: known.setdefault((kind, number), len(known) + 1)).body.type == "unknown_observed"
    )
    assert set(unknown) <= {"Wishlist Shared By Dog", "Ski Wax Quiz Finished", "Trail Map Printed"}


def test_every_message_says_where_it_happened(history: list[Message]) -> None:
    assert [message for message in history if not message["context"]["channel"] or not message["context"]["touchpoint"]] == []


def test_some_messages_come_twice_and_are_the_same(history: list[Message]) -> None:
    times = Counter(message["messageId"] for message in history)
    twice = {name for name, count in times.items() if count == 2}
    assert 50 < len(twice) < 300
    assert max(times.values()) == 2


def test_parcels_are_known_before_the_carrier_speaks_of_them_alone(history: list[Message]) -> None:
    sent: set[str] = set()
    for message in history:
        said = message.get("properties", {})
        if message.get("event") == "Order Shipped":
            sent.add(said["parcel_id"])
        elif "parcel_id" in said and "order_id" not in said:
            assert said["parcel_id"] in sent


def test_order_numbers_rise_with_time(history: list[Message]) -> None:
    placed = [int(message["properties"]["order_id"]) for message in named(history, "Order Completed") if "userId" in message]
    drawn = [number for number in dict.fromkeys(placed) if str(number) not in CAST_NUMBERS]
    displaced = sum(later < earlier for earlier, later in itertools.pairwise(drawn))
    assert displaced < len(drawn) * 0.1


def delivered(history: list[Message]) -> dict[str, bool]:
    """For each order with one promise of days and an arrival: whether it came by the last day promised first."""
    until = {
        m["properties"]["order_id"]: m["properties"]["promises"][0]["until"]
        for m in named(history, "Order Completed")
        if len(m["properties"].get("promises", ())) == 1 and len(m["properties"]["promises"][0]["until"]) == 10
    }
    order_of = {m["properties"]["parcel_id"]: m["properties"]["order_id"] for m in named(history, "Order Shipped")}
    came = {
        m["properties"].get("order_id") or order_of[m["properties"]["parcel_id"]]: m["timestamp"][:10]
        for event in ("Shipment Delivered", "Pickup Ready")
        for m in named(history, event)
    }
    return {order: came[order] <= last for order, last in until.items() if order in came}


def test_most_deliveries_come_as_promised(history: list[Message]) -> None:
    kept = delivered(history)
    assert 0.90 <= mean(kept.values()) <= 0.97


def test_a_broken_promise_costs_satisfaction(history: list[Message]) -> None:
    kept = delivered(history)
    answers = [m["properties"] for m in named(history, "Survey Answered") if m["properties"]["question"] == "delivery_satisfaction"]
    scores = {met: [a["score"] for a in answers if kept.get(a["order_id"]) is met] for met in (True, False)}
    assert mean(scores[True]) > 3.9
    assert mean(scores[False]) < 3.6


def test_all_kinds_of_promise_are_made(history: list[Message]) -> None:
    stated = [one["kind"] for m in history for one in m.get("properties", {}).get("promises", ())] + [
        m["properties"]["kind"] for m in named(history, "Promise Stated")
    ]
    assert set(stated) == {"delivery", "pickup", "refund", "call_back", "reply", "repair", "restock", "appointment", "opening_hours", "benefit"}


def test_maja_still_waits_for_her_shoes(history: list[Message]) -> None:
    order = next(m for m in named(history, "Order Completed") if m["properties"]["order_id"] == "10482")
    assert order["timestamp"] == "2026-11-17T18:04:00+01:00"
    assert order["properties"]["promises"][0]["words"] == "Hos dig torsdag eller fredag"
    assert (order["properties"]["promises"][0]["from"], order["properties"]["promises"][0]["until"]) == ("2026-11-19", "2026-11-20")
    assert about(history, "10482") == ["Order Completed", "Payment Approved", "Order Shipped", "Shipment Delayed"]


def test_moa_bought_the_same_at_the_till(history: list[Message]) -> None:
    hers = [m.get("event") for m in history if m.get("userId") == "kund-00002"]
    assert hers == [None, "Product Viewed", "Product Added", "Store Visited", "Receipt Issued", "Survey Sent", "Survey Answered"]


def test_aisha_has_been_promised_the_right_jacket(history: list[Message]) -> None:
    answer = next(m for m in named(history, "Case Message Sent") if m["properties"]["case_id"] == "arende-aisha")
    promise = answer["properties"]["promises"][0]
    assert (promise["kind"], promise["until"]) == ("repair", "2026-11-23")
    assert named(history, "Repair Completed") != []
    assert [m for m in named(history, "Repair Completed") if m["properties"]["case_id"] == "arende-aisha"] == []


def test_erik_waits_for_a_call_before_one(history: list[Message]) -> None:
    asked = next(m for m in named(history, "Callback Requested") if m["properties"]["case_id"] == "arende-erik")
    assert asked["timestamp"] == "2026-11-21T11:01:00+01:00"
    assert asked["properties"]["promises"][0]["until"] == "2026-11-21T13:00:00+01:00"
    assert [m for m in named(history, "Callback Made") if m["properties"]["case_id"] == "arende-erik"] == []


def test_the_childs_jacket_came_back_in_the_mens_store(history: list[Message]) -> None:
    back = next(m for m in named(history, "Return Received") if m["properties"]["order_id"] == "10127")
    assert back["context"] == {"channel": "store", "touchpoint": "store/birger-jarl"}
    assert about(history, "10127")[-3:] == ["Refund Issued", "Survey Sent", "Survey Answered"]


@pytest.mark.parametrize("hour", range(0, 24 * 7, 11))
def test_majas_promise_is_broken_whenever_the_history_ends(hour: int) -> None:
    end = datetime.fromtimestamp(at(datetime(2026, 6, 15).date(), 0) + hour * 3600, ZONE)
    told = list(retail_history(7, end, customers=0))
    order = next(m for m in named(told, "Order Completed") if m["properties"]["order_id"] == "10482")
    last = datetime.fromisoformat(order["properties"]["promises"][0]["until"]).replace(tzinfo=ZONE)
    assert 36 * 3600 < (end - last).total_seconds() < 8 * 86_400
    assert "Shipment Delivered" not in about(told, "10482")


def test_working_days_leave_out_weekends_and_holidays() -> None:
    assert easter(2026) == datetime(2026, 4, 5).date()
    assert working_day(datetime(2026, 4, 2).date(), 1) == datetime(2026, 4, 7).date()
    assert working_day(datetime(2026, 12, 23).date(), 1) == datetime(2026, 12, 28).date()
    assert delivery_day(datetime(2026, 11, 20).date(), 1, True) == datetime(2026, 11, 21).date()


def test_black_week_is_a_peak() -> None:
    assert is_peak(datetime(2026, 11, 23).date())
    assert not is_peak(datetime(2026, 11, 20).date())
