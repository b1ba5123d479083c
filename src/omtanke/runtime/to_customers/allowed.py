"""Whether the customer still allows what was released: a no that came since then counts until the moment at which it is handed over."""

from __future__ import annotations

from omtanke.engine.consent import may
from omtanke.engine.contact import PURPOSES, refused_in
from omtanke.runtime.consents import consents_of, policy_in_force, state_in
from omtanke.storage.outbox_facts import Facts
from omtanke.vocabulary.play import MessageReleased


def is_refused(facts: Facts, person: int, body: MessageReleased) -> bool:
    """Whether the person says no to it now, by the state that the worker has stored; what needs nobody's yes is never refused."""
    purpose = PURPOSES.get(body.message_class)
    policy = policy_in_force(facts) if purpose else None
    if purpose is None or policy is None:
        return False
    state = state_in(facts.consent_state(person))
    if state is not None:
        return bool(refused_in(state.plays.contact, body.message_class, body.for_channel, policy, policy.plays.subject_of(body.play)))
    return not may(consents_of(facts, person), purpose, body.for_channel, policy).is_allowed
