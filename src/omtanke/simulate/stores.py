"""Six stores: opening hours, visits by the minute, tills, what hangs on the walls, goods collected, ski service.

Hours are promised on Monday for the week. 1.2 % of the days the door closes 10 to 40 minutes early, 0.6 % it opens late.
Of the visits 8 % fall in the last quarter of an hour; they are felt as that (`Effects.last_quarter`) and end in a purchase
in 35 % rather than 62 %. Goods ordered for a store are promised within three open hours, ready in time in 95 %; an
appointment is held in 89 %, missed by us in 2.5 %, by the customer in 3.5 %, called off in 5 %. The staff's tablet is in the hand at a
visit in three; at the screen on the wall somebody stops at one in a hundred and fifty.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from msgspec import Struct

from omtanke.simulate import asking
from omtanke.simulate.customer import Customer
from omtanke.simulate.days import FIXED_HOLIDAYS, HOUR, MINUTE, ONE_DAY, WEEKDAYS, at, day_of, local, working_day, written
from omtanke.simulate.feelings import score
from omtanke.simulate.goods import Pick, as_line, picks, worth
from omtanke.simulate.numbering import next_number
from omtanke.simulate.planted import STORE_MEANS
from omtanke.simulate.sessions import Session, seen
from omtanke.simulate.truth import StoreVisit
from omtanke.simulate.work import Visited
from omtanke.simulate.world import World

CLOSED_EARLY, OPENED_LATE, LAST_QUARTER = 0.012, 0.006, 0.08
READY_LATE, MISSED_BY_US, MISSED_BY_CUSTOMER, CALLED_OFF = 0.05, 0.025, 0.035, 0.05
SHOWS_WHO, BUYS, BUYS_LATE, ELSEWHERE = 0.45, 0.62, 0.35, 0.1
TABLET_IN_HAND, AT_THE_WALL, PRICE_CHECK, NOTED = 0.33, 0.0065, 0.05, 0.04
QUARTER = 15 * MINUTE
# Fewer of the last quarter's visitors buy, so fewer of them are seen: of the visits that can be asked about so many.
LAST_QUARTER_OF_SEEN = 0.069
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
    Store("nordstan", "Nordstan", (10, 20), (10, 18), (11, 17), ("Västra Götaland", "Halland", "Värmland")),
    Store("utopia", "Utopia", (10, 19), (10, 17), (11, 16), ("Västerbotten", "Norrbotten", "Västernorrland", "Jämtland")),
    Store("birger-jarl", "Birger Jarl, herr", (10, 19), (10, 17), (12, 16), ("Stockholm", "Gotland")),
    Store("triangeln", "Triangeln", (10, 20), (10, 18), (11, 17), ("Skåne", "Blekinge", "Kronoberg")),
    Store("granby", "Gränby", (10, 20), (10, 18), (11, 17), ("Uppsala", "Västmanland", "Gävleborg", "Dalarna")),
    Store("tornby", "Tornby", (10, 19), (10, 17), (11, 16), ("Östergötland", "Jönköping", "Kalmar", "Örebro", "Södermanland")),
)
NEAR = {county: store for store in STORES for county in store.near}


def near(region: str) -> Store:
    """The store that a customer of the county goes to."""
    return NEAR[region]


def visit_moment(rng: Random, store: Store, day: date) -> int:
    """A moment of that day when the store is open, 0 when it is not."""
    opens, closes = store.hours(day)
    if not closes:
        return 0
    if rng.random() < LAST_QUARTER:
        return at(day, closes) - rng.randrange(1, 15) * MINUTE
    return at(day, opens) + int(rng.triangular(5, (closes - opens) * 60 - 16, (closes - opens) * 35) * MINUTE)


def in_last_quarter(store: Store, now: int) -> bool:
    return at(day_of(now), store.hours(day_of(now))[1]) - QUARTER < now


def store_for(customer: Customer, rng: Random) -> Store:
    """The near one, or one in ten times another."""
    return rng.choice(STORES) if rng.random() < ELSEWHERE else near(customer.person.region)


def visit(world: World, now: int, customer: Customer, store: Store, stay_away: float) -> None:
    """In at the door; perhaps known, perhaps helped, perhaps bought."""
    if customer.stays_away(now, stay_away, world.effects):
        return
    rng = world.dice("store", customer.number, now)
    late, door = in_last_quarter(store, now), ("store", f"store/{store.store_id}")
    shows, buys = rng.random() < SHOWS_WHO, rng.random() < (BUYS_LATE if late else BUYS)
    if shows:
        world.tell(now, "Store Visited", {"store_id": store.store_id}, door, customer)
    use_touchpoints(world, now, rng, store, customer if shows else None)
    leaves = now + rng.randrange(3, 12 if late else 30) * MINUTE
    if rng.random() < NOTED and shows:
        said = {"store_id": store.store_id, "topic": "size", "text": "Vill ha bredare läst. Springer Lidingöloppet i höst.", "agent_name": "Sara"}
        world.tell(leaves, "Conversation Noted", said, door, customer)
    if buys:
        world.plan(leaves, pay, customer, store, late)
    elif shows:
        remember(world, rng, customer, store, f"besok-{customer.number:05d}-{now:x}", now, late, leaves)


def use_touchpoints(world: World, now: int, rng: Random, store: Store, who: Customer | None) -> None:
    """The tablet in the hand, the screen on the wall, the price check: who used it, for how long."""
    dice = rng.random()
    if dice < TABLET_IN_HAND:
        tool, device, by, seconds = "personalplatta", "tablet", "staff", rng.randrange(15, 160)
    elif dice < TABLET_IN_HAND + PRICE_CHECK:
        tool, device, by, seconds = "priskoll", "wall", "customer", rng.randrange(4, 20)
    elif dice < TABLET_IN_HAND + PRICE_CHECK + AT_THE_WALL:
        tool, device, by, seconds = "vaggskarm", "wall", "customer", rng.randrange(3, 30)
    else:
        return
    said = {"store_id": store.store_id, "tool": tool, "device": device, "used_by": by, "seconds": seconds}
    world.tell(now + rng.randrange(30, 300), "Touchpoint Used", said, ("store", f"store/{store.store_id}/{tool}"), who if by == "staff" else None)


def remember(world: World, rng: Random, customer: Customer, store: Store, number: str, now: int, late: bool, leaves: int) -> None:
    """The visit can be asked about."""
    dice, of_store = rng.random(), STORE_MEANS[store.store_id] + customer.mild
    truth = StoreVisit(
        customer.user_id, store.store_id, number, now, late, score("store", of_store, dice), score("store", of_store + world.effects.last_quarter, dice)
    )
    world.visited[number] = Visited(truth)
    world.truth.visits.append(truth)
    world.keep_for_a_while(world.now, world.visited, number)
    asking.plan_survey(world, "store_visit", customer, leaves + rng.randrange(2, 20) * HOUR, number)


def pay(world: World, now: int, customer: Customer, store: Store, late: bool) -> None:
    """At the till: a receipt, taken home at once."""
    rng = world.dice("store", customer.number, now)
    chosen = picks(rng, customer.likes)
    if customer.cart is not None and rng.random() < 0.25:
        chosen, cart = customer.cart.chosen, customer.cart.cart_id
        customer.cart = None
    else:
        cart = ""
    number = f"{store.store_id[:3].upper()}-{day_of(now):%y%m%d}-{customer.number:05d}{rng.randrange(100):02d}"
    if not customer.is_known:
        customer.is_known = True
        world.identify(now, customer, ("store", f"store/{store.store_id}"))
    bought: dict[str, Any] = {
        "receipt_id": number,
        "store_id": store.store_id,
        "total": worth(chosen),
        "currency": "SEK",
        "products": [as_line(n, one) for n, one in enumerate(chosen, start=1)],
    }
    if cart:
        bought["cart_id"] = cart
    world.tell(now, "Receipt Issued", bought, ("store", f"store/{store.store_id}/till"), customer)
    remember(world, rng, customer, store, number, now, late, now)


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


def order_to_store(world: World, customer: Customer, rng: Random, now: int, channel: str) -> None:
    """Click and collect: into the cart, and ordered a few minutes later."""
    s = Session(world, customer, rng, now, channel)
    s.sign_in()
    cart, chosen = customer.next_number("korg"), picks(rng, customer.likes)
    for one in chosen:
        s.wait(20, 120)
        s.tell("Product Viewed", seen(one.product), "product")
        s.wait(10, 90)
        s.world.tell(s.at, "Product Added", added(cart, one), (channel, "product", s.sort), customer, s.device, s.signed_in)
    s.wait(40, 200)
    world.plan(s.at, place_collect, customer, channel, s.device, cart, chosen)


def added(cart: str, one: Pick) -> dict[str, Any]:
    return {"cart_id": cart, **seen(one.product), "variant": one.size, "quantity": one.quantity}


def place_collect(world: World, now: int, customer: Customer, channel: str, device: str, cart: str, chosen: list[Pick]) -> None:
    """The order, promised for an hour."""
    number, store = next_number(world, now), near(customer.person.region)
    rng, until = world.dice("collect", int(number)), ready_by(store, now)
    today = " i dag" if day_of(until) == day_of(now) else f" {WEEKDAYS[day_of(until).weekday()]}"
    promise = {
        "promise_id": f"lofte-{number}",
        "kind": "pickup",
        "order_id": number,
        "words": f"Klart att hämta i {store.name}{today} kl. {local(until).hour}",
        "place": "kassan",
        "until": written(until),
        "owner": f"store/{store.store_id}",
    }
    order = {
        "order_id": number,
        "cart_id": cart,
        "total": worth(chosen),
        "currency": "SEK",
        "region": customer.person.region,
        "products": [as_line(n, one) for n, one in enumerate(chosen, start=1)],
        "promises": [promise],
    }
    world.tell(now, "Order Completed", order, (channel, "checkout"), customer, device)
    is_late = rng.random() < READY_LATE
    ready = until + rng.randrange(15, 300) * MINUTE if is_late else now + max(60, int((until - now) * (0.25 + 0.7 * rng.random())))
    world.tell(ready, "Pickup Ready", {"order_id": number, "store_id": store.store_id, "place": store.name}, ("store", f"store/{store.store_id}"), customer)
    world.note_load(f"store/{store.store_id}", is_late)
    day = day_of(ready + rng.randrange(4, 60) * HOUR)
    fetched = visit_moment(rng, store, day) or visit_moment(rng, store, day + ONE_DAY) or ready + HOUR
    world.plan(max(fetched, ready + 10 * MINUTE), fetch, customer, store, number)


def fetch(world: World, now: int, customer: Customer, store: Store, number: str) -> None:
    """The goods are collected; it is a visit like others."""
    rng = world.dice("collect", int(number), 1)
    world.tell(now, "Pickup Collected", {"order_id": number, "store_id": store.store_id}, ("store", f"store/{store.store_id}"), customer)
    closes = store.hours(day_of(now))[1]
    remember(world, rng, customer, store, number, now, bool(closes) and in_last_quarter(store, now), now)


def book(world: World, customer: Customer, rng: Random, now: int) -> None:
    """Skivalla or cykelservice: a time agreed one to nine working days on."""
    s = Session(world, customer, rng, now, "web")
    s.sign_in()
    s.wait(30, 200)
    store, number = near(customer.person.region), customer.next_number("tid")
    day = working_day(day_of(now), rng.randrange(1, 10))
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
    s.tell("Appointment Booked", {"appointment_id": number, "place": store.name, "text": errand, "promises": [promise]}, "booking")
    dice, door = rng.random(), ("store", f"store/{store.store_id}")
    if dice > 1 - CALLED_OFF:
        called_off = {"promise_id": promise["promise_id"], "reason": "customer_cannot_come"}
        world.tell(s.at + int((starts - s.at) * rng.random() * 0.8), "Promise Retracted", called_off, ("web", "booking"), customer)
        return
    if dice < MISSED_BY_US + MISSED_BY_CUSTOMER:
        by = "us" if dice < MISSED_BY_US else "customer"
        world.tell(starts + 20 * MINUTE, "Appointment Missed", {"appointment_id": number, "by": by}, door, customer)
        world.note_load(f"store/{store.store_id}", by == "us")
        return
    world.tell(starts + rng.randrange(-3, 10) * MINUTE, "Appointment Held", {"appointment_id": number}, door, customer)


def open_doors(world: World, midnight: int, first: bool) -> None:
    """The hours of the week, said on Monday (and when the shop begins), and the doors of the day as they will be."""
    day = day_of(midnight)
    for n, store in enumerate(STORES):
        if day.weekday() == 0 or first:
            for ahead in range(7 - day.weekday()):
                promise_hours(world, store, day + timedelta(days=ahead), midnight + 5 * MINUTE + ahead)
        doors(world, world.dice("doors", n, day.toordinal()), store, day)


def promise_hours(world: World, store: Store, day: date, stated_at: int) -> None:
    """One day's hours, as shown on the door, the web and the map."""
    opens, closes = store.hours(day)
    if not closes or at(day, opens) <= stated_at:
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
    world.tell(stated_at, "Promise Stated", said, ("web", "opening-hours"))


def doors(world: World, rng: Random, store: Store, day: date) -> None:
    """Opened a little before, closed a little after; now and then not."""
    opens, closes = store.hours(day)
    if not closes:
        return
    late, early = rng.random() < OPENED_LATE, rng.random() < CLOSED_EARLY
    opened = at(day, opens) + (rng.randrange(6, 35) if late else -rng.randrange(1, 9)) * MINUTE
    closed = at(day, closes) + (-rng.randrange(10, 40) if early else rng.randrange(1, 15)) * MINUTE
    door = ("store", f"store/{store.store_id}")
    if opened >= world.now:
        world.tell(opened, "Store Opened", {"store_id": store.store_id}, door)
    if closed >= world.now:
        world.tell(closed, "Store Closed", {"store_id": store.store_id}, door)
    world.note_load(f"store/{store.store_id}", early)
