"""Browsing and carts: on web or app, signed in or not, bought at once, left, or taken up again on another device.

Three in ten visits on the web are not signed in; the device tells later who it was.
"""

from __future__ import annotations

from omtanke.simulate.days import DAY, MINUTE
from omtanke.simulate.goods import RANGE, Pick, pick, picks
from omtanke.simulate.life import Cart, Life, Place

NOT_SIGNED_IN = 0.30
TAKEN_UP_WITHIN = 8 * DAY
TAKEN_UP = 0.55


def place(channel: str, touchpoint: str) -> Place:
    return channel, touchpoint


def browse(life: Life, moment: int, channel: str) -> None:
    """A visit without a wish to buy: the start page or a category, and one to three products."""
    rng, who = life.rng, life.who
    signed_in = channel == "app" or rng.random() >= NOT_SIGNED_IN
    if signed_in:
        life.become_known(moment - MINUTE, place(channel, "sign-in"))
    device = who.device if channel == "web" else ""
    liked = rng.choice(who.likes) if rng.random() < 0.8 else rng.choice(list(RANGE))
    if channel == "web":
        life.story.page(moment, f"https://shop.example/{liked}", liked.capitalize(), place(channel, "category"), who if signed_in else None, device)
    for n in range(rng.randrange(1, 3)):
        look(life, moment + (n + 1) * rng.randrange(20, 200), channel, pick(rng, who.likes), signed_in)


def look(life: Life, moment: int, channel: str, one: Pick, signed_in: bool) -> None:
    """A product is looked at."""
    seen = {"product_id": one.product.product_id, "name": one.product.name, "category": one.product.category, "price": one.product.price}
    device = life.who.device if channel == "web" else ""
    life.story.tell(moment, "Product Viewed", seen, place(channel, "product"), life.who if signed_in else None, device)


def fill(life: Life, moment: int, channel: str, signed_in: bool = True) -> Cart:
    """A new cart, filled in a few minutes from `moment`."""
    life.carts += 1
    cart = Cart(f"korg-{life.who.user_id[5:]}-{life.carts}", picks(life.rng, life.who.likes), moment)
    device = life.who.device if channel == "web" else ""
    for one in cart.chosen:
        cart.left_at += life.rng.randrange(30, 260)
        look(life, cart.left_at, channel, one, signed_in)
        cart.left_at += life.rng.randrange(15, 120)
        added = {
            "cart_id": cart.cart_id,
            "product_id": one.product.product_id,
            "name": one.product.name,
            "variant": one.size,
            "category": one.product.category,
            "price": one.product.price,
            "quantity": one.quantity,
        }
        life.story.tell(cart.left_at, "Product Added", added, place(channel, "product"), life.who if signed_in else None, device)
    return cart


def leave(life: Life, moment: int, channel: str) -> None:
    """A cart that is filled and left; on the web perhaps by somebody we do not know yet."""
    signed_in = channel == "app" or life.known and life.rng.random() >= NOT_SIGNED_IN
    if signed_in:
        life.become_known(moment - MINUTE, place(channel, "sign-in"))
    cart = fill(life, moment, channel, signed_in)
    if len(cart.chosen) > 1 and life.rng.random() < 0.2:
        gone = cart.chosen.pop()
        cart.left_at += life.rng.randrange(20, 200)
        removed = {"cart_id": cart.cart_id, "product_id": gone.product.product_id, "quantity": gone.quantity}
        life.story.tell(
            cart.left_at, "Product Removed", removed, place(channel, "cart"), life.who if signed_in else None, life.who.device if channel == "web" else ""
        )
    life.cart = cart


def taken_up(life: Life, moment: int, channel: str) -> Cart:
    """The cart that was left a few days ago (55 %), seen again on this device; else a new one."""
    cart, life.cart = life.cart, None
    if cart is None or moment - cart.left_at > TAKEN_UP_WITHIN or moment <= cart.left_at or life.rng.random() >= TAKEN_UP:
        return fill(life, moment, channel)
    cart.left_at = moment
    life.story.tell(moment, "Cart Viewed", {"cart_id": cart.cart_id}, place(channel, "cart"), life.who, life.who.device if channel == "web" else "")
    return cart


def check_out(life: Life, moment: int, channel: str) -> tuple[Cart, int]:
    """From the cart to the checkout. Gives the cart and the moment at which the order is placed."""
    life.become_known(moment - MINUTE, place(channel, "sign-in"))
    cart = taken_up(life, moment, channel)
    started = cart.left_at + life.rng.randrange(20, 180)
    life.story.tell(started, "Checkout Started", {"cart_id": cart.cart_id}, place(channel, "checkout"), life.who, life.who.device if channel == "web" else "")
    return cart, started + life.rng.randrange(60, 400)
