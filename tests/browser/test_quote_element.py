"""The element on the shop's own page: the day it shows is the day that the order's promise has, in the same words."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from integration.running_door import RunningDoor, running_door
from omtanke.folder import Folder
from omtanke.intake.quotes.element import element

LANES = '\n[quotes]\ncut_off = "14.00"\ncountry = "SE"\nlanes.SE = [1, 2]\nlanes.FI = [2, 4]\n'
BEFORE = "1–2 vardagar"
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Running shoes</title>
<script src="{door}/quotes.js" defer></script>
<p><omtanke-quote key="{key}" country="SE" language="sv" items='[{{"product_id": "LOP-101", "quantity": 1}}]'>{before}</omtanke-quote></p>
<button>Buy</button>
<script>
document.querySelector('button').onclick = async () => {{
  const properties = {{ order_id: 'e1', quote_id: customElements.get('omtanke-quote').quoteId() }}
  const body = JSON.stringify({{ messageId: 'order-e1', userId: 'e1', event: 'Order Completed', properties, writeKey: '{key}' }})
  await fetch('{door}/v1/track', {{ method: 'POST', body }})
  document.title = 'Bought'
}}
</script></html>"""


class ShopPage(http.server.BaseHTTPRequestHandler):
    """The product page, on another origin than the door's. A policy for its content lets it load and ask from the door alone."""

    def __init__(self, door: str, key: str, *about: object) -> None:
        self.door, self.key = door, key
        super().__init__(*about)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        key = "nobody" if "nobody" in self.path else self.key
        body = PAGE.format(door=self.door, key=key, before=BEFORE).encode()
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-security-policy", f"default-src 'none'; script-src {self.door} 'unsafe-inline'; connect-src {self.door}")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    data = tmp_path_factory.mktemp("element") / "data"
    data.mkdir()
    Folder(data).policy_text()
    write_lanes(data, LANES)
    with running_door(data) as opened:
        deadline = time.monotonic() + 20
        while opened.call("POST", "/api/quotes", {}, opened.key).body["id"] is None and time.monotonic() < deadline:
            time.sleep(0.1)
        yield opened


def write_lanes(data: Path, lanes: str) -> None:
    policy = data / "policy" / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8").partition("\n[quotes]\n")[0] + lanes, encoding="utf-8")


@pytest.fixture(scope="module")
def shop(door: RunningDoor) -> Iterator[str]:
    """The address of the product page."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(ShopPage, door.address, door.key))
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def test_day_that_is_shown_is_the_promise_of_the_order_in_the_same_words(page: Page, shop: str, door: RunningDoor) -> None:
    page.goto(shop)
    shown = page.locator("omtanke-quote")
    expect(shown).to_contain_text("Hos dig mellan ")
    words = shown.inner_text()
    assert (shown.get_attribute("lang"), page.evaluate("document.querySelector('omtanke-quote').quote.words")) == ("sv", words)
    page.get_by_role("button").click()
    expect(page).to_have_title("Bought")
    door.say({"promise_id": "after-e1", "kind": "reply", "user_id": "e1", "until": "2099-11-20"})
    (promise,) = door.get("/api/promises?order_id=e1").body["promises"]
    assert (promise["first"]["words"], promise["why"][0]["reason"]) == (words, "quote_taken")


def test_another_country_on_the_page_is_another_day(page: Page, shop: str) -> None:
    page.goto(shop)
    shown = page.locator("omtanke-quote")
    expect(shown).to_contain_text("Hos dig mellan ")
    before = shown.inner_text()
    with page.expect_request("**/api/quotes") as asked:
        shown.evaluate("one => { one.setAttribute('country', 'FI'); one.setAttribute('language', 'en') }")
    body = asked.value.post_data_json
    assert (body["destination"], body["items"]) == ({"country": "FI"}, [{"product_id": "LOP-101", "quantity": 1}])
    expect(shown).to_contain_text("With you between ")
    assert shown.inner_text() != before


def test_what_the_page_wrote_stands_while_no_day_is_said(page: Page, shop: str) -> None:
    with page.expect_response("**/api/quotes") as refused:
        page.goto(f"{shop}/?nobody")
    page.wait_for_timeout(200)
    assert (refused.value.status, page.locator("omtanke-quote").inner_text()) == (401, BEFORE)
    assert page.evaluate("customElements.get('omtanke-quote').quoteId()") == ""


def test_day_moves_with_the_policy_and_goes_when_the_shop_says_none(page: Page, shop: str, door: RunningDoor) -> None:
    page.clock.install()
    page.goto(shop)
    shown = page.locator("omtanke-quote")
    expect(shown).to_contain_text("Hos dig mellan ")
    first = page.evaluate("document.querySelector('omtanke-quote').quote.last_day")
    try:
        write_lanes(door.data, LANES.replace("[1, 2]", "[8, 9]"))
        wait_for_policy(door, lambda said: said["rests_on"]["working_days"] == [8, 9])
        page.clock.run_for(61_000)
        page.wait_for_function("before => document.querySelector('omtanke-quote').quote.last_day > before", arg=first)
        write_lanes(door.data, "")
        wait_for_policy(door, lambda said: said["id"] is None)
        page.clock.run_for(61_000)
        expect(shown).to_have_text(BEFORE)
        assert page.evaluate("customElements.get('omtanke-quote').quoteId()") == ""
    finally:
        write_lanes(door.data, LANES)
        wait_for_policy(door, lambda said: said["rests_on"]["working_days"] == [1, 2])


def wait_for_policy(door: RunningDoor, is_followed: object) -> None:
    assert callable(is_followed)
    deadline = time.monotonic() + 30
    while not is_followed(door.call("POST", "/api/quotes", {}, door.key).body):
        assert time.monotonic() < deadline, "the policy is not followed"
        time.sleep(0.2)


def test_element_is_small_and_rests_on_nothing() -> None:
    script = element().body.decode()
    assert len(script.encode()) < 3 * 1024
    assert not [word for word in ("import ", "require(", "innerHTML", "eval(", "style") if word in script]
