"""What a consent banner says with an event, and which of it is new: that becomes facts of its own.

Nearly every event says the same as the one before it, so the common case is decided without looking anything up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from omtanke.engine.consent import Consents, changes, told_of
from omtanke.engine.policy import Policy
from omtanke.vocabulary.banner import categories_of, tc_string
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.vocabulary.reading import Understood

BANNER = "banner"
# A banner that nobody has met: nothing is remembered of it.
UNMET = 0

Heard = tuple[ConsentGiven | ConsentWithdrawn, dict[str, Any]]


def heard(understood: Understood, consents: Consents, policy: Policy, refer: Callable[[str, str], int]) -> Iterator[Heard]:
    """The bodies and personal parts of what the banner says anew. Purposes that the event itself speaks of are left to it."""
    if not understood.identifiers:
        return
    categories = categories_of(understood.personal["context"])
    told = told_of(categories, policy)
    told.pop(getattr(understood.body, "purpose", ""), None)
    at = understood.occurred_at
    if not told or not consents.banners and not any(changes(consents, told, UNMET, at, policy)):
        return
    banner = refer(BANNER, device_of(understood))
    for purpose, is_yes in changes(consents, told, banner, at, policy):
        body = ConsentGiven if is_yes else ConsentWithdrawn
        yield body(timestamp=understood.body.timestamp, purpose=purpose, banner=banner), evidence(understood, categories, policy, purpose)


def device_of(understood: Understood) -> str:
    """Where the banner keeps what it was told: a device, else whoever the message says it was."""
    found = {one.kind: one.value for one in reversed(understood.identifiers)}
    kind = "anonymous_id" if "anonymous_id" in found else understood.identifiers[0].kind
    return f"{kind}:{found[kind]}"


def evidence(understood: Understood, categories: dict[str, bool], policy: Policy, purpose: str) -> dict[str, Any]:
    """What shows it: the categories as the banner wrote them, and the TC string whole."""
    asked = {one: is_yes for one, is_yes in categories.items() if purpose in policy.consent.by_category.get(one, ())}
    text = tc_string(understood.personal["context"])
    shown = {"categories": asked, **({"tc_string": text} if text else {})}
    return {"properties": {"evidence": shown}}
