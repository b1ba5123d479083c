"""A rule family with a fault: it fails at some facts, in words that quote the customer, as faults do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from omtanke.engine import step
from omtanke.engine.draft import Draft
from omtanke.engine.families import FAMILIES
from omtanke.engine.policy import Policy
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Fact

QUOTED = "anna.hemlig@example.com"
Fails = Callable[[Fact], bool]


class Faulty(KeyError):
    """What the faulty family raises."""


def at_touchpoint(fact: Fact) -> bool:
    """Fails at what was done at the touchpoint `poison`."""
    return fact.touchpoint == "poison"


def of(*customers: int, types: tuple[str, ...] = ()) -> Fails:
    """Fails at every fact of the customers, or at those of some types."""
    return lambda fact: fact.customer in customers and (not types or fact.type in types)


def deciding(fails: Fails) -> Callable[[Any, Fact, Policy, int], Iterator[Draft]]:
    def decide(slice_: Any, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
        if fails(fact):
            raise Faulty(QUOTED)
        return iter(())

    return decide


def spread(fails: Fails) -> dict[type[Any], Any]:
    """Adds the family to the engine's; what there was before."""
    before = dict(step._DECIDERS)
    for body in BODIES.values():
        step._DECIDERS[body] = (*before[body], (len(FAMILIES) - 1, FAMILIES[-1].name, FAMILIES[-1].owner, deciding(fails)))
    return before


@contextmanager
def poison(fails: Fails = at_touchpoint) -> Iterator[None]:
    """While the block runs, the engine has the fault; then it is mended."""
    before = spread(fails)
    try:
        yield
    finally:
        step._DECIDERS.update(before)
