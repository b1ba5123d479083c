"""Returns: sent back by parcel or handed in at any store, and the money promised.

Shoes and clothes come back in 13 % of the cases, other goods in 4 %. Four in ten are handed in at a store.
The refund is promised within three working days of a hand-in and five of a parcel; 94 % come in time, nearly
all of them the next working day.
"""

from __future__ import annotations

from typing import Any

from omtanke.simulate.days import HOUR, MINUTE, at, day_of, days_in_words, within, working_day
from omtanke.simulate.goods import BY_ID
from omtanke.simulate.life import Life, Place
from omtanke.simulate.parcels import Parcel
from omtanke.simulate.stores import STORES

IN_STORE, REFUNDED_IN_TIME = 0.40, 0.94
WHY = ("too_small", "too_large", "not_as_shown", "changed_mind", "faulty", "gift")
MY_PAGE: Place = ("web", "my-page/returns")


def perhaps_return(life: Life, order: str, last: Parcel) -> None:
    """One line goes back, a few days after it came."""
    line = life.rng.choice(last.lines)
    if life.rng.random() < BY_ID[str(line["product_id"])].returns:
        asked = last.arrives_at + life.rng.randrange(20, 260) * HOUR
        return_line(life, order, line, at(day_of(asked), life.rng.randrange(9, 21)))


def return_line(life: Life, order: str, line: dict[str, Any], asked: int) -> None:
    """Asked for, received, refunded."""
    rng, story = life.rng, life.story
    by_hand = rng.random() < IN_STORE
    about: dict[str, Any] = {"order_id": order, "lines": [{"line_id": line["line_id"], "product_id": line["product_id"]}]}
    if by_hand:
        store = rng.choice(STORES)
        received, place, days = within(rng, day_of(asked + 24 * HOUR), 12, 17), ("store", f"store/{store.store_id}"), 3
    else:
        story.tell(asked, "Return Requested", {**about, "reason": rng.choice(WHY)}, MY_PAGE, life.who)
        received, place, days = within(rng, working_day(day_of(asked), rng.randrange(3, 7)), 8, 16), ("warehouse", "returns"), 5
    money = float(line["price"]) * int(line["quantity"])
    refund(life, order, about, received, place, days, money, rng.random() < REFUNDED_IN_TIME)


def refund(life: Life, order: str, about: dict[str, Any], received: int, place: Place, days: int, money: float, in_time: bool) -> None:
    """Received with the promise of the money, and the money."""
    until = working_day(day_of(received), days)
    promise = {
        "promise_id": f"pengar-{order}",
        "kind": "refund",
        "order_id": order,
        "words": f"Pengarna på kontot senast {days_in_words(day_of(received), until, until)}",
        "place": "returkvittot",
        "until": until.isoformat(),
        "owner": "finance",
    }
    life.story.tell(received, "Return Received", {**about, "promises": [promise]}, place, life.who)
    early = 1 if life.rng.random() < 0.6 else days - 1
    paid_day = working_day(day_of(received), early) if in_time else working_day(until, life.rng.randrange(1, 7))
    paid = within(life.rng, paid_day, 9, 16) + MINUTE
    life.story.tell(paid, "Refund Issued", {"order_id": order, "amount": money, "currency": "SEK"}, ("none", "finance"), life.who)
