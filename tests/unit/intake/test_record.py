"""What the door keeps for itself goes by itself."""

from __future__ import annotations

from pathlib import Path

from omtanke.storage.door_record import MOST_CALLS, DoorRecord, DoorWindow, Event
from omtanke.storage.keys import Keys
from omtanke.vocabulary.time import HOUR

NOON = 1_795_000_000_000_000


class Clock:
    """Stands until it is moved."""

    now = NOON

    def __call__(self) -> int:
        return self.now


def record(folder: Path, clock: Clock, hours: int = 24) -> DoorRecord:
    return DoorRecord(folder, Keys(b"record" * 6), hours, clock)


def event(number: int, clock: Clock, rule: str = "") -> Event:
    return Event("key", "shop", clock(), "page", f"m{number}", b"{}", rule=rule)


def kept(folder: Path) -> list[str]:
    window = DoorWindow(folder)
    try:
        return [call.message_id for call in window.calls("key", False, 10_000)]
    finally:
        window.close()


def test_only_the_last_events_of_each_key_are_written(tmp_path: Path) -> None:
    clock = Clock()
    door = record(tmp_path, clock)
    for n in range(MOST_CALLS + 5):
        door.keep(event(n, clock))
    door.write()
    door.keep(event(9_999, clock))
    door.write()
    assert kept(tmp_path) == ["m9999", *(f"m{n}" for n in reversed(range(6, MOST_CALLS + 5)))]


def test_events_go_with_age(tmp_path: Path) -> None:
    clock = Clock()
    door = record(tmp_path, clock)
    door.keep(event(1, clock))
    door.write()
    clock.now += 24 * HOUR
    door.keep(event(2, clock))
    door.write()
    assert kept(tmp_path) == ["m2", "m1"]
    clock.now += 1
    door.write()
    assert kept(tmp_path) == ["m2"]


def test_nothing_is_kept_where_nothing_may_be(tmp_path: Path) -> None:
    clock = Clock()
    door = record(tmp_path, clock, hours=0)
    door.keep(event(1, clock))
    door.write()
    assert kept(tmp_path) == []


def test_key_of_a_call_keeps_what_was_said_first_until_it_is_old(tmp_path: Path) -> None:
    clock = Clock()
    door = record(tmp_path, clock)
    assert door.first_said(b"f" * 16, b"one", NOON) == (b"one", NOON)
    assert door.first_said(b"f" * 16, b"two", NOON + 1) == (b"one", NOON)
    clock.now += 49 * HOUR
    door.write()
    assert door.first_said(b"f" * 16, b"two", clock.now) == (b"two", clock.now)
