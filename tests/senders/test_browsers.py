"""The clients that shops have in their pages, in a real Chromium, from another origin than the door's."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from integration.running_door import RunningDoor, running_door
from omtanke.vocabulary.identity import CustomerIdentified
from omtanke.vocabulary.product import ProductViewed
from omtanke.vocabulary.time import SECOND
from senders.arrived import Arrived, arrived
from senders.conftest import made_key

SEGMENT, RUDDERSTACK = "segment_browser.html", "rudderstack_browser.html"
MOMENTS = ["page_viewed", "customer_identified", "product_viewed", "customer_grouped", "customer_aliased"]
WITH_SCREEN = [*MOMENTS[:3], "screen_viewed", *MOMENTS[3:]]
# Ways of sending that each client documents, and the paths that it then uses.
WAYS = [
    (SEGMENT, "", WITH_SCREEN, {"/v1/p", "/v1/i", "/v1/t", "/v1/s", "/v1/g", "/v1/a"}),
    (SEGMENT, "batching", WITH_SCREEN, {"/v1/b"}),
    (RUDDERSTACK, "", MOMENTS, {"/v1/page", "/v1/identify", "/v1/track", "/v1/group", "/v1/alias"}),
    (RUDDERSTACK, "batching", MOMENTS, {"/v1/batch"}),
    (RUDDERSTACK, "beacon", MOMENTS, {"/beacon/v1/batch"}),
]


@contextmanager
def shop_page(browser: Browser, address: str, client: str, door: RunningDoor, key: str, *more: str, minutes_slow: int = 0) -> Iterator[tuple[Page, set[str]]]:
    """A page with a client in it, and the paths to which it has sent."""
    context = browser.new_context(timezone_id="Europe/Stockholm")
    page, paths = context.new_page(), set[str]()
    if minutes_slow:
        page.clock.install(time=time.time() - minutes_slow * 60)
    page.on("request", lambda sent: paths.add(sent.url.removeprefix(door.address).partition("?")[0]) if sent.method == "POST" else None)
    page.goto(f"{address}/{client}?" + urlencode({"key": key, "door": door.address, **dict.fromkeys(more, "1")}))
    try:
        yield page, paths
    finally:
        context.close()


@pytest.mark.parametrize(("client", "way", "types", "wanted"), WAYS, ids=[f"{client.partition('_')[0]} {way}".strip() for client, way, *_ in WAYS])
def test_client_in_a_page(door: RunningDoor, browser: Browser, shop_pages: str, client: str, way: str, types: list[str], wanted: set[str]) -> None:
    sender = f"{client} {way}".strip()
    key, more = made_key(door, sender), [way] if way else []
    began = time.time_ns() // 1000
    with shop_page(browser, shop_pages, client, door, key, *more) as (page, paths):
        page.evaluate("tell()")
        facts = wait_beside(page, lambda: arrived(door, sender, 0), len(types))
    assert paths == wanted
    told = [one.fact.type for one in facts]
    assert told == types or (len(wanted) > 1 and Counter(told) == Counter(types))  # a browser sends several requests at once
    require_story(facts)
    assert all(began - SECOND < one.fact.occurred_at <= one.fact.received_at for one in facts)


def wait_beside(page: Page, look: Callable[[], list[Arrived]], wanted: int) -> list[Arrived]:
    """The page goes on while we wait."""
    deadline = time.monotonic() + 30
    while len(found := look()) < wanted and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    return found


def require_story(facts: list[Arrived]) -> None:
    """What was told has come whole."""
    said = {one.fact.type: one for one in facts}
    page, identified, product = (said[name] for name in ("page_viewed", "customer_identified", "product_viewed"))
    device = page.who["anonymous_id"]
    assert [one.fact.channel for one in facts] == ["web"] * len(facts)
    assert page.who == {"anonymous_id": device}
    assert identified.who == {"user_id": "kund-1", "email": "ann@example.se", "anonymous_id": device}
    assert product.who | {"email": ""} == {"user_id": "kund-1", "anonymous_id": device, "email": ""}
    assert {name: page.personal["properties"][name] for name in ("name", "category")} == {"name": "Skor", "category": "Docs"}
    assert page.personal["properties"]["title"].endswith("client in a page")
    assert isinstance(identified.fact.body, CustomerIdentified)
    assert (identified.fact.body.region, identified.fact.body.country, identified.fact.body.has_email) == ("Skåne", "SE", True)
    assert isinstance(product.fact.body, ProductViewed)
    assert (product.fact.body.price, product.fact.body.currency) == (129_900, "SEK")
    assert said["customer_grouped"].personal["traits"] == {"name": "Familjen Ek"}
    assert said["customer_aliased"].who | {"email": ""} == {"user_id": "kund-1", "previous_id": "device-1", "anonymous_id": device, "email": ""}


@pytest.mark.parametrize("client", [SEGMENT, RUDDERSTACK], ids=["segment", "rudderstack"])
def test_clock_of_a_browser_that_is_wrong_is_corrected(door: RunningDoor, browser: Browser, shop_pages: str, client: str) -> None:
    sender = f"{client} slow"
    began = time.time_ns() // 1000
    with shop_page(browser, shop_pages, client, door, made_key(door, sender), minutes_slow=120) as (page, _):
        page.evaluate("tell()")
        facts = wait_beside(page, lambda: arrived(door, sender, 0), len(MOMENTS))
    assert all(began - SECOND < one.fact.occurred_at <= one.fact.received_at for one in facts)
    assert all(one.fact.body.timestamp[:13] != moment_hour(began) for one in facts)  # the clock was wrong indeed
    assert len(facts) >= len(MOMENTS)


def moment_hour(moment: int) -> str:
    """The hour as a client writes it."""
    return time.strftime("%Y-%m-%dT%H", time.gmtime(moment // SECOND))


SEND_PLAINLY = """([door, writeKey]) => fetch(door + '/v1/t', {
    method: 'POST', body: JSON.stringify({writeKey, messageId: 'plain', userId: 'u', type: 'track', event: 'Cart Viewed'}),
}).then((answer) => answer.status, (error) => error.message)"""


def test_only_pages_on_the_list_may_send(browser: Browser, shop_pages: str, tmp_path: Path) -> None:
    elsewhere = shop_pages.replace("127.0.0.1", "localhost")
    with running_door(tmp_path / "data", f'door_origins = ["{shop_pages}"]\n') as door:
        for client in (SEGMENT, RUDDERSTACK):
            with shop_page(browser, elsewhere, client, door, door.key) as (page, _):
                page.evaluate("void tell()")
                page.wait_for_timeout(700)
                assert page.evaluate(SEND_PLAINLY, [door.address, door.key]) == "Failed to fetch"
        assert arrived(door, "shop", 0) == []
        assert door.post("track", {"messageId": "m", "userId": "u", "event": "Cart Viewed"}).status == 200  # a server says no origin
        with shop_page(browser, shop_pages, SEGMENT, door, door.key) as (page, _):
            assert page.evaluate(SEND_PLAINLY, [door.address, door.key]) == 200
            page.evaluate("tell()")
            facts = wait_beside(page, lambda: arrived(door, "shop", 0), 2 + len(WITH_SCREEN))
    assert [one.fact.type for one in facts] == ["cart_viewed", "cart_viewed", *WITH_SCREEN]
