"""Who may be held against others, to see whether they are one person: nobody who refuses to be recognised, is left alone, or has been erased.

Asked each time anew, by whoever looks for pairs and by the page that shows them, so that a no counts at once.
"""

from __future__ import annotations

from collections.abc import Collection

from omtanke.engine.consent import may_recognise
from omtanke.engine.policy import Policy
from omtanke.runtime.consents import fold_consents, policy_in_force, state_in
from omtanke.storage.pages import Pages
from omtanke.storage.rights import RightsPages


def matchable(pages: Pages, persons: Collection[int], policy: Policy | None = None) -> frozenset[int]:
    """Those of the persons who may be matched, by two statements however many they are. `policy`: None for the one in force."""
    policy = policy or policy_in_force(pages)
    left_alone = RightsPages(pages).left_alone(persons)
    stored = pages.consent_states(persons)
    return frozenset(person for person in persons if person not in left_alone and (policy is None or _may_recognise(pages, person, stored.get(person), policy)))


def _may_recognise(pages: Pages, person: int, stored: tuple[bytes, bytes] | None, policy: Policy) -> bool:
    """From the state that the worker has stored; folded where another version wrote it."""
    state = state_in(stored)
    return may_recognise(fold_consents(pages.consent_facts(person)) if state is None else state.consent, policy)
