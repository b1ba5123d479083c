"""What the shop can be told while it lives. Each changes only the future. `at` and windows are UTC microseconds."""

from __future__ import annotations

from msgspec import Struct


class Message(Struct, frozen=True, kw_only=True):
    """A word to a customer: `delay` (we were first to say that it is late), `apology`, `cart_reminder`, `offer` (something else
    that was not asked for), anything else."""

    user_id: str
    kind: str
    order_id: str = ""
    words: str = ""
    at: int


class NewDate(Struct, frozen=True, kw_only=True):
    """A promise has been given a new window, and its customer has been told."""

    user_id: str
    order_id: str = ""
    case_id: str = ""
    from_at: int = 0
    until_at: int
    words: str = ""
    at: int


class SurveyLink(Struct, frozen=True, kw_only=True):
    """One question has reached a customer, who may answer it after a while. `about`: delivery, store_visit, case, return or order."""

    user_id: str
    survey_id: str
    about: str
    order_id: str = ""
    store_id: str = ""
    case_id: str = ""
    question: str = "satisfaction"
    scale: str = "1-5"
    link: str = ""
    at: int


class Quote(Struct, frozen=True, kw_only=True):
    """A window has been shown to a customer; an order within its validity takes it instead of the shop's own."""

    user_id: str
    quote_id: str
    words: str = ""
    from_at: int = 0
    until_at: int
    valid_until: int
    at: int


class Remedy(Struct, frozen=True, kw_only=True):
    """Something has been done to put it right: `kind` as the shop names it."""

    user_id: str
    order_id: str = ""
    case_id: str = ""
    kind: str = ""
    at: int


class CapacityChange(Struct, frozen=True, kw_only=True):
    """`warehouse`, `service` or a carrier by name manages `pace` times the ordinary in the window."""

    unit: str
    pace: float
    from_at: int
    until_at: int


class CartOrdered(Struct, frozen=True, kw_only=True):
    """A customer has pressed order at the cart that they left."""

    cart_id: str
    at: int


Told = Message | NewDate | SurveyLink | Quote | Remedy | CapacityChange | CartOrdered
