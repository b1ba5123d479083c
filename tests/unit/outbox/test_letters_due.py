"""A letter is due at the person's hour by the shop's clocks, also on the nights when clocks change."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from fakes.story import STOCKHOLM
from omtanke.runtime.dispatch_letters import due_day, passed_day
from omtanke.storage.outbox_choices import Choice
from omtanke.vocabulary.time import datetime_of, moment_of, time_of_day_at


def utc(text: str) -> int:
    return moment_of(datetime.fromisoformat(text))


def mine(minute: int = 420, letter_day: str = "") -> Choice:
    return Choice(1, letter=("mail",), minute=minute, letter_day=letter_day)


@pytest.mark.parametrize(
    ("day", "minute", "at"),
    [
        (date(2026, 3, 28), 420, "2026-03-28T06:00+00:00"),
        (date(2026, 3, 29), 420, "2026-03-29T05:00+00:00"),  # clocks went forward in the night
        (date(2026, 3, 29), 150, "2026-03-29T01:30+00:00"),  # 2.30 is skipped: 3.30
        (date(2026, 10, 25), 150, "2026-10-25T00:30+00:00"),  # 2.30 comes twice: the first
        (date(2026, 10, 25), 420, "2026-10-25T06:00+00:00"),
    ],
)
def test_hour_is_the_shops_own(day: date, minute: int, at: str) -> None:
    assert datetime_of(time_of_day_at(day, minute, STOCKHOLM)) == datetime.fromisoformat(at)


def test_letter_is_due_from_its_hour_on() -> None:
    before, at = utc("2026-10-25T05:59:59+00:00"), utc("2026-10-25T06:00+00:00")
    put = mine(letter_day="2026-10-24")
    assert [due_day(put, moment, STOCKHOLM) for moment in (before, at)] == [None, date(2026, 10, 25)]


def test_letter_that_was_put_is_not_due_again() -> None:
    assert due_day(mine(letter_day="2026-10-25"), utc("2026-10-25T09:00+00:00"), STOCKHOLM) is None


def test_hour_that_comes_twice_gives_one_letter() -> None:
    assert due_day(mine(150, "2026-10-25"), utc("2026-10-25T01:30+00:00"), STOCKHOLM) is None


def test_letter_of_a_long_stop_is_left_out() -> None:
    late, too_late = utc("2026-11-22T17:59+00:00"), utc("2026-11-22T18:00+00:00")
    assert [due_day(mine(letter_day="2026-11-21"), moment, STOCKHOLM) for moment in (late, too_late)] == [date(2026, 11, 22), None]


def test_stop_over_midnight_still_brings_the_evenings_letter() -> None:
    assert due_day(mine(23 * 60, "2026-11-20"), utc("2026-11-22T00:30+01:00"), STOCKHOLM) == date(2026, 11, 21)


def test_nobody_who_has_not_chosen_gets_one() -> None:
    assert due_day(Choice(1), utc("2026-11-22T08:00+01:00"), STOCKHOLM) is None


@pytest.mark.parametrize(("now", "day"), [("2026-11-22T06:59+01:00", "2026-11-21"), ("2026-11-22T07:00+01:00", "2026-11-22")])
def test_first_letter_comes_when_its_hour_comes(now: str, day: str) -> None:
    assert passed_day(420, utc(now), STOCKHOLM) == day
