"""When customers come, and why.

A customer has on average 0.9 visits a month, very unevenly (gamma, shape 1.1), and at least one. Days weigh
with the week (Sunday and Monday evenings on the web, Saturday in the store), pay day (25th to 28th, 1.3) and
peaks (Black Week 2.4, 10 to 21 December 1.6).
"""

from __future__ import annotations

from datetime import date
from random import Random

from msgspec import Struct

from omtanke.simulate.days import HOUR, ONE_DAY, at, pressure

VISITS_A_MONTH, UNEVEN = 0.9, 1.1
ERRANDS = {
    "browse web": 27.0,
    "browse app": 13.0,
    "cart web": 11.0,
    "cart app": 6.0,
    "order web": 19.0,
    "order app": 12.0,
    "store": 11.5,
    "collect web": 2.6,
    "collect app": 1.6,
    "appointment": 1.3,
    "restock": 2.0,
    "question": 1.2,
}
ORDERS = ("order web", "order app", "collect web", "collect app")
WEEK = (1.12, 1.0, 0.97, 0.98, 0.92, 0.9, 1.1)
PAY_DAYS = (25, 26, 27, 28)
# Share of visits by hour of the day, from 0 to 23.
BY_HOUR = (1, 0.4, 0.2, 0.1, 0.2, 0.6, 2, 3, 4, 5, 5, 6, 7, 6, 5, 5, 6, 7, 8, 9, 11, 10, 6, 3)
HOURS = [sum(BY_HOUR[: n + 1]) for n in range(24)]


class Visit(Struct, frozen=True):
    """One errand at a moment; `number` is the order's, when it is one."""

    moment: int
    errand: str
    number: str = ""


class Season(Struct, frozen=True):
    """The days of a history with their weights, summed."""

    days: tuple[date, ...]
    weights: tuple[float, ...]


def season(first: date, last: date) -> Season:
    """How much each day draws."""
    days, weights, total = [], [], 0.0
    day = first
    while day <= last:
        total += WEEK[day.weekday()] * pressure(day) * (1.3 if day.day in PAY_DAYS else 1.0)
        days.append(day)
        weights.append(total)
        day += ONE_DAY
    return Season(tuple(days), tuple(weights))


def visits(rng: Random, months: int, over: Season) -> list[Visit]:
    """One customer's errands in order."""
    mean = VISITS_A_MONTH * months
    count = max(1, round(rng.gammavariate(UNEVEN, mean / UNEVEN)))
    days = rng.choices(over.days, cum_weights=over.weights, k=count)
    hours = rng.choices(range(24), cum_weights=HOURS, k=count)
    errands = rng.choices(list(ERRANDS), list(ERRANDS.values()), k=count)
    came = [Visit(at(day, hour) + int(rng.random() * HOUR), errand) for day, hour, errand in zip(days, hours, errands, strict=True)]
    return sorted(came, key=lambda visit: visit.moment)
