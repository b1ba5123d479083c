"""What time it is in a data folder: the wall clock, or for a demo a clock that runs faster."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
from msgspec import Struct

from omtanke.vocabulary.refusal import CannotDo

FASTEST = 10_000


class FolderClock(Struct, frozen=True):
    """At the wall clock's `real_at` it was `shop_at` here, and a second there is `speed` seconds here. UTC microseconds."""

    real_at: int = 0
    shop_at: int = 0
    speed: int = 1

    def __call__(self) -> int:
        return self.shop_at + (wall_clock() - self.real_at) * self.speed


def wall_clock() -> int:
    """The wall clock in microseconds."""
    return time.time_ns() // 1000


def read_clock(path: Path) -> FolderClock:
    """The clock in the file; the wall clock where there is none."""
    return msgspec.json.decode(path.read_bytes(), type=FolderClock) if path.exists() else FolderClock()


def set_clock(path: Path, shop_at: int, speed: int) -> FolderClock:
    """From now on it is `shop_at` here and time runs `speed` times as fast. Raises CannotDo outside 1 to 10,000."""
    if not 1 <= speed <= FASTEST:
        raise CannotDo(f"A clock cannot run {speed} times as fast: choose 1 to {FASTEST:,}.")
    clock = FolderClock(wall_clock(), shop_at, speed)
    new = path.with_suffix(".new")
    new.write_bytes(msgspec.json.encode(clock))
    new.rename(path)
    return clock
