"""The names that a condition may read, from the same structs as everything else: fields of a fact's body, of the person, counts since entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from omtanke.vocabulary import erasure, play, retention, running
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Body, Decided, Observed
from omtanke.vocabulary.fields import fields_of
from omtanke.vocabulary.identity import CustomerIdentified

MOMENT = "moment"
NOW = "now"
SIMPLE: dict[object, str] = {int: "whole number", str: "text", bool: "true or false"}
MANY = {"whole number": "list of whole numbers", "text": "list of texts", "true or false": "list of true or false", MOMENT: "list of moments"}
# Moments that are not called …_at where the engine writes them.
MOMENTS = ("exceeds_before", "valid_until")
# The sender's own clock, as text: what happened when is asked of moments.
NEVER_ASKED = ("timestamp",)
# What the running of a store tells of itself is no customer's doing.
OF_THE_STORE = {module.__name__ for module in (running, erasure, retention)}

# What plays decide themselves lets nobody into another.
OF_PLAYS = play.__name__

FACTS: dict[str, type[Body]] = {
    name: body
    for name, body in BODIES.items()
    if body.__module__ not in OF_THE_STORE and (issubclass(body, Observed) or (issubclass(body, Decided) and body.__module__ != OF_PLAYS))
}


class Scope(Struct, frozen=True):
    """Where a condition stands. `fact`: the type of the fact it is asked of; `has_since`: the person has entered, so that there is a since."""

    fact: str
    has_since: bool = False


@cache
def fields_of_fact(type_: str) -> dict[str, str]:
    """The fields of a type of fact and their types. Of a list of things each field is a list: `lines.category`."""
    return dict(_fields(FACTS[type_]))


@cache
def fields_of_person() -> dict[str, str]:
    """What is known of a person without their name."""
    return dict(_fields(CustomerIdentified))


@cache
def names_in(scope: Scope) -> dict[str, str]:
    """Every name that counts in a scope, and its type."""
    names = {f"fact.{name}": type_ for name, type_ in fields_of_fact(scope.fact).items()}
    names |= {f"person.{name}": type_ for name, type_ in fields_of_person().items()}
    if scope.has_since:
        names |= {f"since.{type_}": "whole number" for type_ in FACTS}
    return names | {NOW: MOMENT}


def value_of(name: str, body: Body | None, person: object, since: Mapping[str, int], now: int) -> Any:
    """The value of a name. Raises ValueError for one that is not there, as when there is no fact."""
    part, _, field = name.partition(".")
    match part:
        case "fact":
            return _value(body, field)
        case "person":
            return getattr(person, field)
        case "since":
            return since.get(field, 0)
    return now


def _value(body: Body | None, field: str) -> Any:
    first, _, inner = field.partition(".")
    value = getattr(body, first, None)
    if value is None:
        raise ValueError(f"there is no fact.{field}" + (f" in {body.type}" if body is not None else ""))
    if inner:
        return [getattr(one, inner) for one in value]
    return list(value) if isinstance(value, tuple) else value


def _fields(struct: type[Struct]) -> Iterator[tuple[str, str]]:
    forms = {name: field.form for name, field, _ in fields_of(struct)}
    hints = get_type_hints(struct)
    for described in msgspec.structs.fields(struct):
        name, hint = described.name, hints[described.name]
        if name in NEVER_ASKED:
            continue
        inner = get_args(hint)[0] if get_origin(hint) is tuple else None
        if hint is int and (forms.get(name, "").startswith(MOMENT) or name.endswith("_at") or name in MOMENTS):
            yield name, MOMENT
        elif hint in SIMPLE:
            yield name, SIMPLE[hint]
        elif inner in SIMPLE:
            yield name, MANY[SIMPLE[inner]]
        elif isinstance(inner, type) and issubclass(inner, Struct):
            yield from ((f"{name}.{field}", MANY[type_]) for field, type_ in _fields(inner) if type_ in MANY)
