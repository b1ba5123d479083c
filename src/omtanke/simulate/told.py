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


class SignedIn(Struct, frozen=True, kw_only=True):
    """Somebody at a browser says who they are: a customer by their address, or somebody new, who has a name and a town.

    `device`: the browser's anonymous id. `sort`: desktop or mobile. `says_yes`: we may write to them.
    """

    device: str
    sort: str
    email: str
    first_name: str = ""
    last_name: str = ""
    city: str = ""
    locale: str = "sv"
    says_yes: bool = False
    at: int


class SignedOut(Struct, frozen=True, kw_only=True):
    """Nobody is signed in on this browser any more."""

    device: str
    at: int


class CartFilled(Struct, frozen=True, kw_only=True):
    """Somebody at a browser puts one of a product into the cart."""

    device: str
    sort: str
    product_id: str
    size: str
    at: int


class CartSeen(Struct, frozen=True, kw_only=True):
    """A cart is shown in a browser."""

    device: str
    cart_id: str
    at: int


class CartOrdered(Struct, frozen=True, kw_only=True):
    """A customer has pressed order at the cart that they left. `way`: home, slot, locker or point; none leaves it to the shop."""

    cart_id: str
    device: str = ""
    way: str = ""
    at: int


AtBrowser = SignedIn | SignedOut | CartFilled | CartSeen | CartOrdered
Told = Message | NewDate | SurveyLink | Quote | Remedy | CapacityChange | AtBrowser
