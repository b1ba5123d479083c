"""Parcels on their way: scans, some of them told late; who is told first; what a late one does to its customer.

On the last day promised, between 10 and 16, somebody may look: of those that will be late the carrier says so in 60 %,
and the shop tells the customer first, with a new date, in the share of the settings. The new date holds in 91 %.
Whoever waits and was not told asks where it is in 55 % (told: 15 %), in their own time, asks again after two days, and
stays away from 35 % of later visits. One arrival in sixteen is scanned one to seven hours late, one in two hundred
a day late.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from omtanke.simulate import asking, returns, service
from omtanke.simulate.carriers import TERMINALS, days_promised
from omtanke.simulate.days import DAY, HOUR, MINUTE, at, day_of, days_in_words, evening_of, in_daytime, working_day
from omtanke.simulate.outcomes import settle_delivery
from omtanke.simulate.planted import TOLD_BY_ZONE
from omtanke.simulate.truth import NEW_DATE_HOLDS
from omtanke.simulate.work import Order, Parcel
from omtanke.simulate.world import World

DELIVERY = ("delivery", "delivery")
CARRIER_TELLS, NAMED_BY_CARRIER = 0.60, 0.5
SCANNED_LATE, SCANNED_A_DAY_LATE = 0.06, 0.005
ASKS_AGAIN, ASKS_ANYWAY = 0.5, 0.03
WHY_LATE = ("sorting", "weather", "full_truck", "missed_scan")


def carried(world: World, now: int, parcel: Parcel, named: bool, zone: str) -> None:
    """Scans on the way; the arrival is planned."""
    order, rng = parcel.order, world.dice("carry", int(parcel.order.number), parcel.order.parcels.index(parcel))
    about: dict[str, Any] = {"parcel_id": parcel.number, "carrier": order.carrier.name}
    if named or rng.random() < NAMED_BY_CARRIER:
        about["order_id"] = order.number
    picked_up = now + rng.randrange(60, 240) * MINUTE
    if picked_up < parcel.arrives_at:
        scan(world, order, picked_up, {**about, "status": "picked_up", "place": "Borås"})
    sorted_at = picked_up + int((parcel.arrives_at - picked_up) * (0.3 + 0.4 * rng.random()))
    if picked_up < sorted_at < parcel.arrives_at and rng.random() < 0.8:
        scan(world, order, sorted_at, {**about, "status": "in_transit", "place": TERMINALS[zone]})
    if order.carrier.way in ("home", "slot") and rng.random() < 0.7:
        leaves = parcel.arrives_at - rng.randrange(60, 240) * MINUTE
        if leaves > picked_up:
            scan(world, order, leaves, {**about, "status": "out_for_delivery", "place": order.customer.person.city})
    world.plan(parcel.arrives_at, arrive, parcel, about)


def scan(world: World, order: Order, moment: int, said: dict[str, Any]) -> None:
    """Carriers name no customer."""
    world.tell(moment, "Shipment Updated", said, DELIVERY, order.customer, signed_in=False)


def arrive(world: World, now: int, parcel: Parcel, about: dict[str, Any]) -> None:
    """At the door, or ready at a pickup point and collected within days."""
    order, rng = parcel.order, world.dice("arrive", int(parcel.order.number), parcel.order.parcels.index(parcel))
    dice = rng.random()
    told_at = now + (rng.randrange(14, 30) * HOUR if dice < SCANNED_A_DAY_LATE else rng.randrange(60, 420) * MINUTE if dice < SCANNED_LATE else 0)
    city = order.customer.person.city
    if order.carrier.way in ("home", "slot"):
        said = {**about, "place": rng.choice(("vid dörren", "till mottagaren", "hos grannen"))}
        world.tell(now, "Shipment Delivered", said, DELIVERY, order.customer, signed_in=False, sent_at=told_at)
    else:
        place = f"{'Skåp' if order.carrier.way == 'locker' else 'Ombud'}, {city}"
        said = {**about, "place": place, "code": f"{rng.randrange(10_000):04d}"}
        world.tell(now, "Pickup Ready", said, DELIVERY, order.customer, signed_in=False, sent_at=told_at)
        world.tell(now + rng.randrange(40, 3000) * MINUTE, "Pickup Collected", about, DELIVERY, order.customer, signed_in=False)
    parcel.has_arrived = True
    if all(one.has_arrived for one in order.parcels):
        has_come(world, now, order, rng)


def has_come(world: World, now: int, order: Order, rng: Random) -> None:
    """All of it is there: what happened is settled, and life goes on from it."""
    order.arrived_at = order.truth.arrived_at = now
    settle_delivery(world, order)
    asking.plan_survey(world, "delivery", order.customer, now + rng.randrange(18, 30) * HOUR, order.number)
    world.keep_for_a_while(now, world.orders, order.number)
    if order.customer.is_visitor:
        return
    if now <= order.until_at and rng.random() < ASKS_ANYWAY:
        service.ask_later(world, in_daytime(now + rng.randrange(1, 8) * HOUR), order.customer, "change", order.number)
    returns.after_arrival(world, now, order)


def watch_moment(rng: Random, order: Order) -> int:
    """A moment on the last day promised at which somebody looks."""
    return max(order.placed_at, at(day_of(order.until_at - 1), 10) + rng.randrange(0, 360) * MINUTE)


def watch(world: World, now: int, order: Order) -> None:
    """It will be late: perhaps the carrier says so, perhaps we tell the customer first."""
    expected = order.expected_at()
    if order.is_cancelled or order.arrived_at or order.is_fixed or 0 < expected <= order.until_at or now >= order.until_at:
        return
    rng = world.dice("watch", int(order.number))
    carrier_says, we_tell, holds = rng.random(), rng.random(), rng.random()
    comes = day_of(expected) if expected else days_promised(order.carrier, working_day(day_of(now), 1), order.customer.person.region)[1]
    if carrier_says < CARRIER_TELLS and expected:
        late = order.parcels[-1]
        said = {
            "order_id": order.number,
            "parcel_id": late.number,
            "carrier": order.carrier.name,
            "expected_at": comes.isoformat(),
            "reason": rng.choice(WHY_LATE),
        }
        world.tell(now, "Shipment Delayed", said, DELIVERY, order.customer, signed_in=False)
    last = day_of(order.until_at - 1)
    new = comes if holds < NEW_DATE_HOLDS else order.carrier.day(comes, -1)
    new = new if new > last else order.carrier.day(last, 1)
    order.offered_until = evening_of(new)
    if we_tell < world.settings.telling_first_share * TOLD_BY_ZONE[order.truth.zone] and not order.told_at:
        tell_first(world, now, order, new)


def tell_first(world: World, now: int, order: Order, new: date) -> None:
    """A new date, and the words."""
    order.told_at, order.new_until = now, order.offered_until
    anew: dict[str, Any] = {
        "kind": "delivery",
        "order_id": order.number,
        "words": f"Det blir senare än vi sade, och det är vårt fel. Ditt paket kommer {days_in_words(day_of(now), new, new)}.",
        "place": "mejl",
        "until": new.isoformat(),
        "owner": "logistics",
    }
    if order.promise_id:
        anew["promise_id"] = order.promise_id
    world.tell(now + 1, "Promise Stated", anew, ("mail", "mail/delay"), order.customer)
    world.plan(order.new_until, fall_due_again, order, order.new_until)


def fall_due_again(world: World, now: int, order: Order, until_at: int) -> None:
    """The new date has passed; told or not, a second break hurts."""
    if not order.arrived_at and order.new_until == until_at and not order.is_cancelled:
        order.customer.hurt_at = now


def fall_due(world: World, now: int, order: Order) -> None:
    """The time is up. Who still waits is hurt unless told, and wonders."""
    if order.is_cancelled:
        return
    is_late = not order.arrived_at or order.arrived_at > order.until_at
    world.note_load("logistics", is_late)
    if not is_late or order.is_fixed:
        return
    if not 0 < order.told_at <= order.until_at:
        order.customer.hurt_at = now
    settle_delivery(world, order)
    rng = world.dice("wonder", int(order.number))
    patience = order.customer.patience
    world.plan(in_daytime(now + int(patience * (0.4 + rng.random()) * HOUR)), wonder, order, rng.random(), 1)
    asking.plan_survey(world, "delivery", order.customer, now + rng.randrange(20, 40) * HOUR, order.number)


def wonder(world: World, now: int, order: Order, dice: float, turn: int) -> None:
    """Where is it? Asked once or twice, less by those who have heard from us."""
    if order.arrived_at or order.is_cancelled or turn > 2 or order.customer.is_visitor:
        return
    if dice < chance_to_ask(world, now, order) * (1.0 if turn == 1 else ASKS_AGAIN):
        order.asked_where = now
        service.question(world, now, order.customer, "where_is_it", order.number)
    world.plan(in_daytime(now + 2 * DAY), wonder, order, dice, turn + 1)


def chance_to_ask(world: World, now: int, order: Order) -> float:
    """Less for those who have heard from us, as long as it is fresh."""
    knows = order.told_at and now <= max(order.new_until, order.until_at + DAY) or order.heard_at > now - 2 * DAY
    return world.effects.asks_when_told if knows else world.effects.asks_when_late


def will_wonder(world: World, now: int, order: Order) -> bool:
    """Whether the customer will ask once the time is up, as things stand."""
    rng = world.dice("wonder", int(order.number))
    rng.random()
    return not order.arrived_at and rng.random() < chance_to_ask(world, now, order)


def new_date(world: World, now: int, order: Order, until_at: int) -> None:
    """A new date has been agreed: what is still in the warehouse goes first now."""
    order.told_at = order.told_at or now
    order.heard_at = now
    order.new_until = until_at
    waiting = world.warehouse.waiting
    for parcel in order.parcels:
        if parcel in waiting:
            waiting.remove(parcel)
            waiting.appendleft(parcel)
    world.plan(max(now, until_at), fall_due_again, order, until_at)
