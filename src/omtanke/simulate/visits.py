"""When customers come, and why: drawn day by day, so that no day depends on what a customer was told.

An ordinary customer has 1.8 errands a month, very unevenly (gamma, shape 1.1). Days weigh with the week (Sunday and
Monday evenings on the web, Saturday in the store), pay day (25th to 28th, 1.3) and peaks (Black Week 2.4, 10 to 21
December 1.6). Who is hurt by a broken promise stays away from 35 % of them (`Effects.stays_away`), who is written to
too often from 25 % (`Effects.stays_away_when_annoyed`).
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from itertools import accumulate
from math import expm1

from omtanke.simulate import buying, caring, restocking, service, sessions, staff, stores, warehouse
from omtanke.simulate.customer import Customer
from omtanke.simulate.days import HOUR, ONE_DAY, at, day_of, in_daytime, pressure
from omtanke.simulate.sessions import Session
from omtanke.simulate.world import World

# Errands a month.
LOOKING = {"browse web": 0.52, "browse app": 0.26}
ERRANDS = {
    "cart web": 0.11,
    "cart app": 0.06,
    "order web": 0.25,
    "order app": 0.16,
    "store": 0.30,
    "collect web": 0.024,
    "collect app": 0.015,
    "appointment": 0.012,
    "restock": 0.02,
    "question": 0.014,
    "account": 0.035,
    "gift": 0.012,
    "life": 0.006,
}
TO_BUY = {"order web", "order app", "store", "collect web", "collect app", "gift"}
MONTH = 30.4
WEEK = (1.12, 1.0, 0.97, 0.98, 0.92, 0.9, 1.1)
PAY_DAYS = (25, 26, 27, 28)
# Share of visits by hour of the day, from 0 to 23.
BY_HOUR = (1, 0.4, 0.2, 0.1, 0.2, 0.6, 2, 3, 4, 5, 5, 6, 7, 6, 5, 5, 6, 7, 8, 9, 11, 10, 6, 3)
HOURS = tuple(accumulate(share / sum(BY_HOUR) for share in BY_HOUR))


def weight(day: date) -> float:
    """How much the day draws."""
    return WEEK[day.weekday()] * pressure(day) * (1.3 if day.day in PAY_DAYS else 1.0)


def errands(browsing: float, carts: float) -> tuple[tuple[str, ...], tuple[float, ...], float]:
    """The errands, their shares summed up, and how many there are a day."""
    rates = {name: rate * browsing for name, rate in LOOKING.items()}
    rates |= {name: rate * carts if name.startswith("cart") else rate for name, rate in ERRANDS.items()}
    total = sum(rates.values())
    return tuple(rates), tuple(accumulate(rate / total for rate in rates.values())), total / MONTH


def orders_a_day(persons: int, intensity: float) -> float:
    """Orders for delivery on an ordinary day."""
    return persons * intensity * (ERRANDS["order web"] + ERRANDS["order app"]) / MONTH


def day_begins(world: World, midnight: int, first: bool = False) -> None:
    """Everything of a day that does not come of another thing."""
    day = day_of(midnight)
    stores.open_doors(world, midnight, first)
    restocking.run_out(world, midnight)
    staff.ask_pulse(world, midnight)
    world.forget(midnight)
    if not first:
        warehouse.announce_staff(world, at(day, 5))
    come_today(world, day)
    world.plan(at(day + ONE_DAY, 0), day_begins)


def come_today(world: World, day: date) -> None:
    """Who comes, at what hour, for what, and whether they would stay away if hurt."""
    names, shares, a_day = errands(world.settings.browsing, world.settings.carts)
    a_day *= world.settings.intensity * weight(day)
    whether, what = world.dice("visit", 0, day.toordinal()).random, world.dice("errand", 0, day.toordinal()).random
    last = len(names) - 1
    for customer in world.ordinary:
        if whether() < -expm1(-customer.lively * a_day):
            moment = at(day, min(bisect_right(HOURS, what()), 23)) + int(what() * HOUR)
            come(world, customer, day, moment, names[min(bisect_right(shares, what()), last)], what())


def come(world: World, customer: Customer, day: date, moment: int, errand: str, stay_away: float) -> None:
    """One errand is planned; a store has its own hours."""
    if errand == "store":
        rng = world.dice("look", customer.number, day.toordinal())
        store = stores.store_for(customer, rng)
        moment = stores.visit_moment(rng, store, day)
        if moment >= world.now:
            world.truth.purchases.setdefault(customer.user_id, []).append((moment, stay_away))
            world.plan(moment, stores.visit, customer, store, stay_away)
        return
    if moment < world.now:
        return
    if errand in TO_BUY:
        world.truth.purchases.setdefault(customer.user_id, []).append((moment, stay_away))
    world.plan(moment, run_errand, customer, errand, stay_away)


def run_errand(world: World, now: int, customer: Customer, errand: str, stay_away: float) -> None:
    """What the customer came for, unless hurt."""
    if customer.stays_away(now, stay_away, world.effects):
        return
    rng = world.dice("session", customer.number, now)
    what, _, channel = errand.partition(" ")
    match what:
        case "browse":
            sessions.browse(Session(world, customer, rng, now, channel))
        case "cart":
            sessions.leave_cart(Session(world, customer, rng, now, channel))
        case "order":
            buying.order_online(world, customer, rng, now, channel)
        case "collect":
            stores.order_to_store(world, customer, rng, now, channel)
        case "appointment":
            stores.book(world, customer, rng, now)
        case "restock":
            restocking.wish(world, customer, rng, now)
        case "account":
            caring.visit_account(world, customer, rng, now)
        case "gift":
            buying.buy_gift_card(world, customer, rng, now)
        case "life":
            caring.life_goes_on(world, customer, rng, now)
        case _:
            topic = rng.choice(("size", "product", "broken_item"))
            service.ask_later(world, in_daytime(now), customer, topic, "")
