"""Rule family: carts and orders as the customer's situation. Module: `omtanke.engine.situation`."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest

from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine.draft import Draft
from omtanke.engine.policy import Policy
from omtanke.vocabulary.cart import CartClosed, CartLeft, CartTakenUp, CartViewed, CheckoutStarted, ProductAdded, ProductRemoved
from omtanke.vocabulary.delivery import OrderShipped, PickupReady, ShipmentDelivered
from omtanke.vocabulary.fact import Fact
from omtanke.vocabulary.identity import CustomersLinked
from omtanke.vocabulary.money import LARGEST
from omtanke.vocabulary.order import OrderCancelled, OrderCompleted, OrderLineRecorded, OrderRefunded, PaymentApproved
from omtanke.vocabulary.running import WakeReached
from omtanke.vocabulary.store import ReceiptIssued
from omtanke.vocabulary.time import DAY

MOST_CARTS = 20
MOST_ORDERS = 60
KEPT_SPAN = 120 * DAY
LATEST = 1 << 62

# How far an order has come; it never goes back, whatever order the facts come in.
PLACED, PAID, SHIPPED, ARRIVED, CANCELLED, REFUNDED = range(1, 7)


class Cart(Struct, frozen=True, array_like=True, gc=False):
    """What lies in a cart. `worth` in minor units, as far as prices were told; `touched_at` is the last that happened,
    `customer` the one as recorded who began it."""

    touched_at: int
    pieces: int = 0
    worth: int = 0
    currency: str = ""
    is_left: bool = False
    closed_at: int = 0
    customer: int = 0


class Order(Struct, frozen=True, array_like=True, gc=False):
    """An order as the customer sees it."""

    placed_at: int
    progress: int = PLACED
    total: int = 0
    currency: str = ""


class Situation(Struct, frozen=True, array_like=True):
    """The slice of state: carts by surrogate (0 is the cart without a number), orders by surrogate.

    Up to `stays_until` nothing in it is so old that it would leave.
    """

    carts: dict[int, Cart] = {}
    orders: dict[int, Order] = {}
    stays_until: int = LATEST


def owner(slice_: Situation, body: object) -> int:
    """The customer who began the cart that a decision is about; 0 when it is about none."""
    cart = slice_.carts.get(getattr(body, "cart", 0))
    return cart.customer if cart else 0


def _touch(cart: Cart | None, fact: Fact, pieces: int, worth: int, currency: str) -> Cart:
    """A cart after something happened in it; what happened before it was closed changes nothing."""
    at = fact.occurred_at
    if cart is None:
        return Cart(at, max(0, pieces), min(LARGEST, max(0, worth)), currency, customer=fact.customer)
    if at <= cart.closed_at:
        return cart
    if cart.closed_at:
        return _touch(None, fact, pieces, worth, currency)
    worth = min(LARGEST, max(0, cart.worth + worth))
    return Cart(max(at, cart.touched_at), max(0, cart.pieces + pieces), worth, currency or cart.currency, cart.is_left, customer=cart.customer)


def _with_cart(slice_: Situation, number: int, cart: Cart) -> Situation:
    carts = dict(slice_.carts)
    carts[number] = cart
    if len(carts) > MOST_CARTS:
        del carts[min(carts, key=lambda one: carts[one].touched_at)]
    return Situation(carts, slice_.orders, min(slice_.stays_until, cart.touched_at))


def _with_order(slice_: Situation, number: int, order: Order) -> Situation:
    orders = dict(slice_.orders)
    orders[number] = order
    if len(orders) > MOST_ORDERS:
        del orders[min(orders, key=lambda one: orders[one].placed_at)]
    return Situation(slice_.carts, orders, min(slice_.stays_until, order.placed_at))


def evolve(slice_: Situation, fact: Fact) -> Situation:
    """What a fact changes in carts and orders."""
    body, at = fact.body, fact.occurred_at
    match body:
        case ProductAdded():
            return _with_cart(slice_, body.cart, _touch(slice_.carts.get(body.cart), fact, body.quantity, body.price * body.quantity, body.currency))
        case ProductRemoved() if body.cart in slice_.carts:
            cart = slice_.carts[body.cart]
            worth = cart.worth * body.quantity // cart.pieces if cart.pieces else 0
            return _with_cart(slice_, body.cart, _touch(cart, fact, -body.quantity, -worth, ""))
        case CartViewed() | CheckoutStarted() if body.cart in slice_.carts:
            return _with_cart(slice_, body.cart, _touch(slice_.carts[body.cart], fact, 0, 0, ""))
        case OrderCompleted() | ReceiptIssued():
            known = slice_.orders.get(body.order)
            progress = known.progress if known else PLACED
            return _with_order(slice_, body.order, Order(at, progress, body.total or (known.total if known else 0), body.currency))
        case OrderLineRecorded():
            known = slice_.orders.get(body.order)
            return slice_ if known else _with_order(slice_, body.order, Order(at))
        case PaymentApproved() | OrderShipped() | ShipmentDelivered() | PickupReady() | OrderCancelled() | OrderRefunded():
            return _advance(slice_, body.order, at, PROGRESS[type(body)])
        case CartLeft() if body.cart in slice_.carts:
            return _with_cart(slice_, body.cart, replace(slice_.carts[body.cart], is_left=True))
        case CartTakenUp() if body.cart in slice_.carts:
            return _with_cart(slice_, body.cart, replace(slice_.carts[body.cart], is_left=False))
        case CartClosed() if body.cart in slice_.carts:
            return _with_cart(slice_, body.cart, Cart(touched_at=at, closed_at=at, customer=slice_.carts[body.cart].customer))
    return slice_


PROGRESS: dict[type, int] = {
    PaymentApproved: PAID,
    OrderShipped: SHIPPED,
    ShipmentDelivered: ARRIVED,
    PickupReady: ARRIVED,
    OrderCancelled: CANCELLED,
    OrderRefunded: REFUNDED,
}


def _advance(slice_: Situation, number: int, at: int, progress: int) -> Situation:
    if not number:
        return slice_
    order = slice_.orders.get(number)
    if order is None:
        return _with_order(slice_, number, Order(at, progress))
    if progress <= order.progress:
        return slice_
    return _with_order(slice_, number, Order(order.placed_at, progress, order.total, order.currency))


def decide(slice_: Situation, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """Carts that are left, taken up again, or bought."""
    body = fact.body
    match body:
        case WakeReached() | CustomersLinked():
            yield from _left(slice_, slice_.carts, fact, policy, now)
        case ProductAdded() | ProductRemoved() | CartViewed() | CheckoutStarted():
            cart = slice_.carts.get(body.cart)
            if cart is not None and cart.is_left and cart.touched_at == fact.occurred_at:
                yield Draft(CartTakenUp(cart=body.cart), "cart_touched")
            elif cart is not None:
                yield from _left(slice_, (body.cart,), fact, policy, now - 1)
        case OrderCompleted() | ReceiptIssued():
            cart = slice_.carts.get(body.cart)
            if cart is not None and not cart.closed_at and cart.touched_at <= fact.occurred_at:
                yield Draft(CartClosed(cart=body.cart, order=body.order), "cart_bought")


def _left(slice_: Situation, numbers: object, fact: Fact, policy: Policy, until: int) -> Iterator[Draft]:
    for number in numbers:  # type: ignore[attr-defined]
        cart = slice_.carts[number]
        if _idle_at(cart, policy) is not None and cart.touched_at + policy.cart_idle <= until:
            body = CartLeft(cart=number, touched_at=cart.touched_at, pieces=cart.pieces, worth=cart.worth, currency=cart.currency)
            yield Draft(body, "cart_idle")


def _idle_at(cart: Cart, policy: Policy) -> int | None:
    """When the cart will have been left, None when it cannot be."""
    return None if cart.is_left or cart.closed_at or not cart.pieces else cart.touched_at + policy.cart_idle


def next_wake(slice_: Situation, policy: Policy) -> int | None:
    """The soonest moment at which a cart will have been left."""
    soonest = None
    for cart in slice_.carts.values():
        if cart.is_left or cart.closed_at or not cart.pieces:
            continue
        if soonest is None or cart.touched_at < soonest:
            soonest = cart.touched_at
    return None if soonest is None else soonest + policy.cart_idle


def forget(slice_: Situation, fact: Fact) -> Situation:
    """Carts and orders that nothing has happened with for 120 days leave."""
    if len(slice_.carts) + len(slice_.orders) <= 8:
        return slice_
    edge = fact.now - KEPT_SPAN
    if edge <= slice_.stays_until:
        return slice_
    carts = {n: cart for n, cart in slice_.carts.items() if cart.touched_at >= edge}
    return _bounded(carts, {n: order for n, order in slice_.orders.items() if order.placed_at >= edge})


def settled(slice_: Situation, edge: int, now: int) -> Situation:
    """Without carts and orders that nothing has happened with since the edge; a cart that is not yet left stays."""
    carts = {n: cart for n, cart in slice_.carts.items() if cart.touched_at >= edge or (cart.pieces and not cart.is_left and not cart.closed_at)}
    return _bounded(carts, {n: order for n, order in slice_.orders.items() if order.placed_at >= edge})


def part_of(slice_: Situation, customer: int, is_first: bool) -> Situation:
    """The carts that one of several customers began; orders go with the first."""
    carts = {n: cart for n, cart in slice_.carts.items() if cart.customer == customer or (is_first and not cart.customer)}
    return _bounded(carts, slice_.orders if is_first else {})


def united(one: Situation, other: Situation) -> Situation:
    """Both as one person's; of the same cart or order the later word counts."""
    carts = one.carts | {n: cart for n, cart in other.carts.items() if n not in one.carts or cart.touched_at >= one.carts[n].touched_at}
    orders = one.orders | {n: order for n, order in other.orders.items() if n not in one.orders or order.progress >= one.orders[n].progress}
    return _bounded(carts, orders)


def _bounded(carts: dict[int, Cart], orders: dict[int, Order]) -> Situation:
    """The latest of each, as many as a state holds."""
    for number in nsmallest(len(carts) - MOST_CARTS, carts, key=lambda one: carts[one].touched_at):
        del carts[number]
    for number in nsmallest(len(orders) - MOST_ORDERS, orders, key=lambda one: orders[one].placed_at):
        del orders[number]
    moments = (*(cart.touched_at for cart in carts.values()), *(order.placed_at for order in orders.values()))
    return Situation(carts, orders, min(moments, default=LATEST))


EVOLVES_ON = (
    ProductAdded,
    ProductRemoved,
    CartViewed,
    CheckoutStarted,
    OrderCompleted,
    ReceiptIssued,
    OrderLineRecorded,
    *PROGRESS,
    CartLeft,
    CartTakenUp,
    CartClosed,
)
DECIDES_ON = (WakeReached, CustomersLinked, ProductAdded, ProductRemoved, CartViewed, CheckoutStarted, OrderCompleted, ReceiptIssued)
