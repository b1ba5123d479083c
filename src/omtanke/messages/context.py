"""What a message may say of a customer and what is theirs. A field that is empty or absent is false in an `if`, and cannot be said.

The reference page of messages is written from the descriptions here.
"""

from __future__ import annotations

import re
from typing import Annotated

from msgspec import Meta, Struct

from omtanke.messages.stated import StatedPromise, StatedQuote
from omtanke.vocabulary.refusal import Refused

# As many as an order can have (vocabulary).
MOST_LINES = 500
# Addresses on this machine are for trying out.
SECURE = re.compile(r"https://[^\s\"'<>]+|http://(?:localhost|127\.0\.0\.1)(?::\d+)?/[^\s\"'<>]*")


class Money(Struct, frozen=True):
    """An amount in minor units (öre, cents) of `currency` (ISO 4217)."""

    minor: int
    currency: str = "SEK"


class Link(Struct, frozen=True):
    """An address over https. Raises Refused for any other."""

    url: str

    def __post_init__(self) -> None:
        if not SECURE.fullmatch(self.url):
            raise Refused("link", self.url, "is not an https address")


def about(text: str) -> Meta:
    return Meta(description=text)


class Person(Struct, frozen=True, kw_only=True):
    """Who reads it."""

    first_name: Annotated[str, about("what they are called; empty when we do not know")] = ""


class Line(Struct, frozen=True, kw_only=True):
    """Goods of one kind."""

    name: Annotated[str, about("what it is, as the shop names it")]
    variant: Annotated[str, about("size or colour")] = ""
    quantity: Annotated[int, about("how many")] = 1
    price: Annotated[Money | None, about("what they cost together")] = None


class Order(Struct, frozen=True, kw_only=True):
    """The order that it is about."""

    number: Annotated[str, about("its number as the customer has seen it")]
    lines: Annotated[tuple[Line, ...], about("what was bought")] = ()
    total: Annotated[Money | None, about("what it cost")] = None


class Cart(Struct, frozen=True, kw_only=True):
    """The cart that was left."""

    lines: Annotated[tuple[Line, ...], about("what lies in it")] = ()
    link: Annotated[Link | None, about("opens the same cart")] = None


class Parcel(Struct, frozen=True, kw_only=True):
    """The parcel that it is about."""

    carrier: Annotated[str, about("who carries it, by name")] = ""
    number: Annotated[str, about("its number as written")] = ""
    link: Annotated[Link | None, about("follows it")] = None


class Refund(Struct, frozen=True, kw_only=True):
    """Money that has gone back."""

    amount: Annotated[Money, about("how much")]


class Case(Struct, frozen=True, kw_only=True):
    """The case that it is about."""

    number: Annotated[str, about("its number")] = ""


class Store(Struct, frozen=True, kw_only=True):
    """The store that it is about."""

    name: Annotated[str, about("what it is called")]
    address: Annotated[str, about("street and town")] = ""
    link: Annotated[Link | None, about("shows the way")] = None


class Score(Struct, frozen=True, kw_only=True):
    """One answer to the question."""

    value: Annotated[int, about("the number")]
    link: Annotated[Link, about("answers so")]


class Survey(Struct, frozen=True, kw_only=True):
    """The question that is asked."""

    question: Annotated[str, about("its words, the same as where it is answered")]
    lowest: Annotated[str, about("what the lowest answer means")] = ""
    highest: Annotated[str, about("what the highest answer means")] = ""
    scores: Annotated[tuple[Score, ...], about("the answers, the lowest first")]
    link: Annotated[Link | None, about("opens the question, with nothing answered")] = None


class Links(Struct, frozen=True, kw_only=True):
    """Ways on."""

    my_page: Annotated[Link | None, about("what is on its way, without signing in")] = None
    unsubscribe: Annotated[Link | None, about("no more of this kind")] = None


class Writer(Struct, frozen=True, kw_only=True):
    """Who writes."""

    name: Annotated[str, about("their first name")]
    is_temporary: Annotated[bool, about("they are with us for a time, and say so")] = False


class Shop(Struct, frozen=True, kw_only=True):
    """Who we are."""

    name: Annotated[str, about("what we are called")]
    address: Annotated[str, about("street and town")] = ""
    writer: Annotated[Writer | None, about("who of us writes")] = None


class Context(Struct, frozen=True, kw_only=True):
    """Everything that a template can name."""

    person: Annotated[Person, about("who reads it")] = Person()
    shop: Annotated[Shop, about("who we are")]
    links: Annotated[Links, about("ways on")] = Links()
    order: Annotated[Order | None, about("the order that it is about")] = None
    cart: Annotated[Cart | None, about("the cart that was left")] = None
    parcel: Annotated[Parcel | None, about("the parcel that it is about")] = None
    refund: Annotated[Refund | None, about("money that has gone back")] = None
    case: Annotated[Case | None, about("the case that it is about")] = None
    store: Annotated[Store | None, about("the store that it is about")] = None
    survey: Annotated[Survey | None, about("the question that is asked")] = None
    promise: Annotated[StatedPromise | None, about("the promise that it is about")] = None
    quote: Annotated[StatedQuote | None, about("the offer of a date")] = None


# What promises and quotes can say, by the name under which a template asks for it.
SAYINGS: dict[type, dict[str, str]] = {
    StatedPromise: {
        "window": "when, to stand after a verb: by Friday 28 November",
        "dates": "when, to stand alone: Friday 28 November",
        "words": "the words that were shown with it",
        "first_window": "what was said first, when it has been changed",
    },
    StatedQuote: {
        "window": "when, to stand after a verb",
        "dates": "when, to stand alone",
        "words": "the words that were shown with it",
        "order_by": "until when it can be taken: by 14:00 on Friday 28 November",
    },
}
# What the drawing of a promise is made of: shares of its width.
DRAWING = {"before": "before the window", "within": "the window", "after": "what comes after"}
