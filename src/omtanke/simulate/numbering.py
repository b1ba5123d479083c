"""Numbers of orders: rising with time, with those of the cast in their places."""

from __future__ import annotations

from datetime import date

from omtanke.simulate.days import DAY, HOUR, at, day_of, evening_of, working_day
from omtanke.simulate.world import World

FIRST_ORDINARY = 101
MAJAS_ORDER, AISHAS_ORDER, KARINS_ORDER, NILS_ORDER = "10482", "10466", "10127", "9618"
RESERVED = {int(number) for number in (MAJAS_ORDER, AISHAS_ORDER, KARINS_ORDER, NILS_ORDER)}
LOWEST, LARGE_SHOP = 1000, 1_000_000
ROOM = 1.6
GRACE = 12 * HOUR


def majas_days(end: int) -> tuple[date, date]:
    """The two working days promised: the last is the latest one that is over, with the carrier's twelve hours."""
    last = working_day(day_of(end), -1)
    while evening_of(last) + GRACE >= end:
        last = working_day(last, -1)
    return working_day(last, -1), last


def majas_order_at(end: int) -> int:
    """18.04 two working days before the first day promised."""
    return at(working_day(majas_days(end)[0], -2), 18, 4)


def next_number(world: World, now: int) -> str:
    """The next order's number. It rises somewhat faster than orders come, so that Maja's is 10482 among them.

    A shop with more orders before hers than there are numbers, or without a cast, counts from a million.
    """
    found = LARGE_SHOP
    if world.live_from is not None:
        pivot = majas_order_at(world.live_from)
        a_day = ROOM * world.orders_a_day + 1
        if int(MAJAS_ORDER) - a_day * (pivot - world.begins_at) / DAY > LOWEST:
            found = int(MAJAS_ORDER) + int(a_day * (now - pivot) / DAY)
    found = max(found, world.last_number + 1)
    while found in RESERVED:
        found += 1
    world.last_number = found
    return str(found)
