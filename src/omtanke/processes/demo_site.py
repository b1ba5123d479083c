"""The site of the demo's shop, on this machine: the mail that its customers get, as they get it, its goods, and the carts that wait for them.

A browser that has pressed something there is known by a cookie, as in any shop. What is pressed is told to the shop, which does and tells the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Protocol

from msgspec import Struct

from omtanke.processes import demo_pages
from omtanke.processes.demo_pages import WAYS, WORDS, shown
from omtanke.processes.demo_post import PostOffice
from omtanke.simulate.goods import RANGE
from omtanke.simulate.shop import Left, Visitor
from omtanke.simulate.told import AtBrowser, CartFilled, CartOrdered, CartSeen, SignedIn, SignedOut

HEADERS = (
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; form-action 'self'; frame-ancestors 'none'"),
)
DEVICE = re.compile(r"(?:^|;\s*)device=(webb-[0-9a-f]{16})(?:;|$)")
REMEMBERED = "device={device}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
FIRST_SHELF = next(iter(RANGE))
LONGEST_NAME = 60


class Visit(Struct, frozen=True):
    """What a browser asks for. `device`: as the cookie says, empty where there is none. `form`: what was filled in."""

    path: str
    language: str = "en"
    device: str = ""
    sort: str = "desktop"
    form: Mapping[str, str] = {}


class Answer(Struct, frozen=True):
    """A page, or where to go instead; `device` is a cookie to be set."""

    status: int
    page: str = ""
    location: str = ""
    device: str = ""

    def headers(self) -> tuple[tuple[str, str], ...]:
        there = (("location", self.location),) if self.location else ()
        cookie = (("set-cookie", REMEMBERED.format(device=self.device)),) if self.device else ()
        return (*HEADERS, *there, *cookie)


class Counter(Protocol):
    """The shop behind the site, as much of it as the site needs."""

    def cart(self, number: str) -> Left | None:
        """A cart that waits."""

    def visitor(self, device: str) -> Visitor:
        """Who is at a browser."""

    def knows(self, email: str) -> bool:
        """Whether a customer has this address."""

    def take(self, done: Callable[[int], AtBrowser]) -> None:
        """Something has been pressed; it is done before this returns. `done` is given the moment."""


class Nobody:
    """No shop behind the site."""

    def cart(self, number: str) -> Left | None:
        return None

    def visitor(self, device: str) -> Visitor:
        return Visitor()

    def knows(self, email: str) -> bool:
        return False

    def take(self, done: Callable[[int], AtBrowser]) -> None:
        """Nothing comes of it."""


class Site:
    """The pages."""

    def __init__(self, office: PostOffice | None, counter: Counter) -> None:
        self._office = office
        self._counter = counter

    def page(self, visit: Visit) -> Answer:
        """The page at a path."""
        words = WORDS[visit.language]
        kind, _, name = visit.path.strip("/").partition("/")
        mails = self._office.mails() if self._office is not None else []
        if not kind:
            return Answer(200, shown(visit.language, words["mail"], demo_pages.inbox(mails, words)))
        if kind == "mail" and (mail := next((one for one in mails if str(one.number) == name), None)):
            return Answer(200, mail.html)
        if kind == "shop" and (name or FIRST_SHELF) in RANGE:
            visitor = self._counter.visitor(visit.device)
            return Answer(200, shown(visit.language, words["range"], demo_pages.shelves(name or FIRST_SHELF, visitor, words)))
        if kind == "sign-in":
            return Answer(200, shown(visit.language, words["who"], demo_pages.sign_in(words, False)))
        if kind == "cart" and (left := self._counter.cart(name)):
            self._counter.take(lambda at: CartSeen(device=visit.device, cart_id=name, at=at))
            title = words["cart"].format(name=left.name) if left.name else words["nobodys_cart"]
            return Answer(200, shown(visit.language, title, demo_pages.cart(left, name, words)))
        return Answer(404, shown(visit.language, words["gone"], f'<p><a href="/">{words["all"]}</a></p>'))

    def press(self, visit: Visit) -> Answer:
        """A button on one of them."""
        kind, _, name = visit.path.strip("/").partition("/")
        match kind:
            case "shop":
                return self._fill(visit, name)
            case "sign-in":
                return self._sign_in(visit)
            case "sign-out":
                self._counter.take(lambda at: SignedOut(device=visit.device, at=at))
                return Answer(303, location="/shop")
            case "cart":
                return self._order(visit, name)
        return self.page(visit)

    def _fill(self, visit: Visit, product: str) -> Answer:
        device = visit.device or new_device()
        self._counter.take(lambda at: CartFilled(device=device, sort=visit.sort, product_id=product, size=visit.form.get("size", ""), at=at))
        return self._to_cart(device, visit)

    def _sign_in(self, visit: Visit) -> Answer:
        """As a customer, or as one who joins."""
        words, form, device = WORDS[visit.language], visit.form, visit.device or new_device()
        email = form.get("email", "").strip()
        first, last = (form.get(name, "").strip()[:LONGEST_NAME] for name in ("first_name", "last_name"))
        if "@" not in email or not (first and last or self._counter.knows(email)):
            return Answer(200, shown(visit.language, words["who"], demo_pages.sign_in(words, True)))
        self._counter.take(
            lambda at: SignedIn(
                device=device,
                sort=visit.sort,
                email=email,
                first_name=first,
                last_name=last,
                city=form.get("city", ""),
                locale=visit.language,
                says_yes="yes" in form,
                at=at,
            )
        )
        return self._to_cart(device, visit)

    def _to_cart(self, device: str, visit: Visit) -> Answer:
        cart = self._counter.visitor(device).cart_id
        return Answer(303, location=f"/cart/{cart}" if cart else "/shop", device="" if visit.device else device)

    def _order(self, visit: Visit, number: str) -> Answer:
        left, words = self._counter.cart(number), WORDS[visit.language]
        if left is None or not left.name:
            return self.page(visit)
        way = visit.form.get("way", "")
        self._counter.take(lambda at: CartOrdered(cart_id=number, device=visit.device, way=way if way in WAYS else "", at=at))
        said = f'<p>{words["soon"]}</p><p><a href="/">{words["all"]}</a></p>'
        return Answer(200, shown(visit.language, words["ordered"].format(name=left.name), said))


def new_device() -> str:
    """A number for a browser that has none."""
    return f"webb-{token_hex(8)}"


def device_in(cookies: str) -> str:
    """The browser's number in its cookies; empty where there is none of ours."""
    found = DEVICE.search(cookies)
    return found[1] if found else ""


def language_of(accepted: str) -> str:
    """Swedish or English, whichever a browser names first; English for any other."""
    named = [one.strip()[:2].lower() for one in accepted.split(",")]
    return next((one for one in named if one in WORDS), "en")
