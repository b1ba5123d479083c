"""Asking: run a question over lake and tail, or print what would run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from omtanke.insight.answer import Answer
from omtanke.insight.answering import Record, answered, checked_dimension, parameters_of, read_as_of
from omtanke.insight.bearing import bearing_on
from omtanke.insight.composing import recorded_read
from omtanke.insight.dialects import printed
from omtanke.insight.duck import firmly, open_database
from omtanke.insight.period import read_period, within
from omtanke.insight.question import Question, question
from omtanke.insight.relations import Seen, create_relations, looking, with_everyone

Run: TypeAlias = Callable[[Question, Seen, Mapping[str, str]], list[Record]]


def in_duckdb(asked: Question, seen: Seen, parameters: Mapping[str, str]) -> list[Record]:
    """The rows that the question's statement finds in what was seen."""

    def found(threads: int) -> list[Record]:
        with open_database(threads=threads) as connection:
            create_relations(connection, seen, recorded_read(asked.text))
            rows: list[Record] = connection.sql(asked.statement, params=parameters).to_arrow_table().to_pylist()
        return rows

    return firmly(found)


def ask(
    data: Path,
    name: str,
    by: str | None = None,
    as_of: int | str | None = None,
    zone: str = "UTC",
    run: Run = in_duckdb,
    since: str | None = None,
    until: str | None = None,
) -> Answer:
    """The answer from a data folder, as of a moment (default: the store's clock), about all times or a period.

    `as_of` as microseconds, or as text: a moment, or a date, which is meant to its end; local in `zone` without an offset.
    `since`, `until`: first and last day of the period in `zone`, as dates or as days before that of `as_of` (`7d`), on which it ends without `until`.
    `run`: the engine that runs the statement; what it finds is finished here. Raises UnknownQuestion, UnknownDimension, NotAPeriod, NoStore, Refused.
    """
    asked = question(name)
    dimension = checked_dimension(asked, by)
    with looking(data) as (everything, log):
        moment = read_as_of(as_of, zone) or everything.as_of
        period = read_period(since, until, moment, zone)
        seen = bearing_on(everything, log, asked, period, moment) if period else with_everyone(everything, log)
    parameters = parameters_of(asked, moment, dimension, zone)
    found = run(within(asked, period) if period else asked, seen, parameters)
    return answered(asked, found, parameters | (period.said if period else {}), moment)


def sql(
    name: str,
    dialect: str = "duckdb",
    by: str | None = None,
    as_of: int | str | None = None,
    zone: str = "UTC",
    since: str | None = None,
    until: str | None = None,
) -> str:
    """The statement that `ask` runs, self-contained over the recorded relations (`relations.sql`), in another engine's words if asked.

    Without `as_of` it asks as of the moment at which it runs. Raises UnknownQuestion, UnknownDimension, UnknownDialect, NotAPeriod, Refused.
    """
    asked, moment = question(name), read_as_of(as_of, zone)
    period = read_period(since, until, moment, zone)
    values = parameters_of(asked, moment, checked_dimension(asked, by), zone)
    asked = asked if period is None else within(asked, period)
    if as_of is None:
        values.pop("as_of")
    return printed(asked, values, dialect)
