"""Windows as a message says them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from omtanke.messages.days import Days
from omtanke.messages.stated import StatedPromise, StatedQuote
from omtanke.vocabulary.time import moment_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(text: str) -> int:
    return moment_of(datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM))


NOW = at("2026-11-24T08:00")
WINDOWS = [
    ("", "2026-11-28T00:00", "senast fredag 27 november", "by Friday 27 November"),
    ("2026-11-27T00:00", "2026-11-28T00:00", "fredag 27 november", "on Friday 27 November"),
    ("2026-11-26T00:00", "2026-11-28T00:00", "mellan torsdag 26 och fredag 27 november", "between Thursday 26 and Friday 27 November"),
    ("2026-11-30T00:00", "2026-12-02T00:00", "mellan måndag 30 november och tisdag 1 december", "between Monday 30 November and Tuesday 1 December"),
    ("2026-11-27T17:00", "2026-11-27T19:30", "mellan kl. 17 och 19.30 fredag 27 november", "between 17:00 and 19:30 on Friday 27 November"),
    ("", "2026-11-24T14:00", "senast kl. 14 tisdag 24 november", "by 14:00 on Tuesday 24 November"),
    ("", "2027-01-03T00:00", "senast lördag 2 januari 2027", "by Saturday 2 January 2027"),
    (
        "2026-11-27T17:00",
        "2026-11-28T12:00",
        "mellan kl. 17 fredag 27 november och kl. 12 lördag 28 november",
        "between 17:00 on Friday 27 November and 12:00 on Saturday 28 November",
    ),
    # The days on which clocks change have 23 and 25 hours.
    ("2027-03-28T00:00", "2027-03-29T00:00", "söndag 28 mars 2027", "on Sunday 28 March 2027"),
    ("2026-10-25T00:00", "2026-10-26T00:00", "söndag 25 oktober", "on Sunday 25 October"),
]
DATES = [
    ("", "2026-11-28T00:00", "senast fredag 27 november"),
    ("2026-11-27T00:00", "2026-11-28T00:00", "fredag 27 november"),
    ("2026-11-26T00:00", "2026-11-28T00:00", "26–27 november"),
    ("2026-11-30T00:00", "2026-12-02T00:00", "30 november – 1 december"),
    ("2026-11-27T17:00", "2026-11-27T19:30", "fredag 27 november, 17–19.30"),
]


@pytest.mark.parametrize(("start", "end", "swedish", "english"), WINDOWS)
def test_window_is_said_in_both_languages(start: str, end: str, swedish: str, english: str) -> None:
    window = (at(start) if start else 0, at(end))
    assert [Days(language, STOCKHOLM, NOW).window(*window) for language in ("sv", "en")] == [swedish, english]


@pytest.mark.parametrize(("start", "end", "said"), DATES)
def test_dates_stand_alone(start: str, end: str, said: str) -> None:
    assert Days("sv", STOCKHOLM, NOW).dates(at(start) if start else 0, at(end)) == said


def test_window_is_said_in_its_own_zone() -> None:
    assert Days("en", ZoneInfo("America/New_York"), NOW).window(0, at("2026-11-28T00:00")) == "by 18:00 on Friday 27 November"


@pytest.mark.parametrize(
    ("now", "window", "dates"),
    [
        ("2026-11-26T23:00", "mellan torsdag 26 och fredag 27 november", "26–27 november"),
        ("2026-11-27T08:00", "senast fredag 27 november", "senast fredag 27 november"),
    ],
)
def test_a_day_that_has_been_is_no_longer_said(now: str, window: str, dates: str) -> None:
    between = {"from_at": at("2026-11-26T00:00"), "until_at": at("2026-11-28T00:00")}
    promise = StatedPromise(id=1, **between, first_from_at=at("2026-11-26T00:00"), first_until_at=at("2026-11-28T00:00"))
    quote = StatedQuote(id=2, **between, valid_until=at("2026-11-27T14:00"))
    assert [(one.sayings("sv", at(now))["window"], one.sayings("sv", at(now))["dates"]) for one in (promise, quote)] == [(window, dates)] * 2
    assert promise.sayings("sv", at(now))["first_window"] == "mellan torsdag 26 och fredag 27 november", "what was said first is said as it was"


def test_hours_of_today_are_said_whole_until_the_day_is_over() -> None:
    evening = StatedPromise(id=1, from_at=at("2026-11-27T17:00"), until_at=at("2026-11-27T22:00"))
    assert evening.sayings("sv", at("2026-11-27T18:00"))["window"] == "mellan kl. 17 och 22 fredag 27 november"
