"""What is looked up by id: a message, an identifier, the promises to one person. Read-only, for the API and the debugger."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.engine.capacity import Calendar
from omtanke.storage.capacity import calendar_of, last_told
from omtanke.storage.database import Database
from omtanke.storage.databases import read_database
from omtanke.storage.pages import CONSENTS
from omtanke.storage.seen import FactSeen, fact_of_row, of_consent
from omtanke.storage.statements import statements

SQL, INBOX = statements("api/log.sql"), statements("api/inbox.sql")
MOST_RESTING = 200
MOST_PROMISE_FACTS = 20_000


class EventFound(Struct, frozen=True):
    """The fact that a message has become. `person` is 0 for a fact of the shop's own."""

    position: int
    customer: int
    person: int
    type: str
    source: int
    occurred_at: int
    received_at: int
    channel: str
    touchpoint: str


class EventRefused(Struct, frozen=True):
    """A message that was stored and could not be understood. `value` is personal."""

    received_at: int
    path: str
    value: str
    rule: str


class Lookups:
    """Read-only connections on `log.db` and `inbox.db`; use one object per thread."""

    def __init__(self, data: Path) -> None:
        self._db: Database = read_database(data, "log")
        self._inbox: Database = read_database(data, "inbox")

    def close(self) -> None:
        self._db.close()
        self._inbox.close()

    def has_come(self, fact_id: bytes) -> bool:
        """Whether a message of that id has ever been made durable."""
        return bool(self._inbox.execute(INBOX["has_come"], {"fact_id": fact_id}).fetchall())

    def _rows(self, name: str, **values: Any) -> list[tuple[Any, ...]]:
        return self._db.execute(SQL[name], values).fetchall()

    def event(self, fact_id: bytes) -> EventFound | None:
        """The fact of that id, when the worker has made it."""
        rows = self._rows("event", fact_id=fact_id)
        return EventFound(*rows[0]) if rows else None

    def resting_on(self, person: int, fact_id: bytes, position: int) -> list[FactSeen]:
        """What was decided on it, in log order."""
        return [fact_of_row(row) for row in self._rows("resting_on", person=person, fact_id=fact_id, position=position, limit=MOST_RESTING)]

    def refused(self, fact_id: bytes) -> EventRefused | None:
        rows = self._rows("refused", fact_id=fact_id)
        return EventRefused(*rows[0]) if rows else None

    def person_of_identifier(self, key: bytes) -> int:
        """0 when nobody has it."""
        rows = self._rows("persons_of_identifier", key=key)
        return rows[0][0] if rows else 0

    def subject(self, key: bytes) -> tuple[int, int]:
        """(surrogate, person who owns it) of a number; zeros when it is not known."""
        rows = self._rows("subject", key=key)
        return rows[0] if rows else (0, 0)

    def promise_facts(self, person: int, as_of: int) -> list[FactSeen]:
        """Everything decided about the person's promises, as it was known at a moment."""
        return [fact_of_row(row) for row in self._rows("promise_facts", person=person, as_of=as_of, limit=MOST_PROMISE_FACTS)]

    def stating_facts(self, person: int, ids: Iterable[bytes]) -> dict[bytes, FactSeen]:
        """The inputs with which promises were stated, by id."""
        wanted = msgspec.json.encode([one.hex().upper() for one in ids]).decode()
        return {fact.fact_id: fact for fact in (fact_of_row(row) for row in self._rows("stating_facts", person=person, ids=wanted))}

    def consent_state(self, person: int) -> tuple[bytes, bytes] | None:
        """The person's state as it is stored, and the shape that it was written in."""
        rows = self._db.execute(CONSENTS["state"], {"person": person}).fetchall()
        return (rows[0][0], rows[0][1]) if rows else None

    def consent_facts(self, person: int) -> list[FactSeen]:
        """Everything that was said of consent, in log order."""
        return of_consent(self._db.execute(CONSENTS["told"], {"person": person}))

    def policy_text(self) -> tuple[int, str] | None:
        """Version and text of the policy that counts."""
        rows = self._db.execute(CONSENTS["policy"]).fetchall()
        return (rows[0][0], rows[0][1]) if rows else None

    def capacity(self) -> Calendar:
        """What units have been told to manage, in the order in which it was told."""
        return calendar_of(self._db.execute)

    def capacity_told(self) -> int:
        """The position at which that was told last; 0 for never."""
        return last_told(self._db.execute)
