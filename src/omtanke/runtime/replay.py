"""Fold and decide everything anew, and say whether anything differs from what is on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import astuple

from omtanke.engine import ENGINE_VERSION
from omtanke.engine.condensed import read
from omtanke.engine.policy import Policy, read_policies
from omtanke.engine.promises.ledger import Promise
from omtanke.engine.rights import Request
from omtanke.engine.state import NOBODY, State
from omtanke.engine.step import evolve, fold, fold_whole, needs_history, step
from omtanke.engine.tasks import Task
from omtanke.runtime.faults import described
from omtanke.storage.aside import SetAside
from omtanke.storage.play_rows import PlayRows, rows_of
from omtanke.storage.ports import TROUBLE, Logged, Snapshot
from omtanke.vocabulary.fact import Fact, Kind
from omtanke.vocabulary.identity import CustomersLinked, CustomersUnlinked
from omtanke.vocabulary.retention import HistoryCondensed
from omtanke.vocabulary.running import PolicyActivated, WakeReached


class Difference(Struct, frozen=True):
    """Something on record that the engine would decide otherwise, or that is missing or too much."""

    position: int
    customer: int
    what: str


class Checked(Struct, frozen=True):
    """What a check came to. `other_engines` counts facts decided by other engine versions; they are not compared."""

    facts: int
    persons: int
    decided: int
    other_engines: int
    differences: tuple[Difference, ...]

    @property
    def is_clean(self) -> bool:
        return not self.differences

    def and_also(self, other: Checked) -> Checked:
        """Both together."""
        return Checked(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))


class Policies:
    """The policy that was in force at each position."""

    def __init__(self, texts: Iterable[tuple[int, str, str]], activations: Iterable[tuple[int, int]]) -> None:
        known = read_policies((version, text) for version, _, text in texts)
        self._steps = [(position, known[version]) for position, version in sorted(activations)]

    @property
    def activations(self) -> int:
        """How many facts say that a policy was activated."""
        return len(self._steps)

    def at(self, position: int) -> Policy:
        """The last that was activated before the position."""
        in_force = self._steps[0][1]
        for since, policy in self._steps:
            if since > position:
                break
            in_force = policy
        return in_force


class PoliciesLog(Protocol):
    """What tells which policy was in force."""

    def policies(self) -> list[tuple[int, str, str]]: ...
    def facts_of(self, customers: list[int]) -> list[Logged]: ...


def policies_of(log: PoliciesLog) -> Policies:
    """Every policy of the log, each from the position at which it was activated."""
    activated = [(one.position, one.fact.body.policy) for one in log.facts_of([0]) if isinstance(one.fact.body, PolicyActivated)]
    return Policies(log.policies(), activated)


class Replay:
    """The facts of one cluster (everyone ever linked) in log order, decided anew.

    Up to `others_until` engines of other versions decided: what is on record there is folded as it is, and not compared; nor is what
    stands beside a history that has been condensed.
    """

    def __init__(self, policies: Policies, others_until: int = 0) -> None:
        self._policies = policies
        self._folded_until = others_until
        self._woken_by_others: set[int] = set()
        self._leads: dict[int, int] = {}
        self.states: dict[int, State] = {}
        self.wakes: dict[int, int | None] = {}
        self.promises: dict[int, Promise] = {}
        self.tasks: dict[int, Task] = {}
        self.requests: dict[int, Request] = {}
        self._told: dict[int, list[Fact]] = {}
        self.differences: list[Difference] = []
        self.decided = 0
        self.other_engines = 0

    def person_of(self, customer: int) -> int:
        """Whom a customer leads to at this place of the log."""
        return self._leads.get(customer, customer)

    def run(self, facts: Sequence[Logged]) -> None:
        """Go through the cluster's facts, each input with what was decided on it."""
        for _ in self.steps(facts):
            pass

    def steps(self, facts: Sequence[Logged]) -> Iterator[None]:
        """Like `run`, a fact at a time."""
        expected: list[Fact] = []
        condensed = (one.fact.body.until for one in facts if isinstance(one.fact.body, HistoryCondensed))
        self._folded_until = max(self._folded_until, max(condensed, default=0))
        for logged in facts:
            yield
            fact = logged.fact
            if logged.position <= self._folded_until:
                self._fold(logged)
                continue
            if fact.kind is Kind.DECIDED:
                self._compare(logged, expected)
                continue
            self._missing(expected, logged.position)
            expected = self._input(logged)
        self._missing(expected, 0)

    def _compare(self, logged: Logged, expected: list[Fact]) -> None:
        fact = logged.fact
        self._told.setdefault(self.person_of(fact.customer), []).append(fact)
        self.decided += 1
        if not expected:
            self._differ(logged, f"{fact.type} ({fact.reason}) is on record, and would not be decided")
            return
        wanted = expected.pop(0)
        if said(wanted) != said(fact):
            self._differ(logged, f"{fact.type} ({fact.reason}) is on record, and {wanted.type} ({wanted.reason}) would be decided")

    def _fold(self, logged: Logged) -> None:
        """What an engine of another version made of an input, or the input."""
        fact, person = logged.fact, self.person_of(logged.fact.customer)
        self._regroup(person, fact)
        state = self.states.get(person, NOBODY)
        if fact.kind is Kind.DECIDED:
            self.other_engines += 1
        elif needs_history(state, fact):
            state = fold_whole(self._told.get(person, ()))
        self._told.setdefault(person, []).append(fact)
        self.states[person] = evolve(state, fact)
        self._woken_by_others.add(person)
        if isinstance(fact.body, HistoryCondensed):
            self._show_all(read(fact.body.state))
        else:
            self._show(self.states[person], (fact,))

    def _missing(self, expected: list[Fact], position: int) -> None:
        for wanted in expected:
            self.differences.append(Difference(position, wanted.customer, f"{wanted.type} ({wanted.reason}) would be decided, and is not on record"))
        expected.clear()

    def _input(self, logged: Logged) -> list[Fact]:
        fact, policy = logged.fact, self._policies.at(logged.position)
        person = self.person_of(fact.customer)
        self._regroup(person, fact)
        state = self.states.get(person, NOBODY)
        self._check_clock(logged, person, state)
        if needs_history(state, fact):
            state = fold_whole(self._told.get(person, ()))
        self._told.setdefault(person, []).append(fact)
        decision = step(state, fact, policy)
        self.states[person], self.wakes[person] = decision.state, decision.next_wake
        self._show(decision.state, (fact, *decision.facts))
        return list(decision.facts)

    def _show(self, state: State, facts: Iterable[Fact]) -> None:
        """What pages are shown of the promises and tasks that the facts have touched."""
        for fact in facts:
            number, task = getattr(fact.body, "promise", 0), getattr(fact.body, "task", 0)
            if fact.kind is Kind.DECIDED and number in state.promises.promises:
                self.promises[number] = state.promises.promises[number]
            if task in state.tasks.tasks:
                self.tasks[task] = state.tasks.tasks[task]
            if number in state.rights.requests:
                self.requests[number] = state.rights.requests[number]

    def _show_all(self, state: State) -> None:
        """What pages go on being shown of a history that has been condensed."""
        self.promises |= state.promises.promises
        self.tasks |= state.tasks.tasks
        self.requests |= state.rights.requests

    def is_known(self, person: int) -> bool:
        """Whether it is known which wake was asked for; another engine may have asked for another."""
        return person not in self._woken_by_others

    def _check_clock(self, logged: Logged, person: int, state: State) -> None:
        fact, wake = logged.fact, self.wakes.get(person)
        if fact.now < state.now:
            self._differ(logged, f"{fact.type}: its clock goes back")
        if not self.is_known(person):
            self._woken_by_others.discard(person)
        elif isinstance(fact.body, WakeReached):
            if wake != fact.body.due_at:
                self._differ(logged, "a wake is on record that was not asked for")
        elif wake is not None and wake < fact.now:
            self._differ(logged, f"a wake asked for before {fact.type} is not on record")

    def _regroup(self, person: int, fact: Fact) -> None:
        """Two persons become one before the fact, or one becomes two: each state is the fold of its own customers' facts."""
        match fact.body:
            case CustomersLinked():
                joining = self.person_of(fact.body.other)
                self._leads |= dict.fromkeys((joining, *(one for one, leads in self._leads.items() if leads == joining)), person)
                self._fold_of(person, (*self._told.get(person, ()), *self._told.pop(joining, ())))
                self.states.pop(joining, None)
                self.wakes.pop(joining, None)
            case CustomersUnlinked(left=left) if left:
                self._leads |= dict.fromkeys(left, left[0])
                told = self._told.get(person, [])
                for one in (person, left[0]):
                    self._fold_of(one, [each for each in told if self.person_of(each.customer) == one])

    def _fold_of(self, person: int, facts: Iterable[Fact]) -> None:
        self._told[person] = sorted(facts, key=lambda fact: fact.position)
        self.states[person] = fold(self._told[person])
        self.wakes[person] = None

    def _differ(self, logged: Logged, what: str) -> None:
        self.differences.append(Difference(logged.position, logged.fact.customer, what))


def said(fact: Fact) -> tuple[object, ...]:
    """What two facts must agree on to be the same decision."""
    return (fact.fact_id, fact.customer, fact.body, fact.occurred_at, fact.now, fact.cause, fact.because, fact.reason, fact.policy_version)


class Beside(Protocol):
    """What is kept beside the log so that nobody has to fold it for every question."""

    def snapshot(self, person: int) -> Snapshot | None: ...
    def promises_of(self, customers: list[int]) -> Mapping[int, tuple[object, ...]]: ...
    def tasks_of(self, customers: list[int]) -> Mapping[int, Task]: ...
    def requests_of(self, customers: list[int]) -> Mapping[int, Request]: ...
    def restricted_at(self, customers: list[int]) -> int: ...
    def play_rows_of(self, customers: list[int]) -> PlayRows: ...
    def set_aside(self) -> Mapping[int, SetAside]: ...


class CheckedLog(Beside, Protocol):
    """What a check reads."""

    def policies(self) -> list[tuple[int, str, str]]: ...
    def clusters(self) -> Iterator[tuple[int, list[int]]]: ...
    def persons(self) -> Iterator[tuple[int, list[int]]]: ...
    def facts_of(self, customers: list[int]) -> list[Logged]: ...
    def facts_by_others(self, engine_version: int) -> int: ...


class Terms(Struct, frozen=True):
    """What holds for every cluster of a check: the policies, up to where engines of other versions decided, and where the store's
    clock stands when it stands still (None: it does not)."""

    policies: Policies
    others_until: int
    rests_at: int | None


def terms_of(log: CheckedLog, rests_at: int | None) -> Terms:
    """The terms of a check of a log."""
    return Terms(policies_of(log), log.facts_by_others(ENGINE_VERSION), rests_at)


def check(log: CheckedLog, rests_at: int | None) -> Iterator[Checked]:
    """Check person by person; yields the sum so far, so that a long check shows its progress.

    `rests_at`: the store stands still with its clock there, and nothing due before may be waiting.
    """
    terms = terms_of(log, rests_at)
    checked = Checked(terms.policies.activations, 0, 0, 0, ())
    leads = {customer: person for person, customers in log.persons() for customer in customers}
    for _, customers in log.clusters():
        checked = checked.and_also(check_cluster(terms, log.facts_of(customers), log, {customer: leads[customer] for customer in customers}))
        yield checked
    if not checked.persons:
        yield checked


def check_cluster(terms: Terms, told: Sequence[Logged], beside: Beside, leads: Mapping[int, int]) -> Checked:
    """Check one cluster: its facts in log order, what is kept beside them, and whom each of its customers leads to."""
    replay, customers = Replay(terms.policies, terms.others_until), sorted(leads)
    differences: list[Difference] = []
    try:
        replay.run(told)
        differences += compare_kept(beside, replay, customers, leads, terms.rests_at)
        differences += compare_plays(beside, told, customers)
    except TROUBLE:
        raise
    except Exception as error:
        differences.append(Difference(0, customers[0], f"cannot be decided anew: {described(error)}"))
    return Checked(len(told), len(set(leads.values())), replay.decided, replay.other_engines, (*differences, *replay.differences))


def compare_kept(log: Beside, replay: Replay, customers: list[int], leads: Mapping[int, int], rests_at: int | None) -> Iterator[Difference]:
    """What is kept beside the log of a cluster against what it is kept from."""
    for customer in customers:
        if leads[customer] != replay.person_of(customer):
            yield Difference(0, customer, f"leads to person {leads[customer]}, and by the facts to {replay.person_of(customer)}")
    for person in sorted({leads[customer] for customer in customers}):
        yield from compare_person(log, replay, person, rests_at)
        is_restricted = bool(log.restricted_at([customer for customer in customers if leads[customer] == person]))
        if bool(replay.states.get(person, NOBODY).rights.restricted_at) != is_restricted:
            yield Difference(0, person, "whether their data are left alone differs from the facts")
    kept = log.promises_of(customers)
    if {number: promise.seen() for number, promise in replay.promises.items()} != kept:
        yield Difference(0, customers[0], "the promises shown on pages differ from the facts")
    if replay.tasks != log.tasks_of(customers):
        yield Difference(0, customers[0], "the tasks shown on pages differ from the facts")
    if replay.requests != log.requests_of(customers):
        yield Difference(0, customers[0], "the requests shown on pages differ from the facts")


def compare_plays(log: Beside, told: Sequence[Logged], customers: list[int]) -> Iterator[Difference]:
    """What pages are shown of plays and messages against the facts; of a history that has been condensed, which there are."""
    rows, kept = rows_of(told), log.play_rows_of(customers)
    if any(isinstance(one.fact.body, HistoryCondensed) for one in told):
        is_same = (rows.runs.keys(), rows.messages.keys()) == (kept.runs.keys(), kept.messages.keys())
    else:
        is_same = rows == kept
    if not is_same:
        yield Difference(0, customers[0], "the plays and messages shown on pages differ from the facts")


def compare_person(log: Beside, replay: Replay, person: int, rests_at: int | None) -> Iterator[Difference]:
    """The snapshot and the wake of a person against the fold."""
    state = replay.states.get(person, NOBODY)
    stored = log.snapshot(person)
    if stored is None:
        if state != NOBODY or person not in log.set_aside():
            yield Difference(0, person, "no snapshot is stored")
    elif stored.state is not None and stored.state != state:
        yield Difference(stored.position, person, "the snapshot differs from the fold of the facts")
    wake = replay.wakes.get(person) if replay.is_known(person) or stored is None else stored.next_wake
    if stored is not None and stored.next_wake != wake:
        yield Difference(stored.position, person, "the wake that is stored is not the one asked for")
    if rests_at is not None and wake is not None and wake <= rests_at and person not in log.set_aside():
        yield Difference(0, person, "a wake is due and has not entered the log")
