"""Carts: begun, filled, left, taken up again."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Decided, Observed
from omtanke.vocabulary.fields import amount, code, currency, reference, whole

CART = reference("cart", "cart_id", "checkout_id", what="the cart")


class ProductAdded(Observed, frozen=True, kw_only=True):
    """A product has been put into a cart."""

    name = "Product Added"

    cart: Annotated[int, CART] = 0
    product: Annotated[int, reference("product", "product_id", "sku", what="the product", required=True)]
    quantity: Annotated[int, whole("quantity", what="how many", most=100_000)] = 1
    price: Annotated[int, amount("price", what="price of one")] = 0
    currency: Annotated[str, currency()] = ""
    category: Annotated[str, code("category", what="the product's category")] = ""


class ProductRemoved(Observed, frozen=True, kw_only=True):
    """A product has been taken out of a cart."""

    name = "Product Removed"

    cart: Annotated[int, CART] = 0
    product: Annotated[int, reference("product", "product_id", "sku", what="the product", required=True)]
    quantity: Annotated[int, whole("quantity", what="how many", most=100_000)] = 1


class CartViewed(Observed, frozen=True, kw_only=True):
    """The customer has looked at the cart."""

    name = "Cart Viewed"

    cart: Annotated[int, CART] = 0


class CheckoutStarted(Observed, frozen=True, kw_only=True):
    """The customer has gone to the checkout."""

    name = "Checkout Started"

    cart: Annotated[int, CART] = 0
    order: Annotated[int, reference("order", "order_id", what="the order, when it has a number already")] = 0


class CartLeft(Decided, frozen=True, kw_only=True):
    """Nothing has happened with a cart for the idle time of the policy, and nothing was bought."""

    cart: int
    touched_at: int
    pieces: int
    worth: int
    currency: str = ""


class CartTakenUp(Decided, frozen=True, kw_only=True):
    """A cart that was left has been opened again."""

    cart: int


class CartClosed(Decided, frozen=True, kw_only=True):
    """A cart has become an order."""

    cart: int
    order: int
