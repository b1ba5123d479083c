"""Everything that the stores hold of one person, read one after the other, however much it is. Moments are UTC microseconds, 0 for none."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from omtanke.storage.database import Database
from omtanke.storage.databases import has_database, read_database
from omtanke.storage.seen import FactSeen, fact_of_row
from omtanke.storage.statements import statements

LOG, INBOX, OUTBOX, DOOR = (statements(f"export/{name}.sql") for name in ("log", "inbox", "outbox", "door"))


class Told(Struct, frozen=True):
    """A customer that is the person, and what they have told about themselves. `restricted_at`: since when it is left alone."""

    customer: int
    kind: str
    name: str
    email: str
    phone: str
    city: str
    region: str
    locale: str
    first_seen_at: int
    restricted_at: int


class Promised(Struct, frozen=True):
    """A promise as it stands."""

    promise: int
    customer: int
    kind: str
    status: str
    owner: str
    made_at: int
    first_from_at: int
    first_until_at: int
    from_at: int
    until_at: int
    met_at: int
    ended_at: int
    follows: int


class Needed(Struct, frozen=True):
    """Something that needed one of us."""

    task: int
    customer: int
    about: str
    unit: str
    assigned_at: int
    taken_at: int
    told_at: int
    done_at: int
    outcome: str


class Requested(Struct, frozen=True):
    """A right that was asked for."""

    promise: int
    customer: int
    right: str
    reached_at: int
    until_at: int
    extended_at: int
    answered_at: int
    outcome: str


class Quarantined(Struct, frozen=True):
    """A message that could not be understood, whole."""

    received_at: int
    source: int
    path: str
    rule: str
    wire: bytes


class OnTheWay(Struct, frozen=True):
    """A message that is durable and has not become a fact yet, whole."""

    received_at: int
    source: int
    wire: bytes


class AtTheDoor(Struct, frozen=True):
    """One of the last events at the door, as it was written."""

    at: int
    sender: str
    wire: str


class Sent(Struct, frozen=True):
    """A fact that a receiver was told of."""

    position: int
    type: str
    state: str
    made_at: int
    ended_at: int
    receiver: str
    url: str


class WholePerson:
    """Read-only windows on the stores of a data folder; one object for one export."""

    def __init__(self, data: Path) -> None:
        self._log = read_database(data, "log")
        self._inbox = read_database(data, "inbox")
        # As it stood at one moment. The inbox first: what leaves it meanwhile is in the log then.
        for db, statement in ((self._inbox, INBOX["last_entry"]), (self._log, LOG["consumed"])):
            db.look()
            db.execute(statement).fetchone()
        self._others = {name: read_database(data, name) for name in ("outbox", "door") if has_database(data, name)}

    def close(self) -> None:
        for db in (self._log, self._inbox, *self._others.values()):
            db.close()

    def customers(self, person: int) -> list[Told]:
        return [Told(*row) for row in self._log.execute(LOG["customers"], {"person": person})]

    def facts(self, customers: Sequence[int]) -> Iterator[FactSeen]:
        """In log order over all of the customers; each is read from the disk when it is its turn."""
        cursors = (self._log.execute(LOG["facts"], {"customer": customer}) for customer in customers)
        return map(fact_of_row, heapq.merge(*cursors, key=lambda row: row[0]))

    def held(self, person: int) -> Iterator[FactSeen]:
        """What waits until they are tried again: facts that have no place in the log yet."""
        rows = self._log.execute(LOG["held"], {"person": person})
        return (fact_of_row((*msgspec.msgpack.decode(fact, type=tuple), part)) for fact, part in rows)

    def promises(self, person: int) -> Iterator[Promised]:
        return (Promised(*row) for row in self._log.execute(LOG["promises"], {"person": person}))

    def tasks(self, person: int) -> Iterator[Needed]:
        return (Needed(*row) for row in self._log.execute(LOG["tasks"], {"person": person}))

    def requests(self, person: int) -> Iterator[Requested]:
        return (Requested(*row) for row in self._log.execute(LOG["requests"], {"person": person}))

    def quarantined(self) -> Iterator[Quarantined]:
        """Of everybody."""
        return (Quarantined(*row) for row in self._log.execute(LOG["quarantined"]))

    def on_the_way(self) -> Iterator[OnTheWay]:
        """Of everybody."""
        (consumed,) = self._log.execute(LOG["consumed"]).fetchone()
        return (OnTheWay(*row) for row in self._inbox.execute(INBOX["unread"], {"consumed": int(consumed)}))

    def at_the_door(self) -> Iterator[AtTheDoor]:
        """Of everybody; none where the door has never been open."""
        db = self._others.get("door")
        return (AtTheDoor(*row) for row in db.execute(DOOR["at_the_door"])) if db else iter(())

    def sent(self, positions: Sequence[int]) -> Iterator[Sent]:
        """What receivers were told of the facts at these positions, which are in order."""
        db: Database | None = self._others.get("outbox")
        for row in db.execute(OUTBOX["sent"]) if db else ():
            place = bisect_left(positions, row[0])
            if place < len(positions) and positions[place] == row[0]:
                yield Sent(*row)

    def person_of_identifier(self, key: bytes) -> int:
        return self._owner("owner_of_identifier", key)

    def person_of_number(self, key: bytes) -> int:
        return self._owner("owner_of_number", key)

    def _owner(self, statement: str, key: bytes) -> int:
        row = self._log.execute(LOG[statement], {"key": key}).fetchone()
        return row[0] if row else 0
