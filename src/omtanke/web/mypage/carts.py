"""A cart to go on with, and the way to it: the shop's own page of it, where the shop has said which that is."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from omtanke.messages.context import Line as Goods
from omtanke.runtime.carts_seen import CartSeen
from omtanke.settings import CART, read_settings
from omtanke.web.shop import Shop
from omtanke.web.words.voice import Voice


@dataclass(frozen=True)
class Line:
    """Goods of one kind. what: by name, with size or colour. quantity: how many. price: what they cost together, or empty."""

    what: str
    quantity: str
    price: str


@dataclass(frozen=True)
class CartPart:
    """A cart. lines: what lies in it. address: where to go on with it, or empty."""

    lines: tuple[Line, ...]
    address: str = ""


def cart_part(cart: CartSeen, say: Voice, address: str = "") -> CartPart:
    return CartPart(tuple(line(one, say) for one in cart.lines), address)


def line(one: Goods, say: Voice) -> Line:
    price = say.money(one.price.minor, one.price.currency) if one.price else ""
    return Line(", ".join(part for part in (one.name, one.variant) if part), say.number(one.quantity), price)


def shop_address(here: Shop, cart: CartSeen) -> str:
    """Where the shop itself shows the cart; empty when it has not said where, or the cart has no number."""
    template = read_settings(here.data / "omtanke.toml").cart_address
    return template.replace(CART, quote(cart.number, safe="")) if template and cart.number else ""
