"""A developer adds a receiver and sees it answer; a colleague chooses a letter and gets it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Console, environment
from browser.test_console import LOOKS, grave, keep, overflows
from fakes.mailbox import mail_server
from fakes.receiver import hook_server

Open = Callable[..., Page]
PLACES = {"receivers": "/receivers/", "new-receiver": "/receivers/new/", "deliveries": "/deliveries/", "letters": "/letters/"}


@contextmanager
def dispatch(console: Console) -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "dispatch", "--data", str(console.data)], env=environment()) as process:
        try:
            yield
        finally:
            process.terminate()


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
@pytest.mark.parametrize("name", PLACES)
def test_a_page_holds(console: Console, open_page: Open, name: str, language: str, size: str, scheme: str) -> None:
    page = open_page(language, size, scheme)
    page.goto(console.address + PLACES[name], wait_until="networkidle")
    expect(page.locator("h1")).to_have_count(1)
    keep(page, f"{name}-{language}-{size}-{scheme}")
    assert grave(page) == []
    assert not overflows(page)


def test_receiver_is_added_and_answers(console: Console, open_page: Open) -> None:
    with hook_server() as server:
        (console.data / "omtanke.toml").write_text(f'webhook_allow = ["{server.place}"]\n', encoding="utf-8")
        page = open_page("sv")
        page.goto(console.address + "/health/")
        page.get_by_role("link", name="Mottagare").click()
        page.get_by_role("link", name="Lägg till en mottagare").click()
        page.get_by_label("Vad är det?").fill("Lagret")
        page.get_by_label("Adress").fill(server.url)
        page.get_by_role("checkbox", name="promise.broken").check()
        page.get_by_role("button", name="Lägg till").click()
        expect(page.get_by_label("Hemligheten som visar att det är vi")).to_have_value(re.compile(r"whsec_.{44}"))
        keep(page, "receiver-added")
        assert grave(page) == []
        with dispatch(console):
            page.get_by_role("button", name="Skicka ett prov").click()
            page.wait_for_url("**/deliveries/*/")
            wait_for_text(page, "204")
        expect(page.locator(".tag")).to_have_text("framme")
        keep(page, "delivery")
        assert grave(page) == []
        assert server.heard[0].payload["type"] == "ping"


def test_letter_is_chosen_and_comes(console: Console, open_page: Open) -> None:
    with mail_server() as (mailbox, port):
        settings = f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "omtanke@butiken.example"\n'
        (console.data / "omtanke.toml").write_text(settings, encoding="utf-8")
        page = open_page("sv")
        page.goto(console.address)
        page.get_by_role("link", name="Mina brev").click()
        page.get_by_role("group", name="Morgonbrevet kommer").get_by_label("med e-post").check()
        page.get_by_role("button", name="Spara").click()
        expect(page.locator("h1")).to_have_text("Ett brev kommer till dig varje morgon kl. 07.00.")
        page.get_by_role("button", name="Skicka mig ett nu").click()
        expect(page.locator(".saved")).to_have_text("Ett brev är på väg till dig.")
        keep(page, "letters-chosen")
        with dispatch(console):
            page.goto(console.address + "/deliveries/?state=delivered")
            wait_for_text(page, "Morgonbrev")
        plain, html = (part.get_content() for part in mailbox.mails[0].iter_parts())  # type: ignore[attr-defined]
        assert "Vem som behöver en människa nu".upper() in plain
        letter = open_page("sv", "phone", is_known=False)
        letter.set_content(html)
        keep(letter, "letter")
        assert grave(letter) == []
        assert not overflows(letter)


def wait_for_text(page: Page, text: str) -> None:
    """Look again until it stands there."""
    for _ in range(60):
        if page.locator("table").get_by_text(text, exact=True).count():
            return
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError(f"{text} did not come")
