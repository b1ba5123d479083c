"""What is wrong with a map: everything at once, each with its key and what to write instead."""

from __future__ import annotations

from omtanke.vocabulary.parts import Fault
from omtanke.vocabulary.refusal import CannotDo


class MapRefused(CannotDo):
    """A map that cannot be used, with all its faults."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        super().__init__(name, faults)
        self.name = name
        self.faults = faults

    def __str__(self) -> str:
        many = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        return "\n".join([f"{self.name} has {many}:", *(f"  {fault}" for fault in self.faults)])
