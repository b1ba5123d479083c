"""The questions: what they ask, their grain, definitions and columns."""

from __future__ import annotations

from collections.abc import Iterator

from omtanke.insight.answer import FORMATS
from omtanke.insight.composing import DERIVED, derived_text
from omtanke.insight.dialects import DIALECTS
from omtanke.insight.question import QUESTIONS, Question, question
from omtanke.reference.markdown import code, page, table

UNITS = (
    ("text", "as it is"),
    ("count", "a whole number"),
    ("share", "a fraction of 1; in tables as per cent"),
    ("score", "a mean on the scale of the question"),
    ("points", "a balance of shares, -100 to 100"),
    ("difference", "of two means"),
    ("moment", "UTC"),
)


def questions_page() -> str:
    """The page."""
    return page("Questions", opening(), *(question_part(question(name)) for name in QUESTIONS), derived(), units())


def opening() -> Iterator[str]:
    yield f"`omtanke ask QUESTION` answers from the lake and the log's tail ([how](../how-to/ask-questions.md)). Formats: {', '.join(map(code, FORMATS))}."
    yield f"Dialects of `--sql --dialect`: {', '.join(map(code, DIALECTS))}; DuckDB's runs, and Spark's with `--on spark`; the others are printed, not run."


def question_part(asked: Question) -> Iterator[str]:
    yield f"## {asked.name}"
    yield ""
    yield f"**{asked.asks}** Grain: {asked.grain} Parameters: {', '.join(map(code, asked.parameters))}."
    if asked.dimensions:
        yield f"Dimensions of `--by`: {', '.join(map(code, asked.dimensions))}."
    yield f"`--since` and `--until` restrict {', '.join(code(f'{mark.relation}.{mark.column}') for mark in asked.period)}."
    yield ""
    yield from (f"- {line}" for line in asked.definitions)
    yield ""
    yield from table(("column", "unit", "meaning"), ((code(column.name), column.unit, column.meaning) for column in asked.columns))


def derived() -> Iterator[str]:
    yield "## Derived relations"
    yield ""
    yield "Questions read relations that are derived from the facts; `--sql` prints them with the statement."
    yield ""
    yield from (f"- {described(name)}" for name in DERIVED)


def described(name: str) -> str:
    return code(name) + derived_text(name).splitlines()[0].removeprefix(f"-- {name}")


def units() -> Iterator[str]:
    yield "## Units"
    yield ""
    yield from table(("unit", "meaning"), UNITS)
