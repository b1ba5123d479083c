"""Three stores: opening hours, receipts, goods collected, ski service.

Hours are promised on Monday for the week. 1.2 % of the days the door closes 10 to 40 minutes early, 0.6 % it
opens late. Of the visits 6 % fall in the last quarter of an hour, and feel like it (`closing` in voices).
Goods ordered for a store are promised within three open hours, ready in time in 95 %; an appointment is held
in 94 %, missed by us in 2.5 %, by the customer in 3.5 %.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from msgspec import Struct

from omtanke.simulate.days import FIXED_HOLIDAYS, HOUR, MINUTE, ONE_DAY, WEEKDAYS, at, day_of, local, working_day, written
from omtanke.simulate.goods import as_line, picks, worth
from omtanke.simulate.life import Life, Place, ask
from omtanke.simulate.telling import Story

CLOSED_EARLY, OPENED_LATE, LAST_QUARTER = 0.012, 0.006, 0.06
READY_IN_TIME, MISSED_BY_US, MISSED_BY_CUSTOMER = 0.95, 0.025, 0.035
SHOWS_WHO = 0.35
Hours = tuple[int, int]


class Store(Struct, frozen=True):
    """A store with its hours on weekdays, Saturdays and Sundays, and the counties it is near."""

    store_id: str
    name: str
    weekdays: Hours
    saturday: Hours
    sunday: Hours
    near: tuple[str, ...]

    def hours(self, day: date) -> Hours:
        """Opening and closing hour; (0, 0) when closed."""
        if (day.month, day.day) in FIXED_HOLIDAYS:
            return 0, 0
        return self.sunday if day.weekday() == 6 else self.saturday if day.weekday() == 5 else self.weekdays


STORES = (
    Store(
        "nordstan",
        "Nordstan",
        (10, 20),
        (10, 18),
        (11, 17),
        ("Västra Götaland", "Halland", "Skåne", "Jönköping", "Kronoberg", "Blekinge", "Kalmar", "Värmland"),
    ),
    Store("utopia", "Utopia", (10, 19), (10, 17), (11, 16), ("Västerbotten", "Norrbotten", "Västernorrland", "Jämtland")),
    Store(
        "birger-jarl",
        "Birger Jarl, herr",
        (10, 19),
        (10, 17),
        (12, 16),
        ("Stockholm", "Uppsala", "Södermanland", "Östergötland", "Örebro", "Västmanland", "Dalarna", "Gävleborg", "Gotland"),
    ),
)


def near(region: str) -> Store:
    """The store that a customer of the county goes to."""
    return next(store for store in STORES if region in store.near)


def door(store: Store) -> Place:
    return "store", f"store/{store.store_id}"


def visit_moment(rng: Random, store: Store, moment: int) -> tuple[int, bool]:
    """A moment of that day when the store is open, and whether it is in the last quarter of an hour."""
    day = day_of(moment)
    while store.hours(day) == (0, 0):
        day -= ONE_DAY
    opens, closes = store.hours(day)
    if rng.random() < LAST_QUARTER:
        return at(day, closes) - rng.randrange(1, 15) * MINUTE, True
    return at(day, opens) + int(rng.triangular(5, (closes - opens) * 60 - 16, (closes - opens) * 35) * MINUTE), False


def buy_in_store(life: Life, moment: int) -> None:
    """At the till: a receipt, taken home at once."""
    rng, store = life.rng, near(life.who.region)
    paid, late = visit_moment(rng, store, moment)
    if rng.random() < SHOWS_WHO:
        life.story.tell(paid - rng.randrange(6, 30) * MINUTE, "Store Visited", {"store_id": store.store_id}, door(store), life.who)
    chosen = picks(rng, life.who.likes)
    receipt = f"{store.store_id[:3].upper()}-{day_of(paid):%y%m%d}-{life.who.user_id[5:]}{rng.randrange(100):02d}"
    bought = {
        "receipt_id": receipt,
        "store_id": store.store_id,
        "total": worth(chosen),
        "currency": "SEK",
        "products": [as_line(n, one) for n, one in enumerate(chosen, start=1)],
    }
    life.become_known(paid - MINUTE, door(store))
    life.story.tell(paid, "Receipt Issued", bought, ("store", f"store/{store.store_id}/till"), life.who)
    ask(life, paid + rng.randrange(2, 20) * HOUR, "store", door(store), {paid: "closing" if late else "store"}, order=receipt)


def ready_by(store: Store, moment: int) -> int:
    """Three open hours from now, the hour rounded up."""
    day, left, hour = day_of(moment), 3, local(moment).hour + 1
    while True:
        opens, closes = store.hours(day)
        start = max(opens, hour)
        if closes and start + left <= closes:
            return at(day, start + left)
        left -= max(0, closes - start)
        day, hour = day + ONE_DAY, 0


def order_to_store(life: Life, moment: int, number: str, channel: str) -> None:
    """Click and collect."""
    from_cart = f"korg-{life.who.user_id[5:]}-h{number}"
    rng, story, store = life.rng, life.story, near(life.who.region)
    life.become_known(moment - MINUTE, (channel, "sign-in"))
    chosen, until = picks(rng, life.who.likes), ready_by(store, moment)
    today = " i dag" if day_of(until) == day_of(moment) else f" {WEEKDAYS[day_of(until).weekday()]}"
    promise = {
        "promise_id": f"lofte-{number}",
        "kind": "pickup",
        "order_id": number,
        "words": f"Klart att hämta i {store.name}{today} kl. {local(until).hour}",
        "place": "kassan",
        "until": written(until),
        "owner": f"store/{store.store_id}",
    }
    for one in chosen:
        story.tell(
            moment - 3 * MINUTE,
            "Product Added",
            {"cart_id": from_cart, "product_id": one.product.product_id, "price": one.product.price, "quantity": one.quantity},
            (channel, "product"),
            life.who,
        )
    order = {
        "order_id": number,
        "cart_id": from_cart,
        "total": worth(chosen),
        "currency": "SEK",
        "region": life.who.region,
        "products": [as_line(n, one) for n, one in enumerate(chosen, start=1)],
    }
    story.tell(moment, "Order Completed", {**order, "promises": [promise]}, (channel, "checkout"), life.who)
    in_time = rng.random() < READY_IN_TIME
    ready = moment + int((until - moment) * (0.25 + 0.7 * rng.random())) if in_time else until + rng.randrange(15, 300) * MINUTE
    story.tell(ready, "Pickup Ready", {"order_id": number, "store_id": store.store_id, "place": store.name}, door(store))
    fetched, late = visit_moment(rng, store, ready + rng.randrange(12, 60) * HOUR)
    fetched = max(fetched, ready + 10 * MINUTE)
    story.tell(fetched, "Pickup Collected", {"order_id": number, "store_id": store.store_id}, door(store), life.who)
    ask(life, fetched + 3 * HOUR, "store", door(store), {moment: "late" if not in_time else "closing" if late else "store"}, order=number)


def book(life: Life, moment: int) -> None:
    """Skivalla or cykelservice: a time agreed one to nine working days on."""
    rng, story, store = life.rng, life.story, near(life.who.region)
    number, day = life.number("tid"), working_day(day_of(moment), rng.randrange(1, 10))
    starts = at(day, rng.randrange(11, 17), rng.choice((0, 30)))
    errand = rng.choice(("Skidservice", "Provning av löparskor", "Cykelservice", "Pjäxanpassning"))
    promise = {
        "promise_id": f"lofte-{number}",
        "kind": "appointment",
        "appointment_id": number,
        "words": f"{errand} {WEEKDAYS[day.weekday()]} kl. {local(starts):%H.%M}",
        "place": store.name,
        "from": written(starts - 10 * MINUTE),
        "until": written(starts + 15 * MINUTE),
        "owner": f"store/{store.store_id}",
    }
    life.become_known(moment - MINUTE, ("web", "booking"))
    story.tell(
        moment, "Appointment Booked", {"appointment_id": number, "place": store.name, "text": errand, "promises": [promise]}, ("web", "booking"), life.who
    )
    dice = rng.random()
    if dice < MISSED_BY_US + MISSED_BY_CUSTOMER:
        by = "us" if dice < MISSED_BY_US else "customer"
        story.tell(starts + 20 * MINUTE, "Appointment Missed", {"appointment_id": number, "by": by}, door(store), life.who)
        return
    story.tell(starts + rng.randrange(-3, 10) * MINUTE, "Appointment Held", {"appointment_id": number}, door(store), life.who)
    ask(life, starts + 5 * HOUR, "store", door(store), {moment: "store"})


def opening_hours(rng: Random, story: Story, store: Store, first: date, last: date) -> None:
    """The hours promised week by week, and the doors as they were."""
    day = first - timedelta(days=first.weekday())
    while day <= last:
        if day.weekday() == 0:
            for n in range(7):
                if day + timedelta(days=n) >= first:
                    promise_hours(story, store, day + timedelta(days=n), at(max(day, first), 6) + n)
        if day >= first:
            doors(rng, story, store, day)
        day += ONE_DAY


def promise_hours(story: Story, store: Store, day: date, stated_at: int) -> None:
    """One day's hours, as shown on the door, the web and the map."""
    opens, closes = store.hours(day)
    if (opens, closes) == (0, 0):
        return
    said: dict[str, Any] = {
        "promise_id": f"oppet-{store.store_id}-{day}",
        "kind": "opening_hours",
        "store_id": store.store_id,
        "words": f"Öppet {WEEKDAYS[day.weekday()]} {opens}–{closes}",
        "place": "öppettider",
        "from": written(at(day, opens)),
        "until": written(at(day, closes)),
        "owner": f"store/{store.store_id}",
    }
    story.tell(stated_at, "Promise Stated", said, ("web", "opening-hours"))


def doors(rng: Random, story: Story, store: Store, day: date) -> None:
    """Opened a little before, closed a little after; now and then not."""
    opens, closes = store.hours(day)
    if (opens, closes) == (0, 0):
        return
    opened = at(day, opens) + (rng.randrange(6, 35) if rng.random() < OPENED_LATE else -rng.randrange(1, 9)) * MINUTE
    closed = at(day, closes) + (-rng.randrange(10, 40) if rng.random() < CLOSED_EARLY else rng.randrange(1, 15)) * MINUTE
    story.tell(opened, "Store Opened", {"store_id": store.store_id}, door(store))
    story.tell(closed, "Store Closed", {"store_id": store.store_id}, door(store))
