"""The calendar of capacity: what a warehouse, store or carrier manages on a day, beside its ordinary pace. Told by people, so it knows days, not hours."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from omtanke.vocabulary.time import day_ends_at, day_starts_at

WAREHOUSE, STORE, CARRIER = "warehouse", "store", "carrier"
ORDINARY = 100


class Change(Struct, frozen=True, gc=False):
    """Something that was told of a unit. `unit`: its surrogate; `name`: as it was written, empty when erased; `kind`: warehouse, store, carrier, or
    empty when nobody said. `pace`: per cent of the ordinary, 0 for closed. `until_at`: 0 until something else is told. `told_at`, `position`: of the
    fact. Moments in UTC microseconds."""

    unit: int
    name: str
    kind: str
    pace: int
    from_at: int
    until_at: int
    why: str
    told_at: int
    position: int

    def covers(self, day: date, zone: ZoneInfo) -> bool:
        """Whether it bears on a day: on each of which it holds for any part."""
        return self.from_at < day_ends_at(day, zone) and (not self.until_at or self.until_at > day_starts_at(day, zone))


# In the order in which it was told.
Calendar = tuple[Change, ...]


def bearing_on(calendar: Calendar, unit: int, day: date, zone: ZoneInfo) -> Change | None:
    """The change by which a unit goes on a day: of those that cover it the one that was told last; None, it goes as ordinary. `zone`: the shop's."""
    return next((change for change in reversed(calendar) if change.unit == unit and change.covers(day, zone)), None)


def pace_on(calendar: Calendar, unit: int, day: date, zone: ZoneInfo) -> int:
    """Per cent of the ordinary that a unit manages on a day; 0 when it is closed."""
    change = bearing_on(calendar, unit, day, zone)
    return ORDINARY if change is None else change.pace


def slowest_on(calendar: Calendar, units: Collection[int], day: date, zone: ZoneInfo) -> tuple[int, Change | None]:
    """The pace of the slowest of several units, and the change by which it goes so; ordinary when there are none."""
    found = [(ORDINARY if change is None else change.pace, change) for unit in units for change in (bearing_on(calendar, unit, day, zone),)]
    return min(found, key=lambda one: one[0], default=(ORDINARY, None))
