"""What an answer takes beside the rows: the parameters before, and what is made of the rows after. Nothing is read here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from omtanke.insight.answer import Answer
from omtanke.insight.finishing import FINISH
from omtanke.insight.question import Question, UnknownDimension
from omtanke.vocabulary.time import datetime_of, read_end, zone_named

ALL = "all"
Record = dict[str, Any]


def read_as_of(as_of: int | str | None, zone: str) -> int:
    """The moment that is meant; 0 for none."""
    return read_end(as_of, "as_of", zone_named(zone)) if isinstance(as_of, str) else as_of or 0


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


def answered(asked: Question, found: Sequence[Record], parameters: Mapping[str, str], as_of: int) -> Answer:
    """The answer from the rows that were found, with intervals."""
    records = FINISH.get(asked.name, list)(found)
    rows = tuple(tuple(record.get(column.name) for column in asked.columns) for record in records)
    return Answer(asked.name, asked.asks, asked.grain, asked.definitions, dict(parameters), as_of, asked.columns, rows)
