"""Pages and screens looked at, and links opened. Addresses are in the personal part."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Observed, OwnAct
from omtanke.vocabulary.fields import code, own

LINKS = {"resume": "goes on with a cart"}


class PageViewed(Observed, frozen=True, kw_only=True):
    """A page of the shop was shown: Segment's page call."""

    name = "Page Viewed"
    personal = {"url": "the address", "title": "its title", "referrer": "where from"}


class ScreenViewed(Observed, frozen=True, kw_only=True):
    """A screen of the app was shown: Segment's screen call."""

    name = "Screen Viewed"
    personal = {"title": "its title"}


class LinkOpened(OwnAct, frozen=True, kw_only=True):
    """A link that we gave a customer has been opened: by them, or by a program that looks mail through. It says no more than that."""

    name = "Link Opened"

    link: Annotated[str, code("link", what="what it was made for", required=True, one_of=LINKS)]
    cart: Annotated[int, own("cart", what="our own number of the cart, when it is about one")] = 0
