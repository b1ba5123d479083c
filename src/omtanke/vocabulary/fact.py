"""A fact: the one record that everything rests on (docs/reference, the log)."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from msgspec import Struct


class Kind(StrEnum):
    """Who brought it: senders, staff and the runtime bring inputs; the engine decides."""

    INPUT = "input"
    DECIDED = "decided"


class Mode(StrEnum):
    """Whether the source was told as it happened, or is the past being told."""

    LIVE = "live"
    HISTORY = "history"


@cache
def snake(words: str) -> str:
    """`Order Completed` and `OrderCompleted` as `order_completed`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[ \-]+", "_", words).lower()


class Body(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What a fact says, without anything of a person's identity and without free text."""

    type: ClassVar[str]
    version: ClassVar[int] = 1

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        cls.type = snake(cls.__name__)


class Input(Body, frozen=True):
    """A fact that senders, staff or the runtime bring."""


class Observed(Input, frozen=True):
    """A fact that came in at a door. `timestamp` is the sender's own, as written, with its offset."""

    name: ClassVar[str] = ""
    personal: ClassVar[dict[str, str]] = {}

    timestamp: str = ""


class OwnAct(Observed, frozen=True, kw_only=True):
    """What Omtanke itself tells of what was done. No door takes it."""


class StaffAct(OwnAct, frozen=True, kw_only=True):
    """What somebody who works here has done in the console; `staff` is their number there."""

    staff: int = 0


class Decided(Body, frozen=True):
    """A fact that the engine decided."""


class Fact(Struct, frozen=True, gc=False):
    """One line of the log; `body` says what, the rest says who, when, where and why.

    Moments are UTC microseconds. `position` is 0 until the store has given it one.
    """

    fact_id: bytes
    customer: int
    body: Body
    occurred_at: int
    received_at: int
    now: int
    kind: Kind = Kind.INPUT
    mode: Mode = Mode.LIVE
    source: int = 0
    channel: str = "none"
    touchpoint: str = ""
    position: int = 0
    cause: bytes = b""
    because: tuple[bytes, ...] = ()
    reason: str = ""
    policy_version: int = 0
    engine_version: int = 0

    @property
    def type(self) -> str:
        return self.body.type
