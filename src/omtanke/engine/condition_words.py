"""What is wrong with a condition, in our words: the library's errors as sentences with the nearest name and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from omtanke.engine.condition_names import Scope, names_in
from omtanke.vocabulary.parts import did_you_mean, shown

CALLED = {
    "int": "a whole number",
    "uint": "a whole number written with u",
    "double": "a number with a decimal point",
    "string": "text",
    "bool": "true or false",
    "bytes": "bytes",
    "null_type": "null",
    "google.protobuf.Timestamp": "a moment",
    "google.protobuf.Duration": "a span",
}
KINDS = {"INT": "int", "UINT": "uint", "DOUBLE": "double", "STRING": "string", "TIMESTAMP": "google.protobuf.Timestamp"}
KINDS |= {"DURATION": "google.protobuf.Duration", "NULL": "null_type", "BYTES": "bytes"}
ERROR = re.compile(r"^(?:\w+: )?ERROR: <input>:(\d+):(\d+): (.*?)(?: \[[A-Z_]+\])?$", re.MULTILINE)
UNDECLARED = re.compile(r"undeclared reference to '(.*)' \(in container")
MISMATCH = re.compile(r"found no matching overload for '(.*)' applied to '\((.*)\)'", re.DOTALL)
SLIPS = {"and": "&&", "or": "||", "not": "!", "=": "==", "AND": "&&", "OR": "||", "NOT": "!", "True": "true", "False": "false"}


def in_words(error: str, text: str, scope: Scope) -> str:
    """The library's errors as sentences, each once."""
    said = dict.fromkeys(_sentence(what, int(line), int(column), text, scope) for line, column, what in ERROR.findall(error))
    if not said:
        return "is nested too deep; part it" if "recursion" in error else "is not a condition; write one as in " + example(scope)
    return "; ".join(_without_echo(list(said)))


def _without_echo(sentences: list[str]) -> list[str]:
    """A condition that does not read is said once, at its first place: what follows from that is no news."""
    unread = [one for one in sentences if one.startswith("does not read")]
    return unread[:1] or sentences


def _sentence(what: str, line: int, column: int, text: str, scope: Scope) -> str:
    if found := UNDECLARED.match(what):
        return _unknown(found[1], text, scope)
    if found := MISMATCH.match(what):
        return _unfit(found[1], found[2], scope)
    if what.startswith("Syntax error"):
        return _unread(what, *_around(text, line, column), scope)
    if "operand of a select" in what:
        return f"asks for a part of something that has none at {shown(_around(text, line, column)[1])}; known are {_known(scope)}"
    return f"cannot be used: {what}"


def _unknown(name: str, text: str, scope: Scope) -> str:
    if re.search(rf"(?<!\w){re.escape(name)}\s*\(", text):
        return f"{name}() is not something that conditions can do; size(), contains(), startsWith(), endsWith(), matches() and exists() are"
    if name in SLIPS:
        return f"{name} is written {SLIPS[name]}"
    if name == "since" or name.startswith("since."):
        if not scope.has_since:
            return f"{shown(name)} is not known here: nothing has happened since entry; ask for it in a step"
        return f"{shown(name)} counts no type of fact{did_you_mean(name, names_in(scope)) or '; write since. and a type, as in since.order_completed'}"
    return f"{shown(name)} is not known here{did_you_mean(name, _names_like(name, scope)) or '; known are ' + _known(scope)}"


def _names_like(name: str, scope: Scope) -> list[str]:
    """Names that may have been meant: of the same part, when it is one."""
    first = name.partition(".")[0]
    of_part = [known for known in names_in(scope) if known.startswith(f"{first}.")]
    return of_part or [known for known in names_in(scope) if not known.startswith("since.")]


def _known(scope: Scope) -> str:
    """The names of a scope, the counts by one word."""
    names = [name for name in names_in(scope) if not name.startswith("since.")]
    return ", ".join([*names, "since.TYPE"] if scope.has_since else names)


def _unfit(function: str, types: str, scope: Scope) -> str:
    sign = function.strip("_@").replace("_", " ").strip() or function
    kinds = [CALLED.get(one, "a list" if one.startswith("list") else one) for one in _split(types)]
    if len(kinds) == 1:
        return f"{sign} does not fit {kinds[0]}; compare first, as in {example(scope)}"
    if set(_split(types)) == {"int", "double"}:
        return f"{sign} does not mix whole numbers and numbers with a decimal point: amounts are whole, in minor units; write 14950 for 149.50, 3 for 3.0"
    if "google.protobuf.Timestamp" in types and "int" in types:
        return f"{sign} does not fit a moment and a whole number; write now - fact.… > duration('48h'), or timestamp('2026-11-21T00:00:00Z')"
    return f"{sign} does not fit {' and '.join(kinds)}; write both sides alike: text in quotes, numbers without"


def _split(types: str) -> list[str]:
    """`int, list(string)` as two, whatever stands in brackets."""
    return [one.strip() for one in re.split(r",(?![^(]*\))", types)]


def _unread(what: str, before: str, rest: str, scope: Scope) -> str:
    if "<EOF>' expecting {" in what or not rest:
        return f"does not read: something is missing at the end; write one as in {example(scope)}"
    for word in (rest.split(maxsplit=1)[0], before.rsplit(maxsplit=1)[-1] if before else ""):
        if word in SLIPS:
            return f"does not read at {shown(rest)}: {word} is written {SLIPS[word]}"
    return f"does not read at {shown(rest)}; write one as in {example(scope)}"


def _around(text: str, line: int, column: int) -> tuple[str, str]:
    """What stands before a place and from it on; lines and columns are counted from 1."""
    lines = text.split("\n")
    at = sum(len(one) + 1 for one in lines[: line - 1]) + column - 1
    return text[:at].strip(), text[at:].strip()


def example(scope: Scope) -> str:
    """A condition that would be right here."""
    return next(_examples(scope))


def _examples(scope: Scope) -> Iterator[str]:
    if scope.has_since:
        yield "since.order_completed == 0"
    numbers = [name for name, type_ in names_in(scope).items() if type_ == "whole number" and name.startswith("fact.")]
    yield from (f"{name} > 0" for name in numbers)
    yield "person.has_email"
