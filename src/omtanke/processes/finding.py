"""What `omtanke doctor` finds: a value, the rule that it breaks, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from omtanke.settings import Settings


class Level(StrEnum):
    """How it weighs."""

    WRONG = "wrong"
    LOOK = "look"


class Finding(Struct, frozen=True):
    """`check`: which check found it. Nothing of a customer's is in any of it."""

    check: str
    level: Level
    value: str
    rule: str
    way_out: str


class Folder(Struct, frozen=True):
    """The folder that is looked at, as it lies there: nothing is made or changed. `now`: the wall clock; `shop_now`: the folder's."""

    path: Path
    settings: Settings
    now: int
    shop_now: int
    is_thorough: bool = False


Check = Callable[[Folder], Iterator[Finding]]


def wrong(check: str, value: str, rule: str, way_out: str) -> Finding:
    return Finding(check, Level.WRONG, value, rule, way_out)


def look(check: str, value: str, rule: str, way_out: str) -> Finding:
    return Finding(check, Level.LOOK, value, rule, way_out)
