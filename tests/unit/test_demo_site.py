"""The site of the demo's shop as a browser meets it, over HTTP, with the living shop behind it."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from fakes.web import free_port
from omtanke.channels.webhook.signature import new_secret
from omtanke.folder import Folder
from omtanke.folder_clock import set_clock
from omtanke.processes.demo_site import Site, device_in
from omtanke.processes.shop import Ear, Living, Mouth, load_shop
from omtanke.simulate.planted import ShopSettings
from omtanke.simulate.shop import Event, Shop
from omtanke.vocabulary.time import moment_of

EVENING = datetime(2026, 11, 10, 21, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
MAJA = {"first_name": "Maja", "last_name": "Ek", "email": "Maja@example.com", "city": "Kiruna", "yes": "on"}
TRAIL, SOCKS = "LOP-101", "LOP-106"


class Door(Mouth):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def tell(self, events: Any) -> bool:
        self.told += [json.loads(event.wire) for event in events if isinstance(event, Event)]
        return True


class Browser:
    """Keeps its cookie, and goes where it is led."""

    def __init__(self, port: int, language: str = "sv-SE", agent: str = "Firefox") -> None:
        self._port, self._headers = port, {"accept-language": language, "user-agent": agent}
        self.at = ""

    def open(self, path: str, form: dict[str, str] | None = None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        connection.request("GET" if form is None else "POST", path, None if form is None else urlencode(form), self._headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        if cookie := answer.headers["set-cookie"]:
            self._headers["cookie"] = cookie.partition(";")[0]
        self.at = path
        return self.open(answer.headers["location"]) if answer.status == 303 else page

    @property
    def cookie(self) -> str:
        return self._headers.get("cookie", "")


class ShopWithSite:
    """A shop, its site, and what it has told the door."""

    def __init__(self, data: Path) -> None:
        shop = Shop(3, 40, EVENING, ShopSettings(surveys="omtanke", answers="links", repeats=0.0))
        data.mkdir()
        self.folder, self.door = Folder(data), Door()
        self.it_is(EVENING)
        self.living = Living(self.folder, shop, self.door)
        self.ear = Ear(free_port(), new_secret(), Site(None, self.living))
        self.browser: Callable[..., Browser] = lambda **how: Browser(self.ear.port, **how)

    def it_is(self, when: datetime) -> None:
        self.folder.clock = set_clock(self.folder.clock_path, moment_of(when), 1)

    def told(self, *names: str) -> list[dict[str, Any]]:
        """What the door has been told so far, of these kinds."""
        self.living.tick(self.ear.take())
        return [one for one in self.door.told if one.get("event", one["type"]) in names]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ShopWithSite]:
    there = ShopWithSite(tmp_path / "data")
    yield there
    there.ear.close()


def test_who_joins_is_known_with_name_town_and_yes(shop: ShopWithSite) -> None:
    browser = shop.browser()
    page = browser.open("/sign-in", MAJA)
    number = re.search(r"Inloggad som Maja Ek, kund (kund-\d+)", page)
    assert number is not None and browser.at == "/shop"
    (who, yes) = shop.told("identify", "Consent Given")
    assert (who["userId"], who["anonymousId"]) == (number[1], browser.cookie.partition("=")[2])
    assert {name: who["traits"][name] for name in ("name", "email", "region", "locale")} == {
        "name": "Maja Ek",
        "email": "maja@example.com",
        "region": "Norrbotten",
        "locale": "sv",
    }
    assert (yes["userId"], yes["properties"]["purpose"], yes["properties"]["words"]) == (number[1], "marketing", "Ja, skriv gärna till mig")


def test_cart_of_nobody_is_theirs_who_sign_in_and_order_asks_for_nothing_more(shop: ShopWithSite) -> None:
    browser = shop.browser(language="en-GB", agent="Safari Mobile")
    page = browser.open(f"/shop/{TRAIL}", {"size": "38"})
    assert "<h1>This is in your cart</h1>" in page and "Sign in to order" in page
    page = browser.open("/sign-in", MAJA)
    cart = browser.at
    assert "<h1>Maja, this is in your cart</h1>" in page and "<input" not in page
    assert "Thank you, Maja!" in browser.open(cart, {"way": "home"})
    shop.it_is(EVENING + timedelta(minutes=1))
    (added, ordered) = shop.told("Product Added", "Order Completed")
    assert ("userId" in added, added["context"]["device"]["type"]) == (False, "mobile")
    assert [(line["product_id"], line["variant"]) for line in ordered["properties"]["products"]] == [(TRAIL, "38")]
    assert ordered["properties"]["cart_id"] == added["properties"]["cart_id"] == cart.removeprefix("/cart/")
    assert ordered["properties"]["carrier"] in ("DHL", "Bring") and ordered["properties"]["promises"]
    assert "redan hämtad" in shop.browser().open(cart)


def test_a_cart_filled_after_signing_out_is_found_on_another_device(shop: ShopWithSite) -> None:
    laptop, phone = shop.browser(), shop.browser()
    laptop.open("/sign-in", MAJA)
    assert "Inloggad" not in laptop.open("/sign-out", {})
    laptop.open(f"/shop/{TRAIL}", {"size": "42"})
    laptop.open(f"/shop/{TRAIL}", {"size": "42"})
    page = phone.open("/sign-in", {"email": "maja@example.com"})
    assert phone.at == laptop.at and "2 × Löparskor Trail 3, 42, 1499 kr" in page
    seen = shop.told("Cart Viewed", "Product Added")
    assert [(one["event"], "userId" in one) for one in seen] == [
        ("Product Added", False),
        ("Cart Viewed", False),
        ("Product Added", False),
        ("Cart Viewed", False),
        ("Cart Viewed", True),
    ]


def test_what_somebody_else_sees_of_a_cart_is_not_told(shop: ShopWithSite) -> None:
    owner, other = shop.browser(), shop.browser()
    owner.open("/sign-in", MAJA)
    owner.open(f"/shop/{SOCKS}", {"size": "38"})
    other.open("/sign-in", {**MAJA, "email": "nils@example.com", "first_name": "Nils"})
    before = len(shop.told("Cart Viewed"))
    for browser in (other, shop.browser()):
        assert "Maja, det här ligger" in browser.open(owner.at)
    assert (before, len(shop.told("Cart Viewed"))) == (1, 1)


def test_a_cart_survives_a_restart_of_the_shop(shop: ShopWithSite) -> None:
    browser = shop.browser()
    browser.open("/sign-in", MAJA)
    browser.open(f"/shop/{TRAIL}", {"size": "42"})
    assert shop.living.tick(()), "it is saved when something was pressed"
    shop.living.save()
    saved = load_shop(shop.folder.path)
    assert saved.visitor(device_in(browser.cookie)).name == "Maja Ek"
    left = saved.cart(browser.at.removeprefix("/cart/"))
    assert left is not None and left.name == "Maja"


@pytest.mark.parametrize("form", [{}, {"email": "nobody@example.com"}, {**MAJA, "last_name": " "}, {**MAJA, "email": "maja"}])
def test_nobody_signs_in_without_a_known_address_or_a_whole_name(shop: ShopWithSite, form: dict[str, str]) -> None:
    assert "Ingen här har den adressen" in shop.browser().open("/sign-in", form)
    assert shop.told("identify", "Consent Given") == []


@pytest.mark.parametrize(("path", "size"), [("/shop/LOP-999", "42"), (f"/shop/{TRAIL}", "12"), (f"/shop/{TRAIL}", "")])
def test_what_the_shop_does_not_have_goes_into_no_cart(shop: ShopWithSite, path: str, size: str) -> None:
    browser = shop.browser()
    browser.open(path, {"size": size})
    assert (browser.at, shop.told("Product Added")) == ("/shop", [])


def test_names_are_shown_as_they_were_written(shop: ShopWithSite) -> None:
    page = shop.browser().open("/sign-in", {**MAJA, "first_name": "<b>Maja"})
    assert "&lt;b&gt;Maja" in page and "<b>Maja" not in page


@pytest.mark.parametrize("cookies", ["", "device=", "device=webb-moa", "device=webb-0123456789abcdef0", "mydevice=webb-0123456789abcdef"])
def test_a_cookie_that_is_not_ours_names_no_browser(cookies: str) -> None:
    assert device_in(cookies) == ""
    assert device_in(f"{cookies}; device=webb-0123456789abcdef; a=b".lstrip("; ")) == "webb-0123456789abcdef"
