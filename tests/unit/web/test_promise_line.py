"""The promise line: to scale, inside its frame, and in words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from omtanke.storage.seen import PromiseSeen
from omtanke.vocabulary.time import DAY, MINUTE, moment_of
from omtanke.web.words.promise_line import WIDTH, PromiseLine, promise_line
from omtanke.web.words.voice import Voice

pytestmark = pytest.mark.usefixtures("here")
ZONE = ZoneInfo("Europe/Stockholm")


def at(text: str) -> int:
    return moment_of(datetime.fromisoformat(text).replace(tzinfo=ZONE))


NOW = at("2026-11-21T12:14")
VOICE = Voice("en", ZONE, NOW)
MAJAS = PromiseSeen(
    promise=1,
    customer=1,
    person=1,
    customer_kind="person",
    name="Maja Lindqvist",
    city="Umeå",
    kind="delivery",
    status="broken",
    subject_kind="order",
    subject=1,
    order=1,
    owner="logistics",
    made_at=at("2026-11-17T18:04"),
    first_from=at("2026-11-19T00:00"),
    first_until=at("2026-11-21T00:00"),
    from_at=at("2026-11-19T00:00"),
    until_at=at("2026-11-21T00:00"),
    risk_at=0,
    lapse_at=at("2026-11-21T12:00"),
    attended=0,
    met_at=0,
    ended_at=0,
    follows=0,
    later=0,
)


def places(line: PromiseLine) -> list[float]:
    edges = [edge for bar in line.bars for edge in (bar.x, bar.x + bar.width)]
    return [*edges, *(dot.x for dot in line.dots), *([line.now] if line.now is not None else [])]


@pytest.mark.usefixtures("english")
def test_a_broken_promise_that_is_waited_for_shows_now_after_the_bar() -> None:
    line = promise_line(MAJAS, VOICE)
    (bar,) = line.bars
    assert (bar.look, line.dots, line.now is not None and line.now > bar.x + bar.width) == ("broken", (), True)
    assert line.words == "Promised Thursday to Friday. We broke it, and the customer has waited 12 hours since."


@pytest.mark.usefixtures("english")
def test_met_late_is_a_diamond_after_the_bar_and_now_does_not_matter() -> None:
    line = promise_line(replace(MAJAS, met_at=MAJAS.until_at + 3 * DAY), VOICE)
    (bar,), (dot,) = line.bars, line.dots
    assert (dot.is_late, dot.x > bar.x + bar.width, line.now) == (True, True, None)


@pytest.mark.usefixtures("english")
def test_exceeded_is_a_dot_before_the_bar() -> None:
    line = promise_line(replace(MAJAS, status="exceeded", met_at=at("2026-11-18T12:00")), VOICE)
    (bar,), (dot,) = line.bars, line.dots
    assert (dot.is_late, dot.x < bar.x) == (False, True)


@pytest.mark.usefixtures("english")
def test_a_window_said_before_is_an_outline() -> None:
    line = promise_line(replace(MAJAS, until_at=at("2026-11-24T00:00"), status="made"), VOICE)
    assert [bar.look for bar in line.bars] == ["", "earlier"]
    assert "First we said Thursday to Friday." in line.words


@pytest.mark.usefixtures("english")
def test_what_lies_months_away_is_brought_near_and_the_axis_shows_a_gap() -> None:
    assert promise_line(MAJAS, Voice("en", ZONE, NOW + 200 * DAY)).gap is not None
    assert promise_line(MAJAS, VOICE).gap is None


@given(
    start=st.integers(0, 400 * DAY),
    length=st.integers(0, 60 * DAY),
    made=st.integers(-90 * DAY, 90 * DAY),
    met=st.integers(-90 * DAY, 400 * DAY),
    status=st.sampled_from(["made", "at_risk", "due", "kept", "exceeded", "broken", "withdrawn"]),
    has_start=st.booleans(),
)
def test_everything_stays_inside_the_frame(start: int, length: int, made: int, met: int, status: str, has_start: bool) -> None:
    until = NOW + start + length + MINUTE
    drawn = replace(
        MAJAS,
        status=status,
        made_at=until + made,
        from_at=NOW + start if has_start else 0,
        until_at=until,
        first_from=0,
        first_until=until - DAY,
        met_at=max(1, until + met) if status in ("kept", "exceeded", "broken") else 0,
    )
    line = promise_line(drawn, VOICE)
    assert all(-8 <= place <= WIDTH for place in places(line))
    assert all(bar.width >= 8 for bar in line.bars)
