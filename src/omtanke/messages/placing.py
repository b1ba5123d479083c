"""Values are placed, not read: a template sees places, `⟦order.number⟧`, and the values are put in when everything else is done.

So a template cannot take a value apart, compare it or make a date of it, a value cannot bring in markup, and what one template makes for many
customers differs only in its values.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from omtanke.messages.amounts import amount
from omtanke.messages.context import DRAWING, MOST_LINES, Context, Link, Money
from omtanke.messages.dates import STATED, VALUE
from omtanke.messages.stated import Said, Stated, StatedPromise, StatedQuote
from omtanke.vocabulary.refusal import CannotDo

OPENS, CLOSES = "⟦", "⟧"
PLACE = re.compile(r"⟦([a-z0-9_.]+)⟧")
LONGEST_VALUE = 300
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")


ASK_FIRST = "Ask first whether it is there: {% if … %}."


class CannotPlace(CannotDo):
    """The template asks for what is not there, or for what no template can do. `instead`: what to write."""

    def __init__(self, words: str, instead: str = ASK_FIRST) -> None:
        super().__init__(words)
        self.instead = instead


class Value(Struct, frozen=True):
    """What is put at a place: `text`, and of whom it speaks when it says a day."""

    text: str
    stated: StatedPromise | StatedQuote | None = None


class Place:
    """A place in a template. It can be put into a text, and nothing else."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __str__(self) -> str:
        return f"{OPENS}{self._path}{CLOSES}"

    __html__ = __str__

    def __eq__(self, other: object) -> bool:
        raise CannotPlace(f"{self._path} cannot be compared.", f"Ask whether it is there: {{% if {self._path} %}}.")

    __hash__ = None  # type: ignore[assignment]


class Count(int):
    """A number: compared and counted with like others, and placed when it is said."""

    path: str

    def __new__(cls, value: int, path: str) -> Count:
        made = super().__new__(cls, value)
        made.path = path
        return made

    def __str__(self) -> str:
        return f"{OPENS}{self.path}{CLOSES}"

    __html__ = __str__


class Missing:
    """What is not known: false in an `if`; it cannot be said."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        raise CannotPlace(f"{self.path} is not known here.")

    __html__ = __str__


class View:
    """A part of the context: its fields by name. `said` is the place that stands for the whole, if there is one."""

    def __init__(self, path: str, fields: Mapping[str, object], said: Place | None = None) -> None:
        self.path = path
        self.fields = fields
        self._said = said

    def __str__(self) -> str:
        if self._said is None:
            raise CannotPlace(f"{self.path} cannot be said as a whole.", f"Say one of {', '.join(f'{self.path}.{name}' for name in self.fields)}.")
        return str(self._said)

    __html__ = __str__


class Placed(Struct, frozen=True):
    """The context as a template sees it, and the values by their places."""

    names: dict[str, object]
    values: dict[str, Value]


def place(context: Context, language: str, now: int) -> Placed:
    """Every value of the context at its place. `now` in UTC microseconds: what a promise's drawing and its year are seen from."""
    values: dict[str, Value] = {}
    names = {name: _placed(getattr(context, name), name, values, language, now) for name in context.__struct_fields__}
    return Placed(names, values)


def _placed(value: Any, path: str, values: dict[str, Value], language: str, now: int) -> object:
    match value:
        case None | "":
            return Missing(path)
        case bool():
            return value
        case StatedPromise() | StatedQuote():
            return _stated(value, path, values, language, now)
        case int():
            values[path] = Value(str(value))
            return Count(value, path)
        case tuple():
            return [_placed(one, f"{path}.{n}", values, language, now) for n, one in enumerate(value[:MOST_LINES])]
        case str() | Money() | Link():
            values[path] = Value(_text(value, language))
            return Place(path)
    assert isinstance(value, Struct)
    return View(path, {name: _placed(getattr(value, name), f"{path}.{name}", values, language, now) for name in value.__struct_fields__})


def _text(value: str | Money | Link, language: str) -> str:
    if isinstance(value, Money):
        return amount(value.minor, value.currency, language)
    if isinstance(value, Link):
        return value.url
    return " ".join(CONTROL.sub(" ", value).replace(OPENS, "[").replace(CLOSES, "]").split())[:LONGEST_VALUE]


def _stated(stated: StatedPromise | StatedQuote, path: str, values: dict[str, Value], language: str, now: int) -> View:
    fields: dict[str, object] = {}
    for name, words in stated.sayings(language, now).items():
        fields[name] = Place(f"{path}.{name}") if words else Missing(f"{path}.{name}")
        values[f"{path}.{name}"] = Value(_text(words, language), stated)
    for name, share in zip(DRAWING, _shares(stated, now), strict=True):
        fields[name] = Count(share, f"{path}.{name}")
        values[f"{path}.{name}"] = Value(str(share))
    return View(path, fields, Place(f"{path}.window"))


def _shares(stated: StatedPromise | StatedQuote, now: int) -> tuple[int, int, int]:
    """Of a hundred: from now to the window, the window, and a little after it."""
    span = max(stated.until_at - now, 1)
    before = round(84 * min(max(stated.from_at - now, 0) / span, 0.85)) if stated.from_at else 0
    return max(before, 6), 88 - max(before, 6), 12


def is_stated(path: str, values: Mapping[str, Value]) -> bool:
    return path in values and values[path].stated is not None


def looked_at(text: str, values: Mapping[str, Value]) -> str:
    """The text as dates are looked for in it: promises and quotes as STATED, everything else that was placed as VALUE."""
    return PLACE.sub(lambda found: STATED if is_stated(found[1], values) else VALUE, text)


def filled(text: str, values: Mapping[str, Value], is_markup: bool = False) -> str:
    """The text with its values. Raises CannotPlace for a place that is none of the context."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise CannotPlace(f"{found[0]} is no place of the context.")
        return html.escape(values[found[1]].text) if is_markup else values[found[1]].text

    return PLACE.sub(value, text)


def said_in(texts: Iterator[str], values: Mapping[str, Value]) -> Iterator[tuple[Stated, Said]]:
    """Every promise and quote that the texts state, once each with its words."""
    paths = dict.fromkeys(found for text in texts for found in PLACE.findall(text) if is_stated(found, values))
    for path in paths:
        stated = values[path].stated
        assert stated is not None
        yield stated, Said(stated.kind, stated.id, values[path].text)
