"""The warehouse: parcels are packed one after the other from 8 to 18 on working days, as fast as those at work can.

On an ordinary working day it manages 3.6 times the orders of an ordinary day, so that Monday can take the weekend's;
with temporary staff in a peak 1.6 times that. What does not fit waits, and leaves later than was promised for.
"""

from __future__ import annotations

from omtanke.simulate.carriers import arrival, chance_of_late, ready_day, zone_of
from omtanke.simulate.days import HOUR, MINUTE, at, day_of, is_peak, is_working_day, local, working_day
from omtanke.simulate.deliveries import carried
from omtanke.simulate.work import Parcel
from omtanke.simulate.world import World

OPENS, CLOSES = 8, 18
TEMPORARY_STAFF = 1.6
SHIPPED_AFTER_DELIVERED = 0.004
RUN_OUT = 0.03
SLOWEST = 0.02


def release(world: World, parcel: Parcel) -> None:
    """It may be packed: at once, from the next working day at 7 when ordered after the hour, or as late as was promised."""
    order = parcel.order
    ready = ready_day(order.placed_at)
    if not parcel.is_whole and parcel is order.parcels[-1]:
        ready = working_day(ready, 2)
    begins = order.placed_at if ready == day_of(order.placed_at) else at(ready, OPENS - 1)
    world.plan(begins, queue, parcel)


def queue(world: World, now: int, parcel: Parcel) -> None:
    """It stands last in the queue."""
    world.warehouse.waiting.append(parcel)
    if not world.warehouse.is_busy:
        begin(world, now)


def begin(world: World, now: int) -> None:
    """Somebody takes the next one."""
    world.warehouse.is_busy = True
    start = opens_next(now)
    world.plan(start + seconds_each(world, start), pack)


def opens_next(now: int) -> int:
    """Now, or when the warehouse opens."""
    when = local(now)
    day = when.date()
    if is_working_day(day) and when.hour < CLOSES:
        return max(now, at(day, OPENS))
    return at(working_day(day, 1), OPENS)


def seconds_each(world: World, now: int) -> int:
    """How long one parcel takes, all hands together."""
    pace = max(world.pace("warehouse", now), SLOWEST) * (TEMPORARY_STAFF if is_peak(day_of(now)) else 1.0)
    return max(1, round((CLOSES - OPENS) * HOUR / (world.warehouse.a_day * pace)))


def pack(world: World, now: int) -> None:
    """The first in the queue is packed and handed to the carrier."""
    waiting = world.warehouse.waiting
    parcel = waiting.popleft()
    if not parcel.order.is_cancelled:
        ship(world, now, parcel)
    if waiting:
        begin(world, now)
    else:
        world.warehouse.is_busy = False


def ship(world: World, now: int, parcel: Parcel) -> None:
    """It leaves; from here on only the carrier decides."""
    order, rng = parcel.order, world.dice("pack", int(parcel.order.number), order_place(parcel))
    region = order.customer.person.region
    lines_run_out(world, now, parcel, rng.random())
    is_late = rng.random() < chance_of_late(order.carrier, region, order.placed_at, world.pace(order.carrier.name, now))
    parcel.shipped_at = now
    parcel.arrives_at = arrival(rng, order.carrier, region, day_of(now), is_late)
    odd = parcel.is_whole and rng.random() < SHIPPED_AFTER_DELIVERED
    said: dict[str, object] = {
        "order_id": order.number,
        "parcel_id": parcel.number,
        "carrier": order.carrier.name,
        "tracking_url": f"https://shop.example/spara/{parcel.number}",
    }
    if not parcel.is_whole:
        said["lines"] = [{"line_id": line["line_id"], "product_id": line["product_id"]} for line in parcel.lines]
    world.tell(parcel.arrives_at + 3 * HOUR if odd else now, "Order Shipped", said, ("warehouse", "warehouse"), order.customer, signed_in=False)
    carried(world, now, parcel, odd, zone_of(region))


def order_place(parcel: Parcel) -> int:
    """Which of the order's parcels it is."""
    return parcel.order.parcels.index(parcel)


def lines_run_out(world: World, now: int, parcel: Parcel, dice: float) -> None:
    """A line that could not be found is called off by us."""
    if len(parcel.lines) < 2 or dice >= RUN_OUT:
        return
    line = parcel.lines.pop()
    gone = {"order_id": parcel.order.number, "reason": "out_of_stock", "lines": [{"line_id": line["line_id"], "product_id": line["product_id"]}]}
    world.tell(now, "Order Cancelled", gone, ("warehouse", "warehouse"), parcel.order.customer)


def announce_staff(world: World, now: int) -> None:
    """The calendar says at 5 when temporary staff come, or go."""
    today, before = is_peak(day_of(now)), is_peak(day_of(now - 24 * HOUR))
    if today != before:
        said = {"unit_id": "lager-boras", "pace_percent": round(100 * TEMPORARY_STAFF) if today else 100, "reason": "temporary_staff"}
        world.tell(now + 5 * MINUTE, "Capacity Changed", said, ("warehouse", "warehouse"))
