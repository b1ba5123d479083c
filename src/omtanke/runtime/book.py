"""The book that a batch is written into: the persons it touches, what is recorded of them, and what waits to be stored."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.engine.policy import Policy
from omtanke.engine.state import NOBODY, State
from omtanke.engine.step import Decision, fold, fold_whole, needs_history, step
from omtanke.runtime.clock import is_live
from omtanke.runtime.people import People
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Batch, Log, Logged, Source
from omtanke.vocabulary.fact import Fact, Mode
from omtanke.vocabulary.identity import CustomersLinked, CustomersUnlinked
from omtanke.vocabulary.rights import ProcessingRestricted, RestrictionLifted
from omtanke.vocabulary.running import WakeReached

MOST_STATES = 12_000
# What may change whether somebody is left alone.
RESTRICTING = (ProcessingRestricted, RestrictionLifted, CustomersLinked, CustomersUnlinked)


class Working(Struct):
    """A person's state while it is worked on. `version` guards the stored snapshot; 0: none is stored."""

    version: int
    position: int
    state: State
    next_wake: int | None


class Book:
    """One batch after another: states as they move on, facts in the order in which they will stand in the log.

    `received_at`: when what is being recorded was received; `told_until`: how far imports have told of the past.
    """

    def __init__(self, log: Log, keys: Keys, policy: Policy) -> None:
        self.log = log
        self.policy = policy
        self.people = People(log, keys)
        self.sources: dict[int, Source] = {}
        self.position = log.last_position()
        self.received_at = 0
        self.told_until = 0
        self._states: OrderedDict[int, Working] = OrderedDict()

    def begin(self, consumed: int, sources: dict[int, Source]) -> None:
        """A new batch."""
        self.people.begin()
        self.sources = sources
        self.batch = Batch(consumed=consumed, clock=self.log.clock())
        self.changed: set[int] = set()
        self._gone: dict[int, int] = {}

    def commit(self) -> None:
        """Store all that was written, in one transaction. Raises VersionConflict."""
        batch, people = self.batch, self.people
        batch.customers, batch.persons = people.new_customers, people.new_persons
        batch.identifiers, batch.subjects = people.new_identifiers, people.new_subjects
        batch.links, batch.devices = people.new_links, people.new_devices
        batch.next_customer, batch.next_surrogate = people.next_customer, people.next_surrogate
        batch.gone = self._gone
        changed = {person: self._states[person] for person in self.changed if person in self._states}
        batch.snapshots = {person: (one.version, one.position, one.state, one.next_wake) for person, one in changed.items()}
        self.log.commit(batch)
        for one in changed.values():
            one.version += 1
        while len(self._states) > MOST_STATES:
            self._states.popitem(last=False)

    # States

    def working(self, person: int) -> Working:
        """The person's state, to be moved on."""
        working = self._states.get(person)
        if working is None:
            working = self._states[person] = self._load(person)
        else:
            self._states.move_to_end(person)
        return working

    def at_hand(self, person: int) -> Working | None:
        """The person's state, when it has been loaded."""
        return self._states.get(person)

    def _load(self, person: int) -> Working:
        stored = None if self.people.is_new(person) else self.log.snapshot(person)
        if stored is None:
            return Working(0, 0, NOBODY, None)
        state = stored.state
        if state is None:
            state = fold(logged.fact for logged in self.facts_of(self.people.customers_of(person)))
        return Working(stored.version, stored.position, state, stored.next_wake)

    def facts_of(self, customers: Collection[int]) -> list[Logged]:
        """Every fact of the customers so far, those of the batch under way included."""
        return [*self.log.facts_of(sorted(customers)), *self.new_facts_of(customers)]

    def new_facts_of(self, customers: Collection[int]) -> list[Logged]:
        """The customers' facts of the batch under way."""
        return [one for one in self.batch.facts if one.fact.customer in customers]

    def let_go(self, person: int) -> None:
        """The person is part of another from now on."""
        self._gone[person] = self._states.pop(person).version
        self.changed.discard(person)

    def set_up(self, person: int, state: State) -> Working:
        """A person of whom there was no state: parted from another."""
        working = self._states[person] = Working(self._gone.pop(person, 0), 0, state, None)
        return working

    # Facts

    def advance(self, fact: Fact, personal: dict[str, Any]) -> None:
        """Wake the person for what was due before, then step over the fact."""
        person = self.people.person_of(fact.customer)
        working = self.working(person)
        self.wake(person, working, fact.now)
        if fact.now < working.state.now:
            fact = msgspec.structs.replace(fact, now=working.state.now)
        if needs_history(working.state, fact):
            working.state = fold_whole(logged.fact for logged in self.facts_of(self.people.customers_of(person)))
        self.record(working, fact, step(working.state, fact, self.policy), personal)

    def record(self, working: Working, fact: Fact, decision: Decision, personal: dict[str, Any]) -> None:
        """Write a fact down, what was decided on it, and the state that they lead to."""
        self._append(fact, personal)
        for decided in decision.facts:
            self._append(decided, None)
        self._show(fact, decision)
        self._show_rights(fact, decision)
        working.state, working.next_wake = decision.state, decision.next_wake
        working.position = self.position
        self.changed.add(self.people.person_of(fact.customer))

    def _show(self, fact: Fact, decision: Decision) -> None:
        """What pages are shown of promises and tasks that the decision has touched."""
        ledger, tasks = decision.state.promises.promises, decision.state.tasks.tasks
        for decided in decision.facts:
            number = getattr(decided.body, "promise", 0)
            if number in ledger:
                self.batch.promises[number] = (ledger[number].customer or decided.customer, ledger[number], self.position)
        for one in (fact, *decision.facts) if tasks else ():
            number = getattr(one.body, "task", 0)
            if number in tasks:
                self.batch.tasks[number] = (tasks[number].customer or one.customer, tasks[number], self.position)

    def _show_rights(self, fact: Fact, decision: Decision) -> None:
        """What pages are shown of requests and restrictions that the decision has touched."""
        rights = decision.state.rights
        for one in (fact, *decision.facts) if rights.requests else ():
            number = getattr(one.body, "promise", 0)
            if number in rights.requests:
                kept = self.batch.requests.get(number)
                self.batch.requests[number] = (kept[0] if kept else one.customer, rights.requests[number], self.position)
        if isinstance(fact.body, RESTRICTING):
            person = self.people.person_of(fact.customer)
            self.batch.restrictions |= dict.fromkeys(self.people.customers_of(person), 0) | {person: rights.restricted_at}

    def _append(self, fact: Fact, personal: dict[str, Any] | None) -> None:
        self.position += 1
        self.batch.facts.append(Logged(self.position, fact, personal))

    def owner_of(self, number: int) -> int:
        """The customer of the promise or task that has the number; 0 when there is none."""
        new = self.batch.promises.get(number) or self.batch.tasks.get(number)
        return new[0] if new else self.log.owner_of(number)

    # Wakes

    def wake(self, person: int, working: Working, before: int) -> int:
        """Let the person's wakes before a moment enter the log, each under its own due time."""
        woken = 0
        while working.next_wake is not None and working.next_wake < before:
            fact = self._wake_fact(person, working.next_wake, working.state.facts)
            self.record(working, fact, step(working.state, fact, self.policy), {})
            woken += 1
        return woken

    def _wake_fact(self, person: int, due_at: int, folded: int) -> Fact:
        digest = blake2b(f"wake:{person}:{due_at}:{folded}".encode(), digest_size=16).digest()
        sources = self.sources.values()
        is_told = due_at < self.told_until and any(source.mode is Mode.HISTORY and due_at < source.began_at for source in sources)
        return Fact(
            fact_id=digest,
            customer=person,
            body=WakeReached(due_at=due_at),
            occurred_at=due_at,
            received_at=self.received_at,
            now=due_at,
            mode=Mode.LIVE if is_live(sources) and not is_told else Mode.HISTORY,
        )

    def wake_all(self, persons: Iterable[int], since: int, before: int) -> int:
        """The wakes of a span of time, of those whose state is at hand."""
        woken = 0
        for person in persons:
            working = self.at_hand(person)
            if working is not None and working.next_wake is not None and since <= working.next_wake < before:
                woken += self.wake(person, working, before)
        return woken
