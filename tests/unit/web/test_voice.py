"""How numbers, moments and windows are said."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from omtanke.vocabulary.time import DAY, HOUR, MINUTE, SECOND, moment_of
from omtanke.web.words.voice import Voice

pytestmark = pytest.mark.usefixtures("here")
ZONE = ZoneInfo("Europe/Stockholm")


def at(text: str) -> int:
    return moment_of(datetime.fromisoformat(text).replace(tzinfo=ZONE))


NOW = at("2026-11-21T12:14")
SWEDISH, ENGLISH = Voice("sv", ZONE, NOW), Voice("en", ZONE, NOW)
HARD = "\N{NO-BREAK SPACE}"


def test_numbers_are_local() -> None:
    assert SWEDISH.percent(0.962) == f"96,2{HARD}%"
    assert ENGLISH.percent(0.962) == "96.2%"
    assert SWEDISH.number(4118) == f"4{HARD}118"
    assert SWEDISH.interval(0.956, 0.967) == "95,6–96,7"


def test_money_shows_the_small_coins_only_where_there_are_any() -> None:
    assert SWEDISH.money(234_000, "SEK") == f"2{HARD}340{HARD}kr"
    assert SWEDISH.money(14_950, "SEK") == f"149,50{HARD}kr"
    assert [ENGLISH.money(234_000, "SEK"), ENGLISH.money(14_950, "EUR")] == [f"SEK{HARD}2,340", "€149.50"]
    assert [SWEDISH.money(2_177, "BRL"), SWEDISH.money(14_900, "EUR")] == [f"21,77{HARD}BRL", f"149{HARD}€"]


def test_telephone_numbers_are_national_at_home_and_international_from_abroad() -> None:
    assert [SWEDISH.phone(one) for one in ("+46701740605", "+4722123456", "a phone")] == [
        f"070-174{HARD}06{HARD}05",
        f"+47{HARD}22{HARD}12{HARD}34{HARD}56",
        "a phone",
    ]


@pytest.mark.usefixtures("swedish")
def test_an_hour_alone_is_no_day() -> None:
    assert SWEDISH.at_hour(at("2026-11-21T16:00")) == "kl. 16"


@pytest.mark.usefixtures("english")
def test_an_hour_in_english_has_its_minutes() -> None:
    assert [ENGLISH.at_hour(at("2026-11-21T16:00")), ENGLISH.window(0, at("2026-11-21T16:00"))] == ["16:00", "by 16:00 today"]


def test_change_has_a_sign_and_nothing_is_neither() -> None:
    assert [SWEDISH.change(0.84), SWEDISH.change(-2), SWEDISH.change(0.01)] == ["+0,8", "\N{MINUS SIGN}2,0", "±0"]


@pytest.mark.usefixtures("swedish")
def test_moments_near_are_said_by_day() -> None:
    said = [SWEDISH.moment(at(text)) for text in ("2026-11-21T12:00", "2026-11-20T16:20", "2026-11-18T15:10", "2026-10-21T09:14", "2025-01-03T09:14")]
    assert said == ["i dag 12.00", "i går 16.20", "onsdag 15.10", "21 oktober 09.14", "3 januari 2025 09.14"]


@pytest.mark.usefixtures("swedish")
def test_a_window_of_days_ends_on_the_day_before_midnight() -> None:
    assert SWEDISH.window(at("2026-11-19T00:00"), at("2026-11-21T00:00")) == "torsdag till fredag"
    assert SWEDISH.window(0, at("2026-11-22T00:00")) == "senast i dag"
    assert SWEDISH.window(at("2026-07-25T00:00"), at("2026-07-28T00:00")) == "25–27 juli"


@pytest.mark.usefixtures("swedish")
def test_a_window_within_a_day_is_said_in_hours() -> None:
    assert SWEDISH.window(at("2026-11-21T17:00"), at("2026-11-21T19:30")) == "i dag 17–19.30"
    assert SWEDISH.window(0, at("2026-11-21T13:00")) == "senast i dag kl. 13"


@pytest.mark.usefixtures("english")
def test_the_day_on_which_clocks_go_back_has_one_date() -> None:
    voice = Voice("en", ZONE, at("2026-10-24T12:00"))
    assert voice.window(at("2026-10-25T00:00"), at("2026-10-26T00:00")) == "tomorrow"
    assert voice.last_day(at("2026-10-26T00:00")) == date(2026, 10, 25)


@pytest.mark.usefixtures("english")
def test_spans_use_the_largest_unit_of_which_there_are_two() -> None:
    spans = [2 * SECOND, 119 * SECOND, 119 * MINUTE, 47 * HOUR, 3 * DAY, -SECOND]
    assert [ENGLISH.span(one) for one in spans] == ["2 seconds", "119 seconds", "119 minutes", "47 hours", "3 days", "0 seconds"]


def test_sizes_are_decimal() -> None:
    assert [ENGLISH.size(one) for one in (0, 999, 1_500, 8_100_000)] == [f"0{HARD}B", f"999{HARD}B", f"1.5{HARD}kB", f"8.1{HARD}MB"]
