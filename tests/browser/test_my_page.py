"""What customers open from a message, in Chromium: in both languages, large and small, light and dark; and what they choose stays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import LOCALES, SHOTS, SIZES, Console, serve_at_work
from browser.test_console import grave, overflows
from fakes.evening import LIV, MAJA, Evening, an_evening
from omtanke.folder_clock import set_clock
from omtanke.runtime.customer_links import MY_PAGE, RESUME, UNSUBSCRIBE

LOOKS = (("phone", "light"), ("desktop", "dark"))
READERS = ((MAJA, "sv", "Du får inget mer av det här från oss."), (LIV, "en", "You get no more of this from us."))


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    """The shop; from Tuesday at 9 its clock runs."""
    shop = an_evening(tmp_path_factory.mktemp("evening"))
    set_clock(shop.folder.clock_path, shop.now, 1)
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def console(evening: Evening, chromium: Browser) -> Iterator[Console]:
    yield from serve_at_work(evening.folder.path)


def holds(page: Page, name: str) -> list[object]:
    """What is wrong with a page in any look: serious findings, width, headings."""
    found: list[object] = []
    for size, scheme in LOOKS:
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{name}-{size}-{scheme}.png"), full_page=True)
        found += [*grave(page), *["overflows"] * overflows(page), *["headings"] * (page.locator("h1").count() != 1)]
    return found


@pytest.mark.parametrize(("user", "language", "stopped"), READERS, ids=("sv", "en"))
def test_what_is_chosen_stays(chromium: Browser, console: Console, evening: Evening, user: str, language: str, stopped: str) -> None:
    context = chromium.new_context(locale=LOCALES[language])
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(console.address + evening.link(MY_PAGE, user))
    expect(page.locator("html")).to_have_attribute("lang", language)
    found = {"my page": holds(page, f"my-page-{language}")}
    page.locator("[name=frequency][value=weekly]").check()
    page.locator("[name=quiet_from]").select_option("20.00")
    page.locator("[name=pause][value=month]").check()
    page.locator(".choosing .button").click()
    expect(page.locator("[role=status]")).to_be_visible()
    page.goto(console.address + evening.link(MY_PAGE, user))
    expect(page.locator("[name=frequency][value=weekly]")).to_be_checked()
    expect(page.locator("[name=quiet_from]")).to_have_value("20.00")
    expect(page.locator("[name=pause][value=keep]")).to_be_checked()
    page.goto(console.address + evening.link(UNSUBSCRIBE, user, about=4711))
    found["stop"] = holds(page, f"stop-{language}")
    page.locator("[value=stop]").click()
    expect(page.locator("h1")).to_have_text(stopped)
    found["stopped"] = holds(page, f"stopped-{language}")
    page.goto(console.address + evening.link(MY_PAGE, user))
    page.locator("summary").last.click()
    found["chosen"] = holds(page, f"my-page-chosen-{language}")
    page.goto(console.address + evening.link(RESUME, user, about=evening.cart()))
    found["cart"] = holds(page, f"cart-{language}")
    assert [(name, wrong) for name, wrong in found.items() if wrong] == []
    assert [url for url in asked if not url.startswith(console.address)] == context.cookies() == []
    context.close()
