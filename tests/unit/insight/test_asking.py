"""What questions say of themselves, how answers are written, and what is printed for other engines."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest
import sqlglot

from omtanke.insight.answer import UnknownFormat
from omtanke.insight.ask import ask, sql
from omtanke.insight.composing import recorded_read
from omtanke.insight.dialects import DIALECTS, UnknownDialect
from omtanke.insight.duck import MEMORY, THREADS, open_database
from omtanke.insight.question import QUESTIONS, UnknownDimension, UnknownQuestion, question
from omtanke.insight.relations import create_relations, look
from omtanke.vocabulary.refusal import Refused
from unit.insight.stored import Stored, tell_everyone

UNITS = {"text", "count", "share", "score", "points", "difference", "moment"}


@pytest.fixture(name="stored", scope="module")
def stored_history(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    stored = Stored(tmp_path_factory.mktemp("store"))
    tell_everyone(stored)
    return stored


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_says_what_it_asks_and_means(name: str) -> None:
    asked = question(name)
    assert asked.asks.endswith("?")
    assert asked.grain.startswith("one row")
    assert len(asked.definitions) >= 4
    assert {column.unit for column in asked.columns} <= UNITS
    assert all(column.meaning for column in asked.columns)


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_question_is_carried_over(name: str, dialect: str) -> None:
    text = sql(name, dialect, as_of="2026-11-05")
    (statement,) = sqlglot.parse(text, read=dialect)
    assert statement is not None
    assert "$" not in statement.sql(dialect=dialect, comments=False)
    assert [one.alias_or_name for one in statement.selects] == [one.alias_or_name for one in sqlglot.parse_one(sql(name), read="duckdb").selects]
    runs = {"duckdb": "-- What `omtanke ask` runs", "spark": "-- What `omtanke ask --on spark` runs"}
    assert text.startswith(runs.get(dialect, f"-- For {dialect}: printed, not run."))


def test_a_local_day_is_that_of_the_promises_zone_in_every_dialect() -> None:
    said = {dialect: sql("promises", dialect).replace("\n", " ") for dialect in DIALECTS}
    assert "AT TIME ZONE zone AS DATE" in said["duckdb"]
    assert "FROM_UTC_TIMESTAMP(" in said["spark"]
    assert "CONVERT_TIMEZONE(" in said["snowflake"]
    assert "DATETIME(" in said["bigquery"]
    assert "toTimeZone(" in said["clickhouse"]


@pytest.mark.parametrize("by", [None, *question("promises").dimensions])
def test_what_is_printed_is_what_runs(stored: Stored, by: str | None) -> None:
    answer = ask(stored.folder, "promises", by=by, as_of="2026-10-20")
    with open_database() as connection:
        create_relations(connection, look(stored.folder), recorded_read(question("promises").text))
        rows = connection.execute(sql("promises", by=by, as_of="2026-10-20")).fetchall()
    names = ("part", "orders", "promises", "kept", "exceeded", "broken", "withdrawn", "open", "came_due", "held")
    assert [row[: len(names)] for row in rows] == [tuple(record[name] for name in names) for record in answer.records]


def test_without_a_moment_the_printed_question_asks_now() -> None:
    assert "CURRENT_TIMESTAMP" in sql("promises")
    assert "CAST('2026-10-20T12:00:00+00:00' AS TIMESTAMPTZ)" in sql("promises", as_of="2026-10-20T12:00:00Z")


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (
            lambda folder: ask(folder, "promisses"),
            UnknownQuestion,
            "'promisses' is not a question; the questions are overview, promises, calibration",
        ),
        (lambda folder: ask(folder, "promises", by="moon"), UnknownDimension, "'moon' is not a dimension of promises; ask by kind, month"),
        (lambda folder: ask(folder, "overview", by="kind"), UnknownDimension, "overview has no dimensions; leave --by kind out"),
        (lambda folder: ask(folder, "promises", as_of="in May"), Refused, "in May"),
        (lambda folder: sql("promises", "cobol"), UnknownDialect, "'cobol' is not a dialect that is tested"),
        (lambda folder: ask(folder, "overview").render("xml"), UnknownFormat, "'xml' is not a format; the formats are table, json, csv"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_way_out(stored: Stored, call: object, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call(stored.folder)  # type: ignore[operator]


def test_a_table_is_for_people(stored: Stored) -> None:
    lines = ask(stored.folder, "broken-cost").render("table").splitlines()
    assert [line[:132].rstrip() for line in lines[:6]] == [
        "What does a broken promise cost in the customer's eyes?",
        "as of 2026-11-05 11:00 UTC",
        "",
        "part                               answers  mean_score  mean_score_low  mean_score_high  difference  difference_low  difference_high",
        "kept or exceeded                         2       4.500          -1.853           10.853           –               –                –",
        "broken                                   3       2.000          -0.484            4.484      -2.500          -4.988           -0.012",
    ]
    assert "50.00%" in ask(stored.folder, "promises").render()
    assert "dimension region" in ask(stored.folder, "promises", by="region").render()


def test_json_has_values_as_they_are(stored: Stored) -> None:
    said = json.loads(ask(stored.folder, "overview").render("json"))
    assert (said["question"], said["as_of"], said["parameters"]["zone"]) == ("overview", "2026-11-05T11:00:00+00:00", "UTC")
    assert said["rows"][4] == {"section": "moments", "item": "first", "month": None, "number": None, "moment": "2026-10-01T06:00:00+00:00"}
    assert said["columns"][3] == {"name": "number", "unit": "count", "meaning": "how many"}


def test_csv_has_a_header_and_values_as_they_are(stored: Stored) -> None:
    rows = list(csv.DictReader(io.StringIO(ask(stored.folder, "promises", by="region").render("csv"))))
    found = [(row["part"], row["promises"], row["kept_rate"]) for row in rows]
    assert found == [("Skåne", "2", "1.0"), ("Uppsala", "1", "0.0"), ("", "5", "0.3333333333333333")]


def test_asking_twice_gives_the_same(stored: Stored, tmp_path: Path) -> None:
    assert ask(stored.folder, "overview") == ask(stored.folder, "overview")


def test_a_question_that_duckdb_trips_over_is_asked_with_one_thread(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted, used = ask(stored.folder, "overview"), []

    def tripping(memory: str = MEMORY, threads: int = THREADS) -> duckdb.DuckDBPyConnection:
        used.append(threads)
        if threads > 1:
            raise duckdb.InternalException("dictionary changed identity")
        return open_database(memory, threads)

    monkeypatch.setattr("omtanke.insight.ask.open_database", tripping)
    assert (ask(stored.folder, "overview"), used) == (wanted, [THREADS, 1])
