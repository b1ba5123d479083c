"""Parcels: who carries them, how long it takes, how often late.

The warehouse stands in Borås. Ordered before 14 on a working day a parcel leaves the same day, else the next
working day. The shop promises two days next to each other: 1–2 working days later in the south, 2–3 in the
middle, 3–4 in the north, and one day more in a peak.

The chance that a parcel is late is the product of its carrier (`CARRIERS`: Budbee and Instabox 4 %, Bring and
PostNord 6 %, DHL 8 %), its county (`SLOW`: Norrbotten 2.4, Västerbotten 2.2, Jämtland 2.0 … else 1), peak
(2.2) and a weekend before it (ordered Friday to Sunday, 1.3). Late is one day (55 %), or each further one with
45 %, at most eight; 3 % of the late ones are lost and sent again, which takes nine. Of the others 20 % come a
day before the window where that is possible, 56 % on its first day, 24 % on its second. Days are working days,
and Saturdays too for Budbee and Instabox. Budbee comes in the evening slot 17 to 22: 1 % too early, which
counts as broken, and half of its late ones after 22 the same evening.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from msgspec import Struct

from omtanke.simulate.days import HOUR, MINUTE, at, day_of, delivery_day, is_peak, is_working_day, local, within, working_day
from omtanke.simulate.life import DELIVERY, WAREHOUSE, evening_of
from omtanke.simulate.telling import Story


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
    Carrier("PostNord", "UA", "point", 36, 0.060, (9, 17)),
    Carrier("Instabox", "IB", "locker", 22, 0.040, (8, 20)),
    Carrier("Budbee", "BB", "slot", 14, 0.040, (17, 22)),
    Carrier("DHL", "JD", "home", 16, 0.080, (9, 19)),
    Carrier("Bring", "BR", "home", 12, 0.060, (9, 18)),
)
BY_NAME = {carrier.name: carrier for carrier in CARRIERS}
ONLY_IN_TOWNS = ("Budbee", "Instabox")
COMES_ON_SATURDAYS = ONLY_IN_TOWNS
SLOW = {"Norrbotten": 2.4, "Västerbotten": 2.2, "Jämtland": 2.0, "Västernorrland": 1.7, "Gotland": 1.8, "Gävleborg": 1.3, "Dalarna": 1.3, "Värmland": 1.2}
NORTH = ("Norrbotten", "Västerbotten", "Jämtland", "Västernorrland")
MIDDLE = ("Stockholm", "Uppsala", "Södermanland", "Västmanland", "Örebro", "Värmland", "Dalarna", "Gävleborg", "Gotland")
TERMINALS = {"south": "Göteborg", "middle": "Örebro", "north": "Sundsvall"}
IN_PEAK, BEFORE_WEEKEND = 2.2, 1.3
LOST, LOST_DAYS, MOST_LATE_DAYS = 0.03, 9, 8
EARLY, ON_FIRST = 0.20, 0.76
CUT_OFF_HOUR = 14


class Parcel(Struct):
    """A parcel as it is promised and as it truly goes. The window is in days; `slot` narrows it to 17–22."""

    number: str
    carrier: Carrier
    lines: list[dict[str, object]]
    packed_at: int
    first: date
    last: date
    arrives_at: int
    late: bool
    region: str

    @property
    def slot(self) -> bool:
        return self.carrier.way == "slot"

    @property
    def from_at(self) -> int:
        return at(self.first, 17 if self.slot else 0)

    @property
    def until_at(self) -> int:
        return at(self.last, 22) if self.slot else evening_of(self.last)


def transit_days(region: str) -> int:
    """Working days from the warehouse to the first day promised."""
    return 3 if region in NORTH else 2 if region in MIDDLE else 1


def carrier_for(rng: Random, region: str) -> Carrier:
    """By their shares; evening slots and lockers stop where the towns do."""
    offered = [carrier for carrier in CARRIERS if not (region in NORTH and carrier.name in ONLY_IN_TOWNS)]
    return rng.choices(offered, [carrier.share for carrier in offered])[0]


def ready_day(ordered_at: int) -> date:
    """The working day on which an order leaves the warehouse."""
    when = local(ordered_at)
    day = when.date()
    return day if is_working_day(day) and when.hour < CUT_OFF_HOUR else working_day(day, 1)


def chance_of_late(carrier: Carrier, region: str, ordered_at: int) -> float:
    """How likely the promise of this parcel is to break."""
    day = day_of(ordered_at)
    chance = carrier.late * SLOW.get(region, 1.0)
    return chance * (IN_PEAK if is_peak(day) else 1.0) * (BEFORE_WEEKEND if day.weekday() >= 4 else 1.0)


def late_days(rng: Random) -> int:
    """Working days after the last day promised."""
    if rng.random() < LOST:
        return LOST_DAYS
    days = 1
    while rng.random() < 0.45 and days < MOST_LATE_DAYS:
        days += 1
    return days


def parcel(rng: Random, number: str, carrier: Carrier, region: str, ordered_at: int, lines: list[dict[str, object]], wait: int = 0) -> Parcel:
    """One parcel of an order; `wait` working days longer in the warehouse, as promised."""
    leaves = working_day(ready_day(ordered_at), wait)
    first = carrier.day(leaves, transit_days(region))
    last = first if carrier.way == "slot" else carrier.day(first, 2 if is_peak(leaves) else 1)
    late = rng.random() < chance_of_late(carrier, region, ordered_at)
    packed_at = within(rng, leaves, 14, 18)
    arrives = _arrival(rng, carrier, leaves, first, last, late)
    return Parcel(number, carrier, lines, packed_at, first, last, arrives, late, region)


def _arrival(rng: Random, carrier: Carrier, leaves: date, first: date, last: date, late: bool) -> int:
    if carrier.way == "slot":
        return _slot_arrival(rng, carrier, first, late)
    if late:
        return within(rng, carrier.day(last, late_days(rng)), *carrier.hours)
    dice = rng.random()
    before = carrier.day(first, -1)
    if dice < EARLY and before > leaves:
        return within(rng, before, *carrier.hours)
    return within(rng, first if dice < ON_FIRST else carrier.day(first, 1), *carrier.hours)


def _slot_arrival(rng: Random, carrier: Carrier, day: date, late: bool) -> int:
    if late and rng.random() < 0.5:
        return at(day, 22) + rng.randrange(12, 70) * MINUTE
    if late:
        return within(rng, carrier.day(day, late_days(rng)), 17, 22)
    if rng.random() < 0.01:
        return at(day, 16, rng.randrange(20, 55))
    return at(day, 17, 5) + int(rng.random() * 4.8 * HOUR)


def send(rng: Random, story: Story, order: str, one: Parcel, whole: bool, shipped_late: bool) -> None:
    """The warehouse hands it over. `shipped_late`: the message is stamped after the parcel has come, as happens."""
    moment = one.arrives_at + rng.randrange(1, 20) * HOUR if shipped_late else one.packed_at
    said: dict[str, Any] = {"order_id": order, "parcel_id": one.number, "carrier": one.carrier.name, "tracking_url": f"https://shop.example/spara/{one.number}"}
    if not whole:
        said["lines"] = [{"line_id": line["line_id"], "product_id": line["product_id"]} for line in one.lines]
    story.tell(moment, "Order Shipped", said, WAREHOUSE)


def carry(rng: Random, story: Story, order: str, one: Parcel, named: bool, city: str) -> None:
    """Scans on the way, and arrival. Carriers name the parcel; `named`: the order too."""
    about: dict[str, Any] = {"parcel_id": one.number, "carrier": one.carrier.name}
    if named:
        about["order_id"] = order
    where = TERMINALS["north" if one.region in NORTH else "middle" if one.region in MIDDLE else "south"]
    picked_up = one.packed_at + rng.randrange(60, 240) * MINUTE
    if picked_up < one.arrives_at:
        story.tell(picked_up, "Shipment Updated", {**about, "status": "picked_up", "place": "Borås"}, DELIVERY)
    sorted_at = picked_up + int((one.arrives_at - picked_up) * (0.3 + 0.4 * rng.random()))
    if sorted_at < one.arrives_at and rng.random() < 0.8:
        story.tell(sorted_at, "Shipment Updated", {**about, "status": "in_transit", "place": where}, DELIVERY)
    arrive(rng, story, about, one, city)


def arrive(rng: Random, story: Story, about: dict[str, Any], one: Parcel, city: str) -> None:
    """At the door, or ready at a pickup point and collected within three days."""
    if one.carrier.way in ("home", "slot"):
        if rng.random() < 0.7:
            leaves = one.arrives_at - rng.randrange(60, 240) * MINUTE
            story.tell(leaves, "Shipment Updated", {**about, "status": "out_for_delivery", "place": city}, DELIVERY)
        story.tell(one.arrives_at, "Shipment Delivered", {**about, "place": rng.choice(("vid dörren", "till mottagaren", "hos grannen"))}, DELIVERY)
        return
    place = f"{'Skåp' if one.carrier.way == 'locker' else 'Ombud'}, {city}"
    story.tell(one.arrives_at, "Pickup Ready", {**about, "place": place, "code": f"{rng.randrange(10_000):04d}"}, DELIVERY)
    collected = one.arrives_at + rng.randrange(40, 3000) * MINUTE
    story.tell(collected, "Pickup Collected", {**about}, DELIVERY)
