"""Values that several parts of a play have in common, each read and held against what there is."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from omtanke.engine.condition_names import FACTS, Scope
from omtanke.engine.conditions import Unusable, read_condition
from omtanke.engine.plays.play import KEYS, PERSON
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import snake
from omtanke.vocabulary.parts import Part, did_you_mean, shown


def one_of(part: Part, key: str, known: Mapping[str, object], default: str | None = None) -> str:
    """One of some words; empty when it is none of them."""
    word = part.take(key)
    if word is None:
        if default is None:
            part.fault(key, f"is missing; write {key} = one of {', '.join(known)}")
        return default or ""
    if isinstance(word, str) and word in known:
        return word
    hint = did_you_mean(word, known) if isinstance(word, str) else ""
    part.fault(key, f"{shown(word)} is not one of {', '.join(known)}{hint}")
    return ""


def fact_of(part: Part, example: str) -> str:
    """A type of fact that a play can follow; empty when it is none."""
    name = part.text("fact", f'"{example}"')
    return name if not name or is_fact(part, "fact", name) else ""


def is_fact(part: Part, key: str, name: str) -> bool:
    if name in FACTS:
        return True
    if snake(name) in FACTS:
        part.fault(key, f"{shown(name)} is written {snake(name)!r} here, as in the log")
    elif name in BODIES:
        part.fault(key, f"{name!r} tells how the store runs, not what a customer did; write another, as 'order_completed'")
    else:
        hint = did_you_mean(name, FACTS) or "; docs/reference/facts.md names them, as in 'order_completed'"
        part.fault(key, f"{shown(name)} is not a type of fact that a play can follow{hint}")
    return False


def condition(part: Part, key: str, scope: Scope | None) -> str:
    """A condition as written, empty when there is none. Without a scope nothing is known to hold it against."""
    if key not in part.given:
        part.asked.append(key)
        return ""
    text = part.text(key, '"person.has_email"')
    if text and scope is not None:
        try:
            read_condition(text, scope)
        except Unusable as unusable:
            part.fault(key, str(unusable))
    return text


def numbers_of(fact: str) -> list[str]:
    """The keys that a type of fact has a number of, the person first."""
    names = {field.name for field in msgspec.structs.fields(FACTS[fact])}
    return [key for key in KEYS if key == PERSON or key in names]


def require_key(part: Part, at: str, fact: str, key: str, instead: str) -> None:
    if fact in FACTS and key and key not in numbers_of(fact):
        part.fault(at, f"{fact} names no {key}, so that it is never of the same key; {instead}")
