"""Products that run out, the week we say they are back, and when they are.

Six products of the range are out at some time in each month, for two to four weeks. 88 % are back by the day
named. One visit in fifty ends in the wish to be told.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from omtanke.simulate.days import MINUTE, ONE_DAY, at, day_of, days_in_words, within, working_day
from omtanke.simulate.goods import BY_ID
from omtanke.simulate.life import Life, Restock
from omtanke.simulate.telling import Story

BACK_IN_TIME = 0.88
OUT_EACH_MONTH = 6


def restocks(rng: Random, first: date, last: date) -> tuple[Restock, ...]:
    """What runs out between the two days, in the order of running out."""
    found = []
    for _ in range(max(1, round((last - first).days / 30.4 * OUT_EACH_MONTH))):
        out = first + ONE_DAY * rng.randrange(max(1, (last - first).days - 2))
        named = working_day(out + timedelta(days=rng.randrange(14, 29)), 0)
        back = working_day(named, -rng.randrange(0, 4) if rng.random() < BACK_IN_TIME else rng.randrange(2, 9))
        found.append(Restock(rng.choice(list(BY_ID)), at(out, 9), named, within(rng, back, 7, 11)))
    return tuple(sorted(found, key=lambda one: one.out_at))


def announce(rng: Random, story: Story, back: tuple[Restock, ...]) -> None:
    """The warehouse tells that a product can be bought again."""
    for one in back:
        story.tell(one.back_at, "Product Restocked", {"product_id": one.product_id, "quantity": rng.randrange(10, 80)}, ("warehouse", "warehouse"))


def wish(life: Life, moment: int) -> None:
    """Somebody wants a product that is out, and is told by when it is back."""
    out = [one for one in life.restocks if one.out_at < moment < min(one.back_at, at(one.named, 0))]
    if not out:
        return
    one = life.rng.choice(out)
    life.become_known(moment - MINUTE, ("web", "sign-in"))
    watch(life, one, moment)


def watch(life: Life, one: Restock, moment: int) -> None:
    """The promise of its return."""
    said = {
        "promise_id": f"ater-{one.product_id}-{life.who.user_id[5:]}-{day_of(moment)}",
        "kind": "restock",
        "product_id": one.product_id,
        "words": f"{BY_ID[one.product_id].name}: åter i lager senast {days_in_words(day_of(moment), one.named, one.named)}",
        "place": "produktsidan",
        "until": one.named.isoformat(),
        "owner": "purchasing",
    }
    life.story.tell(moment, "Promise Stated", said, ("web", "product"), life.who, life.who.device)
