"""What is wrong with a message, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from msgspec import Struct

from omtanke.vocabulary.refusal import CannotDo

ERROR, ADVICE = "error", "advice"


class Finding(Struct, frozen=True, order=True):
    """One thing to change. `line` counts from 1, 0 for the file as a whole. `rule` is a name in `rules.RULES`.

    `words` say what is wrong and show the value; `instead` says what to write.
    """

    file: str
    line: int
    rule: str
    severity: str
    words: str
    instead: str
    language: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.severity}: {self.words} {self.instead} [{self.rule}]"


class CannotRender(CannotDo):
    """The message cannot be made for this customer now. Nothing may be sent; `findings` say why, all together."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = tuple(findings)


def near(name: str, known: Iterable[str]) -> str:
    """What was meant instead of a name, or everything that there is."""
    names = [*known]
    found = get_close_matches(name, names, 1)
    return f"Did you mean {found[0]}?" if found else f"There are {', '.join(names)}."
