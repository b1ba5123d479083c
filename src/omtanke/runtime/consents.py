"""What a customer allows, as the log stands: for pages, and for other systems that have to obey it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import msgspec

from omtanke.engine.consent import EVOLVES, Consents
from omtanke.engine.policy import Policy, read_policy
from omtanke.engine.state import SCHEMA_HASH, State
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.fact import Fact, Mode

_decode_state = msgspec.msgpack.Decoder(State).decode


class ConsentsSeen(Protocol):
    """The windows that it is read through."""

    def consent_state(self, person: int) -> tuple[bytes, bytes] | None: ...
    def consent_facts(self, person: int) -> Sequence[FactSeen]: ...
    def policy_text(self) -> tuple[int, str] | None: ...


def state_in(stored: tuple[bytes, bytes] | None) -> State | None:
    """The state that the worker has stored with the facts; None where there is none, or another version wrote it."""
    return _decode_state(stored[1]) if stored is not None and stored[0] == SCHEMA_HASH else None


def consents_of(seen: ConsentsSeen, person: int) -> Consents:
    """From the person's state; folded where another version wrote that state."""
    state = state_in(seen.consent_state(person))
    return fold_consents(seen.consent_facts(person)) if state is None else state.consent


def fold_consents(facts: Sequence[FactSeen]) -> Consents:
    """What facts about consent, in log order, lead to."""
    consents = Consents()
    for one in facts:
        if one.body is not None and (evolve := EVOLVES.get(type(one.body))):
            consents = evolve(consents, as_fact(one))
    return consents


def as_fact(seen: FactSeen) -> Fact:
    """The fact as the engine knows it, as far as consent asks."""
    assert seen.body is not None
    return Fact(
        fact_id=seen.fact_id,
        customer=seen.customer,
        body=seen.body,
        occurred_at=seen.occurred_at,
        received_at=seen.received_at,
        now=seen.now,
        mode=Mode.HISTORY if seen.is_history else Mode.LIVE,
    )


def policy_in_force(seen: ConsentsSeen) -> Policy | None:
    """The policy that the worker follows; None before it has ever been at work."""
    known = seen.policy_text()
    return _read_once(*known) if known else None


@lru_cache(maxsize=4)
def _read_once(version: int, text: str) -> Policy:
    return read_policy(text, version)
