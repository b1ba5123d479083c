"""The pure core: one fact, and everything that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from omtanke.engine import ENGINE_VERSION
from omtanke.engine.draft import Draft
from omtanke.engine.families import FAMILIES, Decide, Evolve
from omtanke.engine.policy import Policy
from omtanke.engine.state import NOBODY, State
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Body, Fact, Kind

# A decision may trigger another; a chain longer than this is a fault of a rule and ends there.
MOST_ROUNDS = 16

_EVOLVERS: dict[type[Body], tuple[tuple[int, Evolve], ...]] = {
    body: tuple((n, family.evolves[body]) for n, family in enumerate(FAMILIES) if body in family.evolves) for body in BODIES.values()
}
_DECIDERS: dict[type[Body], tuple[tuple[int, Decide], ...]] = {
    body: tuple((n, decide) for n, family in enumerate(FAMILIES) for decide in family.decides.get(body, ())) for body in BODIES.values()
}


_REMEMBERERS: dict[type[Body], tuple[int, ...]] = {
    body: tuple(n for n, family in enumerate(FAMILIES) if body in family.evolves or body in family.decides) for body in BODIES.values()
}


class Decision(Struct, frozen=True, gc=False):
    """What a fact leads to: the new state, the facts decided in order, and the soonest wake that the state asks for."""

    state: State
    facts: tuple[Fact, ...]
    next_wake: int | None


def slices(state: State) -> list[Any]:
    """The families' slices in the order of FAMILIES."""
    return [state.promises, state.situation, state.tasks, state.surveys]


def evolve(state: State, fact: Fact) -> State:
    """What a fact changes; it never decides. An input first lets what has ended long ago leave."""
    parts = slices(state)
    if fact.kind is Kind.INPUT:
        for n, family in enumerate(FAMILIES):
            parts[n] = family.forget(parts[n], fact)
    for n, change in _EVOLVERS[type(fact.body)]:
        parts[n] = change(parts[n], fact)
    return State(max(state.now, fact.now), state.facts + 1, *parts)


def needs_history(state: State, fact: Fact) -> bool:
    """Whether the fact is about something that has left the state, so that the customer is to be folded anew."""
    return any(FAMILIES[n].has_left(slices(state)[n], fact.body) for n in _REMEMBERERS[type(fact.body)])


def next_wake(state: State, policy: Policy) -> int | None:
    """The soonest moment at which time alone changes something; never before the customer's clock."""
    soonest: int | None = None
    for part, family in zip(slices(state), FAMILIES, strict=True):
        at = family.next_wake(part, policy)
        if at is not None and (soonest is None or at < soonest):
            soonest = at
    return soonest if soonest is None else max(soonest, state.now)


def step(state: State, trigger: Fact, policy: Policy) -> Decision:
    """Evolve over the trigger, decide, evolve over the outcome, and again for what the outcome triggers.

    `trigger.now` is the clock. The same state, trigger, policy and engine version give the same decision.
    """
    state = evolve(state, trigger)
    facts: list[Fact] = []
    agenda: Iterable[Fact] = (trigger,)
    for _ in range(MOST_ROUNDS):
        outcome: list[Fact] = []
        for fact in agenda:
            for n, decide in _DECIDERS[type(fact.body)]:
                for draft in decide(slices(state)[n], fact, policy, trigger.now):
                    owner = FAMILIES[n].owner(slices(state)[n], draft.body) or fact.customer
                    decided = seal(draft, fact, trigger, owner, FAMILIES[n].name, policy)
                    state = evolve(state, decided)
                    outcome.append(decided)
        if not outcome:
            break
        facts += outcome
        agenda = outcome
    return Decision(state, tuple(facts), next_wake(state, policy))


def seal(draft: Draft, cause: Fact, trigger: Fact, owner: int, family: str, policy: Policy) -> Fact:
    """The decided fact, recorded with the customer whose thing it is about, so that parting two persons leaves each whole.

    Its id is a hash of cause, family, type and subject, so that replay gives the same.
    """
    body = draft.body
    subject = getattr(body, "promise", 0) or getattr(body, "cart", 0) or getattr(body, "subject", 0) or getattr(body, "survey", 0)
    digest = blake2b(f"{family}:{body.type}:{subject}".encode(), digest_size=16, key=cause.fact_id).digest()
    return Fact(
        fact_id=digest,
        customer=owner,
        body=body,
        occurred_at=trigger.occurred_at,
        received_at=trigger.received_at,
        now=trigger.now,
        kind=Kind.DECIDED,
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


def fold(facts: Iterable[Fact]) -> State:
    """The state that the facts of one customer, in log order, lead to."""
    state = NOBODY
    past: list[Fact] = []
    for fact in facts:
        if fact.kind is Kind.INPUT and needs_history(state, fact):
            state = fold_whole(past)
        state = evolve(state, fact)
        past.append(fact)
    return state


def evolve_whole(state: State, fact: Fact) -> State:
    """Like `evolve`, and nothing leaves."""
    parts = slices(state)
    for n, change in _EVOLVERS[type(fact.body)]:
        parts[n] = change(parts[n], fact)
    return State(max(state.now, fact.now), state.facts + 1, *parts)


def fold_whole(facts: Iterable[Fact]) -> State:
    """Like `fold`, and nothing leaves: for facts about what had left already."""
    state = NOBODY
    for fact in facts:
        state = evolve_whole(state, fact)
    return state
