"""Statements put together: what a question reads, and the derived relations (`derived/<name>.sql`) put before its own steps."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from omtanke.vocabulary.catalogue import BODIES

FACTS = "facts"
PERSON_OF = "person_of"
DERIVED = ("promise", "answer", "survey")
READS = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)")
COMMENT = re.compile(r"--[^\n]*")


def quoted(text: str) -> str:
    """A text literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


@cache
def derived_text(name: str) -> str:
    """The definition of a derived relation."""
    return (files("omtanke.insight") / "derived" / f"{name}.sql").read_text(encoding="utf-8")


def names_read(text: str) -> set[str]:
    """Every relation that a statement reads, steps of its own left out."""
    return set(READS.findall(COMMENT.sub("", text))) & {*BODIES, FACTS, PERSON_OF, *DERIVED}


def derived_read(text: str, given: Collection[str] = ()) -> list[str]:
    """The derived relations that a statement rests on, each after those that it rests on itself; those given rest on nothing."""
    found: list[str] = []
    for name in sorted(names_read(text) & {*DERIVED}):
        below = () if name in given else derived_read(derived_text(name), given)
        found += [one for one in (*below, name) if one not in found]
    return found


def recorded_read(text: str) -> set[str]:
    """The recorded relations (types of fact, `facts`, `person_of`) that a statement rests on, through derived ones too."""
    texts = [text, *(derived_text(name) for name in derived_read(text))]
    return set().union(*map(names_read, texts)) - {*DERIVED}


def composed(text: str, given: Mapping[str, str] = MappingProxyType({})) -> str:
    """A question's statement, the derived relations that it reads put before its own steps: those given by name as they are given."""
    return with_steps(text, {name: given.get(name) or derived_text(name) for name in derived_read(text, given)})


def with_steps(text: str, steps: Mapping[str, str]) -> str:
    """A statement with steps put before its own."""
    head, found, rest = text.partition("\nWITH\n")
    if not found:
        raise ValueError("a statement begins with a line WITH, after its comments")
    return f"{head}\nWITH\n" + "".join(f"{name} AS (\n{indented(step)}\n),\n" for name, step in steps.items()) + rest


def indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines())
