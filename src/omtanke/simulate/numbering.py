"""Numbers of orders: rising with time, with those of the cast in their places."""

from __future__ import annotations

from datetime import date

from omtanke.simulate.days import HOUR, at, day_of, working_day
from omtanke.simulate.life import evening_of

FIRST_ORDINARY = 101
MAJAS_ORDER, AISHAS_ORDER, KARINS_ORDER, NILS_ORDER = "10482", "10466", "10127", "9618"
RESERVED = {MAJAS_ORDER, AISHAS_ORDER, KARINS_ORDER, NILS_ORDER}
LOWEST, LARGE_SHOP = 1000, 1_000_000
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


def numbered(moments: list[int], end: int) -> list[str]:
    """Numbers for the shop's other orders, rising with their moments so that Maja's is 10482 among them.

    A shop with more orders before hers than there are numbers counts from a million.
    """
    pivot = majas_order_at(end)
    before = sum(moment <= pivot for moment in moments)
    if before + len(RESERVED) > int(MAJAS_ORDER) - LOWEST:
        return [str(LARGE_SHOP + n) for n in range(len(moments))]
    reserved = {int(number) for number in RESERVED}
    down = (number for number in range(int(MAJAS_ORDER) - 1, 0, -1) if number not in reserved)
    earlier = [str(next(down)) for _ in range(before)]
    return earlier[::-1] + [str(int(MAJAS_ORDER) + 1 + n) for n in range(len(moments) - before)]
