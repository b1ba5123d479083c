"""A lead moves along the curve of windows, and is told what to write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Console
from browser.test_console import grave, keep, overflows
from omtanke.learning.delivery.curves import Curves, Point
from omtanke.learning.delivery.curves import keep as keep_curves

Open = Callable[..., Page]
LEVEL = tuple(
    Point(percent / 100, percent / 100 - 0.01, percent / 5, percent / 100 - 0.02, percent / 100, "Norrland", percent / 100 - 0.1) for percent in range(50, 100)
)
COST = (Point(10.0, 0.6, 5.0), Point(100.0, 0.9, 16.0), Point(1000.0, 0.97, 30.0), Point(3000.0, 0.98, 45.0))
CURVES = Curves("2026-06-01", "2026-09-01", 1200, 1.0, 0.0, LEVEL, COST, Point(0.0, 0.86, 21.0, 0.84, 0.88), 1200)


@pytest.fixture(scope="module")
def tried(console: Console) -> Console:
    """The demo shop, in which windows have been tried out."""
    keep_curves(console.data, CURVES, "2026-11-20")
    return console


@pytest.mark.parametrize(("language", "size", "scheme"), [("sv", "desktop", "dark"), ("en", "tablet", "light"), ("sv", "phone", "light")])
def test_from_promises_along_the_curve_to_what_to_write(tried: Console, open_page: Open, language: str, size: str, scheme: str) -> None:
    page = open_page(language, size, scheme)
    page.goto(f"{tried.address}/promises/")
    page.get_by_role(
        "link", name={"sv": "Vad kortare eller längre fönster hade hållit", "en": "What shorter or longer windows would have held"}[language]
    ).click()
    page.wait_for_url("**/promises/windows/")
    expect(page.locator("h1")).to_have_count(1)
    page.locator("select[name=at]").select_option("0.95")
    page.wait_for_url("**at=0.95**")
    expect(page.locator("pre")).to_have_text("[quotes]\nlevel = 0.95")
    said = {"sv": "2,0 dagar kortare, 8 av 100 fler hållna", "en": "2.0 days shorter, 8 of 100 more kept"}[language]
    expect(page.locator("#choose")).to_contain_text(said)
    page.get_by_role("link", name={"sv": "Kortare", "en": "Shorter"}[language]).click()
    expect(page.locator("pre")).to_have_text("[quotes]\nlevel = 0.94")
    page.wait_for_load_state("networkidle")
    assert page.locator("#curve img").evaluate("image => image.complete && image.naturalWidth > 300")
    keep(page, f"windows-{language}-{size}-{scheme}")
    assert grave(page) == []
    assert not overflows(page)


def test_it_works_without_scripts(tried: Console, open_page: Open) -> None:
    page = open_page("en", scripts=False)
    page.goto(f"{tried.address}/promises/windows/?by=cost")
    page.locator("select[name=at]").select_option("80")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**at=80**")
    expect(page.locator("pre")).to_have_text("[quotes]\ncost_day = 1\ncost_broken = 80")
