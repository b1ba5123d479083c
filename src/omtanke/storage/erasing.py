"""What is erased of customers, and what is kept on record of it: structures that memory and SQLite share, and the log's side in SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.storage.codec import decode_personal
from omtanke.storage.database import Database, writing
from omtanke.storage.statements import statements

SQL = statements("erasing/log.sql")
KEY_LENGTH = 16
AT_ONCE = 200
LAST = 2**62


class Backup(Struct, frozen=True):
    """A back-up that holds what has been erased, and when it goes. Moments are the wall clock's, UTC microseconds."""

    folder: str
    made_at: int
    keep_until: int


class Receipt(Struct, frozen=True, omit_defaults=True):
    """What went, and what remains. Nothing in it says who it was.

    customers: how many numbers the person had. parts: facts with a personal part. identifiers, numbers: ways by which they were found.
    quarantined: messages not understood. calls: events in the door's record. waiting: rows of imports. letters: mails and chat messages to
    staff. exports: files made for them. sessions: sign-ins under way that named them. withdrawn: promises that were open.
    codes: facts in which a sender has written an identifier as a code: these remain. backups: they hold it until they go.
    """

    customers: int
    parts: int = 0
    identifiers: int = 0
    numbers: int = 0
    quarantined: int = 0
    calls: int = 0
    waiting: int = 0
    letters: int = 0
    exports: int = 0
    sessions: int = 0
    withdrawn: int = 0
    codes: int = 0
    backups: tuple[Backup, ...] = ()


class Erasure(Struct, frozen=True):
    """An erasure on record. `erasure`: the position of the request; `person`: as named there, until it has begun.

    `keys`: keyed hashes of identifiers, until it is done.
    """

    erasure: int
    person: int
    requested_at: int
    erased_at: int
    done_at: int
    status: str
    keys: tuple[bytes, ...]
    receipt: Receipt


class Traces(Struct, frozen=True):
    """What the log holds of customers, as it is before they are erased.

    parts: personal parts. facts: ids of every fact about them. bodies: what was told, as stored, with its touchpoint.
    identifiers, numbers: the keyed hashes by which they are found. firsts: the first fact of each customer.
    """

    parts: tuple[Mapping[str, Any], ...] = ()
    facts: frozenset[bytes] = frozenset()
    bodies: tuple[tuple[bytes, str], ...] = ()
    identifiers: tuple[bytes, ...] = ()
    numbers: tuple[bytes, ...] = ()
    firsts: Mapping[int, bytes] = {}


class Erasing(Struct, frozen=True):
    """What a transaction erases. numbers: keyed hashes of numbers that belong to theirs. quarantined: inbox entries of messages not understood."""

    erasure: int
    person: int
    customers: tuple[int, ...]
    numbers: tuple[bytes, ...]
    quarantined: tuple[int, ...]
    erased_at: int
    keys: tuple[bytes, ...]
    receipt: Receipt


class Asked(Struct, frozen=True):
    """An erasure that has been asked for: the position of the request, whom it names, and when it was received."""

    position: int
    customer: int
    at: int


def traces_of(db: Database, customers: Sequence[int]) -> Traces:
    """What there is of the customers."""

    def column(name: str) -> list[Any]:
        return [row[0] for customer in customers for row in db.execute(SQL[name], (customer,))]

    told = [row for customer in customers for row in db.execute(SQL["facts"], (customer,))]
    return Traces(
        parts=tuple(map(decode_personal, column("parts"))),
        facts=frozenset(row[0] for row in told),
        bodies=tuple((body, touchpoint) for _, kind, body, touchpoint in told if not kind),
        identifiers=tuple(column("identifier_keys")),
        numbers=tuple(column("owned_numbers")),
        firsts=firsts_of(db, customers),
    )


def firsts_of(db: Database, customers: Iterable[int]) -> dict[int, bytes]:
    """The id of the first fact of each customer who has any."""
    return {customer: row[0] for customer in customers if (row := db.execute(SQL["firsts"], (customer,)).fetchone())}


def quarantined(db: Database) -> Iterator[tuple[int, bytes, bytes, str]]:
    """(inbox entry, id, message, refused value) of everything that could not be understood."""
    yield from db.execute(SQL["quarantined"])


def is_erased(db: Database, customer: int) -> bool:
    """Whether a customer has been erased."""
    return db.execute(SQL["is_erased"], (customer,)).fetchone() is not None


def erase(db: Database, one: Erasing) -> None:
    """Within a transaction of the caller's: what is personal leaves, and it is on record that it did."""
    for customer in one.customers:
        for name in ("drop_parts", "drop_identifiers", "drop_owned", "drop_card", "drop_name_words", "drop_verbatim_words"):
            db.execute(SQL[name], (customer,))
        db.execute(SQL["add_erased"], (customer, one.erasure))
    db.executemany(SQL["drop_devices"], ({"customer": customer} for customer in one.customers))
    db.executemany(SQL["drop_number"], ((key,) for key in one.numbers))
    db.executemany(SQL["drop_quarantined"], ((entry,) for entry in one.quarantined))
    receipt = msgspec.json.encode(one.receipt).decode()
    db.execute(SQL["move_erasure"], (one.person, one.erased_at, b"".join(one.keys), receipt, one.erasure))


class Erasures:
    """Erasures on record, and those that go on elsewhere; on a connection to log.db."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def running(self) -> list[Erasure]:
        """Those with something left to do, the first first."""
        return [erasure_of_row(row) for row in self._db.execute(SQL["running"], (AT_ONCE,))]

    def of(self, customer: int) -> Erasure | None:
        """The erasure of a customer, by whatever number they were known."""
        row = self._db.execute(SQL["erasure_of"], {"customer": customer}).fetchone()
        return erasure_of_row(row) if row else None

    def latest(self, limit: int, before: int = LAST) -> list[Erasure]:
        """The latest first."""
        return [erasure_of_row(row) for row in self._db.execute(SQL["erasures"], (before, limit))]

    def facts(self, erasure: int) -> frozenset[bytes]:
        """The ids of what was told about those whom it erased."""
        return frozenset(row[0] for row in self._db.execute(SQL["told_ids"], (erasure,)))

    def finish(self, done: Sequence[Erasure]) -> None:
        """Nothing is left to do for these, which say how they stand; their hashes leave."""
        rows = ((one.status, one.done_at, msgspec.json.encode(one.receipt).decode(), one.erasure) for one in done)
        with writing(self._db):
            self._db.executemany(SQL["finish"], rows)


def erasure_of_row(row: tuple[Any, ...]) -> Erasure:
    """A row of the table `erasure`."""
    erasure, person, requested_at, erased_at, done_at, status, keys, receipt = row
    hashes = tuple(keys[n : n + KEY_LENGTH] for n in range(0, len(keys), KEY_LENGTH))
    return Erasure(erasure, person, requested_at, erased_at, done_at, status, hashes, msgspec.json.decode(receipt, type=Receipt))
