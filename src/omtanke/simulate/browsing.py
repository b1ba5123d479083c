"""Somebody at a browser on the shop's site. They sign in as whom they like, or join; what they press is done and told like all that customers do.

Who joins there lives by what is pressed alone: no errands, no answers, no second thoughts. What the shop, its warehouse and its carriers then do
for them comes of the same chance as for everybody. A browser is known by its device; a cart that is filled on it while nobody is signed in
belongs to whoever signed in on it last.
"""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from omtanke.simulate import buying
from omtanke.simulate.customer import Cart, Customer
from omtanke.simulate.goods import BY_ID, Pick, as_line, likes
from omtanke.simulate.people import TOWNS, person
from omtanke.simulate.told import CartFilled, CartSeen, SignedIn, SignedOut
from omtanke.simulate.work import Browser, Taken
from omtanke.simulate.world import World

YES = {"purpose": "marketing", "for_channel": "mail"}
YES_IN_WORDS = {"sv": "Ja, skriv gärna till mig", "en": "Yes, do write to me"}


def known_by(world: World, email: str) -> Customer | None:
    """The customer of that address."""
    return next((one for one in world.by_user.values() if one.person.email == email.lower()), None)


def of_nobody(world: World, number: str) -> Cart | None:
    """The cart of that number on a browser on which nobody has signed in."""
    return next((one.cart for one in world.browsers.values() if one.cart is not None and one.cart.cart_id == number), None)


def sign_in(world: World, now: int, told: SignedIn) -> None:
    """The shop learns who is at this browser; nobody new without a name."""
    who = known_by(world, told.email) or (join(world, told) if told.first_name else None)
    if who is None:
        return
    browser = world.browsers.setdefault(told.device, Browser(told.device, told.sort))
    who.cart, browser.cart = who.cart or browser.cart, None
    browser.user_id, browser.is_signed_in = who.user_id, True
    world.identify(now, who, ("web", "sign-in", browser.sort), browser.device)
    who.is_known = True
    who.devices_known.add(browser.device)
    if told.says_yes:
        said = {**YES, "words": YES_IN_WORDS[told.locale]}
        world.tell(now, "Consent Given", said, ("web", "sign-in", browser.sort), who, browser.device)


def join(world: World, told: SignedIn) -> Customer:
    """A customer who was none: the name and the town that were said, the rest made up."""
    number = 1 + max((one.number for one in world.by_user.values()), default=0)
    rng = Random(world.seed << 40 | number)
    drawn = person(rng, number, likes(rng))
    town = next((one for one in TOWNS if one[0] == told.city), TOWNS[0])
    someone = replace(
        drawn,
        first_name=told.first_name,
        last_name=told.last_name,
        email=told.email.lower(),
        locale=told.locale,
        city=town[0],
        region=town[1],
        postal_code=f"{town[2]} {drawn.postal_code[-2:]}",
    )
    who = Customer(someone, number, rng)
    who.is_visitor, who.mild, who.answers = True, 0.0, 0.0
    world.by_user[who.user_id] = who
    return who


def sign_out(world: World, told: SignedOut) -> None:
    """The browser remembers who it was; the shop's site does not say so."""
    browser = world.browsers.get(told.device)
    if browser is not None:
        browser.is_signed_in = False


def fill(world: World, now: int, told: CartFilled) -> None:
    """One more in the cart, which is begun where there is none."""
    product = BY_ID.get(told.product_id)
    if product is None or told.size not in product.sizes:
        return
    browser = world.browsers.setdefault(told.device, Browser(told.device, told.sort))
    who = world.by_user.get(browser.user_id)
    owner = who or browser
    cart = owner.cart = owner.cart or Cart(who.next_number("korg") if who else f"korg-{browser.device}", [], now, "web")
    before = next((one for one in cart.chosen if (one.product, one.size) == (product, told.size)), None)
    if before is None:
        cart.chosen.append(Pick(product, told.size))
    else:
        cart.chosen[cart.chosen.index(before)] = replace(before, quantity=before.quantity + 1)
    cart.left_at = now
    added = {"cart_id": cart.cart_id, **{name: value for name, value in as_line(1, Pick(product, told.size)).items() if name != "line_id"}}
    world.tell(now, "Product Added", added, ("web", "product", browser.sort), who, browser.device, signed_in=browser.is_signed_in)


def see(world: World, now: int, told: CartSeen) -> None:
    """Their own cart is shown to them. What somebody else sees of it says nothing of them."""
    browser = world.browsers.get(told.device)
    if browser is None:
        return
    who = world.by_user.get(browser.user_id)
    cart = (who or browser).cart
    if cart is not None and cart.cart_id == told.cart_id:
        said = {"cart_id": cart.cart_id, "products": [as_line(n, pick) for n, pick in enumerate(cart.chosen, 1)]}
        world.tell(now, "Cart Viewed", said, ("web", "cart", browser.sort), who, browser.device, signed_in=browser.is_signed_in)


def order(world: World, now: int, customer: Customer, way: str, device: str, sort: str) -> None:
    """Order was pressed: it is placed at once, with what is known of them; nothing is asked for again."""
    cart, customer.cart = customer.cart, None
    if cart is not None:
        world.tell(now, "Checkout Started", {"cart_id": cart.cart_id}, ("web", "checkout", sort), customer, device)
        buying.place(world, now, customer, "web", device, sort, Taken(cart.cart_id, cart.chosen, way=way))
