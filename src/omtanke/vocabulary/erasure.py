"""Erasing somebody: the request, and what came of it. Neither says anything of who it was."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Input, StaffAct
from omtanke.vocabulary.fields import own

# Why nothing is taken about somebody who has been erased.
NOTHING_MORE = "the customer has been erased, and nothing more is noted about them"


class ErasureRequested(StaffAct, frozen=True, kw_only=True):
    """The customer wants to be forgotten. `customer` of the fact says who; `staff` is 0 when a command asked for it."""

    name = "Erasure Requested"

    staff: Annotated[int, own("staff", what="who took the request, 0 for a command")] = 0


class CustomerErased(Input, frozen=True, kw_only=True):
    """Everything personal has left the log, in the transaction that this fact is in. What was counted stays counted."""

    customers: int
    parts: int = 0
    identifiers: int = 0
    numbers: int = 0
    quarantined: int = 0
