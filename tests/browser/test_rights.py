"""Somebody asks about their data, and has an answer: from the request to the copy, the correction and the end, in a real browser."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Console, environment, serve
from browser.test_acting import keep
from browser.test_console import LOOKS, grave, overflows
from fakes.living import Living, a_saturday
from omtanke.folder_clock import set_clock

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    shop = a_saturday(tmp_path_factory.mktemp("rights"))
    set_clock(shop.folder.clock_path, shop.now, 1)
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def console(living: Living, chromium: Browser) -> Iterator[Console]:
    command = [sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(living.folder.path)]
    with subprocess.Popen(command, env=environment()) as worker:
        yield from serve(living.folder.path)
        worker.terminate()


def test_request_is_taken_down_answered_and_the_copy_handed_over(console: Console, open_page: Open, tmp_path: Path) -> None:
    page = open_page("sv")
    page.goto(console.address + "/customers/?q=Maja")
    page.get_by_role("link", name="Maja Lindqvist").click()
    page.get_by_role("link", name="Frågor om deras uppgifter").click()
    page.get_by_role("link", name="Skriv upp en fråga").click()
    page.get_by_label("Att få en kopia av det vi vet").check()
    page.get_by_label("Med egna ord").fill("Skicka allt ni har om mig.")
    page.get_by_role("button", name="Skriv upp det").click()
    expect(page.locator("#told")).to_have_text("Sparat.")

    page.get_by_role("link", name="Rätta det som är fel").click()
    page.get_by_label("Namn").fill("Maja Lind")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("h1")).to_have_text("Uppgifterna om Maja Lind")

    page.get_by_role("button", name="Gör en kopia").click()
    copy = page.locator("#copies li a")
    for _ in range(30):
        if copy.count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    with page.expect_download() as downloading:
        copy.first.click()
    downloading.value.save_as(tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        data, readable = json.loads(archive.read("data.json")), archive.read("readable.html").decode()
    assert (data["customers"][0]["name"], "Skicka allt ni har om mig." in readable, "Aisha" in readable) == ("Maja Lind", True, False)

    page.goto(console.address)
    page.get_by_role("link", name="Frågor om uppgifter").click()
    expect(page.locator("h1")).to_have_text("En person väntar på svar om sina uppgifter.")
    page.get_by_role("link", name=re.compile("Besvara frågan")).click()
    page.get_by_label("Gjort", exact=True).check()
    page.get_by_label("Vad vi svarade").fill("Här är allt, i två filer.")
    page.get_by_role("button", name="Spara").click()
    expect(page.locator("h1")).to_have_text("Ingen väntar på svar om sina uppgifter.")
    expect(page.locator("section", has_text="Besvarade").locator(".tag.kept").last).to_have_text("gjort")


@pytest.mark.parametrize(("language", "size", "scheme"), [*LOOKS, ("en", "phone", "dark")])
def test_pages_about_data_hold(console: Console, open_page: Open, language: str, size: str, scheme: str) -> None:
    page = open_page(language, size, scheme)
    found = []
    for n, address in enumerate(("/rights/", "/rights/customers/2/", "/rights/request/2/", "/rights/correct/2/", "/rights/restrict/2/", "/customers/2/")):
        page.goto(console.address + address)
        expect(page.locator("h1")).to_have_count(1)
        keep(page, f"rights-{n}-{language}-{size}-{scheme}")
        found += [grave(page), overflows(page)]
    assert found == [[], False] * 6


def test_somebody_is_forgotten_and_the_page_becomes_the_receipt(console: Console, open_page: Open) -> None:
    page = open_page("sv")
    page.goto(console.address + "/customers/?q=Aisha")
    page.get_by_role("link", name=re.compile("Aisha")).first.click()
    name = page.locator("h1").inner_text()
    page.get_by_role("link", name="Glöm den här kunden").click()
    expect(page.locator("h1")).to_have_text(f"Glömma {name}?")
    keep(page, "erasing-ask")
    assert (grave(page), overflows(page)) == ([], False)
    page.get_by_label(re.compile("Det är rätt person")).check()
    page.get_by_role("button", name="Radera allt personligt").click()
    expect(page.locator("h1")).to_have_text(re.compile(r"Kund nr \d+ är raderad\."), timeout=15_000)
    expect(page.locator("#main p").first).to_have_text(re.compile("^Klart "), timeout=30_000)
    keep(page, "erasing-done")
    assert (grave(page), overflows(page)) == ([], False)
    address = page.url
    for language, size, scheme in (("en", "tablet", "light"), ("en", "phone", "dark")):
        page = open_page(language, size, scheme)
        page.goto(address)
        expect(page.locator("h1")).to_have_text(re.compile("is erased"))
        keep(page, f"erasing-done-{language}-{size}-{scheme}")
        assert (grave(page), overflows(page)) == ([], False)
    page.goto(console.address + "/customers/?q=Aisha")
    expect(page.locator("#main")).not_to_contain_text("Aisha Warsame")
