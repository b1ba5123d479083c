"""What dates and words mean as a period, and how a question is asked about one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from fakes.story import STOCKHOLM, at
from omtanke.cli import main
from omtanke.insight.ask import ask, sql
from omtanke.insight.period import NotAPeriod, Period, read_period, within
from omtanke.insight.question import QUESTIONS, question
from omtanke.vocabulary.refusal import CannotDo, Refused
from omtanke.vocabulary.time import HOUR
from unit.insight.stored import Stored, tell_everyone

ZONE = STOCKHOLM.key
NOW = at("2026-11-05 12:00")


@pytest.fixture(name="stored", scope="module")
def stored_history(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    stored = Stored(tmp_path_factory.mktemp("store"))
    tell_everyone(stored)
    return stored


@pytest.mark.parametrize(
    ("since", "until", "as_of", "first", "last"),
    [
        ("2026-10-01", "2026-10-31", NOW, date(2026, 10, 1), date(2026, 10, 31)),
        ("2026-10-01", "2026-10-01", NOW, date(2026, 10, 1), date(2026, 10, 1)),
        ("2026-10-01", None, NOW, date(2026, 10, 1), date(2026, 11, 5)),
        ("7d", None, NOW, date(2026, 10, 29), date(2026, 11, 5)),
        ("7d", "1d", NOW, date(2026, 10, 29), date(2026, 11, 4)),
        ("0d", None, at("2026-11-05 00:00"), date(2026, 11, 4), date(2026, 11, 4)),
        ("0d", None, at("2026-11-05 00:00") + 1, date(2026, 11, 5), date(2026, 11, 5)),
        ("2027-01-01", "2027-01-31", NOW, date(2027, 1, 1), date(2027, 1, 31)),
    ],
)
def test_a_period_is_whole_days_the_last_included(since: str, until: str | None, as_of: int, first: date, last: date) -> None:
    assert read_period(since, until, as_of, ZONE) == Period(first, last, ZONE)


def test_no_period_is_all_times() -> None:
    assert read_period(None, None, NOW, ZONE) is None


def test_a_day_on_which_clocks_change_is_as_long_as_it_is() -> None:
    moments = Period(date(2026, 10, 25), date(2026, 10, 25), ZONE).moments
    assert (moments.start, moments.stop, len(moments)) == (at("2026-10-25 00:00"), at("2026-10-26 00:00"), 25 * HOUR)


@pytest.mark.parametrize(
    ("since", "until", "as_of", "error", "said"),
    [
        ("2026-13-01", None, NOW, Refused, "since: '2026-13-01' is not a date; write it as 2026-11-21"),
        ("May", None, NOW, Refused, "since: 'May' is not a date; write it as 2026-11-21, or 7d for seven days before"),
        ("2026-10-01T10:00", None, NOW, Refused, "is not a date"),
        ("2026-10-01", "-3d", NOW, Refused, "until: '-3d' is not a date"),
        ("2026-10-09", "2026-10-08", NOW, NotAPeriod, "ends on 2026-10-08, before it begins on 2026-10-09; let --until name a later day"),
        ("2026-11-06", None, NOW, NotAPeriod, "ends on 2026-11-05, before it begins on 2026-11-06"),
        (None, "2026-10-08", NOW, NotAPeriod, "say --since too, or ask --as-of 2026-10-08"),
        ("7d", "2026-10-08", 0, NotAPeriod, "say both --since and --until as dates, or --as-of"),
        ("2026-10-01", None, 0, NotAPeriod, "say both --since and --until as dates, or --as-of"),
    ],
)
def test_what_is_no_period_is_refused_with_the_way_out(since: str | None, until: str | None, as_of: int, error: type[CannotDo], said: str) -> None:
    with pytest.raises(error, match=said):
        read_period(since, until, as_of, ZONE)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_reads_only_its_period_where_it_says_so(name: str) -> None:
    asked = question(name)
    text = within(asked, Period(date(2026, 10, 1), date(2026, 10, 31), ZONE)).text
    assert any(line.startswith("With a period:") for line in asked.definitions)
    for mark in asked.period:
        assert text.count(f"FROM {mark.relation} WHERE {mark.column} >= ") == text.count(f"FROM {mark.relation} ") == 1
        assert f"FROM {mark.relation}_in_period" in text


def test_a_promise_counts_on_the_day_its_first_window_ends_though_that_is_midnight(stored: Stored) -> None:
    by_day = {day: ask(stored.folder, "promises", zone=ZONE, since=day, until=day).records for day in ("2026-10-08", "2026-10-09", "2026-10-10")}
    assert {day: [row["promises"] for row in rows] for day, rows in by_day.items()} == {"2026-10-08": [], "2026-10-09": [6], "2026-10-10": []}


def test_promises_due_later_count_when_the_period_reaches_there(stored: Stored) -> None:
    (found,) = ask(stored.folder, "promises", zone=ZONE, since="2026-11-01", until="2026-11-30").records
    assert (found["promises"], found["open"]) == (1, 1)
    assert ask(stored.folder, "promises", zone=ZONE, since="2026-11-01").rows == ()


def test_an_answer_at_midnight_belongs_to_the_day_that_begins(stored: Stored) -> None:
    days = [[row["answers"] for row in ask(stored.folder, "satisfaction", zone=ZONE, since=day, until=day).records] for day in ("2026-10-11", "2026-10-12")]
    assert days == [[1], [1]]


def test_the_command_says_the_period_in_every_form(stored: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["ask", "broken-cost", "--since", "28d", "--until", "1d", "--as-of", "2026-11-05", "--data", str(stored.folder)]
    assert main([*call, "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)["parameters"]
    assert {name: said[name] for name in ("since", "until", "zone")} == {"since": "2026-10-08", "until": "2026-11-04", "zone": ZONE}
    assert main(call) == 0
    assert "since 2026-10-08, until 2026-11-04" in capsys.readouterr().out.splitlines()[1]


def test_the_command_refuses_what_is_no_period(stored: Stored, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "promises", "--since", "yesterday", "--data", str(stored.folder)]) == 2
    assert capsys.readouterr().err.startswith("omtanke: since: 'yesterday' is not a date; write it as 2026-11-21, or 7d")


def test_what_is_printed_about_a_period_has_it_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "effort", "--sql", "--since", "2026-10-01", "--until", "2026-10-31", "--data", str(tmp_path / "none")]) == 0
    printed = capsys.readouterr().out
    assert "SELECT * FROM answer WHERE answered_at >= CAST('2026-09-30T22:00:00+00:00' AS TIMESTAMPTZ)" in printed
    assert "asked_at < CAST('2026-10-31T23:00:00+00:00' AS TIMESTAMPTZ)" in printed
    assert "answer_in_period" in sql("effort", "snowflake", since="2026-10-01", until="2026-10-31")
