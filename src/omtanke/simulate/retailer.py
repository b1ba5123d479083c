"""The whole shop: all customers, stores and the warehouse over the last months, as messages in order of time.

The same seed, end, months and number of customers give the same messages. Each customer has dice of their own,
so the work grows in step with the customers. The shop is the same whoever asks: SEK, Europe/Stockholm.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from operator import itemgetter
from random import Random

import msgspec

from omtanke.simulate import carts, demand, goods, mess, orders, restocking, service, stores
from omtanke.simulate.cast import CAST, perform
from omtanke.simulate.days import day_of
from omtanke.simulate.demand import Visit
from omtanke.simulate.life import Life, Restock
from omtanke.simulate.numbering import FIRST_ORDINARY, numbered
from omtanke.simulate.people import person
from omtanke.simulate.telling import Message, Story, Told

STAYS_AWAY_AFTER_BROKEN = 0.35
ENCODER = msgspec.json.Encoder()


def retail_history(seed: int, until: datetime, months: int = 4, customers: int = 2_000) -> Iterator[Message]:
    """Messages in the wire form, by timestamp, ties in the order of life. Nothing lies after `until`, which has a zone."""
    decoder = msgspec.json.Decoder(Message)
    for wire in wires(seed, until, months, customers):
        yield decoder.decode(wire)


def wires(seed: int, until: datetime, months: int = 4, customers: int = 2_000) -> Iterator[bytes]:
    """The same as `retail_history`, encoded. About 500 bytes a message are held until all are sorted."""
    end = int(until.timestamp())
    first, last = first_day(day_of(end), months), day_of(end)
    kept: list[tuple[int, bytes]] = []
    for told in stories(seed, end, first, last, months, customers):
        kept.extend((moment, ENCODER.encode(message)) for moment, message in told)
    kept.sort(key=itemgetter(0))
    return (wire for _, wire in kept)


def first_day(last: date, months: int) -> date:
    """The same day of the month so many months before, at most the 28th."""
    index = last.year * 12 + last.month - 1 - months
    return date(index // 12, index % 12 + 1, min(last.day, 28))


def stories(seed: int, end: int, first: date, last: date, months: int, customers: int) -> Iterator[list[Told]]:
    """What is told about the shop, the cast and every other customer, each in the order of time."""
    dice = Random(f"{seed}/shop")
    back = restocking.restocks(dice, first, last)
    yield shop_story(seed, dice, end, first, last, back)
    for told in perform(f"h{seed}", end):
        yield in_order(told)
    numbers = range(FIRST_ORDINARY, FIRST_ORDINARY + max(0, customers - len(CAST)))
    year = demand.season(first, last)
    plans = {number: demand.visits(Random(f"{seed}/visits/{number}"), months, year) for number in numbers}
    give_numbers(plans, end)
    for number, came in plans.items():
        yield in_order(customer_story(seed, number, end, came, back))


def shop_story(seed: int, dice: Random, end: int, first: date, last: date, back: tuple[Restock, ...]) -> list[Told]:
    """Doors and deliveries to the warehouse."""
    story = Story(f"h{seed}-shop", end)
    restocking.announce(dice, story, back)
    for store in stores.STORES:
        stores.opening_hours(dice, story, store, first, last)
    return in_order(story.told)


def in_order(told: list[Told]) -> list[Told]:
    """By time; what happens at the same moment stays in the order of life."""
    return sorted(told, key=lambda one: one[0])


def give_numbers(plans: dict[int, list[Visit]], end: int) -> None:
    """Order numbers rise with time, and fit those of the cast."""
    ordered = sorted((visit.moment, customer, n) for customer, came in plans.items() for n, visit in enumerate(came) if visit.errand in demand.ORDERS)
    for (moment, customer, n), number in zip(ordered, numbered([moment for moment, _, _ in ordered], end), strict=True):
        plans[customer][n] = Visit(moment, plans[customer][n].errand, number)


def customer_story(seed: int, number: int, end: int, came: list[Visit], back: tuple[Restock, ...]) -> list[Told]:
    """One customer from the first visit to the last."""
    rng = Random(f"{seed}/life/{number}")
    who = person(rng, number, goods.likes(rng))
    life = Life(who, rng, Story(f"h{seed}-{number}", end), back)
    for visit in came:
        if visit.moment <= end and not (life.hurt_at and visit.moment > life.hurt_at and rng.random() < STAYS_AWAY_AFTER_BROKEN):
            run_errand(life, visit)
    return mess.up(rng, life.story, who)


def run_errand(life: Life, visit: Visit) -> None:
    """What the customer came for."""
    what, _, channel = visit.errand.partition(" ")
    match what:
        case "browse":
            carts.browse(life, visit.moment, channel)
        case "cart":
            carts.leave(life, visit.moment, channel)
        case "order":
            orders.order_online(life, visit.moment, visit.number, channel)
        case "collect":
            stores.order_to_store(life, visit.moment, visit.number, channel)
        case "store":
            stores.buy_in_store(life, visit.moment)
        case "appointment":
            stores.book(life, visit.moment)
        case "restock":
            restocking.wish(life, visit.moment)
        case _:
            service.asked_at_random(life, visit.moment)
