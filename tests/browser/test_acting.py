"""Somebody acts in the console of a shop that is live: its worker and its pages run as processes of their own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import SHOTS, Console, environment, free_port, serve_at_work, wait_until_ready
from browser.test_console import LOOKS, grave, overflows
from fakes.living import MAJA, Living, a_saturday
from omtanke.folder_clock import read_clock, set_clock

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    """The shop, told up to a Saturday at 16.30; from then on its clock runs."""
    shop = a_saturday(tmp_path_factory.mktemp("living"))
    set_clock(shop.folder.clock_path, shop.now, 1)
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def console(living: Living, chromium: Browser) -> Iterator[Console]:
    yield from serve_at_work(living.folder.path)


def keep(page: Page, name: str) -> None:
    """A picture to look at, when somebody has asked for pictures; a page that renews itself is never idle."""
    if SHOTS:
        page.wait_for_timeout(300)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def first_action(page: Page) -> str:
    return page.locator(".row.acting").first.locator(".button").first.inner_text()


@pytest.mark.parametrize(("language", "size", "scheme"), [*LOOKS, ("en", "phone", "dark"), ("sv", "desktop", "dark")])
def test_pages_on_which_one_acts_hold(console: Console, open_page: Open, language: str, size: str, scheme: str) -> None:
    page = open_page(language, size, scheme)
    page.goto(console.address)
    expect(page.locator("h1")).to_have_count(1)
    keep(page, f"acting-today-{language}-{size}-{scheme}")
    found = [grave(page), overflows(page)]
    page.locator(".row.acting").first.locator("a.button").first.click()
    expect(page.locator("form.act textarea")).to_be_visible()
    page.locator(".row.acting summary").nth(1).click()
    keep(page, f"acting-form-{language}-{size}-{scheme}")
    found += [grave(page), overflows(page)]
    page.keyboard.press("Escape")
    page.locator(".row.acting a.main").first.click()
    page.wait_for_url("**/customers/*/")
    keep(page, f"acting-customer-{language}-{size}-{scheme}")
    found += [grave(page), overflows(page)]
    page.goto(console.address + "/promises/?period=7")
    keep(page, f"acting-promises-{language}-{size}-{scheme}")
    assert [*found, grave(page), overflows(page)] == [[], False] * 4


@pytest.mark.parametrize("deed", ["new-date", "told", "close", "take"])
def test_the_page_of_a_deed_holds(console: Console, open_page: Open, deed: str) -> None:
    page = open_page("sv", "phone")
    page.goto(console.address)
    address = page.locator("#first-act").get_attribute("href") or ""
    page.goto(console.address + address.replace("new-date", deed))
    keep(page, f"acting-alone-{deed}")
    assert [grave(page), overflows(page)] == [[], False]


def test_targets_of_forms_are_large_enough_for_a_finger(console: Console, open_page: Open) -> None:
    page = open_page("sv", "tablet")
    page.goto(console.address)
    page.locator("#first-act").click()
    expect(page.locator("form.act textarea")).to_be_visible()
    page.locator(".row.acting summary").first.click()
    small = page.evaluate(
        "[...document.querySelectorAll('button, a.button, summary, select, label.choice, form.act a, textarea')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 120))"
    )
    assert small == []


def test_what_happens_shows_without_a_reload_and_disturbs_nobody(console: Console, living: Living, open_page: Open) -> None:
    page = open_page("sv")
    page.goto(console.address)
    page.locator(".row.acting", has_text="Maja").locator("a.main").click()
    page.wait_for_url("**/customers/*/")
    page.evaluate("window.untouched = true")
    page.locator("details.why").first.locator("summary").click()
    page.get_by_role("link", name=re.compile("Skriv en anteckning")).click()
    page.locator("form.act textarea").fill("Halvskrivet")
    living.now = read_clock(living.folder.clock_path)()
    living.hear(MAJA, "Product Viewed", product_id="t9", name="Regnjacka Fjäll")
    expect(page.locator("ol.timeline li").first).to_contain_text("Regnjacka Fjäll", timeout=4_000)
    expect(page.locator("#told")).to_contain_text("Regnjacka Fjäll")
    expect(page.locator("form.act textarea")).to_have_value("Halvskrivet")
    expect(page.locator("form.act textarea")).to_be_focused()
    expect(page.locator("details.why[open]")).to_have_count(1)
    assert page.evaluate("window.untouched") is True


def test_two_see_the_same(console: Console, open_page: Open) -> None:
    one, other = open_page("sv"), open_page("en", "tablet")
    for page in (one, other):
        page.goto(console.address)
    row = one.locator(".row.acting", has_text="Aisha")
    row.locator("summary").click()
    row.get_by_role("button", name=re.compile("Jag tar det")).click()
    expect(one.locator("#told")).to_have_text("Sparat.")
    expect(row).to_contain_text(re.compile("Din, logistik · tagen"))
    expect(other.locator(".row.acting", has_text="Aisha")).to_contain_text("Yours, logistics · taken", timeout=4_000)


def test_when_the_pages_cannot_be_reached_it_says_that_nothing_was_saved(console: Console, chromium: Browser, signed_in: dict[str, object]) -> None:
    context = chromium.new_context(locale="sv-SE", storage_state=signed_in)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(console.address)
    page.locator(".row.acting", has_text="Aisha").locator("a.button").first.click()
    page.locator("form.act textarea").fill("Egna ord.")
    key = page.locator("form.act [name=key]").input_value()
    page.route("**/act/**", lambda route: route.abort())
    page.get_by_role("button", name="Lova det här").click()
    expect(page.locator("form.act [role=alert]")).to_contain_text("Det sparades inte")
    expect(page.locator("form.act textarea")).to_have_value("Egna ord.")
    assert page.locator("form.act [name=key]").input_value() == key
    context.close()


def test_a_new_date_is_given_by_hand_and_its_words_follow(console: Console, open_page: Open) -> None:
    page = open_page("en")
    page.goto(console.address)
    row = page.locator(".row.acting", has_text="Aisha")
    row.locator("a.button").first.click()
    page.get_by_label("Another time").check()
    page.get_by_label("Day", exact=True).fill("2026-11-26")
    page.get_by_label("From", exact=True).fill("08:00")
    page.get_by_label("Until", exact=True).fill("12:00")
    expect(page.get_by_label("Words for the customer")).to_have_value(re.compile("Din leverans kommer torsdag 26 november kl. 8–12"))
    expect(page.locator(".preview")).to_contain_text("Thursday 08:00–12:00")
    page.get_by_role("button", name="Promise this").click()
    expect(page.locator("#told")).to_have_text("Saved.")
    expect(page.locator(".row.acting", has_text="Aisha")).to_have_count(0)


def test_tab_and_enter_do_what_helps_first(console: Console, living: Living, open_page: Open) -> None:
    page = open_page("sv")
    page.goto(console.address)
    expect(page.locator(".row.acting").first).to_contain_text("Maja Lindqvist")
    expect(page.locator(".row.acting").first).to_contain_text("Hos dig torsdag")
    assert first_action(page).startswith("Ge en ny dag")
    for key in ("Tab", "Enter", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("form.act input:checked")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_have_text("Sparat.")
    expect(page.locator(".row.acting", has_text="Maja")).to_have_count(0)
    expect(page.locator(":focus")).to_have_class(re.compile("button"))
    page.goto(console.address + "/customers/?q=maja")
    page.wait_for_url("**/customers/**")
    expect(page.get_by_text("Maja Lindqvist").first).to_be_visible()


def test_whatever_is_killed_an_act_is_there_once_or_said_not_to_be_saved(tmp_path: Path, chromium: Browser) -> None:
    shop, port = a_saturday(tmp_path), free_port()
    set_clock(shop.folder.clock_path, shop.now, 1)
    console = Console(f"http://127.0.0.1:{port}", tmp_path)
    with ExitStack() as running:

        def start(what: str, *arguments: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "omtanke.cli", "run", what, "--data", str(tmp_path), *arguments]
            process = running.enter_context(subprocess.Popen(command, env=environment()))
            running.callback(process.kill)
            return process

        def pages() -> subprocess.Popen[bytes]:
            process = start("web", "--port", str(port))
            wait_until_ready(f"{console.address}/healthz", process)
            return process

        worker, web = start("worker"), pages()
        page = chromium.new_context(locale="sv-SE").new_page()
        page.goto(console.link("demo_link"))
        row = page.locator(".row.acting", has_text="Maja")
        row.locator("summary").click()
        row.get_by_role("link", name=re.compile("Kunden vet")).click()
        worker.kill()
        page.get_by_role("button", name="Spara").click()
        expect(page.locator("#told")).to_have_text("Sparat. Det syns om ett ögonblick.")
        start("worker")
        expect(row).to_contain_text("fick veta", timeout=15_000)
        row.locator("a.button").first.click()
        page.locator("form.act textarea").fill("Hon hämtar själv.")
        web.kill()
        page.get_by_role("button", name="Avsluta").click()
        expect(page.locator("form.act [role=alert]")).to_contain_text("Det sparades inte")
        pages()
        page.get_by_role("button", name="Avsluta").click()
        expect(page.locator("#told")).to_have_text(re.compile(r"^Sparat\."))  # and perhaps that it is shown in a moment
        expect(row).to_have_count(0, timeout=15_000)
        page.context.close()
    assert [len(shop.facts(one)) for one in ("customer_told", "task_closed", "task_done")] == [1, 1, 1]
    shop.close()


def test_without_scripts_the_same_is_done_page_by_page(console: Console, living: Living, open_page: Open) -> None:
    page = open_page("en", scripts=False)
    page.goto(console.address)
    row = page.locator(".row.acting", has_text="Liv Grey")
    row.locator("a.button").first.click()
    page.get_by_label("How?").select_option("phone")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#told")).to_have_text("Saved.")
    row.locator("a.button").first.click()
    page.get_by_role("button", name="Close it").click()
    expect(page.locator(".row.acting", has_text="Liv Grey")).to_have_count(0)
    assert Path(living.folder.log_path).exists()
