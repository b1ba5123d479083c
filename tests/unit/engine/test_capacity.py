"""What units manage on a day, and what it does to the days that are quoted."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from fakes.story import at
from omtanke.engine.capacity import Calendar, Change, Paces, Units, pace_on, still_bearing, units_of
from omtanke.engine.quote_policy import Quoted, QuotePolicy, going_for, quoted, units_for
from omtanke.runtime.working_days import is_working_day
from omtanke.vocabulary.time import local_date

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LAGER, DHL, NORDSTAN = 1, 2, 3
NAMES = {LAGER: ("lager", "warehouse"), DHL: ("DHL", "carrier"), NORDSTAN: ("nordstan", "store")}
POLICY = QuotePolicy(14 * 60, "SE", {"SE": (1, 2)}, spare=25)
MONDAY = "2026-11-23 09:00"


def told(unit: int, pace: int, begins: str, ends: str = "", position: int = 1, told_at: str = MONDAY) -> Change:
    name, kind = NAMES[unit]
    return Change(unit, name, kind, pace, at(begins), at(ends) if ends else 0, "", at(told_at), position)


def quote(*calendar: Change, policy: QuotePolicy = POLICY, now: str = MONDAY, origin: str = "", service: str = "") -> Quoted | None:
    return quoted(
        policy, "SE", at(now), "Europe/Stockholm", is_working_day, going_for(calendar, units_for(policy, calendar, origin, service), "Europe/Stockholm")
    )


def days(found: Quoted | None) -> tuple[str, str]:
    assert found is not None
    return f"{local_date(found.from_at, STOCKHOLM):%a %d}", f"{local_date(found.until_at - 1, STOCKHOLM):%a %d}"


def test_what_was_told_last_counts_for_the_days_that_both_cover() -> None:
    calendar = (
        told(LAGER, 60, "2026-11-23 00:00", "2026-12-05 00:00"),
        told(LAGER, 0, "2026-11-26 00:00", "2026-11-27 00:00", position=2),
        told(DHL, 10, "2026-11-23 00:00", position=3),
    )
    paces = [pace_on(calendar, LAGER, date(2026, 11, day), STOCKHOLM) for day in (22, 23, 25, 26, 27)]
    assert paces == [100, 60, 60, 0, 60]
    assert [pace_on(calendar[::-1], LAGER, date(2026, 11, 26), STOCKHOLM), pace_on(calendar, LAGER, date(2026, 12, 5), STOCKHOLM)] == [60, 100]


def test_without_an_end_it_holds_until_something_else_is_told() -> None:
    calendar = (told(LAGER, 60, "2026-11-23 05:00"), told(LAGER, 100, "2026-12-07 05:00", position=2))
    asked = (date(2026, 11, 22), date(2026, 11, 23), date(2026, 12, 6), date(2026, 12, 7), date(2030, 1, 1))
    assert [pace_on(calendar, LAGER, day, STOCKHOLM) for day in asked] == [100, 60, 60, 100, 100]


def test_a_change_bears_on_each_day_that_it_touches_also_when_clocks_change() -> None:
    """25 October 2026 has 25 hours in Stockholm, of which the last two are 22.00 and 23.00 UTC."""
    calendar = (told(LAGER, 50, "2026-10-25 23:30", "2026-10-26 00:00"),)
    assert [pace_on(calendar, LAGER, date(2026, 10, day), STOCKHOLM) for day in (24, 25, 26)] == [100, 50, 100]
    spring = (told(LAGER, 50, "2027-03-28 00:00", "2027-03-29 00:00"),)
    assert [pace_on(spring, LAGER, date(2027, 3, day), STOCKHOLM) for day in (27, 28, 29)] == [100, 50, 100]


@pytest.mark.parametrize(
    ("calendar", "window"),
    [
        ((), ("Tue 24", "Wed 25")),
        ((told(LAGER, 60, "2026-11-23 05:00"),), ("Wed 25", "Thu 26")),
        ((told(LAGER, 60, "2026-11-26 00:00"),), ("Tue 24", "Wed 25")),
        ((told(LAGER, 0, "2026-11-23 00:00", "2026-11-24 00:00"),), ("Thu 26", "Fri 27")),
        ((told(DHL, 60, "2026-11-23 00:00"),), ("Wed 25", "Fri 27")),
        ((told(DHL, 0, "2026-11-24 00:00", "2026-11-26 00:00"),), ("Thu 26", "Fri 27")),
        ((told(LAGER, 200, "2026-11-23 00:00"), told(DHL, 200, "2026-11-23 00:00")), ("Tue 24", "Wed 25")),
    ],
)
def test_slow_days_count_for_their_part_and_closed_ones_for_none(calendar: Calendar, window: tuple[str, str]) -> None:
    found = quote(*calendar)
    assert found is not None and (days(found), [change.position for change in found.because]) == (window, [1] if window[0] != "Tue 24" else [])


def test_what_was_left_undone_stands_before_and_is_worked_off() -> None:
    """Two weeks at 60 per cent leave 0.25 of a day a day: on the day after they are over two and a half days wait, ten working days later hardly any."""
    calendar = (told(LAGER, 60, "2026-11-09 00:00", "2026-11-23 00:00"),)
    waits = [Paces(calendar, (LAGER,), STOCKHOLM).waits(date(2026, 11, day), lambda day: is_working_day(day, "SE"), 25) for day in (9, 10, 14, 23, 24, 30)]
    assert waits == [0, 25, 125, 250, 225, 125]
    assert days(quote(*calendar)) == ("Thu 26", "Fri 27")
    assert days(quote(*calendar, now="2026-12-07 09:00")) == ("Tue 08", "Wed 09")
    assert days(quote(*calendar, policy=QuotePolicy(14 * 60, "SE", {"SE": (1, 2)}, spare=100))) == ("Tue 24", "Wed 25")


def test_a_quote_rests_on_what_it_still_waits_for_and_not_on_what_has_been_worked_off() -> None:
    long_ago = told(LAGER, 60, "2026-10-05 00:00", "2026-10-07 00:00")
    lately = told(LAGER, 60, "2026-11-16 00:00", "2026-11-21 00:00", position=2)
    found = quote(long_ago, lately)
    assert found is not None and (days(found), found.because) == (("Wed 25", "Thu 26"), (lately,))


def test_closed_today_can_be_ordered_until_the_next_day_that_is_open() -> None:
    found = quote(told(LAGER, 0, "2026-11-23 00:00", "2026-11-25 00:00"))
    assert found is not None and found.valid_until == at("2026-11-25 14:00")


def test_closed_until_told_otherwise_says_no_day() -> None:
    assert quote(told(LAGER, 0, "2026-11-01 00:00")) is None
    assert quote(told(DHL, 0, "2026-11-24 00:00")) is None
    assert quote(told(LAGER, 0, "2026-11-01 00:00"), told(LAGER, 100, "2026-12-01 00:00", position=2)) is not None


def test_a_store_counts_where_it_is_named_and_a_warehouse_where_nobody_else_is() -> None:
    calendar = (told(LAGER, 0, "2026-11-01 00:00"), told(NORDSTAN, 60, "2026-11-23 00:00", position=2), told(DHL, 60, "2026-11-23 00:00", position=3))
    assert units_of(calendar, None, None) == Units((LAGER,), (DHL,)) and units_of(calendar, ("nordstan",), ()) == Units((NORDSTAN,))
    assert days(quote(*calendar, origin="nordstan")) == ("Fri 27", "Mon 30")
    named = QuotePolicy(14 * 60, "SE", {"SE": (1, 2)}, origins=("nordstan",), carriers=("PostNord",))
    assert days(quote(*calendar, policy=named)) == ("Wed 25", "Thu 26")
    assert days(quote(*calendar, policy=named, origin="elsewhere", service="DHL")) == ("Wed 25", "Fri 27")


def test_what_is_long_over_or_told_over_is_left_out() -> None:
    old, over, stands = (
        told(LAGER, 60, "2026-01-01 00:00", "2026-02-01 00:00"), told(LAGER, 60, "2026-03-01 00:00"), told(LAGER, 90, "2026-04-01 00:00")
    )  # fmt: skip
    soon = told(LAGER, 0, "2026-12-24 00:00", "2026-12-25 00:00")
    assert still_bearing((old, over, stands, soon), at(MONDAY)) == (stands, soon)
