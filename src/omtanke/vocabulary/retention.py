"""What becomes of history that is older than the shop's rule: one fact in place of many."""

from __future__ import annotations

from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn, PreferenceChanged
from omtanke.vocabulary.erasure import CustomerErased, ErasureRequested
from omtanke.vocabulary.fact import Body, Input
from omtanke.vocabulary.identity import CustomerIdentified, CustomersLinked, CustomersUnlinked, LinkConfirmed, LinkRefused, LinkWithheld, SplitRequested
from omtanke.vocabulary.rights import DetailsCorrected, ProcessingRestricted, RestrictionLifted


class HistoryCondensed(Input, frozen=True, kw_only=True):
    """What a customer's facts up to a position had come to, in their place. It stands where the first of them stood, under its id.

    `until`: the last position that it speaks for. `facts`: how many it stands for. `condensed_at`: by the store's clock. `digest`: BLAKE2b over
    them, in log order. `state`: what was left of them, by names (`omtanke.engine.condensed`).
    """

    until: int
    facts: int
    condensed_at: int
    digest: bytes
    state: bytes


# What stays as long as the customer is known: who they are, what they allow, with whom they are one, and what they have asked for.
STAYING: tuple[type[Body], ...] = (
    CustomerIdentified,
    DetailsCorrected,
    ConsentGiven,
    ConsentWithdrawn,
    PreferenceChanged,
    ProcessingRestricted,
    RestrictionLifted,
    CustomersLinked,
    CustomersUnlinked,
    LinkWithheld,
    LinkConfirmed,
    LinkRefused,
    SplitRequested,
    ErasureRequested,
    CustomerErased,
)
STAYS = frozenset(body.type for body in STAYING)
