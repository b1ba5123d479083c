"""A pace of 60 per cent for two weeks in the living shop, and what quotes hold meanwhile and afterwards, with the calendar of capacity filled in and without.

The shop's orders of five months are learnt anew each night, and each order is quoted by the model of its morning, at two levels. Nothing that is quoted changes
what the warehouse or the carriers do, so both ways of quoting are held against the same deliveries. Whole days keep more than was asked for, so the level
is what was kept in the three weeks before. The living shop's warehouse has so much room that 60 per cent breaks hardly anything, and carriers at 60
per cent are late more often, not slower; what binds is a warehouse with little room. Bounds: with the calendar within 3 points of the level in those weeks;
without it within 3 points below it again after at most 7 days.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from msgspec import Struct

from benchmarks.timing import Table
from omtanke.engine.capacity import Calendar, Change
from omtanke.engine.quote_policy import QuotePolicy
from omtanke.learning.delivery.backtest import quote_again
from omtanke.learning.delivery.orders import Floats, Orders, orders_of
from omtanke.learning.delivery.quoting import last_by_level
from omtanke.learning.delivery.told import telling_of
from omtanke.runtime.working_days import days_off, is_working_day
from omtanke.simulate.carriers import CARRIERS
from omtanke.simulate.planted import ShopSettings
from omtanke.simulate.shop import Shop
from omtanke.simulate.told import CapacityChange
from omtanke.vocabulary.time import DAY, day_number, day_starts_at, local_date

ZONE = ZoneInfo("Europe/Stockholm")
PERSONS, PACE, LEVELS, BOUND = 8_000, 60, (0.8, 0.9), 0.03
WEEK, ONE_DAY = timedelta(days=7), timedelta(days=1)
BEGINS, QUOTED_FROM, SLOW_FROM, SLOW_UNTIL, ENDS = (date(2026, month, day) for month, day in ((5, 25), (8, 17), (9, 7), (9, 21), (10, 19)))
# Deliveries are awaited for so long afterwards.
AWAITED = timedelta(days=30)
PLACES = {"warehouse": "warehouse", **{carrier.name: "carrier" for carrier in CARRIERS}}
EVENTS = {"Order Shipped": "shipped", "Shipment Delivered": "delivered", "Pickup Ready": "delivered"}


class Case(Struct, frozen=True):
    """What is slow, and the shop in which it is. `capacity`: the warehouse's parcels on a working day beside the orders of an ordinary day; `spare`: what
    the shop writes of it in its policy, for 1.4 times as many orders fall to a working day."""

    name: str
    units: tuple[str, ...]
    capacity: float
    spare: int


CASES = (
    Case("a warehouse with room for 14 per cent more than a working day brings", ("warehouse",), 1.6, 14),
    Case("the warehouse of the living shop, with 3.6 times an ordinary day's orders", ("warehouse",), 3.6, 157),
    Case("every carrier", tuple(carrier.name for carrier in CARRIERS), 3.6, 157),
)


def run() -> None:
    """Print a table for each case."""
    for case in CASES:
        show(case)


def show(case: Case) -> None:
    orders = told_of_orders(case)
    quoted = int(((orders.placed >= day_number(QUOTED_FROM)) & (orders.placed < day_number(ENDS))).sum())
    table = Table(f"Pace {PACE} per cent from {SLOW_FROM} until {SLOW_UNTIL}: {case.name}; {quoted:,} orders")
    for name, calendar in (("with the calendar", calendar_of(case)), ("without it", ())):
        for level, kept, last in kept_by_day(orders, case, calendar):
            before = mean(kept, QUOTED_FROM, SLOW_FROM)
            table.line(f"{name}, {level}: kept before", before, "", f"{mean(last, QUOTED_FROM, SLOW_FROM):5.2f} days")
            for what, first, end in PERIODS:
                found = mean(kept, first, end)
                each = " ".join(f"{mean(kept, day, day + ONE_DAY):.2f}" for day in days(first, end))
                stands = "within" if abs(found - before) <= BOUND else "above" if found > before else "BELOW"
                table.line(f"{name}, {level}: {what}", found, "", f"{mean(last, first, end):5.2f} days; {stands:<6} {each}")


def days(first: date, end: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((end - first).days))


PERIODS = [(f"slow week {n}", SLOW_FROM + (n - 1) * WEEK, SLOW_FROM + n * WEEK) for n in (1, 2)]
PERIODS.append(("both slow weeks", SLOW_FROM, SLOW_UNTIL))
PERIODS += [(f"week {n} after", SLOW_UNTIL + (n - 1) * WEEK, SLOW_UNTIL + n * WEEK) for n in (1, 2, 3, 4)]

# What came of each order, by the day on which it was placed.
ByDay = dict[date, Floats]


def kept_by_day(orders: Orders, case: Case, calendar: Calendar) -> Iterator[tuple[float, ByDay, ByDay]]:
    """At each level: whether what was quoted was kept, and the days quoted."""
    policy = QuotePolicy(country="SE", spare=case.spare)
    first, end = int(orders.placed.min()), int(orders.placed.max())
    telling = telling_of(calendar, policy, ZONE.key, first, end, lambda day: is_working_day(day, "SE"))
    off = {day_number(day) for year in (2026, 2027) for day in days_off("SE", year)}
    quoted = quote_again(orders, off, day_number(QUOTED_FROM), day_number(ENDS), 1.0, lambda done, total: None, telling)
    placed = orders.placed[quoted.rows]
    for level in LEVELS:
        last = last_by_level(quoted.corrected, level)
        held = orders.delivered[quoted.rows] - placed <= last
        kept, quoted_days = ({day: values[placed == day_number(day)].astype(float) for day in days(QUOTED_FROM, ENDS)} for values in (held, last))
        yield level, kept, quoted_days


def mean(by_day: ByDay, first: date, end: date) -> float:
    return float(np.concatenate([by_day[day] for day in days(first, end)]).mean())


def calendar_of(case: Case) -> Calendar:
    """As somebody fills it in on the morning before."""
    told_at = day_starts_at(SLOW_FROM, ZONE) - DAY
    about = (PACE, day_starts_at(SLOW_FROM, ZONE), day_starts_at(SLOW_UNTIL, ZONE), "temporary staff", told_at)
    return tuple(Change(n, unit, PLACES[unit], *about, n) for n, unit in enumerate(case.units, 1))


def told_of_orders(case: Case) -> Orders:
    """What the living shop tells of its deliveries, orders that are fetched in a store left out."""
    settings = ShopSettings(browsing=0.02, carts=0.02, capacity=case.capacity, repeats=0.0)
    shop = Shop(1, PERSONS, datetime(BEGINS.year, BEGINS.month, BEGINS.day, tzinfo=ZONE), settings)
    for unit in case.units:
        shop.receive(CapacityChange(unit=unit, pace=PACE / 100, from_at=day_starts_at(SLOW_FROM, ZONE), until_at=day_starts_at(SLOW_UNTIL, ZONE)))
    rows: dict[str, dict[str, object]] = {}
    for event in shop.advance(day_starts_at(ENDS + AWAITED, ZONE)):
        call = json.loads(event.wire)
        what, said = call.get("event"), call.get("properties", {})
        order, day = said.get("order_id", ""), day_number(local_date(event.occurred_at, ZONE))
        if what == "Order Completed" and day < day_number(ENDS) and any(one["kind"] == "delivery" for one in said.get("promises", ())):
            rows.setdefault(order, {"placed": day, "region": said.get("region", ""), "freight": round(100 * said.get("shipping", 0))})
        elif what in EVENTS and order_of(said) in rows:
            row = rows[order_of(said)]
            pick = min if what == "Order Shipped" else max
            row[EVENTS[what]] = pick(int(str(row.get(EVENTS[what], day))), day)
        elif what == "Order Cancelled" and not said.get("lines") and order in rows:
            rows[order].setdefault("cancelled", day)
    found = sorted(rows.values(), key=lambda row: int(str(row["placed"])))
    columns = {name: [row.get(name) for row in found] for name in ("placed", "shipped", "delivered", "cancelled", "promised")}
    return orders_of(
        columns | {name: [row.get(name, "") for row in found] for name in ("region", "seller", "method")} | {"freight": [row["freight"] for row in found]}
    )


def order_of(said: dict[str, str]) -> str:
    """Carriers do not always name the order; its number stands in that of the parcel."""
    return said.get("order_id") or said["parcel_id"][2:9]


if __name__ == "__main__":
    run()
