"""A question: one SQL file, whose comment says what it asks, its grain, definitions and columns."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from msgspec import Struct

from omtanke.insight.composing import composed
from omtanke.vocabulary.refusal import CannotDo

QUESTIONS = ("overview", "promises", "calibration", "broken-cost", "told-first", "satisfaction", "recommendation", "effort", "feeling", "stores", "plays")


class UnknownQuestion(CannotDo):
    """There is no such question."""


class UnknownDimension(CannotDo):
    """The question cannot be asked by that."""


class Column(Struct, frozen=True):
    """A column of an answer. `unit`: text, count, share, score, points, difference or moment."""

    name: str
    unit: str
    meaning: str


class Mark(Struct, frozen=True):
    """Where a question's period is held against: a relation that it reads, and the column that says when a row was."""

    relation: str
    column: str

    @property
    def is_day(self) -> bool:
        """Whether the column holds dates; else moments."""
        return not self.column.endswith("_at")


class Question(Struct, frozen=True):
    """What the file says, and its statement."""

    name: str
    asks: str
    grain: str
    parameters: tuple[str, ...]
    dimensions: tuple[str, ...]
    period: tuple[Mark, ...]
    definitions: tuple[str, ...]
    columns: tuple[Column, ...]
    text: str

    @property
    def statement(self) -> str:
        """The statement, with what it rests on."""
        return composed(self.text)


@cache
def question(name: str) -> Question:
    """The question of that name. Raises UnknownQuestion."""
    if name not in QUESTIONS:
        raise UnknownQuestion(f"{name!r} is not a question; the questions are {', '.join(QUESTIONS)}")
    text = (files("omtanke.insight") / "questions" / f"{name}.sql").read_text(encoding="utf-8")
    said = sections(text)
    return Question(
        name=name,
        asks=said["asks"][0],
        grain=said["grain"][0],
        parameters=tuple(one for one in ("as_of", "dimension", "zone") if f"${one}" in composed(text)),
        dimensions=tuple(one.strip() for line in said.get("dimensions", ()) for one in line.split(",")),
        period=tuple(Mark(*one.strip().split(".")) for one in said["period"][0].split(",")),
        definitions=tuple(said["definitions"]),
        columns=tuple(Column(*(cell.strip() for cell in line.split("|"))) for line in said["columns"]),
        text=text,
    )


def sections(text: str) -> dict[str, list[str]]:
    """The opening comment as `name: value` and lists of lines below a name."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        said = line[2:].rstrip()
        if said.startswith("   "):
            found[name].append(said.strip())
        elif said:
            name, _, value = said.strip().partition(":")
            found[name] = [value.strip()] if value else []
    return found
