"""Inputs about the running itself: those that the runtime brings, and what somebody asks of it."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Input, Observed, StaffAct
from omtanke.vocabulary.fields import own


class WakeReached(Input, frozen=True, kw_only=True):
    """A moment that the engine asked to be woken at. Its `now` is that moment, not the wall clock."""

    due_at: int


class PolicyActivated(Input, frozen=True, kw_only=True):
    """From this position on, decisions follow this version of the policy."""

    policy: int
    digest: str


class UnknownObserved(Observed, frozen=True, kw_only=True):
    """An event whose name we do not know. It is kept whole in the personal part."""


class RetryRequested(StaffAct, frozen=True, kw_only=True):
    """A customer who is set aside, because we had failed at them, is to be tried again. `staff` is 0 when a command asked for it."""

    name = "Retry Requested"

    staff: Annotated[int, own("staff", what="who asked for it, 0 for a command")] = 0
