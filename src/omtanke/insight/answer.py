"""An answer, and how it is written: as a table for people, as JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from omtanke.insight.question import Column
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import datetime_of

FORMATS = ("table", "json", "csv")
NUMBERS = ("count", "share", "score", "points", "difference")

Row = tuple[Any, ...]
Record = dict[str, Any]


class UnknownFormat(CannotDo):
    """There is no such format."""


class Answer(Struct, frozen=True):
    """What came of a question: rows in a fixed order, columns with their units, and everything needed to read them.

    `as_of` in microseconds. Shares are fractions of 1, moments aware datetimes in UTC; None is not known.
    """

    question: str
    asks: str
    grain: str
    definitions: tuple[str, ...]
    parameters: dict[str, str]
    as_of: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def records(self) -> list[Record]:
        """The rows by column name."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def render(self, format: str = "table") -> str:
        """The answer as text. Raises UnknownFormat."""
        if format not in WRITERS:
            raise UnknownFormat(f"{format!r} is not a format; the formats are {', '.join(FORMATS)}")
        return WRITERS[format](self)


def as_table(answer: Answer) -> str:
    """For people: what was asked, the rows in aligned columns, and what the words mean."""
    lines = [[column.name for column in answer.columns]]
    lines += [[written(value, column.unit) for value, column in zip(row, answer.columns, strict=True)] for row in answer.rows]
    aligned = []
    for column, cells in zip(answer.columns, zip(*lines, strict=True), strict=True):
        width = max(map(len, cells))
        aligned.append([cell.rjust(width) if column.unit in NUMBERS else cell.ljust(width) for cell in cells])
    body = ["  ".join(cells).rstrip() for cells in zip(*aligned, strict=True)]
    said = ", ".join(f"{name} {value}" for name, value in answer.parameters.items() if name != "as_of")
    head = [answer.asks, f"as of {datetime_of(answer.as_of):%Y-%m-%d %H:%M} UTC" + (f", {said}" if said else ""), ""]
    return "\n".join([*head, *body, "", *answer.definitions])


def as_json(answer: Answer) -> str:
    """For programs: values as they are."""
    return json.dumps(
        {
            "question": answer.question,
            "asks": answer.asks,
            "grain": answer.grain,
            "as_of": datetime_of(answer.as_of).isoformat(),
            "parameters": answer.parameters,
            "definitions": answer.definitions,
            "columns": [{"name": column.name, "unit": column.unit, "meaning": column.meaning} for column in answer.columns],
            "rows": answer.records,
        },
        default=plain,
        ensure_ascii=False,
        indent=2,
    )


def as_csv(answer: Answer) -> str:
    """For programs and spreadsheets: a header, then values as they are."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in answer.columns)
    writer.writerows([plain(value) for value in row] for row in answer.rows)
    return text.getvalue().rstrip("\n")


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def written(value: Any, unit: str) -> str:
    """A value as people read it."""
    if value is None:
        return "–" if unit in NUMBERS else ""
    match unit:
        case "count":
            return f"{value:,}"
        case "share":
            return f"{value:.2%}"
        case "score":
            return f"{value:.3f}"
        case "points":
            return f"{value:+.1f}"
        case "difference":
            return f"{value:+.3f}"
        case "moment":
            return f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)


WRITERS: dict[str, Callable[[Answer], str]] = {"table": as_table, "json": as_json, "csv": as_csv}
