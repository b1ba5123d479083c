"""Who carries parcels, how long it takes, how often late.

The warehouse stands in Borås. Ordered before 14 on a working day a parcel may leave the same day, else the next
working day. The shop promises two days next to each other: 1–2 working days later in the south, 2–3 in the
middle, 3–4 in the north, and one day more in a peak.

The chance that a carrier is late is the product of its own (`CARRIERS`: Budbee and Instabox 4.8 %, Bring and
PostNord 6.5 %, DHL 10 %), the county's (`SLOW`: Norrbotten 2.8, Västerbotten 2.6, Jämtland 2.4 … else 1), peak
(2.2) and a weekend before it (ordered Friday to Sunday, 1.3), over the carrier's pace. Late is one day (55 %), or each
further one with 45 %, at most eight; 3 % of the late ones are lost and sent again, which takes nine. Of the others 20 %
come a day before the window where that is possible, 56 % on its first day, 24 % on its second. Days are working days,
and Saturdays too for Budbee and Instabox. Budbee comes in the evening slot 17 to 22, and half of its late ones after 22
the same evening.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from random import Random

from msgspec import Struct

from omtanke.simulate.days import HOUR, MINUTE, at, day_of, delivery_day, is_peak, is_working_day, local, within, working_day


class Carrier(Struct, frozen=True):
    """`way`: home, slot (in the evening), locker, or point (a shop that keeps parcels)."""

    name: str
    prefix: str
    way: str
    share: int
    late: float
    hours: tuple[int, int]

    def day(self, day: date, steps: int) -> date:
        """So many of the days on which it comes after `day`."""
        return delivery_day(day, steps, self.name in COMES_ON_SATURDAYS)


CARRIERS = (
    Carrier("PostNord", "UA", "point", 36, 0.065, (9, 17)),
    Carrier("Instabox", "IB", "locker", 22, 0.048, (8, 20)),
    Carrier("Budbee", "BB", "slot", 14, 0.048, (17, 22)),
    Carrier("DHL", "JD", "home", 16, 0.100, (9, 19)),
    Carrier("Bring", "BR", "home", 12, 0.065, (9, 18)),
)
BY_NAME = {carrier.name: carrier for carrier in CARRIERS}
ONLY_IN_TOWNS = ("Budbee", "Instabox")
COMES_ON_SATURDAYS = ONLY_IN_TOWNS
NOT_IN_THE_NORTH = tuple(carrier for carrier in CARRIERS if carrier.name not in ONLY_IN_TOWNS)
SLOW = {"Norrbotten": 2.8, "Västerbotten": 2.6, "Jämtland": 2.4, "Västernorrland": 2.0, "Gotland": 1.8, "Gävleborg": 1.3, "Dalarna": 1.3, "Värmland": 1.2}
NORTH = ("Norrbotten", "Västerbotten", "Jämtland", "Västernorrland")
MIDDLE = ("Stockholm", "Uppsala", "Södermanland", "Västmanland", "Örebro", "Värmland", "Dalarna", "Gävleborg", "Gotland")
TERMINALS = {"south": "Göteborg", "middle": "Örebro", "north": "Sundsvall"}
IN_PEAK, BEFORE_WEEKEND = 2.2, 1.3
LOST, LOST_DAYS, MOST_LATE_DAYS = 0.03, 9, 8
EARLY, ON_FIRST = 0.20, 0.76
CUT_OFF_HOUR = 14


def zone_of(region: str) -> str:
    """north, middle or south."""
    return "north" if region in NORTH else "middle" if region in MIDDLE else "south"


def transit_days(region: str) -> int:
    """Working days from the warehouse to the first day promised."""
    return 3 if region in NORTH else 2 if region in MIDDLE else 1


def carrier_for(rng: Random, region: str, way: str = "") -> Carrier:
    """By their shares; evening slots and lockers stop where the towns do. `way`: as the customer wishes, where anybody comes so."""
    there = NOT_IN_THE_NORTH if region in NORTH else CARRIERS
    offered = [carrier for carrier in there if carrier.way == way] or there
    return rng.choices(offered, [carrier.share for carrier in offered])[0]


def ready_day(ordered_at: int) -> date:
    """The working day on which an order should leave the warehouse."""
    when = local(ordered_at)
    day = when.date()
    return day if is_working_day(day) and when.hour < CUT_OFF_HOUR else working_day(day, 1)


@lru_cache(maxsize=8192)
def days_promised(carrier: Carrier, leaves: date, region: str) -> tuple[date, date]:
    """First and last day."""
    first = carrier.day(leaves, transit_days(region))
    return first, first if carrier.way == "slot" else carrier.day(first, 2 if is_peak(leaves) else 1)


def chance_of_late(carrier: Carrier, region: str, ordered_at: int, pace: float) -> float:
    """How likely the carrier is to need more days than we promised."""
    day = day_of(ordered_at)
    chance = carrier.late * SLOW.get(region, 1.0) / max(pace, 0.05)
    return chance * (IN_PEAK if is_peak(day) else 1.0) * (BEFORE_WEEKEND if day.weekday() >= 4 else 1.0)


def late_days(rng: Random) -> int:
    """Working days after the last day promised."""
    if rng.random() < LOST:
        return LOST_DAYS
    days = 1
    while rng.random() < 0.45 and days < MOST_LATE_DAYS:
        days += 1
    return days


def arrival(rng: Random, carrier: Carrier, region: str, left: date, is_late: bool) -> int:
    """When a parcel that left on that day comes, by the carrier's own doing."""
    first, last = days_promised(carrier, left, region)
    if carrier.way == "slot":
        return _slot_arrival(rng, carrier, first, is_late)
    if is_late:
        return within(rng, carrier.day(last, late_days(rng)), *carrier.hours)
    dice = rng.random()
    before = carrier.day(first, -1)
    if dice < EARLY and before > left:
        return within(rng, before, *carrier.hours)
    return within(rng, first if dice < ON_FIRST else carrier.day(first, 1), *carrier.hours)


def _slot_arrival(rng: Random, carrier: Carrier, day: date, is_late: bool) -> int:
    if is_late and rng.random() < 0.5:
        return at(day, 22) + rng.randrange(12, 70) * MINUTE
    if is_late:
        return within(rng, carrier.day(day, late_days(rng)), 17, 22)
    return at(day, 17, 5) + int(rng.random() * 4.8 * HOUR)
