"""The part of the policy that says which days may be quoted with a cart, until a model of deliveries says more. Without lanes nothing is quoted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from msgspec import Struct

from omtanke.engine.capacity import AS_ORDINARY, CARRIER, ONE_DAY, ORDINARY, Calendar, Change, Going, Paces, Units, Works, units_of
from omtanke.engine.contact_policy import COUNTRY, minute_of
from omtanke.vocabulary.fields import LONGEST_NUMBER
from omtanke.vocabulary.time import day_ends_at, day_starts_at, local_date, time_of_day_at, zone_named

KEYS = ("cut_off", "country", "lanes", "level", "cost_day", "cost_broken", "floor", "longest_days", "origin", "carrier", "spare")
MOST_DAYS = 90
SPARE, MOST_SPARE = 25, 1000
EXAMPLES = {"origin": '"lager-boras"', "carrier": '["PostNord", "DHL"]'}
# A window that is kept less often than this is no promise; none is kept always.
LEAST_LEVEL, MOST_LEVEL = 0.5, 0.99
# A model that has not been learnt anew for longer has not seen how things go today.
MODEL_LASTS = timedelta(days=14)


class QuotePolicy(Struct, frozen=True):
    """`cut_off`: the minute of a working day until which an order leaves the same day. `country`: of customers of whom no other is known.

    `lanes`: by ISO 3166 country of the customer, how many working days after that day it is with them, at the earliest and at the latest.
    With `level` or `broken` a learnt model says the days where there is one: the shortest window that is kept with that chance, or the cheapest, when a
    broken promise weighs as much as so many days more, and is kept with at least the chance `floor`; 0 for none. One that ends more than `longest` days after
    the order is not said.
    `origins`, `carriers`: whose changed capacity bears on it, by name; None for every warehouse, and every carrier. `spare`: per cent of a day's orders
    that a day at the ordinary pace has room for beside its own.
    """

    cut_off: int = 14 * 60
    country: str = ""
    lanes: dict[str, tuple[int, int]] = {}
    level: float = 0.0
    broken: float = 0.0
    longest: int = 30
    origins: tuple[str, ...] | None = None
    carriers: tuple[str, ...] | None = None
    spare: int = SPARE
    floor: float = 0.0

    @property
    def asks_model(self) -> bool:
        """Whether a learnt model says the days where it can."""
        return bool(self.level or self.broken)


NO_QUOTES = QuotePolicy()


class Quoted(Struct, frozen=True):
    """A window, and until when it can be taken. UTC microseconds. `because`: what was told of capacity and bears on it, in the order of telling."""

    from_at: int
    until_at: int
    valid_until: int
    because: tuple[Change, ...] = ()


IsWorkingDay = Callable[[date, str], bool]


class Lane(Struct, frozen=True):
    """A way to a country: whose days off count there, and how many working days it takes at the earliest and at the latest."""

    country: str
    first: int
    last: int


def lane_to(policy: QuotePolicy, country: str) -> Lane | None:
    """The lane to a country, that of the policy's own country for another; None where there is none."""
    to = country.upper() if country.upper() in policy.lanes else policy.country
    return Lane(to, *policy.lanes[to]) if to in policy.lanes else None


def wide_lane(policy: QuotePolicy, country: str = "") -> Lane | None:
    """For one of whom not everything is known: from the soonest day to twice the longest, of the country's lane or of all; None without lanes."""
    lanes = [policy.lanes[country]] if country in policy.lanes else list(policy.lanes.values())
    if not lanes:
        return None
    to = country if country in policy.lanes else policy.country or next(iter(policy.lanes))
    return Lane(to, min(first for first, _ in lanes), min(2 * max(1, *(last for _, last in lanes)), MOST_DAYS))


def is_fresh(learnt_until: date, placed: date) -> bool:
    """Whether a model that knows everything up to the beginning of a day may speak of an order that is placed on another."""
    return timedelta() <= placed - learnt_until <= MODEL_LASTS


def is_of_use(policy: QuotePolicy, placed: date, last: date) -> bool:
    """Whether a window that ends on a day is said: one of fifty days is true and of no use to anybody."""
    return (last - placed).days <= policy.longest


def quoted(policy: QuotePolicy, country: str, now: int, zone: str, is_working_day: IsWorkingDay, going: Going = AS_ORDINARY) -> Quoted | None:
    """What may be offered to a customer in a country at a moment; None where there is no lane, or nothing goes. `zone`: the shop's, IANA."""
    lane = lane_to(policy, country)
    return on_lane(policy, lane, now, zone, zone, is_working_day, going) if lane else None


def on_lane(policy: QuotePolicy, lane: Lane, now: int, zone: str, there: str, is_working_day: IsWorkingDay, going: Going = AS_ORDINARY) -> Quoted | None:
    """What may be offered on a lane; None where it would take too long, as while everything is closed until told otherwise.

    It can be taken until the next cut-off of a working day here. The days count from that day on, at the customer. A working day at 60 per cent counts for
    0.6 of a day, a closed one for none, and what waits since a pace fell is done before. `zone`: the shop's, `there`: the customer's, IANA.
    `is_working_day`: by day and country.
    """
    home, abroad = _at(policy.country or lane.country, is_working_day), _at(lane.country, is_working_day)
    taken = taken_on(policy, now, zone, home, going)
    leaves = taken and going.handling.done(taken, ORDINARY, home, policy.spare)
    first, last = (leaves and arrives_on(leaves, days, abroad, policy.spare, going) for days in (lane.first, lane.last))
    if not (taken and leaves and first and last):
        return None
    far = zone_named(there)
    valid_until = time_of_day_at(taken, policy.cut_off, zone_named(zone))
    because = grounds(taken, leaves, last, home, abroad, policy.spare, going)
    return Quoted(day_starts_at(first, far), day_ends_at(last, far), valid_until, because)


def taken_on(policy: QuotePolicy, now: int, zone: str, works: Works, going: Going) -> date | None:
    """The working day to which an order placed at a moment belongs: the next on which anything goes and whose cut-off has not passed."""
    here, day = zone_named(zone), local_date(now, zone_named(zone))
    return going.handling.opens(day + ONE_DAY if time_of_day_at(day, policy.cut_off, here) <= now else day, works)


def arrives_on(leaves: date, days: int, works: Works, spare: int, going: Going) -> date | None:
    """The day on which it is there, so many working days after it left. No carrier is quicker for having more people."""
    if days:
        return going.way.done(leaves + ONE_DAY, days * ORDINARY, works, spare)
    return leaves if going.way.begins is None else going.way.done(leaves, 1, _every_day, spare)


def _every_day(day: date) -> bool:
    return True


def grounds(taken: date, leaves: date, last: date, home: Works, abroad: Works, spare: int, going: Going) -> tuple[Change, ...]:
    """What was told and bears on an order, in the order of telling: on the days that it takes, and on those before when something waits from them."""
    after = leaves + ONE_DAY
    steps = ((going.handling, taken, leaves, home), (going.way, min(after, last), last, abroad))
    told = {change for paces, begins, ends, works in steps for change in paces.because(paces.since(begins, works, spare), ends)}
    return tuple(sorted(told, key=lambda change: change.position))


def units_for(policy: QuotePolicy, calendar: Calendar, origin: str = "", service: str = "") -> Units:
    """Whose pace bears on what is asked: of the origin named, else of those in the policy; of the carrier whose name the service has, else of those."""
    is_carrier = service in (policy.carriers or ()) or any(change.kind == CARRIER and change.name == service for change in calendar)
    return units_of(calendar, (origin,) if origin else policy.origins, (service,) if service and is_carrier else policy.carriers)


def going_for(calendar: Calendar, units: Units, zone: str) -> Going:
    """How fast they go. `zone`: the shop's, IANA."""
    return Going(*(Paces(calendar, one, zone_named(zone)) for one in (units.handling, units.way)))


@lru_cache(maxsize=256)
def _at(country: str, is_working_day: IsWorkingDay) -> Works:
    """The same for the same country, by which is remembered what has been reckoned."""
    return lambda day: is_working_day(day, country)


def read_quotes(table: object, faults: list[str]) -> QuotePolicy:
    """The table `quotes`; nothing is quoted without it. Adds to `faults`."""
    if not isinstance(table, dict):
        faults.append("quotes: is not a table")
        return NO_QUOTES
    faults += [f"quotes.{name}: is not known; the table has {', '.join(KEYS)}" for name in table if name not in KEYS]
    lanes = table.get("lanes", {})
    if not isinstance(lanes, dict):
        faults.append("quotes.lanes: is not a table of countries, as in SE = [1, 2]")
        lanes = {}
    faults += [f"quotes.lanes.{country}: is not a country; write its two letters, as SE" for country in lanes if not COUNTRY.fullmatch(country)]
    country = table.get("country", "")
    if country and country not in lanes:
        faults.append(f"quotes.country: {country!r} has no lane; write quotes.lanes.{country}")
    by_country = {country: _lane(country, days, faults) for country, days in lanes.items()}
    return QuotePolicy(
        _cut_off(table, faults),
        country,
        by_country,
        _level(table, faults),
        _broken(table, faults),
        _longest(table, faults),
        _names(table, "origin", faults),
        _names(table, "carrier", faults),
        _spare(table, faults),
        _floor(table, faults),
    )


def _cut_off(table: dict[str, Any], faults: list[str]) -> int:
    written = table.get("cut_off", "14.00")
    minute = minute_of(written) if isinstance(written, str) else None
    if minute is None:
        faults.append(f'quotes.cut_off: {written!r} is not a time of day; write "14.00"')
    return minute or 0


def _level(table: dict[str, Any], faults: list[str]) -> float:
    level = table.get("level", 0.0)
    if level and not (_is_number(level) and LEAST_LEVEL <= level <= MOST_LEVEL):
        faults.append(f"quotes.level: {level!r} is not a share from {LEAST_LEVEL} to {MOST_LEVEL}; write 0.95 for windows of which 95 of 100 are kept")
        return 0.0
    if level and ("cost_day" in table or "cost_broken" in table):
        faults.append("quotes.level: stands beside costs; windows are quoted by the one or by the others")
    return float(level)


def _broken(table: dict[str, Any], faults: list[str]) -> float:
    """How many days more a broken promise weighs up."""
    if not {"cost_day", "cost_broken"} & table.keys():
        return 0.0
    for name in ("cost_day", "cost_broken"):
        cost: Any = table.get(name)
        if not _is_number(cost) or cost <= 0:
            faults.append(f"quotes.{name}: {cost!r} is not a cost; write both, as cost_day = 1 and cost_broken = 80, in one currency")
            return 0.0
    return float(table["cost_broken"] / table["cost_day"])


def _floor(table: dict[str, Any], faults: list[str]) -> float:
    """The chance with which the cheapest window is kept at the least, for everybody."""
    floor = table.get("floor", 0.0)
    if floor and not (_is_number(floor) and LEAST_LEVEL <= floor <= MOST_LEVEL):
        faults.append(f"quotes.floor: {floor!r} is not a share from {LEAST_LEVEL} to {MOST_LEVEL}; write 0.85 so that no window is kept less often than that")
        return 0.0
    if floor and not {"cost_day", "cost_broken"} & table.keys():
        faults.append("quotes.floor: stands without costs; a level is as sure for everybody already")
    return float(floor)


def _longest(table: dict[str, Any], faults: list[str]) -> int:
    longest = table.get("longest_days", 30)
    if type(longest) is not int or not 1 <= longest <= MOST_DAYS:
        faults.append(f"quotes.longest_days: {longest!r} is not a number of days from 1 to {MOST_DAYS}")
        return 30
    return longest


def _names(table: dict[str, Any], key: str, faults: list[str]) -> tuple[str, ...] | None:
    """One name or several, as units are named where their capacity is told; None where nothing is written."""
    if key not in table:
        return None
    written = table[key]
    names = written if isinstance(written, list) else [written]
    if not all(isinstance(name, str) and 0 < len(name.strip()) <= LONGEST_NUMBER for name in names):
        faults.append(f"quotes.{key}: {written!r} is not a name, or a list of names, as {EXAMPLES[key]}")
        return None
    return tuple(name.strip() for name in names)


def _spare(table: dict[str, Any], faults: list[str]) -> int:
    spare = table.get("spare", SPARE)
    if type(spare) is not int or not 0 <= spare <= MOST_SPARE:
        faults.append(f"quotes.spare: {spare!r} is not a number of per cent from 0 to {MOST_SPARE}")
        return SPARE
    return spare


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _lane(country: str, days: object, faults: list[str]) -> tuple[int, int]:
    if isinstance(days, list) and len(days) == 2:
        first, last = days
        if type(first) is int and type(last) is int and 0 <= first <= last <= MOST_DAYS:
            return first, last
    faults.append(f"quotes.lanes.{country}: {days!r} is not two numbers of working days, the earliest and the latest, from 0 to {MOST_DAYS}; write [1, 2]")
    return 0, 0
