"""A person's carts with what lies in them, from the log: for those who show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from omtanke.storage.pages import FactSeen

TYPES = ("product_added", "product_removed", "cart_left", "cart_taken_up", "cart_closed")
MOST_FACTS = 400


class CartsSeen(Protocol):
    """The window that they are read through."""

    def of_types(self, person: int, types: Iterable[str], limit: int) -> Sequence[FactSeen]: ...


class CartLine(Struct, frozen=True):
    """Goods of one kind. `price`: of one, in minor units, 0 when it was not told. Texts are empty where they were not told, or erased."""

    name: str
    variant: str
    quantity: int
    price: int
    currency: str


class CartSeen(Struct, frozen=True):
    """A cart. `number`: as the shop wrote it, empty when it is not known. `lines`: by product, in the order in which they were put in."""

    cart: int
    number: str = ""
    lines: Mapping[int, CartLine] = {}
    is_left: bool = False
    is_bought: bool = False


def carts_of(seen: CartsSeen, person: int) -> dict[int, CartSeen]:
    """The person's carts by our own number, the one in which something happened last at the end."""
    carts: dict[int, CartSeen] = {}
    for fact in sorted(seen.of_types(person, TYPES, MOST_FACTS), key=lambda one: one.position):
        number = getattr(fact.body, "cart", 0)
        cart = carts.pop(number, CartSeen(number))
        carts[number] = _after(replace(cart, number=cart.number or _number(fact)), fact)
    return carts


def cart_to_go_on_with(carts: Mapping[int, CartSeen]) -> CartSeen | None:
    """The last that was left with something in it."""
    return next((one for one in reversed(carts.values()) if one.is_left and one.lines), None)  # type: ignore[call-overload]


def _after(cart: CartSeen, fact: FactSeen) -> CartSeen:
    match fact.type:
        case "product_added":
            return _added(replace(cart, lines={}, is_bought=False) if cart.is_bought else cart, fact)
        case "product_removed":
            return replace(cart, lines=_without(cart.lines, fact))
        case "cart_closed":
            return replace(cart, is_left=False, is_bought=True)
    return replace(cart, is_left=fact.type == "cart_left")


def _added(cart: CartSeen, fact: FactSeen) -> CartSeen:
    body: Any = fact.body
    told = fact.personal.get("properties") or {}
    before = cart.lines.get(body.product)
    line = CartLine(
        name=_text(told.get("name")) or (before.name if before else ""),
        variant=_text(told.get("variant")) or (before.variant if before else ""),
        quantity=body.quantity + (before.quantity if before else 0),
        price=body.price or (before.price if before else 0),
        currency=body.currency,
    )
    return replace(cart, lines={**cart.lines, body.product: line})


def _without(lines: Mapping[int, CartLine], fact: FactSeen) -> dict[int, CartLine]:
    body: Any = fact.body
    left = {product: replace(line, quantity=line.quantity - body.quantity) if product == body.product else line for product, line in lines.items()}
    return {product: line for product, line in left.items() if line.quantity > 0}


def _number(fact: FactSeen) -> str:
    """The number of the cart as the shop wrote it."""
    surrogate = getattr(fact.body, "cart", 0)
    return next((str(number) for kind, known, number in fact.personal.get("numbers") or () if (kind, known) == ("cart", surrogate)), "")


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
