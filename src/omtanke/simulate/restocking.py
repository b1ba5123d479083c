"""Products that run out, the week we say they are back, and when they are.

Six products of the range run out in a month, for two to four weeks. 88 % are back by the day named;
6 % will not come back at all, and who was promised them is told so.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from omtanke.simulate.customer import Customer
from omtanke.simulate.days import MINUTE, at, day_of, days_in_words, within, working_day
from omtanke.simulate.goods import BY_ID
from omtanke.simulate.sessions import Session, seen
from omtanke.simulate.work import Restock
from omtanke.simulate.world import World

BACK_IN_TIME, DISCONTINUED = 0.88, 0.06
OUT_EACH_DAY = 6 / 30.4


def run_out(world: World, midnight: int) -> None:
    """One product is out today, some days."""
    rng = world.dice("run_out", 0, midnight)
    if rng.random() >= OUT_EACH_DAY:
        return
    day = day_of(midnight)
    named = working_day(day + timedelta(days=rng.randrange(14, 29)), 0)
    back = working_day(named, -rng.randrange(0, 4) if rng.random() < BACK_IN_TIME else rng.randrange(2, 9))
    one = Restock(rng.choice(list(BY_ID)), at(day, 9), named, within(rng, back, 7, 11))
    world.out.append(one)
    world.plan(one.back_at, is_gone if rng.random() < DISCONTINUED else is_back, one, rng.randrange(10, 80))


def is_back(world: World, now: int, one: Restock, quantity: int) -> None:
    """The warehouse tells that it can be bought again."""
    world.out.remove(one)
    world.promised_back.pop(one.product_id, None)
    world.tell(now, "Product Restocked", {"product_id": one.product_id, "quantity": quantity}, ("warehouse", "warehouse"))


def is_gone(world: World, now: int, one: Restock, _: int) -> None:
    """It is no longer made; each promise of it is taken back."""
    world.out.remove(one)
    for promise, customer in world.promised_back.pop(one.product_id, ()):
        world.tell(now, "Promise Retracted", {"promise_id": promise, "reason": "discontinued"}, ("mail", "mail/restock"), customer)


def wish(world: World, customer: Customer, rng: Random, now: int) -> None:
    """Somebody wants a product that is out, and is told by when it is back."""
    out = [one for one in world.out if one.out_at < now < min(one.back_at, at(one.named, 0)) - 10 * MINUTE]
    s = Session(world, customer, rng, now, "web")
    if not out:
        return
    one = rng.choice(out)
    s.sign_in()
    s.tell("Product Viewed", seen(BY_ID[one.product_id]), "product")
    s.wait(20, 90)
    promise = f"ater-{one.product_id}-{customer.number:05d}-{day_of(now)}"
    world.promised_back.setdefault(one.product_id, []).append((promise, customer))
    said = {
        "promise_id": promise,
        "kind": "restock",
        "product_id": one.product_id,
        "words": f"{BY_ID[one.product_id].name}: åter i lager senast {days_in_words(day_of(now), one.named, one.named)}",
        "place": "produktsidan",
        "until": one.named.isoformat(),
        "owner": "purchasing",
    }
    s.tell("Promise Stated", said, "product")
