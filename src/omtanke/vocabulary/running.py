"""Inputs that the runtime brings by itself."""

from __future__ import annotations

from omtanke.vocabulary.fact import Input, Observed


class WakeReached(Input, frozen=True, kw_only=True):
    """A moment that the engine asked to be woken at. Its `now` is that moment, not the wall clock."""

    due_at: int


class PolicyActivated(Input, frozen=True, kw_only=True):
    """From this position on, decisions follow this version of the policy."""

    policy: int
    digest: str


class UnknownObserved(Observed, frozen=True, kw_only=True):
    """An event whose name we do not know. It is kept whole in the personal part."""
