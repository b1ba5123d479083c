"""What is wrong with a map: everything at once, each with its key and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from omtanke.intake.importers.header import did_you_mean
from omtanke.vocabulary.refusal import CannotDo


class Fault(Struct, frozen=True):
    """`path` is the key as in `event[2].properties.order_id`."""

    path: str
    says: str

    def __str__(self) -> str:
        return f"{self.path}: {self.says}"


class MapRefused(CannotDo):
    """A map that cannot be used, with all its faults."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        super().__init__(name, faults)
        self.name = name
        self.faults = faults

    def __str__(self) -> str:
        many = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        return "\n".join([f"{self.name} has {many}:", *(f"  {fault}" for fault in self.faults)])


class Part:
    """A table of the map, taken apart key by key. What is wrong goes to `faults` and a stand-in is given back."""

    def __init__(self, data: object, path: str, faults: list[Fault], form: str = "a table of keys") -> None:
        self.path = path
        self.faults = faults
        self.asked: list[str] = []
        self.given: dict[str, Any] = {}
        if isinstance(data, Mapping):
            self.given = dict(data)
        else:
            self.fault("", f"{data!r} is not {form}")

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
        said = "is missing" if value is None else f"{value!r} is not text"
        self.fault(key, f"{said}; write {key} = {example}")
        return default or ""

    def flag(self, key: str) -> bool:
        """True or false, false when it is not there."""
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.fault(key, f"{value!r} is not true or false; write {key} = true")
        return False

    def texts(self, key: str, example: str) -> tuple[str, ...]:
        """One text or a list of them."""
        value = self.take(key)
        entries = value if isinstance(value, list) else [value]
        if value is None or not entries or not all(isinstance(entry, str) and entry for entry in entries):
            said = "is missing" if value is None else f"{value!r} is not a list of texts"
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
            self.fault(key, f"{value!r} is not a list of tables; write [[{self.at(key)}]]")
            return []
        return [Part(entry, f"{self.at(key)}[{n}]", self.faults) for n, entry in enumerate(value)]

    def nothing_else(self) -> None:
        """Every key that was not asked for is a fault."""
        for key in self.given:
            self.fault(key, f"is not known here{did_you_mean(key, self.asked) or '; known are ' + ', '.join(self.asked)}")
