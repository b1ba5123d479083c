"""Conditions that a shop writes: CEL over documented names, checked when they are read.

CEL (Common Expression Language) ends always, changes nothing and knows no world outside the names it is given. Here it has those of the
fact (`fact.…`), of the person (`person.…`), the counts since a person entered (`since.…`), and `now`. The only module that knows its library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from cel_expr_python import cel
from msgspec import Struct

from omtanke.engine.condition_names import MOMENT, Scope, names_in, value_of
from omtanke.engine.condition_words import CALLED, KINDS, example, in_words
from omtanke.vocabulary.fact import Body
from omtanke.vocabulary.parts import shown

LONGEST = 1_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What we call a type, and what the library does.
TYPES = {
    "whole number": cel.Type.INT,
    "text": cel.Type.STRING,
    "true or false": cel.Type.BOOL,
    MOMENT: cel.Type.TIMESTAMP,
    "list of whole numbers": cel.Type.List(cel.Type.INT),
    "list of texts": cel.Type.List(cel.Type.STRING),
    "list of true or false": cel.Type.List(cel.Type.BOOL),
    "list of moments": cel.Type.List(cel.Type.TIMESTAMP),
}
CODE = re.compile(r"^[A-Z_]+: | \[[A-Z_]+\]$")
LONGEST_WHY = 200
LITERAL_CALL = re.compile(r"""\b(duration|timestamp|matches)\(\s*("[^"\\]*"|'[^'\\]*')\s*\)""")
LITERALS = {
    "duration": "is not a span; write duration('36h'), with h, m or s",
    "timestamp": "is not a moment; write timestamp('2026-11-21T09:14:00+01:00')",
    "matches": "is not a regular expression (RE2)",
}


class Answer(Struct, frozen=True, gc=False):
    """Whether a condition holds. `why`: what kept it from being asked, then it does not hold; else empty."""

    holds: bool
    why: str = ""


class Unusable(ValueError):
    """A condition that cannot be used; the text says why, and what to write instead."""


class Condition:
    """A condition without faults. `names`: those it reads, with their types."""

    def __init__(self, text: str, names: dict[str, str], expression: cel.Expression) -> None:
        self.text = text
        self.names = names
        self._expression = expression

    def holds(self, body: Body | None, person: object, since: Mapping[str, int], now: int) -> Answer:
        """Whether it holds for a fact and a person. Never raises: what cannot be asked does not hold, and says so.

        `since`: how many facts of each type, none for those not there; `now`: UTC microseconds.
        """
        try:
            values = {name: value_of(name, body, person, since, now) for name in self.names}
        except ValueError as error:
            return Answer(False, _why(str(error)))
        return self.holds_of(values)

    def holds_of(self, values: Mapping[str, Any]) -> Answer:
        """Whether it holds for the values of the names that it reads. Never raises."""
        try:
            value = self._expression.eval(data={name: _given(values[name], type_) for name, type_ in self.names.items()})
            kind = value.type()
        except (RuntimeError, LookupError, ValueError, TypeError, OverflowError) as error:
            return Answer(False, _why(str(error)))
        if kind == cel.Type.BOOL:
            return Answer(bool(value.value()))
        return Answer(False, _why(str(value.value())))


@lru_cache(maxsize=4096)
def read_condition(text: str, scope: Scope) -> Condition:
    """The condition that `text` says. Raises Unusable: too long, not CEL, names that are not there, not true or false."""
    if len(text) > LONGEST:
        raise Unusable(f"has {len(text)} characters; a condition has at most {LONGEST}: part it, or let the sender tell a fact of its own")
    _require_literals(text)
    try:
        expression = _environment(scope).compile(text)
    except RuntimeError as error:
        raise Unusable(in_words(str(error), text, scope)) from error
    given = expression.return_type().name()
    if given != "BOOL":
        raise Unusable(f"gives {CALLED.get(KINDS.get(given, ''), 'something else')}, not true or false; compare it with something, as in {example(scope)}")
    return Condition(text, _names_read(expression, scope), expression)


def _names_read(expression: cel.Expression, scope: Scope) -> dict[str, str]:
    """The names that a condition reads, and their types. As it is written out it names them whole, however they stood in the text; one that
    only stands in a text is given too, and harms nobody."""
    written = expression.serialize()
    return {name: type_ for name, type_ in names_in(scope).items() if name.encode() in written}


@lru_cache(maxsize=512)
def _environment(scope: Scope) -> cel.Env:
    return cel.NewEnv(variables={name: TYPES[type_] for name, type_ in names_in(scope).items()})


def _given(value: Any, type_: str) -> Any:
    """A value as the library takes it: moments are none of its integers."""
    if type_ == MOMENT:
        return EPOCH + timedelta(microseconds=value)
    if type_ == "list of moments":
        return [EPOCH + timedelta(microseconds=one) for one in value]
    return value


def _why(error: str) -> str:
    """The library's word on what kept it from an answer, without its codes."""
    return CODE.sub("", error.partition("\n")[0])[:LONGEST_WHY].strip()


def _require_literals(text: str) -> None:
    """Spans, moments and patterns written out are read when they are asked for; whoever writes them wants to know now."""
    for call, literal in LITERAL_CALL.findall(text):
        asked = f"''.matches({literal})" if call == "matches" else f"{call}({literal}) == {call}({literal})"
        try:
            is_read = cel.NewEnv().compile(asked).eval(data={}).type() == cel.Type.BOOL
        except RuntimeError:
            is_read = False
        if not is_read:
            raise Unusable(f"{shown(literal[1:-1])} {LITERALS[call]}")
