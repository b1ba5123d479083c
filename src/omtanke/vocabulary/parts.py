"""What somebody wrote in a file of data (a map, a play), taken apart key by key: what is wrong is gathered and said all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from msgspec import Struct

from omtanke.vocabulary.refusal import SHOWN_LENGTH

LONGEST_GUESSED = 80


class Fault(Struct, frozen=True):
    """`path` is the key as in `event[2].properties.order_id`."""

    path: str
    says: str

    def __str__(self) -> str:
        return f"{self.path}: {self.says}"


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """`. Did you mean …?` when one of the names is near, else nothing."""
    if len(name) > LONGEST_GUESSED:
        return ""
    lower = {other.lower(): other for other in names}
    near = get_close_matches(name.lower(), lower, n=1, cutoff=0.65)
    return f". Did you mean {lower[near[0]]!r}?" if near else ""


def shown(value: object) -> str:
    """A value as whoever wrote it knows it, cut to what fits into a line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a table"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # nested too deep; an integer of thousands of digits
        return f"a {type(value).__name__} too long to be shown"
    return cut(text)


def cut(text: str) -> str:
    """As much of a text as fits into a line beside others."""
    return text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + "…"


class Part:
    """A table of a file, taken apart key by key. What is wrong goes to `faults` and a stand-in is given back."""

    def __init__(self, data: object, path: str, faults: list[Fault], form: str = "a table of keys") -> None:
        self.path = path
        self.faults = faults
        self.asked: list[str] = []
        self.given: dict[str, Any] = {}
        if isinstance(data, Mapping):
            self.given = dict(data)
        else:
            self.fault("", f"{shown(data)} is not {form}")

    def fault(self, key: str, says: str) -> None:
        """Something is wrong at `key`."""
        self.faults.append(Fault(self.at(key), says))

    def at(self, key: str) -> str:
        return f"{self.path}.{key}".strip(".") if key else self.path

    def take(self, key: str) -> Any:
        """The value as it stands, or None."""
        self.asked.append(key)
        return self.given.pop(key, None)

    def text(self, key: str, example: str, default: str | None = None) -> str:
        """Text; without a default it must be there."""
        value = self.take(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value:
            return value
        said = "is missing" if value is None else f"{shown(value)} is not text"
        self.fault(key, f"{said}; write {key} = {example}")
        return default or ""

    def flag(self, key: str) -> bool:
        """True or false, false when it is not there."""
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(key, f"{shown(value)} is not true or false; write {key} = true")
        return False

    def whole(self, key: str, least: int, most: int, default: int) -> int:
        """A whole number from `least` to `most`, the default when it is not there."""
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(key, f"{shown(value)} is not a whole number from {least} to {most}; write {key} = {default}")
        return default

    def texts(self, key: str, example: str) -> tuple[str, ...]:
        """One text or a list of them."""
        value = self.take(key)
        entries = value if isinstance(value, list) else [value]
        if value is None or not entries or not all(isinstance(entry, str) and entry for entry in entries):
            said = "is missing" if value is None else f"{shown(value)} is not a list of texts"
            self.fault(key, f"{said}; write {key} = {example}")
            return ()
        return tuple(entries)

    def part(self, key: str) -> Part:
        """A table inside, empty when it is not there."""
        value = self.take(key)
        return Part({} if value is None else value, self.at(key), self.faults)

    def parts(self, key: str) -> list[Part]:
        """A list of tables, `[[key]]` in TOML."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.fault(key, f"{shown(value)} is not a list of tables; write [[{self.at(key)}]]")
            return []
        return [Part(entry, f"{self.at(key)}[{n}]", self.faults) for n, entry in enumerate(value)]

    def nothing_else(self) -> None:
        """Every key that was not asked for is a fault."""
        for key in self.given:
            self.fault(key, f"is not known here{did_you_mean(key, self.asked) or '; known are ' + ', '.join(self.asked)}")
