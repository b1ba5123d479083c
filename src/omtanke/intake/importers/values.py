"""The values and conditions of a map: a cell, a text with cells in it, or always the same."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from omtanke.vocabulary.fields import LARGEST_INTEGER, Field, Reading
from omtanke.vocabulary.parts import Part, did_you_mean
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import zone_named

TYPES = {
    "text": "as it stands",
    "code": "a short word",
    "whole": "a whole number",
    "amount": "money in major units",
    "moment": "a day and a time",
    "date": "a day",
    "window": "a moment, or a day as a whole",
    "flag": "true or false",
}
TYPE_OF_FORM = {"amount": "amount", "moment": "moment", "moment or date": "window", "true or false": "flag"}
WHO = ("user_id", "loyalty_number", "email", "phone", "anonymous_id")
CONDITIONS = ("is", "not", "starts", "present", "above", "below")
TEMPLATE = re.compile(r"\{([^{}]+)\}")
UTC = zone_named("UTC")


class Value(Struct, frozen=True):
    """What is put into an event: a cell (`column`), a text with cells in it (`text`), or always the same (`fixed`).

    A cell may be read by a list of `values`, moved by `days`, or taken without its sign; `otherwise` is for
    an empty cell. `field` is the vocabulary's, where it has one of that name.
    """

    path: str
    name: str
    column: str = ""
    text: str = ""
    fixed: str | int | float | bool | None = None
    type: str = "text"
    values: dict[str, str] | None = None
    otherwise: str = ""
    days: int = 0
    absolute: bool = False
    field: Field | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,) if self.column else tuple(name for name in TEMPLATE.findall(self.text) if name != "until")


class Condition(Struct, frozen=True):
    """What must hold of a cell."""

    path: str
    column: str
    test: str
    words: tuple[str, ...] = ()
    number: float = 0.0


def read_value(given: Any, within: Part, key: str, field: Field | None, usual: str = "") -> Value:
    """A column's name, or a table that says more."""
    path = within.at(key)
    kind = usual or _type_of(field)
    if isinstance(given, str) and given:
        return Value(path, key, column=given, type=kind, field=field)
    example = '"COLUMN"' if usual != "moment" else '"ORDERED AT"'
    if given is None or given == "":
        within.fault(key, f"is missing; write {key} = {example}")
        return Value(path, key)
    needs_way = isinstance(given, dict)
    part = Part(given, path, within.faults, f"the name of a column or a table; write {key} = {example} or {key} = {{ column = {example} }}")
    ways = [way for way in ("column", "text", "value") if way in part.given]
    if needs_way and len(ways) != 1:
        part.fault("", f"needs one of column, text and value; it has {' and '.join(ways) or 'none of them'}")
    value = Value(
        path=path,
        name=key,
        column=part.text("column", example, ""),
        text=part.text("text", '"by {UNTIL}"', ""),
        fixed=_fixed(part, field),
        type=_type(part, kind),
        values=_listed(part),
        otherwise=part.text("otherwise", '"…"', ""),
        days=_days(part),
        absolute=part.flag("absolute"),
        field=field,
    )
    part.nothing_else()
    return value


def _type_of(field: Field | None) -> str:
    if field is None:
        return "text"
    return TYPE_OF_FORM.get(field.form, "whole" if field.form.startswith("whole number") else "text")


def _type(part: Part, usual: str) -> str:
    kind = part.text("type", '"whole"', usual)
    if kind not in TYPES:
        part.fault("type", f"{kind!r} is not known{did_you_mean(kind, list(TYPES)) or '; write one of ' + ', '.join(TYPES)}")
    return kind


def _fixed(part: Part, field: Field | None) -> str | int | float | bool | None:
    value: object = part.take("value")
    if value is None:
        return None
    if not isinstance(value, str | int | float):
        part.fault("value", f"{value!r} is not text, a number, true or false")
        return None
    if part.path.rpartition(".")[2] in WHO and not isinstance(value, str):
        part.fault("value", f"{value!r} is not text")
        return None
    if field is not None:
        try:
            field.read(value, "", Reading(UTC, "SEK", lambda kind, number: 1))
        except Refused as refused:
            part.fault("value", f"{value!r} {refused.rule}")
            return None
    return value


def _listed(part: Part) -> dict[str, str] | None:
    listed = part.take("values")
    if listed is None:
        return None
    if isinstance(listed, dict) and all(isinstance(value, str | int) and not isinstance(value, bool) for value in listed.values()):
        return {key: str(value) for key, value in listed.items()}
    part.fault("values", 'is not a list of what stands for what; write values = { "Sverige" = "SE" }')
    return None


def _days(part: Part) -> int:
    days = part.take("days")
    if days is None or (isinstance(days, int) and not isinstance(days, bool) and abs(days) <= 3660):
        return days or 0
    part.fault("days", f"{days!r} is not a number of days up to 3660; write days = 5")
    return 0


def read_conditions(part: Part) -> tuple[Condition, ...]:
    when = part.part("when")
    found = []
    for column in list(when.given):
        given = when.take(column)
        given = given if isinstance(given, dict) else {"is": given}
        inside = Part(given, when.at(column), part.faults)
        if len(given) != 1:
            inside.fault("", f"needs one of {', '.join(CONDITIONS)}; it has {len(given)}")
        found += [condition for test in CONDITIONS if test in given for condition in [_condition(inside, column, test)]]
        inside.asked = list(CONDITIONS)
        inside.nothing_else()
    return tuple(found)


def _condition(inside: Part, column: str, test: str) -> Condition:
    if test == "present":
        return Condition(inside.path, column, "present" if inside.flag(test) else "empty")
    if test in ("above", "below"):
        number = inside.take(test)
        if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < LARGEST_INTEGER:
            inside.fault(test, f"{number!r} is not a number; write {test} = 0")
            number = 0
        return Condition(inside.path, column, test, number=float(number))
    return Condition(inside.path, column, test, words=inside.texts(test, f'["{column.lower()}"]'))
