"""The living shop and its customers: a cart left on the laptop, a mail in the morning, one click to the cart, and the order that comes of it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import LOCALES, SHOTS, SIZES
from browser.test_console import overflows
from fakes.demo import Demo
from omtanke.playbook import shipped

CUSTOMERS, SPEED = 150, 3_600
WITHIN_SECONDS = 120.0
MOA = "moa.lindqvist@example.com"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo as it runs, an hour a second. Nobody is left out of the play, so that chance decides nothing."""
    data = tmp_path_factory.mktemp("mail") / "data"
    plays = data / "playbook" / "plays"
    plays.mkdir(parents=True)
    for name in ("remembered_cart", "order_confirmed"):
        (plays / f"{name}.toml").write_text(shipped()[name].replace("holdout_percent = 10\n", ""), encoding="utf-8")
    running = Demo(data, CUSTOMERS, SPEED)
    try:
        yield running
    finally:
        running.stop()


def site_of(demo: Demo) -> str:
    port = json.loads((demo.data / "demo.json").read_text(encoding="utf-8"))["port"]
    assert f"http://127.0.0.1:{port}/" in "".join(demo.said), "the demo says where the mail is"
    return f"http://127.0.0.1:{port}"


def until(page: Page, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, page.inner_text("main")
        time.sleep(0.5)
        page.reload()


def test_the_cart_is_remembered_and_one_click_goes_on_with_it(chromium: Browser, demo: Demo) -> None:
    site = site_of(demo)
    width, height = SIZES["phone"]
    context = chromium.new_context(locale="sv-SE", viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(site)
    hers = page.locator("li a", has_text=MOA)
    until(page, lambda: hers.count() > 0)
    for path, name in (("", "mail"), ("/shop", "shop"), ("/sign-in", "sign-in")):
        looked_at(chromium, f"{site}{path}", name)
    hers.first.click()
    expect(page.locator("body")).to_contain_text(re.compile("Löparskor Dubb ligger kvar.*Beställer du senast.*är det hos dig", re.DOTALL))
    with context.expect_page() as opened:
        page.locator("a[href*='/r/']").first.click()
    page = opened.value
    expect(page).to_have_url(re.compile(f"{site}/cart/korg-00002-"))
    expect(page.locator("li")).to_have_text(["1 × Löparskor Dubb, 38, 1699 kr"])
    looked_at(chromium, page.url, "cart")
    page.locator("button").click()
    expect(page.locator("h1")).to_have_text("Tack, Moa!")
    page.goto(site)
    until(page, lambda: page.locator("li a", has_text=MOA).filter(has_text="Tack Moa").count() == 1)
    context.close()


def looked_at(chromium: Browser, address: str, name: str) -> None:
    """In both languages, wide and narrow, light and dark; nothing is cut."""
    for locale in LOCALES:
        for size, (width, height) in SIZES.items():
            scheme = "dark" if size == "phone" else "light"
            context = chromium.new_context(locale=locale, viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(address)
            assert not overflows(page), (name, locale, size)
            if SHOTS:
                page.screenshot(path=str(Path(SHOTS) / f"living-{name}-{locale}-{size}.png"))
            context.close()
