"""What is under way: orders, parcels, cases, visits to a store, the warehouse's queue. Moments are seconds since 1970."""

from __future__ import annotations

from collections import deque
from datetime import date
from typing import Any

from msgspec import Struct

from omtanke.simulate.carriers import Carrier
from omtanke.simulate.customer import Cart, Customer
from omtanke.simulate.days import at, evening_of
from omtanke.simulate.goods import Pick
from omtanke.simulate.truth import Delivery, Help, StoreVisit


class Restock(Struct, frozen=True):
    """A product that is out of stock: since when, the last day we name for its return, and when it truly comes."""

    product_id: str
    out_at: int
    named: date
    back_at: int


class Click(Struct, frozen=True):
    """An answer by link, as the customer gives it. `at` is UTC microseconds."""

    link: str
    score: int
    comment: str
    at: int


class Pulse(Struct, frozen=True):
    """What one who works here answers in the weekly pulse, 1 to 5. No name; `at` is UTC microseconds."""

    unit: str
    question: str
    score: int
    at: int


class Browser(Struct):
    """A browser on the shop's site: who signed in on it last, and what lies in its cart while nobody has."""

    device: str
    sort: str
    user_id: str = ""
    is_signed_in: bool = False
    cart: Cart | None = None


class Window(Struct, frozen=True):
    """Days promised, narrowed to the evening for a slot at the door."""

    first: date
    last: date
    is_slot: bool

    @property
    def from_at(self) -> int:
        return at(self.first, 17 if self.is_slot else 0)

    @property
    def until_at(self) -> int:
        return at(self.last, 22) if self.is_slot else evening_of(self.last)


class Parcel:
    """A part of an order on its way. `shipped_at` and `arrives_at` are 0 until they are known."""

    def __init__(self, number: str, order: Order, lines: list[dict[str, Any]], window: Window, is_whole: bool) -> None:
        self.number = number
        self.order = order
        self.lines = lines
        self.window = window
        self.is_whole = is_whole
        self.shipped_at = 0
        self.arrives_at = 0
        self.has_arrived = False


class Order:
    """An order for delivery. `until_at` is the end of the window first shown, `new_until` of the one agreed since."""

    def __init__(self, number: str, customer: Customer, placed_at: int, channel: str, carrier: Carrier, truth: Delivery) -> None:
        self.number = number
        self.customer = customer
        self.placed_at = placed_at
        self.channel = channel
        self.carrier = carrier
        self.truth = truth
        self.lines: list[dict[str, Any]] = []
        self.parcels: list[Parcel] = []
        self.from_at = 0
        self.until_at = 0
        self.promise_id = ""
        self.shift = 0.0
        self.dice = 0.0
        self.told_at = 0
        self.new_until = 0
        self.offered_until = 0
        self.is_cancelled = False
        self.arrived_at = 0
        self.heard_at = 0
        self.remedied_at = 0
        self.asked_where = 0
        self.is_fixed = False

    @property
    def is_slot(self) -> bool:
        return self.carrier.way == "slot"

    def expected_at(self) -> int:
        """When the last of it comes, as far as the carriers know; 0 while some of it is in the warehouse."""
        return max(one.arrives_at for one in self.parcels) if all(one.shipped_at for one in self.parcels) else 0


class Case:
    """Something a customer asked of us. `table` is the outcome when the promise is kept."""

    def __init__(self, case_id: str, customer: Customer, order_id: str, topic: str, kind: str, way: tuple[str, str], until_at: int, truth: Help) -> None:
        self.case_id = case_id
        self.customer = customer
        self.order_id = order_id
        self.topic = topic
        self.kind = kind
        self.way = way
        self.until_at = until_at
        self.truth = truth
        self.new_until = 0
        self.answers_at = 0
        self.answered_at = 0
        self.dice = 0.0
        self.table = "answered"
        self.late_by = 0.0
        self.told_at = 0
        self.heard_at = 0
        self.remedied_at = 0
        self.is_over = False
        self.is_scripted = False
        self.worth = 0.0


class Visited(Struct):
    """A visit to a store that can be asked about."""

    truth: StoreVisit


class Warehouse:
    """Parcels that wait to be packed, in the order in which they may leave. `a_day`: how many on a working day."""

    def __init__(self) -> None:
        self.waiting: deque[Parcel] = deque()
        self.is_busy = False
        self.a_day = 10.0


class Agreed(Struct, frozen=True):
    """A quote that was shown to a customer by Omtanke. Moments in seconds."""

    quote_id: str
    from_at: int
    until_at: int
    valid_until: int


class Taken(Struct, frozen=True):
    """What goes into a new order."""

    cart_id: str
    chosen: list[Pick]
    coupon: str = ""
    is_subscribed: bool = False
    way: str = ""
