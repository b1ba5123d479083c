"""Visits on the web and in the app: who is signed in on which device, what is looked at, forms, carts left and taken up.

Three in ten visits on the web are not signed in; the device tells later who it was. One household in six shares a
tablet. A cart that is left is taken up again at 55 % of the orders that follow within eight days, on any device.
"""

from __future__ import annotations

from random import Random
from typing import Any

from omtanke.simulate.customer import Cart, Customer
from omtanke.simulate.days import DAY
from omtanke.simulate.goods import CATEGORIES, Pick, Product, pick, picks
from omtanke.simulate.world import World

NOT_SIGNED_IN = 0.30
TAKEN_UP_WITHIN, TAKEN_UP = 8 * DAY, 0.55
ON_LAPTOP, ON_TABLET = 0.6, 0.5
SEARCHES = {
    "löpning": ("löparskor", "vinterskor löpning", "pannlampa"),
    "vandring": ("vandringskängor dam", "regnjacka", "underställ ull"),
    "skidor": ("pjäxor", "skidglasögon", "blå extra"),
    "klättring": ("klätterskor", "krita", "sele"),
    "cykel": ("dubbdäck", "cykellyse", "hjälm mips"),
    "barn": ("overall 116", "vinterskor barn", "pulka"),
    "träning": ("yogamatta", "sport-bh", "träningsskor herr"),
    "hund": ("hundfoder", "sele drag", "reflexkoppel"),
}
GUIDES = {
    "löpning": "vintersprang",
    "vandring": "lager-pa-lager",
    "skidor": "valla-ratt",
    "klättring": "forsta-leden",
    "cykel": "cykla-hela-aret",
    "barn": "ratt-storlek",
    "träning": "hemmapass",
    "hund": "dra-med-hund",
}
UNDECLARED = (
    ("Wishlist Shared By Dog", {"dog": "Bosse", "treats": 3}),
    ("Ski Wax Quiz Finished", {"snow": "ny", "advice": "blå extra"}),
    ("Trail Map Printed", {"trail": "Bohusleden, etapp 4"}),
)
# The fields of the checkout: seconds, how often they fail, how often one gives up at them, whether they must be filled in.
NEW_CUSTOMER = (
    ("email", 9, 0.03, 0.008, True),
    ("first_name", 4, 0.0, 0.0, True),
    ("last_name", 4, 0.0, 0.0, True),
    ("street", 11, 0.01, 0.006, True),
    ("postal_code", 6, 0.05, 0.006, True),
    ("city", 4, 0.0, 0.0, True),
    ("phone", 9, 0.07, 0.018, True),
    ("company", 5, 0.0, 0.0, False),
)
KNOWN_CUSTOMER = (("delivery_way", 8, 0.0, 0.004, True), ("card_number", 19, 0.05, 0.012, True))
Field = tuple[str, int, float, float, bool]


class Session:
    """One visit on one device. `at` is the moment it has come to."""

    __slots__ = ("world", "customer", "rng", "at", "channel", "device", "sort", "signed_in")

    def __init__(self, world: World, customer: Customer, rng: Random, at: int, channel: str, signed_in: bool | None = None) -> None:
        self.world = world
        self.customer = customer
        self.rng = rng
        self.at = at
        self.channel = channel
        self.device, self.sort = device_for(customer, rng, channel)
        self.signed_in = signed_in if signed_in is not None else channel == "app" or (customer.is_known and rng.random() >= NOT_SIGNED_IN)
        if self.signed_in:
            self.sign_in()

    def sign_in(self) -> None:
        """The shop learns who it is, and on which device."""
        customer, self.signed_in = self.customer, True
        if customer.is_known and (not self.device or self.device in customer.devices_known):
            return
        place = (self.channel, "sign-in", self.sort)
        if self.device and customer.devices_known and self.rng.random() < 0.1:
            self.world.call(self.at, {"type": "alias", "previousId": self.device}, place, customer)
        self.world.identify(self.at, customer, place, self.device)
        self.at += 4
        customer.is_known = True
        if self.device:
            customer.devices_known.add(self.device)

    def tell(self, event: str, properties: dict[str, Any], touchpoint: str) -> None:
        self.world.tell(self.at, event, properties, (self.channel, touchpoint, self.sort), self.customer, self.device, self.signed_in)

    def page(self, url: str, title: str, touchpoint: str) -> None:
        self.world.page(self.at, url, title, (self.channel, touchpoint, self.sort), self.customer, self.device, self.signed_in)

    def wait(self, least: int, most: int) -> None:
        self.at += least + int(self.rng.random() * (most - least))


def device_for(customer: Customer, rng: Random, channel: str) -> tuple[str, str]:
    """The anonymous id, and the sort of device; the app needs no anonymous id."""
    if channel == "app":
        return "", "mobile"
    if customer.tablet and rng.random() < ON_TABLET:
        return customer.tablet, "tablet"
    return (customer.person.device, "desktop") if rng.random() < ON_LAPTOP else (customer.phone_web, "mobile")


_SEEN: dict[str, dict[str, Any]] = {}


def seen(product: Product) -> dict[str, Any]:
    """A product as the pages tell of it."""
    said = _SEEN.get(product.product_id)
    if said is None:
        said = _SEEN[product.product_id] = {
            "product_id": product.product_id,
            "name": product.name,
            "category": product.category,
            "price": product.price,
            "currency": "SEK",
            "brand": "Fjällnära",
        }
    return said


def arrive(s: Session) -> str:
    """The first page, and what they are after: a category."""
    rng = s.rng
    dice = rng.random()
    liked = rng.choice(s.customer.likes) if dice < 0.8 else rng.choice(CATEGORIES)
    if dice < 0.3:
        s.page("https://shop.example/", "Start", "start")
        s.wait(3, 25)
        if rng.random() < 0.4:
            promotion = {"promotion_id": f"{liked}-host", "name": f"Dags för {liked}", "position": "start_top"}
            s.tell("Promotion Viewed", promotion, "start")
            if rng.random() < 0.3:
                s.wait(2, 12)
                s.tell("Promotion Clicked", promotion, "start")
    elif dice < 0.55:
        s.tell("Products Searched", {"query": rng.choice(SEARCHES[liked]), "results": rng.randrange(0, 40)}, "search")
    else:
        s.page(f"https://shop.example/{liked}", liked.capitalize(), "category")
    s.wait(4, 40)
    return liked


def shelves(s: Session, liked: str) -> None:
    """A list of products, perhaps narrowed down."""
    listed = {"list_id": liked, "category": liked}
    s.tell("Product List Viewed", listed, "category")
    if s.rng.random() < 0.18:
        s.wait(5, 30)
        s.tell("Product List Filtered", {**listed, "filters": [{"type": "size", "value": "38"}]}, "category")


def look(s: Session, one: Product, clicked: bool = False) -> None:
    """A product is looked at."""
    if clicked:
        s.tell("Product Clicked", seen(one), "category")
        s.wait(1, 4)
    s.tell("Product Viewed", seen(one), "product")


def browse(s: Session) -> None:
    """A visit without a wish to buy."""
    rng = s.rng
    liked = arrive(s)
    if rng.random() < s.world.settings.undeclared:
        event, said = rng.choice(UNDECLARED)
        s.tell(event, dict(said), "inspiration")
    if rng.random() < 0.12:
        s.tell("Content Viewed", {"content_id": GUIDES[liked], "subject": liked, "title": GUIDES[liked].replace("-", " ").capitalize()}, "inspiration")
        s.wait(20, 200)
    shelves(s, liked)
    for _ in range(1 + int(rng.random() * 3)):
        s.wait(8, 90)
        one = pick(rng, s.customer.likes).product
        look(s, one, rng.random() < 0.35)
        if rng.random() < 0.05:
            s.wait(5, 40)
            s.tell("Product Added to Wishlist", seen(one), "product")
        elif one.is_thin and rng.random() < 0.3:
            s.wait(10, 60)
            s.page(f"https://shop.example/fragor/{one.product_id}", "Frågor om produkten", "questions")


def fill(s: Session) -> Cart:
    """A new cart, filled in a few minutes."""
    customer = s.customer
    cart = Cart(customer.next_number("korg"), picks(s.rng, customer.likes), s.at, s.channel)
    for one in cart.chosen:
        s.wait(15, 120)
        look(s, one.product)
        s.wait(15, 110)
        put_in(s, cart, one)
    cart.left_at = s.at
    return cart


def put_in(s: Session, cart: Cart, one: Pick) -> None:
    s.tell("Product Added", {"cart_id": cart.cart_id, **seen(one.product), "variant": one.size, "quantity": one.quantity}, "product")


def leave_cart(s: Session) -> None:
    """A cart that is filled and left; on the web perhaps by somebody we do not know yet, perhaps in the middle of a form."""
    rng = s.rng
    liked = arrive(s)
    if rng.random() < 0.5:
        shelves(s, liked)
    cart = fill(s)
    if len(cart.chosen) > 1 and rng.random() < 0.2:
        gone = cart.chosen.pop()
        s.wait(20, 200)
        s.tell("Product Removed", {"cart_id": cart.cart_id, "product_id": gone.product.product_id, "quantity": gone.quantity}, "cart")
    if rng.random() < 0.35:
        s.wait(5, 60)
        s.tell("Cart Viewed", {"cart_id": cart.cart_id}, "cart")
        if rng.random() < 0.5:
            give_up(s, cart.cart_id)
    cart.left_at = s.at
    s.customer.cart = cart


def give_up(s: Session, cart_id: str) -> None:
    """The checkout is begun, and left at the field that was once too many."""
    fields = KNOWN_CUSTOMER if s.signed_in else NEW_CUSTOMER
    s.wait(10, 60)
    s.tell("Checkout Started", {"cart_id": cart_id}, "checkout")
    at_field = s.rng.choices(fields, [0.001 + field[3] for field in fields])[0][0]
    fill_in(s, cart_id, fields, at_field)


def fill_in(s: Session, cart_id: str, fields: tuple[Field, ...], leaves_at: str = "", form: str = "checkout") -> None:
    """A form field by field, sent in the end or left at a field."""
    rng, began = s.rng, s.at
    about = {"form": form, "cart_id": cart_id} if cart_id else {"form": form}
    s.tell("Form Started", about, form)
    for name, seconds, fails, _, required in fields:
        if not required and rng.random() < 0.7:
            continue
        took = 1 + int(rng.expovariate(1 / seconds))
        s.at += took
        if name == leaves_at:
            s.tell("Form Abandoned", {**about, "field": name}, form)
            return
        if rng.random() < fails:
            s.tell("Form Field Failed", {**about, "field": name, "reason": "not_valid"}, form)
            s.wait(3, 25)
        s.tell("Form Field Completed", {**about, "field": name, "milliseconds": took * 1000, "required": required}, form)
    s.wait(2, 12)
    s.tell("Form Submitted", {**about, "milliseconds": (s.at - began) * 1000}, form)


def cart_to_buy(s: Session, certain: bool) -> Cart:
    """The cart that was left a few days ago (55 %, or certainly), seen again on this device; else a new one."""
    customer = s.customer
    cart, customer.cart = customer.cart, None
    if cart is None or s.at - cart.left_at > TAKEN_UP_WITHIN or s.at <= cart.left_at or not (certain or s.rng.random() < TAKEN_UP):
        return fill(s)
    s.tell("Cart Viewed", {"cart_id": cart.cart_id}, "cart")
    return cart


def check_out(s: Session, takes_up: bool = False) -> Cart:
    """From the cart through the checkout; who is new or not signed in fills in all of it, and is known after."""
    was_new = not s.signed_in
    if was_new and s.customer.is_known:
        s.sign_in()
    cart = cart_to_buy(s, takes_up)
    s.wait(20, 160)
    s.tell("Checkout Started", {"cart_id": cart.cart_id}, "checkout")
    step = {"cart_id": cart.cart_id, "step": 1}
    s.tell("Checkout Step Viewed", step, "checkout")
    s.wait(3, 20)
    fill_in(s, cart.cart_id, KNOWN_CUSTOMER if s.channel == "app" or not was_new else (*NEW_CUSTOMER, *KNOWN_CUSTOMER))
    s.sign_in()
    s.wait(1, 4)
    s.tell("Checkout Step Completed", step, "checkout")
    s.wait(5, 30)
    return cart
