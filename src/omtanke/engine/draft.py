"""A decision before it is sealed into a fact."""

from __future__ import annotations

from msgspec import Struct

from omtanke.vocabulary.fact import Decided


class Draft(Struct, frozen=True, gc=False):
    """What a rule family decides: the body, the code of its reason, and the facts it rests on beside the trigger."""

    body: Decided
    reason: str
    because: tuple[bytes, ...] = ()
