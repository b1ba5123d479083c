"""The log in SQLite (`log.db`)."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from omtanke.engine.promises.ledger import STATUS_NAMES
from omtanke.engine.rights import Request
from omtanke.engine.state import SCHEMA_HASH, State
from omtanke.engine.tasks import Task
from omtanke.storage import erasing
from omtanke.storage.clusters import clusters
from omtanke.storage.codec import decode_body, decode_personal, encode, encode_personal
from omtanke.storage.ports import Batch, Card, Correction, Device, Link, Log, Logged, Regrouping, Snapshot, VersionConflict
from omtanke.storage.sqlite import connect, migrate
from omtanke.storage.statements import statements
from omtanke.storage.verbatims import words_in, words_of, written
from omtanke.vocabulary.fact import Fact, Kind, Mode
from omtanke.vocabulary.identity import CustomersLinked

SQL = statements("log/statements.sql")
KINDS = (Kind.INPUT, Kind.DECIDED)
MODES = (Mode.LIVE, Mode.HISTORY)
ID_LENGTH = 16
WORDS_FOUND, LINKS_FOUND = "words_found", "links_found"
WORDS_FOUND = "words_found"
CARD_FIELDS = ("name", "email", "phone", "city", "region", "locale")

_decode_state = msgspec.msgpack.Decoder(State).decode


def fact_row(logged: Logged) -> tuple[Any, ...]:
    """A fact as a row of the table `fact`."""
    fact = logged.fact
    return (
        logged.position,
        fact.fact_id,
        int(fact.kind is Kind.DECIDED),
        int(fact.mode is Mode.HISTORY),
        fact.source,
        fact.customer,
        fact.body.type,
        fact.body.version,
        fact.occurred_at,
        fact.received_at,
        fact.now,
        fact.channel,
        fact.touchpoint,
        encode(fact.body),
        fact.cause or None,
        b"".join(fact.because) or None,
        fact.reason or None,
        fact.policy_version,
        fact.engine_version,
    )


def logged_of_row(row: Sequence[Any]) -> Logged:
    """A row of the table `fact` as a fact."""
    because = row[15] or b""
    fact = Fact(
        fact_id=row[1],
        customer=row[5],
        body=decode_body(row[6], row[7], row[13]),
        occurred_at=row[8],
        received_at=row[9],
        now=row[10],
        kind=KINDS[row[2]],
        mode=MODES[row[3]],
        source=row[4],
        channel=row[11],
        touchpoint=row[12],
        position=row[0],
        cause=row[14] or b"",
        because=tuple(because[n : n + ID_LENGTH] for n in range(0, len(because), ID_LENGTH)),
        reason=row[16] or "",
        policy_version=row[17],
        engine_version=row[18],
    )
    return Logged(row[0], fact)


def name_words(name: str) -> set[str]:
    """The words of a name, folded: small letters without accents, so that a search forgives."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return {word for word in plain.replace("-", " ").split() if word}


class SqliteLog(Log):
    """One connection; the worker's writes, others read."""

    def __init__(self, path: Path, read_only: bool = False) -> None:
        self._db = connect(path, read_only)
        if not read_only:
            migrate(self._db, "log")
            self._find_words_of_before()
            self._find_links_of_before()

    def _find_words_of_before(self) -> None:
        """What customers wrote before there was a search for it can be found too, from now on."""
        if self._db.execute(SQL["meta"], (WORDS_FOUND,)).fetchone():
            return
        self.begin()
        for position, customer, part in self._db.execute(SQL["written_before"]).fetchall():
            words = words_of(written(decode_personal(part)))
            self._db.executemany(SQL["add_verbatim_word"], ((word, position, customer) for word in words))
        self._db.execute(SQL["set_meta"], (WORDS_FOUND, "1"))
        self._db.execute("COMMIT")

    def _find_links_of_before(self) -> None:
        """Links that were made before there was a table of them: between the two persons of then."""
        if self._db.execute(SQL["meta"], (LINKS_FOUND,)).fetchone():
            return
        self.begin()
        for position, customer, occurred_at, version, body in self._db.execute(SQL["linked_before"]).fetchall():
            linked = decode_body("customers_linked", version, body)
            assert isinstance(linked, CustomersLinked)
            low, high = sorted((customer, linked.other))
            link = Link(low, high, "made", linked.by, occurred_at, position)
            self._db.execute(SQL["put_link"], structs.astuple(link))
        self._db.execute(SQL["set_meta"], (LINKS_FOUND, "1"))
        self._db.execute("COMMIT")

    @property
    def connection(self) -> sqlite3.Connection:
        return self._db

    def close(self) -> None:
        self._db.close()

    def _meta(self, name: str) -> int:
        row = self._db.execute(SQL["meta"], (name,)).fetchone()
        return int(row[0]) if row else 0

    def consumed(self) -> int:
        return self._meta("consumed")

    def clock(self) -> int:
        return self._meta("clock")

    def counters(self) -> tuple[int, int]:
        return self._meta("next_customer") or 1, self._meta("next_surrogate") or 1

    def last_position(self) -> int:
        return int(self._db.execute(SQL["last_position"]).fetchone()[0])

    def identifier(self, key: bytes) -> int:
        row = self._db.execute(SQL["identifier"], (key,)).fetchone()
        return row[0] if row else 0

    def has_identifier(self, customer: int, kinds: Sequence[str]) -> bool:
        return any(kind in kinds for (kind,) in self._db.execute(SQL["identifier_kinds"], (customer,)))

    def subject(self, key: bytes) -> tuple[int, int] | None:
        found: tuple[int, int] | None = self._db.execute(SQL["subject"], (key,)).fetchone()
        return found

    def customer(self, customer: int) -> tuple[int, str]:
        person, kind = self._db.execute(SQL["customer"], (customer,)).fetchone()
        return person, kind

    def customers_of(self, person: int) -> list[int]:
        return [row[0] for row in self._db.execute(SQL["customers_of_person"], (person,))]

    def snapshot(self, person: int) -> Snapshot | None:
        row = self._db.execute(SQL["snapshot"], (person,)).fetchone()
        if row is None:
            return None
        version, position, wake, schema_hash, state = row
        return Snapshot(version, position, wake, _decode_state(state) if schema_hash == SCHEMA_HASH else None)

    def facts_of(self, customers: Sequence[int]) -> list[Logged]:
        found = [logged_of_row(row) for customer in customers for row in self._db.execute(SQL["facts_of_customer"], (customer,))]
        return sorted(found, key=lambda logged: logged.position) if len(customers) > 1 else found

    def facts_from(self, after: int, limit: int) -> Iterator[Logged]:
        """Facts after a position, in log order."""
        return map(logged_of_row, self._db.execute(SQL["facts_from"], (after, limit)))

    def facts_between(self, customers: Sequence[int], after: int, until: int) -> list[Logged]:
        rows = (row for customer in customers for row in self._db.execute(SQL["facts_between"], (customer, after, until)))
        return sorted(map(logged_of_row, rows), key=lambda logged: logged.position)

    def facts_after(self, customer: int, after: int, until: int, limit: int, types: Collection[str]) -> list[Logged]:
        asked = {"customer": customer, "after": after, "until": until, "limit": limit, "types": _list(types)}
        return [logged_of_row(row) for row in self._db.execute(SQL["facts_after"], asked)]

    def tally(self, customer: int, after: int, until: int, types: Collection[str]) -> tuple[int, int]:
        asked = {"customer": customer, "after": after, "until": until, "types": _list(types)}
        found: tuple[int, int] = self._db.execute(SQL["tally"], asked).fetchone()
        return found

    def clusters(self) -> Iterator[tuple[int, list[int]]]:
        customers = (row[0] for row in self._db.execute(SQL["customers"]))
        return clusters(customers, self._db.execute(SQL["ever_linked"]))

    def links_of(self, customers: Sequence[int]) -> list[Link]:
        rows = {row[:2]: row for customer in customers for row in self._db.execute(SQL["links_of_customer"], {"customer": customer})}
        return [Link(*rows[pair]) for pair in sorted(rows)]

    def device(self, key: bytes) -> Device | None:
        row = self._db.execute(SQL["device"], (key,)).fetchone()
        return Device(row[0], row[1], bool(row[2]), bool(row[3]), row[4]) if row else None

    def regroupings(self) -> list[Regrouping]:
        return [_regrouping_of_row(*row) for row in self._db.execute(SQL["regroupings"])]

    def persons(self) -> Iterator[tuple[int, list[int]]]:
        rows = self._db.execute(SQL["customers"]).fetchall()
        for person, group in groupby(rows, key=lambda row: row[1]):
            yield person, [row[0] for row in group]

    def promises_of(self, customers: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        """The customers' promises as pages see them."""
        rows = (row for customer in customers for row in self._db.execute(SQL["promises_of_customer"], (customer,)))
        return {row[0]: (STATUS_NAMES.index(row[1]), *row[2:]) for row in rows}

    def tasks_of(self, customers: Sequence[int]) -> dict[int, Task]:
        rows = (row for customer in customers for row in self._db.execute(SQL["tasks_of_customer"], (customer,)))
        return {row[0]: Task(*row[1:]) for row in rows}

    def requests_of(self, customers: Sequence[int]) -> dict[int, Request]:
        rows = (row for customer in customers for row in self._db.execute(SQL["requests_of_customer"], (customer,)))
        return {row[0]: Request(*row[1:]) for row in rows}

    def restricted_at(self, customers: Sequence[int]) -> int:
        rows = (row for customer in customers for row in self._db.execute(SQL["restriction"], (customer,)))
        return min((row[0] for row in rows), default=0)

    def owner_of(self, number: int) -> int:
        row = self._db.execute(SQL["owner_of"], {"number": number}).fetchone()
        return row[0] if row else 0

    def facts_by_others(self, engine_version: int) -> int:
        row = self._db.execute(SQL["facts_by_others"], (engine_version,)).fetchone()
        return row[0] if row else 0

    def waiting_for(self, kind: str, subject_kind: str, subject: int) -> list[int]:
        return [row[0] for row in self._db.execute(SQL["waiting_for"], (subject_kind, subject, kind))]

    def due_wakes(self, since: int, before: int, limit: int) -> list[tuple[int, int]]:
        return list(self._db.execute(SQL["due_wakes"], (since, before, limit)))

    def next_wake(self) -> int | None:
        soonest: tuple[int | None] = self._db.execute(SQL["next_wake"]).fetchone()
        return soonest[0]

    def policies(self) -> list[tuple[int, str, str]]:
        return list(self._db.execute(SQL["policies"]))

    def traces_of(self, customers: Sequence[int]) -> erasing.Traces:
        return erasing.traces_of(self._db, customers)

    def quarantined(self) -> Iterable[tuple[int, bytes, bytes, str]]:
        return erasing.quarantined(self._db)

    def asked_to_erase(self) -> tuple[Logged, int] | None:
        row = self._db.execute(erasing.SQL["next_request"]).fetchone()
        return (logged_of_row(row), row[-1]) if row else None

    def is_erased(self, customer: int) -> bool:
        return erasing.is_erased(self._db, customer)

    def begin(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def abandon(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def commit(self, batch: Batch) -> None:
        if not self._db.in_transaction:
            self.begin()
        try:
            self._store(batch)
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def _store(self, batch: Batch) -> None:
        db = self._db
        self._store_snapshots(batch)
        db.executemany(SQL["add_fact"], map(fact_row, batch.facts))
        db.executemany(SQL["add_personal"], ((one.fact.customer, one.position, encode_personal(one.personal)) for one in batch.facts if one.personal))
        db.executemany(SQL["add_customer"], ((number, number, kind) for number, kind in batch.customers.items()))
        db.executemany(SQL["move_customer"], ((person, number) for number, person in batch.persons.items()))
        db.executemany(SQL["add_identifier"], ((key, kind, number) for key, (kind, number) in batch.identifiers.items()))
        db.executemany(SQL["add_subject"], ((key, kind, number, owner) for key, (kind, number, owner) in batch.subjects.items()))
        db.executemany(SQL["put_promise"], map(_promise_row, batch.promises.items()))
        db.executemany(SQL["put_task"], ((n, customer, *structs.astuple(task)[:-1], position) for n, (customer, task, position) in batch.tasks.items()))
        self._store_details(batch)
        db.executemany(SQL["put_request"], ((n, customer, *structs.astuple(one), position) for n, (customer, one, position) in batch.requests.items()))
        db.executemany(SQL["put_restriction"], ((customer, at) for customer, at in batch.restrictions.items() if at))
        db.executemany(SQL["drop_restriction"], ((customer,) for customer, at in batch.restrictions.items() if not at))
        db.executemany(SQL["add_verbatim_word"], words_in(batch.facts))
        db.executemany(
            SQL["add_refusal"],
            ((r.entry.entry, r.entry.source, r.entry.fact_id, r.entry.received_at, r.path, r.value, r.rule, r.entry.wire) for r in batch.refusals),
        )
        self._store_kinship(batch)
        if batch.policy:
            db.execute(SQL["add_policy"], batch.policy)
        db.executemany(erasing.SQL["add_request"], ((one.position, one.customer, one.at) for one in batch.asked))
        for one in batch.erasures:
            erasing.erase(db, one)
        for name in ("consumed", "clock", "next_customer", "next_surrogate"):
            db.execute(SQL["set_meta"], (name, str(getattr(batch, name))))

    def _store_kinship(self, batch: Batch) -> None:
        self._db.executemany(SQL["put_link"], map(structs.astuple, batch.links.values()))
        self._db.executemany(SQL["put_device"], ((key, *structs.astuple(device)) for key, device in batch.devices.items()))
        rows = ((*structs.astuple(one)[:8], MODES.index(one.mode), one.source) for one in batch.regroupings)
        self._db.executemany(SQL["add_regrouping"], rows)
        self._db.executemany(SQL["drop_regrouping"], ((number,) for number in batch.regrouped))

    def _store_snapshots(self, batch: Batch) -> None:
        added, moved = [], []
        for person, (version, position, state, wake) in batch.snapshots.items():
            values = (position, SCHEMA_HASH, state.now, wake, encode(state))
            if version:
                moved.append((*values, person, version))
            else:
                added.append((person, *values))
        stored = self._db.executemany(SQL["add_snapshot"], added).rowcount if added else 0
        stored += self._db.executemany(SQL["move_snapshot"], moved).rowcount if moved else 0
        gone = [(person, version) for person, version in batch.gone.items() if version]
        stored += self._db.executemany(SQL["drop_snapshot"], gone).rowcount if gone else 0
        if stored != len(added) + len(moved) + len(gone):
            raise VersionConflict("a snapshot has been moved on by another worker")

    def _store_cards(self, cards: Sequence[Card]) -> None:
        self._db.executemany(SQL["put_card"], ((c.customer, c.name, c.email, c.phone, c.city, c.region, c.locale, c.seen_at, c.seen_at) for c in cards))
        self._db.executemany(SQL["add_name_word"], ((word, c.customer) for c in cards if c.name for word in name_words(c.name)))

    def _store_details(self, batch: Batch) -> None:
        """What was told and what was corrected, in the order in which it came."""
        stored = 0
        for correction in batch.corrections:
            self._store_cards(batch.cards[stored : correction.after])
            self._correct(correction)
            stored = correction.after
        self._store_cards(batch.cards[stored:])

    def _correct(self, correction: Correction) -> None:
        """The first of the customers is known by the corrected details, and no other by what they were."""
        for n, customer in enumerate(correction.customers):
            row = self._db.execute(SQL["card"], (customer,)).fetchone()
            if row is None and n:
                continue
            known = dict(zip(CARD_FIELDS, row or [""] * len(CARD_FIELDS), strict=False))
            card = known | (dict(correction.values) if not n else dict.fromkeys(correction.values, ""))
            self._db.execute(SQL["correct_card"], (customer, *card.values(), row[-1] if row else correction.at, correction.at))
            self._db.execute(SQL["drop_name_words"], (customer,))
            self._db.executemany(SQL["add_name_word"], ((word, customer) for word in name_words(card["name"])))


def _list(words: Iterable[str]) -> str:
    return msgspec.json.encode(sorted(words)).decode()


def _regrouping_of_row(number: int, is_parting: int, one: int, two: int, by: str, staff: int, cause: bytes, at: int, mode: int, source: int) -> Regrouping:
    return Regrouping(number, bool(is_parting), one, two, by, staff, cause, at, MODES[mode], source)


def _promise_row(entry: tuple[int, tuple[int, Any, int]]) -> tuple[Any, ...]:
    number, (customer, promise, position) = entry
    return (
        number,
        customer,
        promise.kind,
        STATUS_NAMES[promise.status],
        promise.subject_kind,
        promise.subject,
        promise.order,
        promise.owner,
        promise.made_at,
        promise.first_from,
        promise.first_until,
        promise.from_at,
        promise.until_at,
        promise.risk_at,
        promise.lapse_at,
        int(promise.attended),
        promise.met_at,
        promise.ended_at,
        promise.follows,
        position,
    )
