"""A customer in the middle of life with the shop: what is known, what was left, what hurt."""

from __future__ import annotations

from random import Random

from omtanke.simulate.days import DAY
from omtanke.simulate.goods import Pick, likes
from omtanke.simulate.people import Person, person
from omtanke.simulate.planted import MILDNESS, Effects

UNEVEN = 1.1
SHARES_A_TABLET, HAS_APP = 0.16, 0.55
HURT_DAYS = 120
# More than so many in a week that were not asked for annoy, for four weeks.
BORNE_A_WEEK, ANNOYED_DAYS = 3, 28


class Cart:
    """A cart that has been left."""

    def __init__(self, cart_id: str, chosen: list[Pick], left_at: int, channel: str) -> None:
        self.cart_id = cart_id
        self.chosen = chosen
        self.left_at = left_at
        self.channel = channel


class Customer:
    """`lively` scales how often they come (mean 1); `patience` how long they wait before they ask (hours);
    `mild` moves every answer; `answers` scales how gladly they answer, and has nothing to do with `mild`.
    `written_at`: when something came lately that was not asked for. `is_visitor`: somebody who joined at a browser, does what they press there,
    and nothing by chance.
    """

    # Of the class, so that a shop that was saved before has them too.
    written_at: tuple[int, ...] = ()
    annoyed_at = 0
    is_visitor = False

    def __init__(self, someone: Person, number: int, rng: Random) -> None:
        self.person = someone
        self.number = number
        self.lively = rng.gammavariate(UNEVEN, 1 / UNEVEN)
        self.patience = 4 + rng.expovariate(1 / 14)
        self.mild = rng.choice(MILDNESS)
        self.answers = 0.7 + 0.6 * rng.random()
        self.phone_web = f"mobil-{number:05d}-{rng.getrandbits(24):06x}"
        self.tablet = f"surfplatta-{number // 2:05d}" if (number // 2 * 2654435761 & 0xFFFF) < SHARES_A_TABLET * 65536 else ""
        self.is_known = False
        self.devices_known: set[str] = set()
        self.hurt_at = 0
        self.cart: Cart | None = None
        self.count = 0
        self.told = 0
        self.asked_at = 0
        self.quote: object = None
        self.subscribes = ""
        self.likes = someone.likes
        self.is_mourning = False

    @property
    def user_id(self) -> str:
        return self.person.user_id

    def next_number(self, prefix: str) -> str:
        """A number that nobody else has, for a cart, a case or an appointment."""
        self.count += 1
        return f"{prefix}-{self.number:05d}-{self.count}"

    def is_hurt(self, at: int) -> bool:
        """Whether a promise that we broke, and did nothing about, still keeps them away."""
        return bool(self.hurt_at) and self.hurt_at < at <= self.hurt_at + HURT_DAYS * DAY

    def is_annoyed(self, at: int) -> bool:
        """Whether too much that was not asked for still keeps them away."""
        return bool(self.annoyed_at) and self.annoyed_at < at <= self.annoyed_at + ANNOYED_DAYS * DAY

    def stays_away(self, at: int, dice: float, effects: Effects) -> bool:
        """Whether an errand with these dice is left out."""
        return (self.is_hurt(at) and dice < effects.stays_away) or (self.is_annoyed(at) and dice < effects.stays_away_when_annoyed)

    def is_written_to(self, at: int) -> bool:
        """Something comes that was not asked for; whether it is once too often."""
        self.written_at = (*(one for one in self.written_at if one > at - 7 * DAY), at)
        return len(self.written_at) > BORNE_A_WEEK


def draw(rng: Random, number: int) -> Customer:
    """The ordinary customer of that number."""
    return Customer(person(rng, number, likes(rng)), number, rng)
