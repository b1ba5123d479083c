"""Reads the rules of tone, and finds where a text goes against them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from msgspec import Struct

KINDS = {
    "blame": "the customer is not at fault; when it went wrong we are the subject",
    "work": "what we can do is not put on the customer",
    "internal-words": "words of the house say nothing to a customer",
    "refusal": "a no comes with what we can do instead",
    "closing-time": "whoever comes late is welcome too",
    "belittling": "nobody is made to feel stupid",
    "cold": "one person writes to another",
    "pressure": "nobody is hurried or tricked",
    "no-reply": "whoever gets a letter can answer it",
    "empty": "what says nothing is left out",
}


class ToneRule(Struct, frozen=True):
    """One rule. `pattern` is found anywhere, at word ends, whatever its case; `example` is something that it finds."""

    kind: str
    pattern: re.Pattern[str]
    example: str
    why: str
    instead: str


class Slip(Struct, frozen=True, order=True):
    """A place in a text that goes against a rule."""

    start: int
    words: str
    kind: str
    why: str
    instead: str


@cache
def tone_rules(language: str) -> tuple[ToneRule, ...]:
    """The rules of a language, in the order of their file."""
    written = tomllib.loads((files("omtanke.messages") / "tone" / f"{language}.toml").read_text(encoding="utf-8"))
    return tuple(_rule(one) for one in written["rule"])


def _rule(written: dict[str, str]) -> ToneRule:
    pattern = re.compile(rf"(?<![\w-])(?:{written['pattern']})(?![\w-])", re.IGNORECASE)
    return ToneRule(written["kind"], pattern, written["example"], written["why"], written["instead"])


def slips(text: str, language: str) -> Iterator[Slip]:
    """Every place, each once: where several rules meet, the first of the file."""
    plain = text.replace("'", "’")
    taken: list[tuple[int, int]] = []
    for rule in tone_rules(language):
        for found in rule.pattern.finditer(plain):
            if all(found.end() <= start or found.start() >= end for start, end in taken):
                taken.append(found.span())
                yield Slip(found.start(), found[0], rule.kind, rule.why, rule.instead)
