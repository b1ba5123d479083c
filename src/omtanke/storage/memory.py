"""Stores in memory, for tests and dry runs. They pass the same contract tests as SQLite."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from msgspec.structs import replace

from omtanke.engine.capacity import Calendar
from omtanke.engine.promises.ledger import Promise
from omtanke.engine.rights import Request
from omtanke.engine.tasks import Task
from omtanke.storage.aside import Held, SetAside
from omtanke.storage.capacity import change_of
from omtanke.storage.clusters import clusters
from omtanke.storage.codec import encode
from omtanke.storage.condensing import Condensing, Oldest, Retained
from omtanke.storage.erasing import Asked, Erasing, Traces
from omtanke.storage.keys import Keys
from omtanke.storage.play_rows import PlayRows, rows_of
from omtanke.storage.ports import (
    Accepted,
    Batch,
    Card,
    Correction,
    Device,
    Inbox,
    InboxEntry,
    Incoming,
    Link,
    Log,
    Logged,
    Refusal,
    Regrouping,
    Snapshot,
    Source,
    SourceConflict,
    VersionConflict,
    Waiting,
)
from omtanke.vocabulary.fact import Kind, Mode
from omtanke.vocabulary.retention import STAYS
from omtanke.vocabulary.store import CapacityChanged


class MemoryInbox(Inbox):
    """An inbox that lives as long as the process."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._sources: dict[int, Source] = {}
        self._entries: dict[int, InboxEntry] = {}
        self._seen: set[bytes] = set()
        self._last_entry = 0
        self._last_received = 0
        self._known: dict[tuple[int, str], str] = {}
        self._waiting: dict[tuple[int, str, str], Waiting] = {}

    def source(self, name: str, mode: Mode, zone: str, currency: str) -> Source:
        for found in self._sources.values():
            if found.name == name:
                if (found.mode, found.zone, found.currency) != (mode, zone, currency):
                    raise SourceConflict(found, mode, zone, currency)
                return found
        number = len(self._sources) + 1
        self._sources[number] = Source(number, name, mode, zone, currency)
        return self._sources[number]

    def sources(self) -> Mapping[int, Source]:
        return dict(self._sources)

    def begin_telling(self, source: int, at: int) -> None:
        known = self._sources[source]
        began_at = known.began_at if known.is_telling else at
        self._sources[source] = replace(known, is_telling=True, has_ended=False, began_at=began_at)

    def rest(self, source: int, has_ended: bool) -> None:
        self._sources[source] = replace(self._sources[source], is_telling=False, has_ended=has_ended, told_to=self._last_entry)

    def append(self, source: int, messages: Sequence[Incoming], clock: int) -> Accepted:
        self._last_received = max(clock, self._last_received)
        new = 0
        for message in messages:
            fact_id = self._keys.fact_id(self._sources[source].name, message.message_id)
            if fact_id not in self._seen:
                self._seen.add(fact_id)
                self._last_entry += 1
                new += 1
                self._entries[self._last_entry] = InboxEntry(
                    self._last_entry, source, fact_id, self._last_received, message.stamped_at, message.wire, message.handed
                )
        return Accepted(new, len(messages) - new)

    def settle(self, moment: int) -> None:
        self._last_received = max(self._last_received, moment)

    def read(self, after: int, limit: int) -> list[InboxEntry]:
        return [self._entries[n] for n in sorted(self._entries) if n > after][:limit]

    def last_entry(self) -> int:
        return self._last_entry

    def listen(self) -> None:
        """Nothing comes by itself."""

    def trim(self, consumed: int) -> None:
        self._entries = {n: entry for n, entry in self._entries.items() if n > consumed}

    def tidy(self) -> None:
        """Nothing is kept."""

    # Imports

    def preview(self, source: int, messages: Sequence[Incoming]) -> Accepted:
        name = self._sources[source].name
        new = {fact_id for message in messages if (fact_id := self._keys.fact_id(name, message.message_id)) not in self._seen}
        return Accepted(len(new), len(messages) - len(new))

    def learn(self, source: int, known: Mapping[str, str]) -> None:
        for key, value in known.items():
            self._known.setdefault((source, key), value)

    def known(self, source: int, keys: Sequence[str]) -> dict[str, str]:
        return {key: self._known[source, key] for key in keys if (source, key) in self._known}

    def wait(self, source: int, rows: Sequence[Waiting]) -> None:
        self._waiting |= {(source, row.family, row.row): row for row in rows}

    def waiting(self, source: int) -> Iterable[Waiting]:
        return [self._waiting[key] for key in sorted(self._waiting) if key[0] == source]

    def release(self, source: int, rows: Sequence[tuple[str, str]]) -> None:
        for family, row in rows:
            self._waiting.pop((source, family, row), None)


class MemoryLog(Log):
    """A log that lives as long as the process."""

    def __init__(self) -> None:
        self._consumed = self._clock = 0
        self._counters = (1, 1)
        self.facts: list[Logged] = []
        self._snapshots: dict[int, Snapshot] = {}
        self._customers: dict[int, tuple[int, str]] = {}
        self._identifiers: dict[bytes, tuple[str, int]] = {}
        self._subjects: dict[bytes, tuple[int, int]] = {}
        self.promises: dict[int, tuple[int, Promise, int]] = {}
        self.tasks: dict[int, tuple[int, Task, int]] = {}
        self.cards: list[Card] = []
        self.requests: dict[int, tuple[int, Request, int]] = {}
        self.restrictions: dict[int, int] = {}
        self.corrections: list[Correction] = []
        self.refusals: list[Refusal] = []
        self._policies: list[tuple[int, str, str]] = []
        self._links: dict[tuple[int, int], Link] = {}
        self._devices: dict[bytes, Device] = {}
        self._regroupings: dict[int, Regrouping] = {}
        self.asked: list[Asked] = []
        self.erasures: list[Erasing] = []
        self._retained = Retained()
        self._aside: dict[int, SetAside] = {}
        self._held: list[Held] = []

    def consumed(self) -> int:
        return self._consumed

    def clock(self) -> int:
        return self._clock

    def last_position(self) -> int:
        return self.facts[-1].position if self.facts else 0

    def counters(self) -> tuple[int, int]:
        return self._counters

    def identifier(self, key: bytes) -> int:
        return self._identifiers.get(key, ("", 0))[1]

    def identifiers(self, keys: Collection[bytes]) -> dict[bytes, int]:
        return {key: self._identifiers[key][1] for key in keys if key in self._identifiers}

    def has_identifier(self, customer: int, kinds: Sequence[str]) -> bool:
        return any(owner == customer and kind in kinds for kind, owner in self._identifiers.values())

    def subject(self, key: bytes) -> tuple[int, int] | None:
        return self._subjects.get(key)

    def subjects(self, keys: Collection[bytes]) -> dict[bytes, tuple[int, int]]:
        return {key: self._subjects[key] for key in keys if key in self._subjects}

    def customer(self, customer: int) -> tuple[int, str]:
        return self._customers[customer]

    def customers(self, customers: Collection[int]) -> dict[int, tuple[int, str]]:
        return {customer: self._customers[customer] for customer in customers}

    def customers_of(self, person: int) -> list[int]:
        return sorted(number for number, (leads_to, _) in self._customers.items() if leads_to == person)

    def snapshot(self, person: int) -> Snapshot | None:
        return self._snapshots.get(person)

    def snapshots(self, persons: Collection[int]) -> dict[int, Snapshot]:
        return {person: self._snapshots[person] for person in persons if person in self._snapshots}

    def facts_of(self, customers: Sequence[int]) -> list[Logged]:
        wanted = set(customers)
        return [Logged(logged.position, logged.fact) for logged in self.facts if logged.fact.customer in wanted]

    def facts_between(self, customers: Sequence[int], after: int, until: int) -> list[Logged]:
        return [logged for logged in self.facts_of(customers) if after < logged.position <= until]

    def facts_after(self, customer: int, after: int, until: int, limit: int, types: Collection[str]) -> list[Logged]:
        return [one for one in self.facts_between([customer], after, until) if one.fact.type in types][:limit]

    def tally(self, customer: int, after: int, until: int, types: Collection[str]) -> tuple[int, int]:
        others = [one.fact.now for one in self.facts_between([customer], after, until) if one.fact.type not in types]
        return len(others), max(others, default=0)

    def clusters(self) -> Iterator[tuple[int, list[int]]]:
        return clusters(self._customers, ((link.one, link.two) for link in self._links.values() if link.linked_position))

    def links_of(self, customers: Sequence[int]) -> list[Link]:
        return [link for pair, link in sorted(self._links.items()) if not {*pair}.isdisjoint(customers)]

    def device(self, key: bytes) -> Device | None:
        return self._devices.get(key)

    def devices(self, keys: Collection[bytes]) -> dict[bytes, Device]:
        return {key: self._devices[key] for key in keys if key in self._devices}

    def devices_of(self, customers: Sequence[int]) -> set[bytes]:
        return {key for key, known in self._devices.items() if not {known.account, known.customer}.isdisjoint(customers)}

    def regroupings(self) -> list[Regrouping]:
        return [self._regroupings[number] for number in sorted(self._regroupings)]

    def persons(self) -> Iterator[tuple[int, list[int]]]:
        leading = sorted((person, customer) for customer, (person, _) in self._customers.items())
        for person, group in groupby(leading, key=lambda entry: entry[0]):
            yield person, [customer for _, customer in group]

    def promises_of(self, customers: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        return {number: promise.seen() for number, (customer, promise, _) in sorted(self.promises.items()) if customer in customers}

    def tasks_of(self, customers: Sequence[int]) -> dict[int, Task]:
        return {number: task for number, (customer, task, _) in sorted(self.tasks.items()) if customer in customers}

    def requests_of(self, customers: Sequence[int]) -> dict[int, Request]:
        return {number: request for number, (customer, request, _) in sorted(self.requests.items()) if customer in customers}

    def restricted_at(self, customers: Sequence[int]) -> int:
        return min((at for customer in customers if (at := self.restrictions.get(customer, 0))), default=0)

    def play_rows_of(self, customers: Sequence[int]) -> PlayRows:
        rows = rows_of(self.facts)
        return PlayRows(
            {number: one for number, one in rows.runs.items() if one.customer in customers},
            {number: one for number, one in rows.messages.items() if one.customer in customers},
        )

    def owner_of(self, number: int) -> int:
        return (self.promises.get(number) or self.tasks.get(number) or (0,))[0]

    def facts_by_others(self, engine_version: int) -> int:
        others = (one.position for one in self.facts if one.fact.kind is Kind.DECIDED and one.fact.engine_version != engine_version)
        return max(others, default=0)

    def waiting_for(self, kind: str, subject_kind: str, subject: int) -> list[int]:
        found = {
            customer
            for customer, promise, _ in self.promises.values()
            if (promise.kind, promise.subject_kind, promise.subject) == (kind, subject_kind, subject) and promise.is_unmet
        }
        return sorted(found)

    def due_wakes(self, since: int, before: int, limit: int, passed: int = 0) -> list[tuple[int, int]]:
        asked = ((one.next_wake, person) for person, one in self._snapshots.items() if one.next_wake is not None)
        due = [(wake, person) for wake, person in asked if (since, passed) < (wake, person) and wake < before]
        return sorted(due)[:limit]

    def next_wake(self) -> int | None:
        return min((one.next_wake for one in self._snapshots.values() if one.next_wake is not None), default=None)

    def policies(self) -> list[tuple[int, str, str]]:
        return list(self._policies)

    def begin(self) -> None:
        """Nothing else writes here."""

    def abandon(self) -> None:
        """Nothing was begun."""

    def commit(self, batch: Batch) -> None:
        expected = {person: version for person, (version, *_) in batch.snapshots.items()} | batch.gone
        stored = {person: known.version for person in expected if (known := self._snapshots.get(person))}
        if any(stored.get(person, 0) != version for person, version in expected.items()):
            raise VersionConflict("a snapshot has been moved on by another worker")
        for person in batch.gone:
            self._snapshots.pop(person, None)
        for person, (version, position, state, wake) in batch.snapshots.items():
            self._snapshots[person] = Snapshot(version + 1, position, wake, state)
        self.facts += [Logged(one.position, replace(one.fact, position=one.position), one.personal) for one in batch.facts]
        for number, kind in batch.customers.items():
            self._customers[number] = (self._customers.get(number, (number, kind))[0], kind)
        for number, person in batch.persons.items():
            self._customers[number] = (person, self._customers[number][1])
        self._identifiers |= batch.identifiers
        self._subjects |= {key: (number, owner) for key, (_, number, owner) in batch.subjects.items()}
        for number, (customer, promise, position) in batch.promises.items():
            self.promises[number] = (self.promises.get(number, (customer,))[0], promise, position)
        for number, (customer, task, position) in batch.tasks.items():
            self.tasks[number] = (self.tasks.get(number, (customer,))[0], task, position)
        self.cards += batch.cards
        for number, (customer, request, position) in batch.requests.items():
            self.requests[number] = (self.requests.get(number, (customer,))[0], request, position)
        self.restrictions |= batch.restrictions
        self.corrections += batch.corrections
        self.refusals += batch.refusals
        self._links |= batch.links
        self._devices |= batch.devices
        self._regroupings |= {one.regrouping: one for one in batch.regroupings}
        for number in batch.regrouped:
            self._regroupings.pop(number, None)
        self.asked += batch.asked
        for one in batch.erasures:
            self._erase(one)
        for condensed in batch.condensed:
            self._condense(condensed)
        self._drop_texts(batch.texts)
        self.refusals = [refusal for refusal in self.refusals if refusal.entry.received_at >= batch.quarantine_from]
        self._retained = batch.retained or self._retained
        self._aside = {person: one for person, one in (self._aside | batch.aside).items() if one is not None}
        first = max((one.held for one in self._held), default=0) + 1
        self._held = [one for one in self._held if one.held not in batch.let_go]
        self._held += [replace(one, held=first + n) for n, one in enumerate(batch.held)]
        if batch.policy:
            self._policies.append(batch.policy[:3])
        self._consumed, self._clock = batch.consumed, batch.clock
        self._counters = (batch.next_customer, batch.next_surrogate)

    def traces_of(self, customers: Sequence[int]) -> Traces:
        mine = [one for one in self.facts if one.fact.customer in customers]
        told = [one.fact for one in mine if one.fact.kind is Kind.INPUT]
        return Traces(
            parts=tuple(one.personal for one in mine if one.personal),
            facts=frozenset(one.fact.fact_id for one in mine),
            bodies=tuple((encode(fact.body), fact.touchpoint) for fact in told),
            identifiers=tuple(key for key, (_, owner) in self._identifiers.items() if owner in customers),
            numbers=tuple(key for key, (_, owner) in self._subjects.items() if owner in customers),
            firsts={one.fact.customer: one.fact.fact_id for one in reversed(mine)},
        )

    def quarantined(self) -> Iterable[tuple[int, bytes, bytes, str]]:
        return [(one.entry.entry, one.entry.fact_id, one.entry.wire, one.value) for one in self.refusals]

    def asked_to_erase(self) -> tuple[Logged, int] | None:
        waiting = {one.position for one in self.asked} - {one.erasure for one in self.erasures}
        found = [one for one in self.facts if one.position in waiting and self._customers[one.fact.customer][0] not in self._aside]
        return (found[0], self.facts[-1].fact.received_at) if found else None

    def set_aside(self) -> dict[int, SetAside]:
        return dict(self._aside)

    def held(self, person: int, limit: int) -> list[Held]:
        return [one for one in self._held if one.person == person][:limit]

    def held_restock(self) -> list[int]:
        return sorted({one.person for one in self._held if one.promises_restock})

    def is_erased(self, customer: int) -> bool:
        return any(customer in one.customers for one in self.erasures)

    def _erase(self, one: Erasing) -> None:
        self.facts = [Logged(logged.position, logged.fact) if logged.fact.customer in one.customers else logged for logged in self.facts]
        self._identifiers = {key: known for key, known in self._identifiers.items() if known[1] not in one.customers}
        self._devices = {key: known for key, known in self._devices.items() if {known.account, known.customer}.isdisjoint(one.customers)}
        self._subjects = {key: known for key, known in self._subjects.items() if known[1] not in one.customers and not (key in one.numbers and not known[1])}
        self.cards = [card for card in self.cards if card.customer not in one.customers]
        self.refusals = [refusal for refusal in self.refusals if refusal.entry.entry not in one.quarantined]
        self.erasures.append(one)

    def oldest(self, after: int, limit: int) -> list[Oldest]:
        customers = [number for number, (_, kind) in sorted(self._customers.items()) if number > after and kind != "subject"][:limit]
        return [Oldest(one, self._oldest_of(one, False), self._oldest_of(one, True), self._heard_at(one)) for one in customers]

    def _oldest_of(self, customer: int, is_text: bool) -> int | None:
        mine = (one for one in self.facts if one.fact.customer == customer and one.fact.type not in STAYS)
        return next((one.fact.now for one in mine if (one.personal if is_text else one.fact.type != "history_condensed")), None)

    def _heard_at(self, customer: int) -> int | None:
        known = self._snapshots.get(customer)
        return None if known is None or known.state is None or self.is_erased(customer) else known.state.now

    def old_texts(self, customer: int, before: int) -> list[tuple[int, int]]:
        mine = (one for one in self.facts if one.fact.customer == customer and one.personal and one.fact.type not in STAYS)
        return [(customer, one.position) for one in mine if one.fact.now < before]

    def capacity(self) -> Calendar:
        told = ((one.fact.body, one) for one in self.facts)
        return tuple(change_of(body, one.position, one.fact.occurred_at, one.personal or {}) for body, one in told if isinstance(body, CapacityChanged))

    def retained(self) -> Retained:
        return self._retained

    def tidied(self) -> None:
        self._retained = replace(self._retained, untidy=0)

    def _condense(self, one: Condensing) -> None:
        going = {position for _, position in one.going}
        instead = [Logged(fact.position, replace(fact.fact, position=fact.position)) for fact in one.facts]
        self.facts = sorted([*(fact for fact in self.facts if fact.position not in going), *instead], key=lambda fact: fact.position)
        for kept, numbers in ((self.promises, one.promises), (self.tasks, one.tasks), (self.requests, one.requests)):
            for number in numbers:
                del kept[number]

    def _drop_texts(self, places: Sequence[tuple[int, int]]) -> None:
        positions = {position for _, position in places}
        if positions:
            self.facts = [Logged(one.position, one.fact) if one.position in positions else one for one in self.facts]
