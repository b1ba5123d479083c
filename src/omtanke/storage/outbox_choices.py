"""What each of the staff wants to be told, and how; and the alerts that gather what has happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.storage.database import Database, writing
from omtanke.storage.statements import statements

SQL = statements("outbox/choices.sql")
WAYS = ("mail", "chat")
PARTS = ("owed", "needs", "said", "ended")
KINDS = ("low_answer", "promise_broken", "at_risk_burst", "receiver_off", "worker_behind", "customer_set_aside", "promises_drift")
SEVEN = 7 * 60


class Choice(Struct, frozen=True):
    """What one of the staff has chosen. `letter` and each of `alerts` (kind: ways): a selection of WAYS, empty for none.

    `minute`: minutes after midnight by the shop's clocks. `parts`: a selection of PARTS. `letter_day`: the last day (2026-11-22) whose letter
    is in the outbox.
    """

    staff: int
    language: str = "sv"
    letter: tuple[str, ...] = ()
    minute: int = SEVEN
    parts: tuple[str, ...] = PARTS
    alerts: Mapping[str, tuple[str, ...]] = {}
    chat_url: str = ""
    letter_day: str = ""


class Alert(Struct, frozen=True):
    """Something that has happened `times` times since `first_at`. `position`: the first fact, 0 for none; `detail`: which receiver, how long."""

    alert: int
    kind: str
    times: int
    first_at: int
    position: int
    detail: str
    made_at: int


class Choices:
    """Choices and alerts of one outbox."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, staff: int) -> Choice | None:
        row = self._db.execute(SQL["choice"], (staff,)).fetchone()
        return _choice(row) if row else None

    def all(self) -> list[Choice]:
        return [_choice(row) for row in self._db.execute(SQL["choices"])]

    def put(self, choice: Choice) -> None:
        alerts = msgspec.json.encode({kind: " ".join(ways) for kind, ways in choice.alerts.items()}).decode()
        parts = msgspec.json.encode(choice.parts).decode()
        with writing(self._db):
            self._db.execute(
                SQL["put_choice"],
                (choice.staff, choice.language, " ".join(choice.letter), choice.minute, parts, alerts, choice.chat_url, choice.letter_day),
            )

    def happened(self, kind: str, at: int, position: int = 0, detail: str = "", times: int = 1) -> None:
        """Count something that an alert may tell. May be used within a transaction of the caller's."""
        self._db.execute(SQL["happened"], (kind, times, at, position, detail))

    def make_alerts(self, said_before: int, now: int) -> int:
        """Alerts of what has happened, of each kind at most one in the time since `said_before`; how many."""
        with writing(self._db):
            ripe = self._db.execute(SQL["ripe"], (said_before,)).fetchall()
            for kind, times, first_at, position, detail in ripe:
                self._db.execute(SQL["add_alert"], (kind, times, first_at, position, detail, now))
                self._db.execute(SQL["told"], (now, kind))
        return len(ripe)

    def unworded(self) -> list[Alert]:
        return [Alert(*row) for row in self._db.execute(SQL["unworded"])]

    def worded(self, alert: int, now: int) -> None:
        """Within a transaction of the caller's."""
        self._db.execute(SQL["worded"], (now, alert))

    def letter_put(self, staff: int, day: str) -> bool:
        """Within a transaction of the caller's: whether the letter of the day is new."""
        return self._db.execute(SQL["letter_put"], (day, staff, day)).rowcount > 0


def _choice(row: tuple[Any, ...]) -> Choice:
    staff, language, letter, minute, parts, alerts, chat_url, letter_day = row
    ways = {kind: tuple(joined.split()) for kind, joined in msgspec.json.decode(alerts).items()}
    return Choice(staff, language, tuple(letter.split()), minute, tuple(msgspec.json.decode(parts)), ways, chat_url, letter_day)
