"""The pure core: one fact, and everything that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from omtanke.engine import ENGINE_VERSION
from omtanke.engine.condensed import read
from omtanke.engine.draft import Draft
from omtanke.engine.families import FAMILIES, Decide, Evolve, Family, HasLeft, Owner, keep_all, never, nothing_has_left
from omtanke.engine.policy import Policy
from omtanke.engine.state import NOBODY, State
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Body, Fact, Kind
from omtanke.vocabulary.retention import HistoryCondensed

# Looked up once, not for every fact.
INPUT, DECIDED = Kind.INPUT, Kind.DECIDED
# A decision may trigger another; a chain longer than this is a fault of a rule and ends there.
MOST_ROUNDS = 16


def _concerns(body: type[Body], family: Family) -> bool:
    """Whether a fact may make the family's slice grow."""
    return any(body in one.evolves or body in one.decides for one in FAMILIES if one is family or one.name in family.grows_by)


def _recall(family: Family) -> Evolve:
    def recall(slice_: Any, fact: Fact) -> Any:
        body: Any = fact.body
        return family.united(slice_, getattr(read(body.state), family.name))

    return recall


def stands_for(fact: Fact) -> int:
    """How many facts it is: one, or all that were condensed."""
    return fact.body.facts if isinstance(fact.body, HistoryCondensed) else 1


_EVOLVERS: dict[type[Body], tuple[tuple[int, Evolve], ...]] = {
    body: tuple((n, family.evolves[body]) for n, family in enumerate(FAMILIES) if body in family.evolves) for body in BODIES.values()
}
# A history that was condensed is united with what is known.
_EVOLVERS[HistoryCondensed] = tuple((n, _recall(family)) for n, family in enumerate(FAMILIES))
_DECIDERS: dict[type[Body], tuple[tuple[int, str, Owner, Decide], ...]] = {
    body: tuple((n, family.name, family.owner, decide) for n, family in enumerate(FAMILIES) for decide in family.decides.get(body, ()))
    for body in BODIES.values()
}
# A slice that forgets grows by inputs that concern its family, and lets go then.
_FORGETTERS: dict[type[Body], tuple[tuple[int, Evolve], ...]] = {
    body: tuple((n, family.forget) for n, family in enumerate(FAMILIES) if family.forget is not keep_all and _concerns(body, family))
    for body in BODIES.values()
}
# What a decision is about tells two of one type and cause apart: the first of these fields that says something.
SUBJECTS = ("message", "told", "run", "promise", "cart", "subject", "survey", "task")
_SUBJECTS: dict[type[Body], tuple[str, ...]] = {body: tuple(name for name in SUBJECTS if name in body.__struct_fields__) for body in BODIES.values()}
_WAKES = tuple((n, family.next_wake) for n, family in enumerate(FAMILIES) if family.next_wake is not never)
_REMEMBERERS: dict[type[Body], tuple[tuple[int, HasLeft], ...]] = {
    body: tuple(
        (n, family.has_left)
        for n, family in enumerate(FAMILIES)
        if family.has_left is not nothing_has_left and (body in family.evolves or body in family.decides)
    )
    for body in BODIES.values()
}
# The types that change a state otherwise than by being counted; a fold may pass over the others.
CHANGING = frozenset(body.type for body in BODIES.values() if _EVOLVERS[body] or _FORGETTERS[body] or _REMEMBERERS[body])


class Decision(Struct, frozen=True, gc=False):
    """What a fact leads to: the new state, the facts decided in order, and the soonest wake that the state asks for."""

    state: State
    facts: tuple[Fact, ...]
    next_wake: int | None


def slices(state: State) -> list[Any]:
    """The families' slices in the order of FAMILIES."""
    return [state.promises, state.situation, state.tasks, state.surveys, state.consent, state.rights, state.plays]


def _change(parts: list[Any], fact: Fact) -> None:
    """What a fact changes in the slices, in place. An input first lets what has ended long ago leave the slices that it concerns."""
    if fact.kind is INPUT:
        for n, forget in _FORGETTERS[type(fact.body)]:
            parts[n] = forget(parts[n], fact)
    _evolve(parts, fact)


def _evolve(parts: list[Any], fact: Fact) -> None:
    """The same, and nothing leaves."""
    for n, change in _EVOLVERS[type(fact.body)]:
        parts[n] = change(parts[n], fact)


def evolve(state: State, fact: Fact) -> State:
    """What a fact changes; it never decides."""
    parts = slices(state)
    _change(parts, fact)
    return State(max(state.now, fact.now), state.facts + stands_for(fact), *parts)


def needs_history(state: State, fact: Fact) -> bool:
    """Whether the fact is about something that has left the state, so that the customer is to be folded anew."""
    return bool(_REMEMBERERS[type(fact.body)]) and _is_about_what_left(slices(state), fact)


def _is_about_what_left(parts: list[Any], fact: Fact) -> bool:
    for n, has_left in _REMEMBERERS[type(fact.body)]:
        if has_left(parts[n], fact.body):
            return True
    return False


def next_wake(state: State, policy: Policy) -> int | None:
    """The soonest moment at which time alone changes something; never before the customer's clock."""
    return _next_wake(slices(state), state.now, policy)


def _next_wake(parts: list[Any], now: int, policy: Policy) -> int | None:
    soonest = None
    for n, wakes in _WAKES:
        at = wakes(parts[n], policy)
        if at is not None and (soonest is None or at < soonest):
            soonest = at
    return soonest if soonest is None or soonest > now else now


def step(state: State, trigger: Fact, policy: Policy) -> Decision:
    """Evolve over the trigger, decide, evolve over the outcome, and again for what the outcome triggers.

    `trigger.now` is the clock. The same state, trigger, policy and engine version give the same decision.
    """
    parts = slices(state)
    _change(parts, trigger)
    facts: list[Fact] = []
    agenda: Iterable[Fact] = (trigger,)
    for _ in range(MOST_ROUNDS):
        outcome: list[Fact] = []
        for fact in agenda:
            for n, family, owner_of, decide in _DECIDERS[type(fact.body)]:
                for draft in decide(parts[n], fact, policy, trigger.now):
                    owner = owner_of(parts[n], draft.body) or fact.customer
                    decided = seal(draft, fact, trigger, owner, family, policy)
                    _evolve(parts, decided)
                    outcome.append(decided)
        if not outcome:
            break
        facts += outcome
        agenda = outcome
    now = max(state.now, trigger.now)
    return Decision(State(now, state.facts + 1 + len(facts), *parts), tuple(facts), _next_wake(parts, now, policy))


def seal(draft: Draft, cause: Fact, trigger: Fact, owner: int, family: str, policy: Policy) -> Fact:
    """The decided fact, recorded with the customer whose thing it is about, so that parting two persons leaves each whole.

    Its id is a hash of cause, family, type and subject, so that replay gives the same.
    """
    body = draft.body
    subject = 0
    for name in _SUBJECTS[type(body)]:
        if said := getattr(body, name):
            subject = said
            break
    digest = blake2b(f"{family}:{body.type}:{subject}".encode(), digest_size=16, key=cause.fact_id).digest()
    return Fact(
        fact_id=digest,
        customer=owner,
        body=body,
        occurred_at=trigger.occurred_at,
        received_at=trigger.received_at,
        now=trigger.now,
        kind=DECIDED,
        mode=trigger.mode,
        source=trigger.source,
        channel=trigger.channel,
        touchpoint=trigger.touchpoint,
        cause=cause.fact_id,
        because=(cause.fact_id, *draft.because),
        reason=draft.reason,
        policy_version=policy.version,
        engine_version=ENGINE_VERSION,
    )


class Fold:
    """A fold under way: facts of one person are taken in log order, one by one."""

    __slots__ = ("_count", "_now", "_parts")

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Nothing has been taken."""
        self._parts, self._now, self._count = slices(NOBODY), NOBODY.now, 0

    @property
    def state(self) -> State:
        return State(self._now, self._count, *self._parts)

    def must_look_back(self, fact: Fact) -> bool:
        """Whether an input is about something that has left, so that all before it is to be taken anew, whole."""
        return fact.kind is INPUT and _is_about_what_left(self._parts, fact)

    def take(self, fact: Fact) -> None:
        """What a fact changes; an input first lets what has ended long ago leave."""
        _change(self._parts, fact)
        self._count_in(fact)

    def take_whole(self, fact: Fact) -> None:
        """What a fact changes, and nothing leaves."""
        _evolve(self._parts, fact)
        self._count_in(fact)

    def pass_over(self, count: int, now: int) -> None:
        """Facts of types that are not in CHANGING: so many, the latest under this clock."""
        self._count += count
        self._now = max(self._now, now)

    def _count_in(self, fact: Fact) -> None:
        self._count += stands_for(fact)
        self._now = max(self._now, fact.now)


def fold(facts: Iterable[Fact]) -> State:
    """The state that the facts of one customer, in log order, lead to."""
    folded, past = Fold(), list[Fact]()
    for fact in facts:
        if folded.must_look_back(fact):
            folded.begin()
            for earlier in past:
                folded.take_whole(earlier)
        folded.take(fact)
        past.append(fact)
    return folded.state


def fold_whole(facts: Iterable[Fact]) -> State:
    """Like `fold`, and nothing leaves: for facts about what had left already."""
    folded = Fold()
    for fact in facts:
        folded.take_whole(fact)
    return folded.state
