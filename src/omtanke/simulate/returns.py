"""Returns: sent back by parcel or handed in at any store, and the money promised; wrong and damaged goods; reviews.

Shoes and clothes come back in 13 % of the cases, other goods in 4 %, twice as often where the description is thin (then
for `not_as_shown`). Four in ten are handed in at a store, whichever channel they were bought in. The refund is promised
within three working days of a hand-in and five of a parcel; 94 % come in time, nearly all of them the next working day.
1.1 % of the orders hold the wrong thing, 0.7 % a damaged one (DHL 1.4 %). One arrival in twenty-five is reviewed.
"""

from __future__ import annotations

from random import Random
from typing import Any

from omtanke.simulate import service
from omtanke.simulate.days import DAY, HOUR, MINUTE, at, day_of, days_in_words, evening_of, in_daytime, within, working_day
from omtanke.simulate.feelings import score
from omtanke.simulate.goods import BY_ID
from omtanke.simulate.stores import STORES
from omtanke.simulate.voices import review_words
from omtanke.simulate.work import Order
from omtanke.simulate.world import World

IN_STORE, REFUNDED_LATE, WRONG, DAMAGED, REVIEWED = 0.40, 0.06, 0.011, 0.007, 0.04
DAMAGED_BY = {"DHL": 2.0, "Budbee": 0.6}
WHY = ("too_small", "too_large", "changed_mind", "faulty", "gift")
MY_PAGE = ("web", "my-page/returns")


def after_arrival(world: World, now: int, order: Order) -> None:
    """The wrong thing, a damaged one, something sent back, a review."""
    rng = world.dice("wrong", int(order.number))
    dice, line = rng.random(), order.lines[int(rng.random() * len(order.lines))]
    damaged = DAMAGED * DAMAGED_BY.get(order.carrier.name, 1.0)
    if dice < WRONG + damaged:
        topic = "wrong_item" if dice < WRONG else "damaged_item"
        world.plan(in_daytime(now + rng.randrange(1, 40) * HOUR), service.wrong_goods, order.customer, order.number, str(line["line_id"]), topic)
        return
    product = BY_ID[str(line["product_id"])]
    share = product.returns * (world.effects.thin_content_returns if product.is_thin else 1.0)
    goes_back = rng.random() < share
    if goes_back:
        asked = at(day_of(now + rng.randrange(20, 260) * HOUR), rng.randrange(9, 21))
        why = "not_as_shown" if product.is_thin and rng.random() < 0.6 else rng.choice(WHY)
        world.plan(max(asked, now + HOUR), send_back, order, line, why)
    if rng.random() < REVIEWED:
        world.plan(in_daytime(now + rng.randrange(30, 400) * HOUR), review, order, goes_back, product.is_thin)


def send_back(world: World, now: int, order: Order, line: dict[str, Any], why: str) -> None:
    """Asked for on my page, or simply handed in at a store."""
    rng = world.dice("return", int(order.number))
    about: dict[str, Any] = {"order_id": order.number, "lines": [{"line_id": line["line_id"], "product_id": line["product_id"]}]}
    if rng.random() < IN_STORE:
        store = rng.choice(STORES)
        world.plan(within(rng, day_of(now + DAY), 12, 17), receive, order, about, float(line["price"]) * int(line["quantity"]), why, store.store_id)
        return
    world.tell(now, "Return Requested", {**about, "reason": why}, MY_PAGE, order.customer)
    received = within(rng, working_day(day_of(now), rng.randrange(3, 7)), 8, 16)
    world.plan(received, receive, order, about, float(line["price"]) * int(line["quantity"]), why, "")


def receive(world: World, now: int, order: Order, about: dict[str, Any], money: float, why: str, store: str) -> None:
    """Received, with the promise of the money."""
    rng = world.dice("return", int(order.number), 1)
    days = 3 if store else 5
    until = working_day(day_of(now), days)
    place = ("store", f"store/{store}") if store else ("warehouse", "returns")
    number = f"retur-{order.number}"
    case, is_late = service.open_case(world, now, order.customer, rng, number, why, order.number, "refund", place, evening_of(until), REFUNDED_LATE)
    case.worth = money
    promise = {
        "promise_id": f"pengar-{order.number}",
        "kind": "refund",
        "order_id": order.number,
        "words": f"Pengarna på kontot senast {days_in_words(day_of(now), until, until)}",
        "place": "returkvittot",
        "until": until.isoformat(),
        "owner": "finance",
    }
    said = {**about, "reason": why, "promises": [promise], **({"store_id": store} if store else {})}
    world.tell(now, "Return Received", said, place, order.customer)
    paid_day = working_day(until, rng.randrange(1, 7)) if is_late else working_day(day_of(now), 1 if rng.random() < 0.6 else days - 1)
    service.plan_answer(world, case, within(rng, paid_day, 9, 16) + MINUTE)


def review(world: World, now: int, order: Order, goes_back: bool, is_thin: bool) -> None:
    """Stars on the shop's own pages or a review site: by how it came, whether it went back, whether it was as described."""
    rng: Random = world.dice("review", int(order.number))
    mean = 4.3 + order.customer.mild - (1.2 if order.truth.is_late else 0.0) - (1.0 if goes_back else 0.0) - (0.6 if is_thin else 0.0)
    stars = score("kept", mean, rng.random())
    own = rng.random() < 0.7
    said = {
        "place": "shop" if own else "omdomen.example",
        "rating": stars,
        "best_rating": 5,
        "product_id": order.lines[0]["product_id"],
        "text": review_words(rng, stars, is_thin),
        "author": order.customer.person.first_name,
    }
    world.tell(now, "Review Published", said, ("review", "review/shop" if own else "review/omdomen"), order.customer if own else None)
