"""Whether the customer still allows what was released: a no that came since then counts until the moment at which it is handed over."""

from __future__ import annotations

import msgspec

from omtanke.engine.consent import may
from omtanke.engine.contact import PURPOSES, refused_in
from omtanke.engine.state import SCHEMA_HASH, State
from omtanke.runtime.consents import consents_of, policy_in_force
from omtanke.storage.outbox_facts import Facts
from omtanke.vocabulary.play import MessageReleased

_decode_state = msgspec.msgpack.Decoder(State).decode


def is_refused(facts: Facts, person: int, body: MessageReleased) -> bool:
    """Whether the person says no to it now, by the state that the worker has stored; what needs nobody's yes is never refused."""
    purpose = PURPOSES.get(body.message_class)
    policy = policy_in_force(facts) if purpose else None
    if purpose is None or policy is None:
        return False
    stored = facts.consent_state(person)
    if stored is not None and stored[0] == SCHEMA_HASH:
        return bool(refused_in(_decode_state(stored[1]).plays.contact, body.message_class, body.for_channel, policy))
    return not may(consents_of(facts, person), purpose, body.for_channel, policy).is_allowed
