"""A door that quotes by a policy alone, without a log."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from omtanke.engine.capacity import Calendar
from omtanke.intake.looking import Looking
from omtanke.intake.quotes.answering import Quoting
from omtanke.settings import Settings
from omtanke.storage.keys import Keys
from omtanke.storage.lookups import Lookups

KEYS = Keys(b"k" * 32)
VERSION = 7


class Known(Lookups):
    """The policy, and what is told of capacity."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.calendar: Calendar = ()

    def capacity_told(self) -> int:
        return self.calendar[-1].position if self.calendar else 0

    def capacity(self) -> Calendar:
        return self.calendar

    def policy_text(self) -> tuple[int, str]:
        return VERSION, self._text


class Policy(Looking):
    """Asks it at once."""

    def __init__(self, text: str) -> None:
        super().__init__(Path("nowhere"), KEYS)
        self.known = Known(text)

    async def ask(self, question: Any) -> Any:
        return question(self.known)


def quoting(policy: str, now: int, data: Path = Path("nowhere")) -> Quoting:
    """Quotes at one moment. `data`: where models lie."""
    return Quoting(Policy(policy), Settings(), lambda: now, lambda: now, data)


def answered(quotes: Quoting, body: dict[str, Any]) -> dict[str, Any]:
    """The answer as it is written and read again."""
    answer = asyncio.run(quotes.answer(body))
    assert answer.status == 200
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer.body))
    return found
