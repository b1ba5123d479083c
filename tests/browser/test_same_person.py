"""Two who are perhaps one, and one taken apart, in a browser: keyboard, phone, both languages, and nothing that a screen reader stumbles on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import SHOTS, Console, serve_at_work
from browser.test_console import LOOKS, grave, overflows
from fakes.living import Living, promised
from omtanke.folder_clock import set_clock
from omtanke.processes.suggest import suggest_links

Open = Callable[..., Page]
PATIENCE = 40
HOME = {"street": "Storgatan 12", "postalCode": "903 26", "city": "Umeå"}


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """Maja has an account at home and one at work; Ebba's account and her club card have been linked."""
    shop = Living(tmp_path_factory.mktemp("same"))
    shop.tell_of("maja", {"name": "Maja Lindqvist", "email": "maja@example.com", "phone": "070-174 06 05", "address": HOME})
    shop.tell_of("maja-work", {"name": "Maja Lindkvist", "email": "maja.l@work.example", "phone": "+46701740605", "address": HOME})
    shop.hear("maja", "Order Completed", order_id="10482", promises=[promised("2026-11-19", "Hos dig torsdag")])
    shop.tell_of("ebba", {"name": "Ebba Åkesson", "email": "ebba@example.com"})
    shop.tell_of("club", {"loyalty_number": "ML700123"})
    shop.hear("club", "Order Completed", order_id="20977", promises=[promised("2026-11-25", "Klar onsdag")])
    shop.work()
    shop.tell_of("ebba", {"loyalty_number": "ML700123"})
    shop.work()
    suggest_links(shop.folder.path, 100, lambda what, done, of: None)
    set_clock(shop.folder.clock_path, shop.now, 1)
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def console(living: Living, chromium: Browser) -> Iterator[Console]:
    yield from serve_at_work(living.folder.path)


def keep(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def customer(living: Living, user: str) -> int:
    return living.log.identifier(living.folder.keys.identifier_key("user_id", user))


@pytest.mark.parametrize(("language", "size", "scheme"), [*LOOKS, ("en", "phone", "dark")])
def test_pages_hold(console: Console, living: Living, open_page: Open, language: str, size: str, scheme: str) -> None:
    page = open_page(language, size, scheme)
    ebba, club = customer(living, "ebba"), customer(living, "club")
    found = []
    for name, address in (
        ("suggestions", "/suggestions/"),
        ("identities", f"/customers/{ebba}/identities/"),
        ("split", f"/customers/{ebba}/split/{ebba}/{club}/"),
    ):
        page.goto(console.address + address)
        expect(page.locator("h1")).to_have_count(1)
        keep(page, f"{name}-{language}-{size}-{scheme}")
        found += [grave(page), overflows(page)]
    assert found == [[], False] * 3


def test_targets_are_large_enough_for_a_finger(console: Console, living: Living, open_page: Open) -> None:
    page = open_page("sv", "phone")
    small = []
    for address in ("/suggestions/", f"/customers/{customer(living, 'ebba')}/identities/"):
        page.goto(console.address + address)
        small += page.evaluate(
            "[...document.querySelectorAll('main button, main a.button')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML)"
        )
    assert small == []


def test_taken_apart_and_found_to_be_one_by_the_keyboard_alone(console: Console, living: Living, open_page: Open) -> None:
    page = open_page("sv")
    ebba, maja = customer(living, "ebba"), customer(living, "maja")
    page.goto(f"{console.address}/customers/{ebba}/identities/")
    press(page, "Ta isär")
    press(page, "De är två: ta isär dem")
    shows(page, f"/customers/{ebba}/identities/", "inte samma")
    page.goto(console.address + "/customers/")
    press(page, "Kunder som kanske är samma person")
    press(page, "Samma person")
    shows(page, f"/customers/{maja}/", "Maja Lind")
    page.goto(f"{console.address}/customers/{maja}/identities/")
    shows(page, f"/customers/{maja}/identities/", "maja.l@work.example")


def press(page: Page, words: str) -> None:
    """Tab to what bears these words, and press Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if str(page.evaluate("document.activeElement.innerText || ''")).startswith(words):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    pytest.fail(f"“{words}” is not reached by the keyboard")


def shows(page: Page, address: str, words: str) -> None:
    """The page of that address says so, at once or, while the worker is behind, soon."""
    assert address in page.url
    for _ in range(PATIENCE):
        if words in page.locator("main").inner_text():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail(f"{address} does not say “{words}”")
