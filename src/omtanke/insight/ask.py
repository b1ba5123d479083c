"""Asking: run a question over lake and tail, or print what would run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from omtanke.insight.answer import Answer
from omtanke.insight.dialects import printed
from omtanke.insight.finishing import FINISH
from omtanke.insight.question import Question, UnknownDimension, question
from omtanke.insight.relations import create_relations, look, open_database, recorded_read
from omtanke.vocabulary.time import datetime_of, read_end, zone_named

ALL = "all"
Record = dict[str, Any]


def ask(data: Path, name: str, by: str | None = None, as_of: int | str | None = None, zone: str = "UTC") -> Answer:
    """The answer from a data folder, as of a moment (default: the store's clock).

    `as_of` as microseconds, or as text: a moment, or a date, which is meant to its end; local in `zone` without an offset.
    Raises UnknownQuestion, UnknownDimension, NoStore, Refused.
    """
    asked = question(name)
    dimension = checked_dimension(asked, by)
    seen = look(data)
    moment = read_as_of(as_of, zone) or seen.as_of
    parameters = parameters_of(asked, moment, dimension, zone)
    with open_database() as connection:
        create_relations(connection, seen, recorded_read(asked.text))
        found = connection.sql(asked.statement, params=parameters).to_arrow_table().to_pylist()
    return answered(asked, found, parameters, moment)


def read_as_of(as_of: int | str | None, zone: str) -> int:
    """The moment that is meant; 0 for none."""
    return read_end(as_of, "as_of", zone_named(zone)) if isinstance(as_of, str) else as_of or 0


def answered(asked: Question, found: Sequence[Record], parameters: Mapping[str, str], as_of: int) -> Answer:
    """The answer from the rows that were found, with intervals."""
    records = FINISH.get(asked.name, list)(found)
    rows = tuple(tuple(record.get(column.name) for column in asked.columns) for record in records)
    return Answer(asked.name, asked.asks, asked.grain, asked.definitions, dict(parameters), as_of, asked.columns, rows)


def sql(name: str, dialect: str = "duckdb", by: str | None = None, as_of: int | str | None = None, zone: str = "UTC") -> str:
    """The statement that `ask` runs, self-contained over the recorded relations (`relations.sql`), in another engine's words if asked.

    Without `as_of` it asks as of the moment at which it runs. Raises UnknownQuestion, UnknownDimension, UnknownDialect.
    """
    asked = question(name)
    values = parameters_of(asked, read_as_of(as_of, zone), checked_dimension(asked, by), zone)
    if as_of is None:
        values.pop("as_of")
    return printed(asked, values, dialect)


def checked_dimension(asked: Question, by: str | None) -> str:
    if by is None:
        return ALL
    if not asked.dimensions:
        raise UnknownDimension(f"{asked.name} has no dimensions; leave --by {by} out")
    if by not in asked.dimensions:
        raise UnknownDimension(f"{by!r} is not a dimension of {asked.name}; ask by {', '.join(asked.dimensions)}")
    return by


def parameters_of(asked: Question, as_of: int, dimension: str, zone: str) -> dict[str, str]:
    """The values of the question's parameters."""
    values = {"as_of": datetime_of(as_of).isoformat(), "dimension": dimension, "zone": zone}
    return {name: values[name] for name in asked.parameters}
