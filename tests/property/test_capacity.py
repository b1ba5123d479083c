"""Whatever is told of capacity: slower is never earlier, and where nothing is told nothing changes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from omtanke.engine.capacity import AS_ORDINARY, Calendar, Change
from omtanke.engine.quote_policy import Lane, Quoted, QuotePolicy, going_for, on_lane, units_for
from omtanke.runtime.working_days import is_working_day
from omtanke.vocabulary.time import DAY, moment_of

ZONE = "Europe/Stockholm"
BEGINS = moment_of(datetime(2026, 10, 1, tzinfo=ZoneInfo(ZONE)))
MOMENTS = st.integers(0, 120 * 24).map(lambda hours: BEGINS + hours * DAY // 24)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    from_at = draw(MOMENTS)
    kind = draw(st.sampled_from(["warehouse", "carrier"]))
    until_at = draw(st.just(0) | st.integers(1, 40).map(lambda days: from_at + days * DAY))
    return Change(1 + (kind == "carrier"), kind, kind, draw(st.integers(0, 200)), from_at, until_at, "", from_at, 0)


CALENDARS = st.lists(changes(), max_size=5).map(lambda some: tuple(replace(one, position=n) for n, one in enumerate(some, 1)))
POLICIES = st.builds(QuotePolicy, cut_off=st.integers(0, 24 * 60 - 1), country=st.just("SE"), spare=st.integers(0, 300))
LANES = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda days: Lane("SE", min(days), max(days)))


def quote(policy: QuotePolicy, lane: Lane, now: int, calendar: Calendar) -> Quoted | None:
    return on_lane(policy, lane, now, ZONE, ZONE, is_working_day, going_for(calendar, units_for(policy, calendar), ZONE))


@given(POLICIES, LANES, MOMENTS, CALENDARS, st.integers(0, 4), st.integers(0, 200))
def test_a_slower_pace_is_never_earlier_and_a_window_can_be(policy: QuotePolicy, lane: Lane, now: int, calendar: Calendar, which: int, less: int) -> None:
    slower = tuple(replace(one, pace=max(0, one.pace - less)) if n == which else one for n, one in enumerate(calendar))
    found, later = quote(policy, lane, now, calendar), quote(policy, lane, now, slower)
    if found is None:
        assert later is None
    elif later is not None:
        assert found.from_at <= later.from_at and found.until_at <= later.until_at and found.valid_until <= later.valid_until
        assert later.from_at < later.until_at and now < later.valid_until


@given(POLICIES, LANES, MOMENTS, CALENDARS)
def test_the_ordinary_pace_is_as_if_nothing_had_been_told(policy: QuotePolicy, lane: Lane, now: int, calendar: Calendar) -> None:
    plain = on_lane(policy, lane, now, ZONE, ZONE, is_working_day, AS_ORDINARY)
    ordinary = tuple(replace(one, pace=100) for one in calendar)
    assert plain is not None and plain == quote(policy, lane, now, ()) == quote(policy, lane, now, ordinary)
