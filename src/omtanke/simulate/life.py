"""One customer's life with the shop: who, the dice, what has been told, and what has gone wrong."""

from __future__ import annotations

from datetime import date
from random import Random

from msgspec import Struct

from omtanke.simulate.days import DAY, HOUR, MINUTE, at
from omtanke.simulate.goods import Pick
from omtanke.simulate.people import Person
from omtanke.simulate.telling import Story
from omtanke.simulate.voices import comment, score

Place = tuple[str, str]
WEB: Place = ("web", "start")
PRODUCT_PAGE: Place = ("web", "product")
MAIL_CONFIRMATION: Place = ("mail", "mail/order-confirmation")
MAIL_DELAY: Place = ("mail", "mail/delay")
WAREHOUSE: Place = ("warehouse", "warehouse")
DELIVERY: Place = ("delivery", "delivery")

ASKED = {"delivery": 0.75, "store": 0.45, "case": 0.60}
ANSWERED = 0.42
ANSWERED_IN_HOURS = 9.0


class Cart(Struct):
    """A cart that has been left."""

    cart_id: str
    chosen: list[Pick]
    left_at: int


class Restock(Struct, frozen=True):
    """A product that is out of stock: since when, the last day we name for its return, and when it truly comes."""

    product_id: str
    out_at: int
    named: date
    back_at: int


class Life:
    """A customer in the middle of it. `hurt_at` is when we last broke a delivery promise, 0 when never."""

    __slots__ = ("who", "rng", "story", "restocks", "known", "hurt_at", "cart", "carts", "cases", "asked_at")

    def __init__(self, who: Person, rng: Random, story: Story, restocks: tuple[Restock, ...] = ()) -> None:
        self.who = who
        self.rng = rng
        self.story = story
        self.restocks = restocks
        self.known = False
        self.hurt_at = 0
        self.cart: Cart | None = None
        self.carts = 0
        self.cases = 0
        self.asked_at = 0

    def number(self, prefix: str) -> str:
        """A number that nobody else has, for a cart, a case or an appointment."""
        self.cases += 1
        return f"{prefix}-{self.who.user_id[5:]}-{self.cases}"

    def become_known(self, moment: int, place: Place) -> None:
        """The shop learns who it is, once."""
        if not self.known:
            self.known = True
            self.story.identify(moment, self.who, place, self.who.device if place[0] == "web" else "")


def ask(life: Life, moment: int, question: str, place: Place, outcome_at: dict[int, str], order: str = "", case: str = "") -> None:
    """One question and perhaps its answer. `outcome_at` tells from which moment on which outcome is felt.

    Asked after 75 % of deliveries, 45 % of store visits and 60 % of cases, at most once a week; 42 % answer,
    within nine hours on average.
    """
    rng = life.rng
    if rng.random() >= ASKED[question] or moment - life.asked_at < 7 * DAY:
        return
    life.asked_at = moment
    survey = life.number("enkat")
    about = {"survey_id": survey, "question": f"{question}_satisfaction", "scale": "1-5"}
    if order:
        about["order_id"] = order
    if case:
        about["case_id"] = case
    life.story.tell(moment, "Survey Sent", dict(about), place, life.who)
    if rng.random() >= ANSWERED:
        return
    answered_at = moment + 4 * MINUTE + int(min(rng.expovariate(1 / ANSWERED_IN_HOURS), 60) * HOUR)
    felt = [outcome for since, outcome in sorted(outcome_at.items()) if since <= answered_at]
    outcome = felt[-1]
    answer = score(rng, outcome)
    said = comment(rng, outcome, answer, life.who.locale)
    answered = {**about, "score": answer, **({"comment": said} if said else {})}
    life.story.tell(answered_at, "Survey Answered", answered, ("survey", place[1]), life.who)


def evening_of(day: date) -> int:
    """24.00, when a window that ends on that day is over."""
    return at(day, 23, 59, 59) + 1
