"""A person walks the console: in Swedish and English, on desktop, tablet and phone, in light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from browser.conftest import SHOTS, Console

Open = Callable[..., Page]
LOOKS = [("sv", "desktop", "light"), ("en", "desktop", "dark"), ("sv", "tablet", "dark"), ("en", "tablet", "light"), ("sv", "phone", "light")]
PLACES = {
    "today": "/",
    "promises": "/promises/",
    "waiting": "/promises/?state=waiting",
    "search": "/customers/?q=lind",
    "answers": "/answers/?period=28",
    "experience": "/experience/?period=",
    "health": "/health/",
}


def grave(page: Page) -> list[str]:
    """What axe finds serious or critical."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found if one["impact"] in ("serious", "critical") for node in one["nodes"]]


def overflows(page: Page) -> bool:
    """Whether the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def keep(page: Page, name: str) -> None:
    """A picture to look at, when somebody has asked for pictures."""
    if SHOTS:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
@pytest.mark.parametrize("name", PLACES)
def test_a_page_holds(console: Console, open_page: Open, name: str, language: str, size: str, scheme: str) -> None:
    page = open_page(language, size, scheme)
    page.goto(console.address + PLACES[name], wait_until="networkidle")
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("lang", language)
    keep(page, f"{name}-{language}-{size}-{scheme}")
    assert grave(page) == []
    assert not overflows(page)


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_from_today_to_a_promise_to_its_customer(console: Console, open_page: Open, language: str, size: str, scheme: str) -> None:
    page = open_page(language, size, scheme)
    page.goto(console.address)
    page.get_by_role("link", name={"sv": "Se löftet", "en": "See the promise"}[language]).first.click()
    page.wait_for_url("**/promises/*/")
    why = page.get_by_text({"sv": "Varför?", "en": "Why?"}[language]).first
    why.click()
    expect(page.get_by_text({"sv": "Det bygger på:", "en": "It rests on:"}[language]).first).to_be_visible()
    keep(page, f"promise-{language}-{size}-{scheme}")
    assert grave(page) == []
    assert not overflows(page)
    page.locator("a.main").first.click()
    page.wait_for_url("**/customers/*/")
    expect(page.get_by_role("heading", name={"sv": "Det här är vi skyldiga", "en": "What we owe"}[language])).to_be_visible()
    keep(page, f"customer-{language}-{size}-{scheme}")
    assert grave(page) == []
    assert not overflows(page)


def test_slash_searches_and_a_number_opens_its_customer(console: Console, open_page: Open) -> None:
    page = open_page("sv")
    page.goto(console.address)
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("10482")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Maja Lindqvist")


def test_enter_does_the_first_action_when_nothing_has_the_focus(console: Console, open_page: Open) -> None:
    page = open_page("sv")
    page.goto(console.address)
    first = page.locator("main .list a.button").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/*/")
    page.goto(f"{console.address}/customers/?q=maja")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Maja Lindqvist")
    page.locator("header .name").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{console.address}/")


def test_swedish_is_written_as_swedes_write(console: Console, open_page: Open) -> None:
    page = open_page("sv")
    page.goto(console.address)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\S+ kund(er)? väntar på oss\.$"))
    expect(page.get_by_text(re.compile(r"^Lördag 21 november, \d\d\.\d\d · "))).to_be_visible()
    expect(page.locator(".figure b").first).to_have_text(re.compile(r"^\d{2,3},\d\s%$"))


def test_the_language_is_switched_and_stays(console: Console, open_page: Open) -> None:
    page = open_page("sv", is_known=False)
    page.goto(f"{console.address}/sign-in/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome.")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert grave(page) == []


def test_filters_work_at_once_and_without_scripts(console: Console, open_page: Open) -> None:
    for scripts in (True, False):
        page = open_page("en", scripts=scripts)
        page.goto(f"{console.address}/promises/")
        page.get_by_label("State").select_option("broken")
        if not scripts:
            page.get_by_role("button", name="Show", exact=True).click()
        page.wait_for_url("**state=broken**")
        expect(page.locator("#people .tag").first).to_have_text("broken")


def test_a_number_under_a_figure_opens_its_people(console: Console, open_page: Open) -> None:
    page = open_page("en")
    page.goto(f"{console.address}/promises/")
    page.locator("#parts summary").click()
    cell = page.locator("#parts td a").first
    count = cell.inner_text()
    cell.click()
    expect(page.locator("#people h2")).to_have_text(re.compile(rf"^{count} promises?: came due$"))


def test_pictures_come_light_and_dark_and_leave_no_jump(console: Console, open_page: Open) -> None:
    for scheme in ("light", "dark"):
        page = open_page("sv", scheme=scheme)
        page.goto(f"{console.address}/promises/", wait_until="networkidle")
        pictures = page.evaluate("[...document.querySelectorAll('figure img')].map(i => [i.currentSrc, i.naturalHeight, i.height])")
        assert len(pictures) == 3
        assert all(("theme=dark" in address) is (scheme == "dark") and natural == height for address, natural, height in pictures), pictures


def test_targets_are_large_enough_for_a_finger(console: Console, open_page: Open) -> None:
    page = open_page("sv", "tablet")
    for address in PLACES.values():
        page.goto(console.address + address)
        small = page.evaluate(
            "[...document.querySelectorAll('button, a.button, nav a, summary, select, input:not([type=hidden])')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 120))"
        )
        assert small == []


def test_the_first_person_makes_an_account_and_finds_an_empty_shop(empty_console: Console, open_page: Open) -> None:
    page = open_page("sv", is_known=False)
    page.goto(empty_console.link("first_link"))
    assert grave(page) == []
    page.get_by_label("Ditt namn").fill("Astrid")
    page.get_by_label("E-post").fill("astrid@example.com")
    page.get_by_label("Lösenord").fill("hav strand tak lampa")
    page.get_by_role("button", name="Börja").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ingenting har kommit in än.")
    expect(page.get_by_text(re.compile("^omtanke import csv .*--data "))).to_be_visible()
    assert grave(page) == []
    for address in PLACES.values():
        assert page.goto(empty_console.address + address).status == 200  # type: ignore[union-attr]
    page.get_by_role("button", name="Logga ut").click()
    page.get_by_label("E-post").fill("astrid@example.com")
    page.get_by_label("Lösenord").fill("hav strand tak lampa")
    page.get_by_role("button", name="Logga in").click()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
