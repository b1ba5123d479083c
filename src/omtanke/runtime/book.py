"""The book that a batch is written into: the persons it touches, what is recorded of them, and what waits to be stored."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Set
from hashlib import blake2b
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from omtanke import __version__
from omtanke.engine.policy import Policy
from omtanke.engine.state import NOBODY, State
from omtanke.engine.step import Decision, fold, fold_whole, needs_history, step
from omtanke.runtime.batch_log import note_batch
from omtanke.runtime.clock import is_live
from omtanke.runtime.faults import described
from omtanke.runtime.people import People
from omtanke.storage.aside import Held, SetAside
from omtanke.storage.keys import Keys
from omtanke.storage.ports import TROUBLE, Batch, Log, Logged, Snapshot, Source
from omtanke.vocabulary.fact import Fact, Mode
from omtanke.vocabulary.identity import CustomersLinked, CustomersUnlinked
from omtanke.vocabulary.rights import ProcessingRestricted, RestrictionLifted
from omtanke.vocabulary.running import WakeReached

T = TypeVar("T")
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
    `aside`: persons whose facts cannot be stepped over; what is told of them is held. `at_work`: whose fact is being written down, 0 for nobody's.
    `reached`: the live wakes of the batch, by when they were due.
    """

    def __init__(self, log: Log, keys: Keys, policy: Policy) -> None:
        self.log = log
        self.policy = policy
        self.people = People(log, keys)
        self.sources: dict[int, Source] = {}
        self._is_live = False
        self.position = log.last_position()
        self.received_at = 0
        self.told_until = 0
        self.aside: dict[int, SetAside] = {}
        self.at_work = 0
        self._states: OrderedDict[int, Working] = OrderedDict()

    def begin(self, consumed: int, sources: dict[int, Source]) -> None:
        """A new batch."""
        self.people.begin()
        self.sources, self._is_live = sources, is_live(sources.values())
        self.batch = Batch(consumed=consumed, clock=self.log.clock())
        self.changed: set[int] = set()
        self.aside, self.at_work = self.log.set_aside(), 0
        self.reached: list[int] = []
        self._tried: dict[int, SetAside] = {}
        self._gone: dict[int, int] = {}
        self._stored: dict[int, Snapshot] = {}
        self._facts_by_customer: dict[int, list[Logged]] = {}
        self._facts_indexed = 0

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
        note_batch(batch)
        for one in changed.values():
            one.version += 1
        while len(self._states) > MOST_STATES:
            self._states.popitem(last=False)

    # States

    def working(self, person: int) -> Working:
        """The person's state, to be moved on; nobody's, of a person whom that sets aside."""
        working = self._states.get(person)
        if working is not None:
            self._states.move_to_end(person)
            return working
        loaded = self.attempt((person,), "state", lambda: self._load(person))
        if loaded is None:
            return Working(0, 0, NOBODY, None)
        self._states[person] = loaded
        return loaded

    def foresee(self, persons: Set[int]) -> None:
        """Ask the log for the states of all whom the batch will touch, in one statement."""
        self._stored |= self.log.snapshots([one for one in persons if one not in self._states and one not in self._stored])

    def _load(self, person: int) -> Working:
        stored = None if self.people.is_new(person) else self._stored.pop(person, None) or self.log.snapshot(person)
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
        for one in self.batch.facts[self._facts_indexed :]:
            self._facts_by_customer.setdefault(one.fact.customer, []).append(one)
        self._facts_indexed = len(self.batch.facts)
        found = [one for customer in customers for one in self._facts_by_customer.get(customer, ())]
        return sorted(found, key=lambda logged: logged.position)

    def let_go(self, person: int) -> None:
        """The person is part of another from now on."""
        self._gone[person] = self._states.pop(person).version
        self.changed.discard(person)

    def set_up(self, person: int, state: State) -> Working:
        """A person of whom there was no state: parted from another."""
        working = self._states[person] = Working(self._gone.pop(person, 0), 0, state, None)
        return working

    # Facts

    def advance(self, fact: Fact, personal: Mapping[str, Any]) -> bool:
        """Wake the person for what was due before, then step over the fact. Of somebody who is set aside, now or before, it is held: False."""
        person = self.people.person_of(fact.customer)
        if person not in self.aside:
            working = self.working(person)
            self.wake(person, working, fact.now)
            moved = fact if fact.now >= working.state.now else msgspec.structs.replace(fact, now=working.state.now)
            decision = None if person in self.aside else self._decide(person, working, moved)
            if decision is not None:
                self.record(working, moved, decision, personal)
                return True
        self.batch.held.append(Held(0, person, fact, personal or None))
        return False

    def _decide(self, person: int, working: Working, fact: Fact) -> Decision | None:
        """What follows from the fact; None when that cannot be said, and the person is set aside."""
        try:
            if needs_history(working.state, fact):
                working.state = fold_whole(logged.fact for logged in self.facts_of(self.people.customers_of(person)))
            return step(working.state, fact, self.policy)
        except TROUBLE:
            raise
        except Exception as error:
            self.set_aside(person, fact.type, error)
            return None

    def record(self, working: Working, fact: Fact, decision: Decision, personal: Mapping[str, Any]) -> None:
        """Write a fact down, what was decided on it, and the state that they lead to."""
        self.at_work = self.people.person_of(fact.customer)
        self._append(fact, personal)
        for decided in decision.facts:
            self._append(decided, None)
        self._show(fact, decision)
        self._show_rights(fact, decision)
        working.state, working.next_wake = decision.state, decision.next_wake
        working.position = self.position
        self.changed.add(self.at_work)
        self.at_work = 0

    def _show(self, fact: Fact, decision: Decision) -> None:
        """What pages are shown of promises and tasks that the decision has touched."""
        ledger, tasks = decision.state.promises.promises, decision.state.tasks.tasks
        for decided in decision.facts if ledger else ():
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

    def _append(self, fact: Fact, personal: Mapping[str, Any] | None) -> None:
        self.position += 1
        self.batch.facts.append(Logged(self.position, fact, personal or None))

    def owner_of(self, number: int) -> int:
        """The customer of the promise or task that has the number; 0 when there is none."""
        new = self.batch.promises.get(number) or self.batch.tasks.get(number)
        return new[0] if new else self.log.owner_of(number)

    # Who is set aside

    def attempt(self, persons: Collection[int], type_: str, work: Callable[[], T]) -> T | None:
        """What `work` gives; None when it fails, which sets the persons aside. What fails in the store is no fault of theirs, and is raised."""
        try:
            return work()
        except TROUBLE:
            raise
        except Exception as error:
            for person in persons:
                self.set_aside(person, type_, error)
            return None

    def set_aside(self, person: int, type_: str, error: Exception) -> None:
        """From now on what is told of the person is held. `type_`: of the fact on which it failed."""
        if person in self.aside:
            return
        before = self._tried.get(person)
        since, tries = (before.since, before.tries) if before else (self.received_at, 0)
        one = SetAside(person, since, type_, described(error), tries + 1, False, __version__, self.policy.version)
        self.aside[person] = self.batch.aside[person] = one

    def may_return(self, one: SetAside) -> bool:
        """Whether somebody is to be tried again: when that was asked for, or program or policy are others than those that failed."""
        return one.is_returning or (one.program, one.policy) != (__version__, self.policy.version)

    def try_again(self, person: int) -> None:
        """The person is set aside no longer, unless it fails again."""
        self._tried[person] = self.aside.pop(person)
        self.batch.aside[person] = None
        self._states.pop(person, None)

    def ask_back(self, person: int) -> None:
        """Somebody wants the person to be tried again, which the next batch does; or more is held than this one takes."""
        one = self.aside.get(person) or self._tried.get(person)
        if one is not None:
            self.aside[person] = self.batch.aside[person] = msgspec.structs.replace(one, is_returning=True)

    # Wakes

    def wake(self, person: int, working: Working, before: int) -> int:
        """Let the person's wakes before a moment enter the log, each under its own due time; none of somebody who is set aside."""
        woken = 0
        while working.next_wake is not None and working.next_wake < before and person not in self.aside:
            fact = self._wake_fact(person, working.next_wake, working.state.facts)
            decision = self._decide(person, working, fact)
            if decision is not None:
                self.record(working, fact, decision, {})
                woken += 1
                if fact.mode is Mode.LIVE:
                    self.reached.append(fact.now)
        return woken

    def _wake_fact(self, person: int, due_at: int, folded: int) -> Fact:
        digest = blake2b(f"wake:{person}:{due_at}:{folded}".encode(), digest_size=16).digest()
        is_told = due_at < self.told_until and any(one.mode is Mode.HISTORY and due_at < one.began_at for one in self.sources.values())
        return Fact(
            fact_id=digest,
            customer=person,
            body=WakeReached(due_at=due_at),
            occurred_at=due_at,
            received_at=self.received_at,
            now=due_at,
            mode=Mode.LIVE if self._is_live and not is_told else Mode.HISTORY,
        )

    def wakes_at(self, person: int) -> int | None:
        """When the person wants to be woken, as far as their state is at hand."""
        working = self._states.get(person)
        return None if working is None else working.next_wake
