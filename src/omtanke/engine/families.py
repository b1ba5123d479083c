"""The list of rule families. A new concern is a new module and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from omtanke.engine import consent, playing, rights, situation, surveys, tasks
from omtanke.engine.draft import Draft
from omtanke.engine.plays import participation
from omtanke.engine.policy import Policy
from omtanke.engine.promises import decisions, evidence, ledger, memory
from omtanke.vocabulary.fact import Body, Fact

Evolve = Callable[[Any, Fact], Any]
Owner = Callable[[Any, Body], int]
Decide = Callable[[Any, Fact, Policy, int], Iterable[Draft]]
HasLeft = Callable[[Any, Body], bool]


def keep_all(slice_: Any, fact: Fact) -> Any:
    """What a family forgets of whose slice nothing leaves."""
    return slice_


def nothing_has_left(slice_: Any, body: Body) -> bool:
    """What has left such a slice, or one of which nobody asks for what had."""
    return False


def never(slice_: Any, policy: Policy) -> int | None:
    """When a family wants to be woken that time alone says nothing to."""
    return None


class Family(Struct, frozen=True):
    """One concern: its slice of state (by name), what changes it, what it decides, when it wants to be woken.

    `owner`: the customer, as recorded, whose thing a decision is about; 0: whoever caused it. `forget`: an input that
    concerns the family, or one whose decisions make its slice
    grow (`grows_by`), first lets what has ended long ago leave.

    When old history is condensed: `settled` leaves what still matters after an edge, given the clock of the state; `part_of` is what
    of it is one customer's, or nobody's; `united` makes one slice of two.
    """

    name: str
    module: str
    evolves: Mapping[type[Body], Evolve]
    decides: Mapping[type[Body], tuple[Decide, ...]]
    next_wake: Callable[[Any, Policy], int | None]
    forget: Callable[[Any, Fact], Any]
    has_left: HasLeft
    settled: Callable[[Any, int, int], Any]
    part_of: Callable[[Any, int, bool], Any]
    united: Callable[[Any, Any], Any]
    owner: Owner = lambda slice_, body: 0
    grows_by: tuple[str, ...] = ()


FAMILIES = (
    Family(
        name="promises",
        module="omtanke.engine.promises",
        evolves=evidence.EVOLVES,
        decides=decisions.DECIDES,
        next_wake=decisions.next_wake,
        forget=memory.forget,
        has_left=memory.has_left,
        owner=ledger.owner,
        settled=memory.settled,
        part_of=memory.part_of,
        united=memory.united,
    ),
    Family(
        name="situation",
        module="omtanke.engine.situation",
        evolves=dict.fromkeys(situation.EVOLVES_ON, situation.evolve),
        decides=dict.fromkeys(situation.DECIDES_ON, (situation.decide,)),
        next_wake=situation.next_wake,
        forget=situation.forget,
        has_left=nothing_has_left,
        owner=situation.owner,
        settled=situation.settled,
        part_of=situation.part_of,
        united=situation.united,
    ),
    Family(
        name="tasks",
        module="omtanke.engine.tasks",
        evolves=tasks.EVOLVES,
        decides=tasks.DECIDES,
        next_wake=never,
        forget=tasks.forget,
        grows_by=("promises",),
        has_left=tasks.has_left,
        owner=tasks.owner,
        settled=tasks.settled,
        part_of=tasks.part_of,
        united=tasks.united,
    ),
    Family(
        name="surveys",
        module="omtanke.engine.surveys",
        evolves=surveys.EVOLVES,
        decides=surveys.DECIDES,
        next_wake=surveys.next_wake,
        forget=keep_all,
        has_left=nothing_has_left,
        owner=surveys.owner,
        settled=surveys.settled,
        part_of=surveys.part_of,
        united=surveys.united,
    ),
    Family(
        name="consent",
        module="omtanke.engine.consent",
        evolves=consent.EVOLVES,
        decides=consent.DECIDES,
        next_wake=never,
        forget=keep_all,
        has_left=nothing_has_left,
        settled=consent.settled,
        part_of=consent.part_of,
        united=consent.united,
    ),
    Family(
        name="rights",
        module="omtanke.engine.rights",
        evolves=rights.EVOLVES,
        decides=rights.DECIDES,
        next_wake=never,
        forget=rights.forget,
        has_left=rights.has_left,
        settled=rights.settled,
        part_of=rights.part_of,
        united=rights.united,
    ),
    Family(
        name="plays",
        module="omtanke.engine.playing",
        evolves=participation.EVOLVES,
        decides=playing.DECIDES,
        next_wake=playing.next_wake,
        forget=keep_all,
        has_left=nothing_has_left,
        owner=playing.owner,
        settled=participation.settled,
        part_of=participation.part_of,
        united=participation.united,
    ),
)
