"""The only values of a message that can say a day or a time: a promise of the ledger, and a quote that can still be taken."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from omtanke.messages.days import Days
from omtanke.vocabulary.promise import ENDINGS
from omtanke.vocabulary.time import zone_named


class Said(Struct, frozen=True, order=True):
    """A promise or quote that a message has stated: `kind` is `promise` or `quote`, `id` its number in the log, `words` what was said."""

    kind: str
    id: int
    words: str


class Stated(Protocol):
    """What can say a day: `sayings` are its words by the name under which a template asks for them; empty words are not there."""

    @property
    def kind(self) -> str: ...

    @property
    def id(self) -> int: ...

    def sayings(self, language: str, now: int) -> dict[str, str]: ...

    def why_not(self, now: int) -> str:
        """Why it cannot be said at `now`; empty when it can."""
        ...


class StatedPromise(Struct, frozen=True, kw_only=True):
    """A promise that stands. Moments in UTC microseconds, `from_at` 0 for none; `zone` is where its days are meant.

    `words`: those that were shown with it. `first_from_at`, `first_until_at`: the window that was said first, when it is another.
    """

    id: int
    from_at: int = 0
    until_at: int
    zone: str = "Europe/Stockholm"
    status: str = "made"
    words: str = ""
    first_from_at: int = 0
    first_until_at: int = 0

    @property
    def kind(self) -> str:
        return "promise"

    def sayings(self, language: str, now: int) -> dict[str, str]:
        days = Days(language, zone_named(self.zone), now)
        from_at = days.to_come(self.from_at)
        first = (self.first_from_at, self.first_until_at)
        return {
            "window": days.window(from_at, self.until_at),
            "dates": days.dates(from_at, self.until_at),
            "words": self.words,
            "first_window": days.window(*first) if self.first_until_at else "",
        }

    def why_not(self, now: int) -> str:
        if self.status in ENDINGS:
            return f"promise {self.id} is {self.status}"
        return f"the time of promise {self.id} is over" if self.until_at < now else ""


class StatedQuote(Struct, frozen=True, kw_only=True):
    """An offer of a window that can be taken until `valid_until`. Moments in UTC microseconds, `from_at` 0 for none."""

    id: int
    from_at: int = 0
    until_at: int
    valid_until: int
    zone: str = "Europe/Stockholm"
    words: str = ""

    @property
    def kind(self) -> str:
        return "quote"

    def sayings(self, language: str, now: int) -> dict[str, str]:
        days = Days(language, zone_named(self.zone), now)
        from_at = days.to_come(self.from_at)
        return {
            "window": days.window(from_at, self.until_at),
            "dates": days.dates(from_at, self.until_at),
            "words": self.words,
            "order_by": days.window(0, self.valid_until),
        }

    def why_not(self, now: int) -> str:
        return f"quote {self.id} has expired" if self.valid_until < now else ""
