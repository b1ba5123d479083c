"""What senders write, and what is understood of it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fakes.story import at
from omtanke.vocabulary.order import OrderCompleted
from omtanke.vocabulary.reading import Understood, occurred_at, read_message
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.running import UnknownObserved

STOCKHOLM = ZoneInfo("Europe/Stockholm")
RECEIVED = at("2026-11-21 12:00")


def read(**message: Any) -> Understood:
    numbers: dict[tuple[str, str], int] = {}
    return read_message(message, RECEIVED, STOCKHOLM, "SEK", lambda kind, number: numbers.setdefault((kind, number), len(numbers) + 1))


def order(**properties: Any) -> Understood:
    return read(type="track", event="Order Completed", userId="u", properties={"order_id": "10482", **properties})


@pytest.mark.parametrize(
    ("message", "path", "rule"),
    [
        ({"type": "trakc"}, "type", "is not one of track, identify, page, screen"),
        ({"event": "Order Completd"}, "event", "is not known. Did you mean 'Order Completed'?"),
        ({"event": "Order Completed", "properties": {}}, "properties.order_id", "is missing: the order"),
        ({"event": "Order Completed", "properties": {"order_id": "1", "total": "much"}}, "properties.total", "is not an amount"),
        ({"event": "Order Completed", "properties": {"order_id": "1", "currency": "kronor"}}, "properties.currency", "is not a currency"),
        ({"event": "Order Completed", "properties": {"order_id": "1", "products": [{}]}}, "properties.products[0]", "names no line"),
        ({"event": "Order Completed", "properties": {"order_id": {"a": 1}}}, "properties.order_id", "is not a number or text"),
        ({"event": "Order Completed", "timestamp": "yesterday", "properties": {"order_id": "1"}}, "timestamp", "is not a moment"),
        ({"event": "Order Completed", "context": {"timezone": "Mars"}, "properties": {"order_id": "1"}}, "context.timezone", "is not a time zone"),
        ({"event": "Promise Stated", "properties": {"kind": "hope", "until": "2026-11-21"}}, "properties.kind", "is not one of delivery"),
        ({"event": "Promise Stated", "properties": {"kind": "reply", "from": "2026-11-22", "until": "2026-11-20"}}, "properties.from", "is after until"),
        (
            {"event": "Promise Stated", "properties": {"kind": "reply", "subject": {"kind": ["x"]}, "until": "2026-11-20"}},
            "properties.subject",
            "is not {kind, id}",
        ),
        ({"event": "Survey Answered", "properties": {"survey_id": "1", "score": 11}}, "properties.score", "is not a whole number from 0 to 10"),
    ],
)
def test_wrong_value_is_refused_with_path_and_rule(message: dict[str, Any], path: str, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        read(**message)
    assert refused.value.path == path
    assert rule in refused.value.rule


def test_amounts_are_minor_units_of_the_currency_sent() -> None:
    kronor, yen = order(total=1499.5), order(total=1499, currency="jpy")
    assert isinstance(kronor.body, OrderCompleted) and isinstance(yen.body, OrderCompleted)
    assert [(body.total, body.currency) for body in (kronor.body, yen.body)] == [(149_950, "SEK"), (1499, "JPY")]


def test_what_is_not_declared_stays_in_the_personal_part() -> None:
    understood = order(shipping_address={"city": "Umeå"}, gift_note="till mamma", products=[{"product_id": "p", "name": "Löparskor"}])
    assert understood.personal["properties"] == {"shipping_address": {"city": "Umeå"}, "gift_note": "till mamma"}
    assert understood.personal["items"] == {"properties.products[0]": {"name": "Löparskor"}}
    assert understood.personal["numbers"] == [("order", 1, "10482"), ("line", 2, "10482/p"), ("product", 3, "p")]


def test_unknown_event_is_kept_whole() -> None:
    understood = read(event="Wishlist Shared By Dog", userId="u", properties={"dog": "Bosse"})
    assert (type(understood.body), understood.personal["properties"]) == (UnknownObserved, {"event": "Wishlist Shared By Dog", "dog": "Bosse"})


def test_channel_that_is_none_of_ours_says_nothing() -> None:
    assert [read(event="Cart Viewed", context={"channel": channel}).channel for channel in ("web", "server", ["x"], None)] == ["web", "none", "none", "none"]


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        ({"timestamp": "2026-11-21T09:14:00+01:00"}, "2026-11-21 09:14"),
        ({"timestamp": "2026-11-21T09:14:00"}, "2026-11-21 09:14"),
        ({"timestamp": "2026-11-21T09:14:00Z"}, "2026-11-21 10:14"),
        ({"originalTimestamp": "2026-11-21T09:00:00Z", "sentAt": "2026-11-21T09:05:00Z"}, "2026-11-21 11:55"),
        ({"timestamp": "2026-11-21T09:00:00Z", "sentAt": "2026-11-21T09:05:00Z"}, "2026-11-21 11:55"),
        ({"timestamp": "2026-11-21T11:55:00Z", "sentAt": "2026-11-21T12:00:00Z"}, "2026-11-21 11:55"),
        ({"timestamp": "2026-11-21T09:14:00+01:00", "sentAt": "2026-11-21T12:00:04+01:00"}, "2026-11-21 09:14"),
        ({"timestamp": "2026-11-17T09:14:00+01:00", "sentAt": "2026-11-21T12:00:00+01:00"}, "2026-11-17 09:14"),
        ({"timestamp": "2026-11-17T09:14:00+01:00", "originalTimestamp": "2026-11-21T09:00:00Z", "sentAt": "2026-11-21T09:05:00Z"}, "2026-11-17 09:14"),
        ({"timestamp": "2030-01-01T00:00:00Z"}, "2026-11-21 12:00"),
        ({}, "2026-11-21 12:00"),
    ],
)
def test_moment_is_the_senders_corrected_for_skew_and_never_after_receipt(sent: dict[str, str], moment: str) -> None:
    assert occurred_at(sent, RECEIVED, STOCKHOLM)[0] == at(moment)


def test_identifiers_are_told_strongest_first_and_nobody_is_nobody() -> None:
    understood = read(type="identify", userId="u1", anonymousId="null", traits={"email": " Maja@Example.com ", "phone": "070-1740605", "loyalty_number": 77})
    kinds = [(one.kind, one.value) for one in understood.identifiers]
    assert kinds == [("user_id", "u1"), ("loyalty_number", "77"), ("email", "maja@example.com"), ("phone", "070-1740605")]
