"""The log in a database."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any

import msgspec
from msgspec import structs

from omtanke.engine.capacity import Calendar
from omtanke.engine.promises.ledger import STATUS_NAMES
from omtanke.engine.rights import Request
from omtanke.engine.state import SCHEMA_HASH, State
from omtanke.engine.tasks import Task
from omtanke.storage import aside, condensing, erasing, play_rows
from omtanke.storage.aside import Held, SetAside
from omtanke.storage.capacity import calendar_of
from omtanke.storage.clusters import clusters
from omtanke.storage.codec import decode_body, decode_personal, encode, encode_personal
from omtanke.storage.condensing import Retained
from omtanke.storage.database import Database, Rows, writing
from omtanke.storage.play_rows import PlayRows, rows_of
from omtanke.storage.ports import Batch, Card, Correction, Device, Link, Log, Logged, Regrouping, Snapshot, VersionConflict
from omtanke.storage.statements import statements
from omtanke.storage.verbatims import words_in, words_of, written
from omtanke.vocabulary.fact import Fact, Kind, Mode
from omtanke.vocabulary.identity import CustomersLinked

SQL = statements("log/statements.sql")
KINDS = (Kind.INPUT, Kind.DECIDED)
MODES = (Mode.LIVE, Mode.HISTORY)
# Looked up once, not for every fact.
DECIDED, HISTORY = Kind.DECIDED, Mode.HISTORY
ID_LENGTH = 16
WORDS_FOUND, LINKS_FOUND, PLAYS_FOUND = "words_found", "links_found", "plays_found"
FACTS_AT_ONCE = 5_000
RETAINED = ("retained_at", "retained_policy", "retained_kept_back", "retained_facts", "retained_texts", "retained_customers", "retained_untidy")
CARD_FIELDS = ("name", "email", "phone", "city", "region", "locale")

_decode_state = msgspec.msgpack.Decoder(State).decode


def fact_row(logged: Logged) -> tuple[Any, ...]:
    """A fact as a row of the table `fact`."""
    fact = logged.fact
    return (
        logged.position,
        fact.fact_id,
        1 if fact.kind is DECIDED else 0,
        1 if fact.mode is HISTORY else 0,
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
        b"".join(fact.because) if fact.because else None,
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


class SqlLog(Log):
    """One connection; the worker's writes, others read."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._bearings: dict[str, str] | None = None

    def catch_up(self) -> None:
        """What later versions find by tables of their own is put there for what was told to earlier ones."""
        self._find_words_of_before()
        self._find_links_of_before()
        self._find_plays_of_before()

    def _find_words_of_before(self) -> None:
        """What customers wrote before there was a search for it can be found too, from now on."""
        if self._db.execute(SQL["meta"], (WORDS_FOUND,)).fetchone():
            return
        with writing(self._db):
            for position, customer, part in self._db.execute(SQL["written_before"]).fetchall():
                words = words_of(written(decode_personal(part)))
                self._db.put(SQL["add_verbatim_word"], ((word, position, customer) for word in words))
            self._db.execute(SQL["set_meta"], (WORDS_FOUND, "1"))

    def _find_links_of_before(self) -> None:
        """Links that were made before there was a table of them: between the two persons of then."""
        if self._db.execute(SQL["meta"], (LINKS_FOUND,)).fetchone():
            return
        with writing(self._db):
            for position, customer, occurred_at, version, body in self._db.execute(SQL["linked_before"]).fetchall():
                linked = decode_body("customers_linked", version, body)
                assert isinstance(linked, CustomersLinked)
                low, high = sorted((customer, linked.other))
                link = Link(low, high, "made", linked.by, occurred_at, position)
                self._db.execute(SQL["put_link"], structs.astuple(link))
            self._db.execute(SQL["set_meta"], (LINKS_FOUND, "1"))

    def _find_plays_of_before(self) -> None:
        """Who was in which play, and what became of messages, before there were rows of it."""
        if self._db.execute(SQL["meta"], (PLAYS_FOUND,)).fetchone():
            return
        with writing(self._db):
            asked = {"after": 0, "limit": FACTS_AT_ONCE, "types": _list(play_rows.SHOWN)}
            while found := [logged_of_row(row) for row in self._db.execute(play_rows.SQL["played_before"], asked)]:
                play_rows.store(self._db, rows_of(found))
                asked["after"] = found[-1].position
            self._db.execute(SQL["set_meta"], (PLAYS_FOUND, "1"))

    @property
    def connection(self) -> Database:
        return self._db

    def close(self) -> None:
        self._db.close()

    def _metas(self) -> dict[str, str]:
        """Every value of the store. Within a batch, while nobody else writes, as it was when it began."""
        return dict(self._db.execute(SQL["bearings"]).fetchall()) if self._bearings is None else self._bearings

    def _meta(self, name: str) -> int:
        if self._bearings is not None:
            return int(self._bearings.get(name, 0))
        row = self._db.execute(SQL["meta"], (name,)).fetchone()
        return int(row[0]) if row else 0

    def consumed(self) -> int:
        return self._meta("consumed")

    def clock(self) -> int:
        return self._meta("clock")

    def counters(self) -> tuple[int, int]:
        return self._meta("next_customer") or 1, self._meta("next_surrogate") or 1

    def last_position(self) -> int:
        return self._meta("last_position") if self._bearings else int(self._db.execute(SQL["last_position"]).fetchone()[0])

    def identifier(self, key: bytes) -> int:
        return self.identifiers((key,)).get(key, 0)

    def identifiers(self, keys: Collection[bytes]) -> dict[bytes, int]:
        return dict(self._db.find(SQL["identifier"], keys))

    def has_identifier(self, customer: int, kinds: Sequence[str]) -> bool:
        return any(kind in kinds for (kind,) in self._db.execute(SQL["identifier_kinds"], (customer,)))

    def subject(self, key: bytes) -> tuple[int, int] | None:
        return self.subjects((key,)).get(key)

    def subjects(self, keys: Collection[bytes]) -> dict[bytes, tuple[int, int]]:
        return {key: (surrogate, owner) for key, surrogate, owner in self._db.find(SQL["subject"], keys)}

    def customer(self, customer: int) -> tuple[int, str]:
        return self.customers((customer,))[customer]

    def customers(self, customers: Collection[int]) -> dict[int, tuple[int, str]]:
        return {customer: (person, kind) for customer, person, kind in self._db.find(SQL["customer"], customers)}

    def customers_of(self, person: int) -> list[int]:
        return [row[0] for row in self._db.execute(SQL["customers_of_person"], (person,))]

    def snapshot(self, person: int) -> Snapshot | None:
        return next((_snapshot_of_row(*row) for row in self._db.find(SQL["snapshot"], (person,))), None)

    def snapshots(self, persons: Collection[int]) -> dict[int, Snapshot]:
        found = {}
        for row in self._db.find(SQL["snapshot"], persons):
            with suppress(msgspec.DecodeError):  # whoever asks for the one is told
                found[row[0]] = _snapshot_of_row(*row)
        return found

    def facts_of(self, customers: Sequence[int]) -> list[Logged]:
        found = [logged_of_row(row) for row in self._db.find(SQL["facts_of_customer"], customers)]
        return sorted(found, key=lambda logged: logged.position) if len(customers) > 1 else found

    def facts_from(self, after: int, limit: int) -> Iterator[Logged]:
        """Facts after a position, in log order."""
        return map(logged_of_row, self._db.execute(SQL["facts_from"], (after, limit)))

    def rows_from(self, after: int, limit: int) -> list[tuple[Any, ...]]:
        """The same as rows of the table `fact`."""
        return list(self._db.execute(SQL["facts_from"], (after, limit)))

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
        rows = {row[:2]: row for row in self._db.find(SQL["links_of_customer"], customers)}
        return [Link(*rows[pair]) for pair in sorted(rows)]

    def device(self, key: bytes) -> Device | None:
        return self.devices((key,)).get(key)

    def devices(self, keys: Collection[bytes]) -> dict[bytes, Device]:
        return {row[0]: Device(row[1], row[2], bool(row[3]), bool(row[4]), row[5]) for row in self._db.find(SQL["device"], keys)}

    def devices_of(self, customers: Sequence[int]) -> set[bytes]:
        return {key for customer in customers for (key,) in self._db.execute(SQL["devices_of"], (customer, customer))}

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

    def play_rows_of(self, customers: Sequence[int]) -> PlayRows:
        return play_rows.kept(self._db, customers)

    def owner_of(self, number: int) -> int:
        row = self._db.execute(SQL["owner_of"], {"number": number}).fetchone()
        return row[0] if row else 0

    def facts_by_others(self, engine_version: int) -> int:
        row = self._db.execute(SQL["facts_by_others"], (engine_version,)).fetchone()
        return row[0] if row else 0

    def waiting_for(self, kind: str, subject_kind: str, subject: int) -> list[int]:
        return [row[0] for row in self._db.execute(SQL["waiting_for"], (subject_kind, subject, kind))]

    def due_wakes(self, since: int, before: int, limit: int, passed: int = 0) -> list[tuple[int, int]]:
        return list(self._db.execute(SQL["due_wakes"], (since, passed, before, limit)))

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

    def set_aside(self) -> dict[int, SetAside]:
        return aside.set_aside(self._db)

    def held(self, person: int, limit: int) -> list[Held]:
        return [Held(number, whose, logged_of_row(row).fact, part) for number, whose, row, part in aside.held(self._db, person, limit)]

    def held_restock(self) -> list[int]:
        return aside.held_restock(self._db)

    def is_erased(self, customer: int) -> bool:
        return erasing.is_erased(self._db, customer)

    def oldest(self, after: int, limit: int) -> list[condensing.Oldest]:
        return condensing.oldest(self._db, after, limit)

    def old_texts(self, customer: int, before: int) -> list[tuple[int, int]]:
        return condensing.old_texts(self._db, customer, before)

    def capacity(self) -> Calendar:
        return calendar_of(self._db.execute)

    def retained(self) -> Retained:
        known = self._metas()
        return Retained(*(int(known.get(name, 0)) for name in RETAINED))

    def tidied(self) -> None:
        self._db.execute(SQL["set_meta"], ("retained_untidy", "0"))

    def begin(self) -> None:
        self._bearings = None
        self._db.begin()
        self._bearings = self._metas()

    def abandon(self) -> None:
        self._bearings = None
        if self._db.in_transaction:
            self._db.rollback()

    def commit(self, batch: Batch) -> None:
        try:
            if not self._db.in_transaction:
                self.begin()
            self._store(batch)
            self._db.commit()
            self._bearings = None
        except BaseException:
            self.abandon()
            raise

    def _store(self, batch: Batch) -> None:
        with self._db.together():
            self._store_rows(batch)
            expected, stored = self._store_snapshots(batch)
        if sum(rows.rowcount for rows in stored) != expected:
            raise VersionConflict("a snapshot has been moved on by another worker")

    def _store_rows(self, batch: Batch) -> None:
        """What may be copied comes first."""
        db = self._db
        db.put(SQL["add_fact"], map(fact_row, batch.facts))
        db.put(SQL["add_personal"], ((one.position, one.fact.customer, encode_personal(one.personal)) for one in batch.facts if one.personal is not None))
        db.put(SQL["add_identifier"], ((key, kind, number) for key, (kind, number) in batch.identifiers.items()))
        db.put(SQL["add_customer"], ((number, number, kind) for number, kind in batch.customers.items()))
        db.executemany(SQL["move_customer"], ((person, number) for number, person in batch.persons.items()))
        db.put(SQL["add_subject"], ((key, kind, number, owner) for key, (kind, number, owner) in batch.subjects.items()))
        db.put(SQL["put_promise"], map(_promise_row, batch.promises.items()))
        db.put(SQL["put_task"], ((n, customer, *structs.astuple(task)[:-1], position) for n, (customer, task, position) in batch.tasks.items()))
        play_rows.store(db, rows_of(batch.facts))
        self._store_details(batch)
        db.put(SQL["put_request"], ((n, customer, *structs.astuple(one), position) for n, (customer, one, position) in batch.requests.items()))
        db.put(SQL["put_restriction"], ((customer, at) for customer, at in batch.restrictions.items() if at))
        db.executemany(SQL["drop_restriction"], ((customer,) for customer, at in batch.restrictions.items() if not at))
        db.put(SQL["add_verbatim_word"], words_in(batch.facts))
        db.put(
            SQL["add_refusal"],
            ((r.entry.entry, r.entry.source, r.entry.fact_id, r.entry.received_at, r.path, r.value, r.rule, r.entry.wire) for r in batch.refusals),
        )
        self._store_kinship(batch)
        aside.store(db, batch.aside, ((one, fact_row(Logged(0, one.fact))) for one in batch.held), batch.let_go)
        if batch.policy:
            db.execute(SQL["add_policy"], batch.policy)
        db.executemany(erasing.SQL["add_request"], ((one.position, one.customer, one.at) for one in batch.asked))
        for one in batch.erasures:
            erasing.erase(db, one)
        self._let_go(batch)
        db.put(SQL["set_meta"], ((name, str(getattr(batch, name))) for name in ("consumed", "clock", "next_customer", "next_surrogate")))

    def _let_go(self, batch: Batch) -> None:
        """What leaves by the shop's rule."""
        for one in batch.condensed:
            condensing.condense(self._db, one)
            self._db.put(SQL["add_fact"], map(fact_row, one.facts))
        if batch.texts:
            condensing.drop_texts(self._db, tuple(batch.texts))
        if batch.quarantine_from:
            self._db.execute(condensing.SQL["drop_quarantined"], (batch.quarantine_from,))
        if batch.retained:
            self._db.executemany(SQL["set_meta"], zip(RETAINED, map(str, structs.astuple(batch.retained)), strict=True))

    def _store_kinship(self, batch: Batch) -> None:
        self._db.put(SQL["put_link"], map(structs.astuple, batch.links.values()))
        self._db.put(SQL["put_device"], ((key, *structs.astuple(device)) for key, device in batch.devices.items()))
        rows = ((*structs.astuple(one)[:8], MODES.index(one.mode), one.source) for one in batch.regroupings)
        self._db.put(SQL["add_regrouping"], rows)
        self._db.executemany(SQL["drop_regrouping"], ((number,) for number in batch.regrouped))

    def _store_snapshots(self, batch: Batch) -> tuple[int, list[Rows]]:
        """How many rows are to be written, and what was."""
        added, moved = [], []
        for person, (version, position, state, wake) in batch.snapshots.items():
            values = (position, SCHEMA_HASH, state.now, wake, encode(state))
            if version:
                moved.append((*values, person, version))
            else:
                added.append((person, *values))
        gone = [(person, version) for person, version in batch.gone.items() if version]
        stored = [self._db.put(SQL[name], rows) for name, rows in (("add_snapshot", added), ("move_snapshot", moved)) if rows]
        if gone:
            stored.append(self._db.executemany(SQL["drop_snapshot"], gone))
        return len(added) + len(moved) + len(gone), stored

    def _store_cards(self, cards: Sequence[Card]) -> None:
        self._db.executemany(SQL["put_card"], ((c.customer, c.name, c.email, c.phone, c.city, c.region, c.locale, c.seen_at, c.seen_at) for c in cards))
        self._db.put(SQL["add_name_word"], {(word, c.customer): None for c in cards if c.name for word in name_words(c.name)})

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


def _snapshot_of_row(_person: int, version: int, position: int, wake: int | None, schema_hash: bytes, state: bytes) -> Snapshot:
    return Snapshot(version, position, wake, _decode_state(state) if schema_hash == SCHEMA_HASH else None)


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
