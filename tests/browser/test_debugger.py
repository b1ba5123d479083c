"""Keys made in the console, and what comes in with them, as it comes in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browser.conftest import SHOTS, SIZES, Console, Open, serve
from integration.running_door import RunningDoor, running_door
from omtanke.runtime.hooks import make_hook, read_hooks

AT_ONCE = 3_000
LOOKED_AT_KEYS_SECONDS = 1.2


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    with running_door(tmp_path_factory.mktemp("door") / "data") as opened:
        yield opened


@pytest.fixture(scope="module")
def console(door: RunningDoor, chromium: Browser) -> Iterator[Console]:
    """Pages over the folder of a door that is open."""
    yield from serve(door.data)


def page_seen(number: int, **more: Any) -> dict[str, Any]:
    return {"type": "page", "messageId": f"browser-{number}", "userId": "ingrid", **more}


def order(number: str) -> dict[str, Any]:
    properties = {"order_id": number, "promises": [{"kind": "delivery", "until": "2099-11-20"}]}
    return {"messageId": f"order-{number}", "userId": "ingrid", "event": "Order Completed", "properties": properties}


def made_key(page: Page, console: Console, name: str) -> str:
    """The write key of a sender that is made on the page."""
    page.goto(f"{console.address}/senders/")
    page.get_by_label("Vad heter den?").fill(name)
    page.get_by_role("button", name="Lägg till").click()
    key = page.locator("#secret").input_value()
    time.sleep(LOOKED_AT_KEYS_SECONDS)
    return key


def test_event_is_seen_with_what_it_became_without_reloading(door: RunningDoor, console: Console, open_page: Open) -> None:
    page = open_page()
    key = made_key(page, console, "app")
    page.locator("li", has_text=f"…{key[-4:]}").get_by_role("link", name="Det som kommer in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inget har kommit på sistone.")
    assert door.post("track", order("10482"), key=key).status == 200
    row = page.locator("li", has_text="order-10482")
    expect(row).to_contain_text("förstått", timeout=AT_ONCE)
    expect(row).to_contain_text("order_completed · promise_made", timeout=AT_ONCE)
    row.locator("summary").click()
    door.post("track", {"messageId": "slip", "userId": "u", "event": "Order Completd"}, key=key)
    expect(page.locator("li", has_text="slip")).to_contain_text("event 'Order Completd' is not known. Did you mean 'Order Completed'?", timeout=AT_ONCE)
    expect(row.locator("pre")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 av de senaste 2 händelserna avvisades.")
    page.get_by_role("link", name="Avvisat").click()
    expect(page.locator("main li.said, main .said li")).to_have_count(1)


def test_event_is_found_by_its_id_and_leads_to_its_customer(door: RunningDoor, console: Console, open_page: Open) -> None:
    page = open_page()
    door.post("track", order("77"))
    door.say({"promise_id": "after", "kind": "reply", "user_id": "other", "until": "2099-11-20"})
    page.goto(f"{console.address}/debugger/event/")
    page.locator("#source").select_option("shop")
    page.get_by_label("Det id som avsändaren gav den").fill("order-77")
    page.get_by_role("button", name="Slå upp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Det kom fram och gick att förstå.")
    page.get_by_role("link", name="order_completed").click()
    expect(page.locator("main")).to_contain_text("77")
    page.goto(f"{console.address}/debugger/event/?source=shop&id=never")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingen händelse med det id:t har kommit från den avsändaren.")


def test_key_is_revoked_on_the_page_and_counts_no_longer(door: RunningDoor, console: Console, open_page: Open) -> None:
    page = open_page()
    key = made_key(page, console, "old")
    page.goto(f"{console.address}/senders/")
    row = page.locator("li", has_text=f"…{key[-4:]}")
    row.get_by_text("Dra in den").click()
    row.get_by_role("button", name="Dra in").click()
    expect(page.locator("li", has_text=f"…{key[-4:]}")).to_have_count(0)
    time.sleep(LOOKED_AT_KEYS_SECONDS)
    assert door.post("page", page_seen(1), key=key).status == 401


def test_read_key_is_shown_once_and_reads(door: RunningDoor, console: Console, open_page: Open) -> None:
    page = open_page("en")
    page.goto(f"{console.address}/senders/")
    page.get_by_label("Who reads?").fill("help desk")
    page.get_by_role("button", name="Make a read key").click()
    key = page.locator("#secret").input_value()
    time.sleep(LOOKED_AT_KEYS_SECONDS)
    assert door.get("/api/promises?user_id=nobody", key=key).status == 404
    page.goto(f"{console.address}/senders/")
    assert key not in page.content()


def test_hook_is_made_on_the_page_and_shows_what_comes_in(door: RunningDoor, console: Console, open_page: Open) -> None:
    page = open_page()
    page.goto(f"{console.address}/senders/")
    page.get_by_label("Vem berättar?").select_option("till")
    page.get_by_role("button", name="Gör en krok").click()
    address = page.get_by_label("Adressen").input_value()
    path = "/hooks/" + address.rpartition("/")[2]
    time.sleep(LOOKED_AT_KEYS_SECONDS)
    assert door.call("POST", path, {"receipt_id": "lund-417", "store_id": "lund", "at": "2026-11-21T11:02:00+01:00", "total": 398}).status == 200
    assert door.call("POST", path, {"receipt_id": "lund-418"}).status == 400
    page.get_by_role("link", name="Det som kommer in till").click()
    expect(page.locator("main")).to_contain_text(f"till, krok …{path[-4:]}")
    expect(page.locator("li", has_text="receipt/lund-417")).to_contain_text("receipt_issued", timeout=AT_ONCE)
    expect(page.locator("main")).to_contain_text("is missing: when it was, as 2026-11-21T09:14:00+01:00")
    page.goto(f"{console.address}/senders/")
    row = page.locator("li", has_text="Kassan")
    row.get_by_text("Ta bort den").click()
    row.get_by_role("button", name="Ta bort").click()
    expect(page.locator("li", has_text="Kassan")).to_have_count(0)
    time.sleep(LOOKED_AT_KEYS_SECONDS)
    assert door.call("POST", path, {}).status == 404


def test_hook_of_one_who_signs_needs_the_secret(console: Console, open_page: Open) -> None:
    page = open_page("en")
    page.goto(f"{console.address}/senders/")
    page.get_by_label("Who tells?").select_option("shopify")
    page.get_by_role("button", name="Make a hook").click()
    expect(page.get_by_role("alert")).to_contain_text("shopify signs what it sends, and Shopify shows it beside its webhooks")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_pages_are_for_everybody(door: RunningDoor, console: Console, open_page: Open, size: str, scheme: str, language: str) -> None:
    page = open_page(language, size, scheme)
    if not read_hooks(door.data / "keys"):
        make_hook(door.data / "keys", "shopify", "shopify-se", "hush", zone="Europe/Oslo")
    door.post("track", order("1"))
    door.post("track", {"messageId": "wrong", "userId": "u", "event": "Order Completd"})
    page.goto(f"{console.address}/senders/")
    addresses = [f"{console.address}/senders/", page.locator("main a.button").first.get_attribute("href"), "/debugger/event/?source=shop&id=order-1"]
    for n, address in enumerate(addresses):
        page.goto(address if address and address.startswith("http") else f"{console.address}{address}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"door-{n}-{language}-{size}-{scheme}.png"), full_page=True)
