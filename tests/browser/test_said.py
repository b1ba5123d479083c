"""Messages and plays in a browser: both languages, every size, dark, and nothing that a screen reader stumbles on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import SHOTS, Console, serve_at_work
from browser.test_console import LOOKS, grave, overflows
from fakes.evening import MAJA, Evening, an_evening
from fakes.said import SUBJECT, messages_go_out
from omtanke.folder_clock import set_clock

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    shop = an_evening(tmp_path_factory.mktemp("said"))
    messages_go_out(shop)
    set_clock(shop.folder.clock_path, shop.now, 1)
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def console(living: Evening, chromium: Browser) -> Iterator[Console]:
    yield from serve_at_work(living.folder.path)


def keep(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("language", "size", "scheme"), [*LOOKS, ("en", "phone", "dark")])
def test_pages_hold(console: Console, living: Evening, open_page: Open, language: str, size: str, scheme: str) -> None:
    page = open_page(language, size, scheme)
    found = []
    for name, address in (
        ("messages", "/messages/"),
        ("message", living.message_page("promotional")),
        ("plays", "/plays/"),
        ("play", "/plays/remembered_cart/"),
        ("month", f"/customers/{living.customer(MAJA)}/month/"),
    ):
        page.goto(console.address + address)
        expect(page.locator("h1")).to_have_count(1)
        keep(page, f"{name}-{language}-{size}-{scheme}")
        found += [grave(page), overflows(page)]
    assert found == [[], False] * 5


def test_from_the_log_to_what_a_message_said_and_to_its_play(console: Console, open_page: Open) -> None:
    page = open_page("sv")
    page.goto(console.address + "/")
    page.get_by_role("link", name="Meddelanden").click()
    page.get_by_label("Vad det blev av det").select_option("sent")
    page.get_by_label("Till vem").fill("Maja")
    page.get_by_role("button", name="Visa", exact=True).click()
    row = page.locator("#log .row")
    expect(row).to_have_count(1)
    row.locator("summary").click()
    expect(row.get_by_text("Det bygger på:")).to_be_visible()
    row.get_by_role("link", name="den ihågkomna varukorgen").click()
    expect(page.get_by_text(SUBJECT, exact=True)).to_be_visible()
    page.get_by_role("link", name="Rutinen", exact=True).click()
    expect(page.get_by_role("heading", level=2, name="Vad som händer")).to_be_visible()
