"""A person's carts with what lies in them, from the log: for those who show them. What lies in one is the same as in a message about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from omtanke.channels.webhook.payload import numbers_of
from omtanke.messages.context import Line
from omtanke.runtime.to_customers.goods import CART_TYPES, cart_of
from omtanke.storage.seen import FactSeen

TYPES = (*CART_TYPES, "cart_left", "cart_taken_up", "cart_closed")
MOST_FACTS = 400


class CartsSeen(Protocol):
    """The window that they are read through."""

    def of_types(self, person: int, types: Iterable[str], limit: int) -> Sequence[FactSeen]: ...


class CartSeen(Struct, frozen=True):
    """A cart. `number`: as the shop wrote it, empty when it is not known. `lines`: in the order in which they were put in. `told`: the
    facts that say what lies in it."""

    cart: int
    number: str = ""
    lines: tuple[Line, ...] = ()
    is_left: bool = False
    is_bought: bool = False
    told: tuple[FactSeen, ...] = ()


def carts_of(seen: CartsSeen, person: int, currency: str) -> dict[int, CartSeen]:
    """The person's carts by our own number, the one in which something happened last at the end. `currency`: the shop's."""
    carts: dict[int, CartSeen] = {}
    for fact in sorted(seen.of_types(person, TYPES, MOST_FACTS), key=lambda one: one.position):
        number = getattr(fact.body, "cart", 0)
        carts[number] = _after(carts.pop(number, CartSeen(number)), fact)
    return {number: _filled(cart, currency) for number, cart in carts.items()}


def cart_to_go_on_with(carts: Mapping[int, CartSeen]) -> CartSeen | None:
    """The last that was left with something in it."""
    left = [one for one in carts.values() if one.is_left and one.lines]
    return left[-1] if left else None


def _after(cart: CartSeen, fact: FactSeen) -> CartSeen:
    match fact.type:
        case "cart_left" | "cart_taken_up":
            return replace(cart, is_left=fact.type == "cart_left")
        case "cart_closed":
            return replace(cart, is_left=False, is_bought=True)
    # What is put in after it was bought is a cart begun anew.
    return replace(cart, is_bought=False, told=(fact,) if cart.is_bought else (*cart.told, fact))


def _filled(cart: CartSeen, currency: str) -> CartSeen:
    numbers = {named: number for fact in cart.told for named, number in numbers_of(fact.personal).items()}
    return replace(cart, number=numbers.get(("cart", cart.cart), ""), lines=cart_of(cart.cart, cart.told, numbers, currency))
