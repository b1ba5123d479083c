"""The calendar of capacity: what a warehouse, store or carrier manages on a day, beside its ordinary pace. Told by people, so it knows days, not hours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from omtanke.vocabulary.time import DAY, day_ends_at, day_starts_at, local_date

WAREHOUSE, STORE, CARRIER = "warehouse", "store", "carrier"
ORDINARY = 100
ONE_DAY = timedelta(days=1)
# What was left undone longer ago is not reckoned with, and a step that takes longer than this is not awaited. Days.
LOOKS_BACK, MOST_AHEAD = 120, 200

Works = Callable[[date], bool]


class Change(Struct, frozen=True, gc=False):
    """Something that was told of a unit. `unit`: its surrogate; `name`: as it was written, empty when erased; `kind`: warehouse, store, carrier, or
    empty when nobody said. `pace`: per cent of the ordinary, 0 for closed. `until_at`: 0 until something else is told. `told_at`, `position`: of the
    fact. `staff`: who said it in the console, 0 for a sender. Moments in UTC microseconds."""

    unit: int
    name: str
    kind: str
    pace: int
    from_at: int
    until_at: int
    why: str
    told_at: int
    position: int
    staff: int = 0

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


def still_bearing(calendar: Calendar, now: int) -> Calendar:
    """What can still matter to somebody who orders now or later: neither long over, nor told over by something that holds until it is told otherwise."""
    since, kept, closed = now - LOOKS_BACK * DAY, list[Change](), set[int]()
    for change in reversed(calendar):
        if change.unit in closed or 0 < change.until_at <= since:
            continue
        kept.append(change)
        if not change.until_at and change.from_at <= since:
            closed.add(change.unit)
    return tuple(reversed(kept))


class Units(Struct, frozen=True):
    """Whose pace bears on an order: of those who pack it, and of those who carry it. Of several the slowest counts."""

    handling: tuple[int, ...] = ()
    way: tuple[int, ...] = ()


def units_of(calendar: Calendar, origins: tuple[str, ...] | None, carriers: tuple[str, ...] | None) -> Units:
    """By name. Without `origins` every warehouse that was told of, and whatever nobody said to be something else; without `carriers` every carrier."""
    handling, way = set[int](), set[int]()
    for change in calendar:
        is_carrier = change.kind == CARRIER or carriers is not None and change.name in carriers
        if is_carrier and (carriers is None or change.name in carriers):
            way.add(change.unit)
        elif not is_carrier and (change.name in origins if origins is not None else change.kind in ("", WAREHOUSE)):
            handling.add(change.unit)
    return Units(tuple(sorted(handling)), tuple(sorted(way)))


class Paces:
    """The pace of the slowest of some units, day by day. What has been reckoned is remembered; use one object per thread."""

    def __init__(self, calendar: Calendar, units: tuple[int, ...], zone: ZoneInfo) -> None:
        self._calendar = tuple(change for change in calendar if change.unit in units)
        self._units, self._zone = units, zone
        self._known: dict[date, tuple[int, Change | None]] = {}
        self._left: dict[tuple[date, Works, int], tuple[int, date]] = {}
        self._done: dict[tuple[date, int, Works, int], date | None] = {}
        self.begins = min((local_date(change.from_at, zone) for change in self._calendar), default=None)
        """The first day on which anything was told; None, nothing was."""

    def on(self, day: date) -> int:
        """Per cent of the ordinary."""
        return self._on(day)[0]

    def _on(self, day: date) -> tuple[int, Change | None]:
        if self.begins is None or day < self.begins:
            return ORDINARY, None
        found = self._known.get(day)
        if found is None:
            bearing = [bearing_on(self._calendar, unit, day, self._zone) for unit in self._units]
            found = min(((ORDINARY if change is None else change.pace, change) for change in bearing), key=lambda one: one[0])
            self._known[day] = found
        return found

    def because(self, first: date, last: date) -> Iterator[Change]:
        """What makes days from one to another slower than ordinary."""
        for n in range((last - first).days + 1):
            pace, change = self._on(first + n * ONE_DAY)
            if change is not None and pace < ORDINARY:
                yield change

    def waits(self, day: date, works: Works, spare: int) -> int:
        """What is left undone when a day begins, in hundredths of an ordinary day's work.

        Each working day brings a day's work, and at the ordinary pace there is room for `spare` per cent more. What a slow day leaves undone stands before
        whatever comes later.
        """
        return self._undone(day, works, spare)[0]

    def since(self, day: date, works: Works, spare: int) -> date:
        """The first day of which something is left undone when a day begins; that day itself when nothing is."""
        return self._undone(day, works, spare)[1]

    def _undone(self, day: date, works: Works, spare: int) -> tuple[int, date]:
        if self.begins is None:
            return 0, day
        found = self._left.get((day, works, spare))
        if found is None:
            waits, at = 0, max(self.begins, day - LOOKS_BACK * ONE_DAY)
            since = day
            while at < day:
                if works(at):
                    since = since if waits else at
                    waits = self._left_over(waits, at, spare)
                at += ONE_DAY
            found = self._left[day, works, spare] = (waits, since if waits else day)
        return found

    def waits_by_day(self, first: date, count: int, works: Works, spare: int) -> Iterator[int]:
        """The same as `waits`, of so many days in a row."""
        waits = self.waits(first, works, spare)
        for n in range(count):
            yield waits
            at = first + n * ONE_DAY
            waits = self._left_over(waits, at, spare) if works(at) else waits

    def _left_over(self, waits: int, day: date, spare: int) -> int:
        """What is left undone when a working day ends."""
        return max(0, waits + ORDINARY - self._room(day, spare))

    def _room(self, day: date, spare: int) -> int:
        return self.on(day) * (ORDINARY + spare) // ORDINARY

    def opens(self, day: date, works: Works) -> date | None:
        """The first working day, from `day` on, on which anything goes; None where that is too far off."""
        return next((at for n in range(MOST_AHEAD) if works(at := day + n * ONE_DAY) and self.on(at)), None)

    def done(self, day: date, work: int, works: Works, spare: int) -> date | None:
        """The day on which so much is done, in hundredths of a day's work, when `day` is the first that counts; None where it takes too long.

        What waits is done first, at the pace of the day with the room there is; then a working day counts for its pace, and none for more than a day.
        """
        if self.begins is None:
            return self._worked_off(day, work, works, spare)
        if (day, work, works, spare) not in self._done:
            self._done[day, work, works, spare] = self._worked_off(day, work, works, spare)
        return self._done[day, work, works, spare]

    def _worked_off(self, day: date, work: int, works: Works, spare: int) -> date | None:
        waits = self.waits(day, works, spare)
        for n in range(MOST_AHEAD):
            at = day + n * ONE_DAY
            if not works(at) or not self.on(at):
                continue
            room, left = self._room(at, spare), ORDINARY
            if waits:
                left = -(-max(0, room - waits) * ORDINARY // room) if room else 0
                waits = max(0, waits - room)
            work -= min(work, -(-left * min(self.on(at), ORDINARY) // ORDINARY))
            if not waits and not work:
                return at
        return None


NOTHING_TOLD = Paces((), (), ZoneInfo("UTC"))


class Going(Struct, frozen=True):
    """How fast an order goes: while it is handled, and on its way."""

    handling: Paces = NOTHING_TOLD
    way: Paces = NOTHING_TOLD


AS_ORDINARY = Going()
