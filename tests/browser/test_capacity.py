"""Capacity is said in the console: the day on the shop's page moves, and who was promised an earlier one hears of it. With all processes and a mail server."""

from __future__ import annotations

import http.client
import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import LOCALES, SHOTS, SIZES, Console, environment
from browser.test_console import LOOKS, grave, keep, overflows
from browser.test_quote_element import LANES, ShopPage
from fakes.mailbox import Mailbox, mail_server
from fakes.town import at
from fakes.web import free_port
from omtanke.folder import Folder
from omtanke.folder_clock import set_clock
from omtanke.playbook import shipped
from omtanke.processes.demo import SETTINGS
from omtanke.runtime.door_keys import make_read_key, make_write_key
from omtanke.vocabulary.time import moment_of

MONDAY = at("2026-11-23 09:00")
LAST_DAY = "document.querySelector('omtanke-quote').quote.last_day"
WITHIN_SECONDS = 20.0


class House:
    """Omtanke at work over a folder, and the shop's page: a Monday at nine."""

    def __init__(self, data: Path, mailbox: Mailbox, mail_port: int) -> None:
        self.data, self.mailbox = data, mailbox
        self.port, self.door_port = free_port(), free_port()
        plays = data / "playbook" / "plays"
        plays.mkdir(parents=True)
        (plays / "delayed.toml").write_text(shipped()["delayed"], encoding="utf-8")
        (data / "omtanke.toml").write_text(SETTINGS.format(port=free_port(), mail_port=mail_port), encoding="utf-8")
        Folder(data).policy_text()
        policy = data / "policy" / "policy.toml"
        policy.write_text(policy.read_text(encoding="utf-8") + LANES, encoding="utf-8")
        set_clock(data / "clock.json", moment_of(MONDAY), 1)
        self.key = make_write_key(data / "keys", "shop", "live").key
        self.read_key = make_read_key(data / "keys", "tests")[1]
        self.console, self.door = Console(f"http://127.0.0.1:{self.port}", data), f"http://127.0.0.1:{self.door_port}"

    def serve(self) -> subprocess.Popen[str]:
        where = ["--data", str(self.data), "--port", str(self.port), "--door-port", str(self.door_port), "--log-level", "error"]
        serving = subprocess.Popen(
            [sys.executable, "-m", "omtanke.cli", "serve", *where], stdout=subprocess.PIPE, text=True, env=environment(), start_new_session=True
        )
        assert serving.stdout is not None
        while not (line := serving.stdout.readline()).startswith("Ctrl-C"):
            assert line, "omtanke serve has ended"
        return serving

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, key: str = "") -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.door_port, timeout=20)
        headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        assert answer.status in (200, 404), said
        return json.loads(said)

    def promise(self, order: str) -> Any:
        """The promise of an order, once it is there."""
        return eventually(lambda: next(iter(self.call("GET", f"/api/promises?order_id={order}", key=self.read_key).get("promises", ())), None))


def eventually(found: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not (one := found()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return one


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with mail_server() as (mailbox, port):
        made = House(tmp_path_factory.mktemp("house") / "data", mailbox, port)
        serving = made.serve()
        try:
            yield made
        finally:
            serving.terminate()
            try:
                serving.wait(20)
            finally:
                if serving.poll() is None:
                    os.killpg(serving.pid, signal.SIGKILL)
                assert serving.stdout is not None
                serving.stdout.close()


@pytest.fixture(scope="module")
def shop(house: House) -> Iterator[str]:
    """The address of the product page."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(ShopPage, house.door, house.key))
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


def visit(browser: Browser, shop: str) -> Page:
    """The shop's page in a browser of its own, with the day that it shows."""
    page = browser.new_context().new_page()
    page.clock.install(time=MONDAY)
    page.goto(shop)
    expect(page.locator("omtanke-quote")).to_contain_text("Hos dig ")
    return page


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n").replace("\xa0", " ")


def test_capacity_moves_the_day_on_the_shops_page_and_who_is_at_risk_is_told_why(chromium: Browser, house: House, shop: str) -> None:
    traits = {"name": "Maja Ek", "email": "maja@example.com", "locale": "sv-SE"}
    house.call("POST", "/v1/identify", {"userId": "e1", "messageId": "maja", "traits": traits, "writeKey": house.key})
    eventually(lambda: house.call("POST", "/api/quotes", {"destination": {"country": "SE"}}, house.key)["id"])
    page = visit(chromium, shop)
    words, before = page.locator("omtanke-quote").inner_text(), page.evaluate(LAST_DAY)
    page.get_by_role("button").click()
    expect(page).to_have_title("Bought")
    promise = house.promise("e1")
    assert promise["first"]["words"] == words

    console = chromium.new_context(locale="en-GB").new_page()
    console.goto(house.console.link("demo_link"))
    console.goto(f"{house.console.address}/promises/")
    console.get_by_role("link", name="Capacity: what we manage in the weeks to come").click()
    said = {"Which warehouse": "lager-boras", "Its pace": "20", "From": "2026-11-23", "To and with": "2026-12-04"}
    for label, value in said.items():
        console.get_by_label(label).fill(value)
    console.get_by_label("Why?").select_option(label="Temporary staff")
    console.get_by_role("button", name="Say it").click()
    expect(console.get_by_role("heading", level=1)).to_have_text("Not everything goes as always today.")
    expect(console.locator("#risks")).to_contain_text("Maja Ek")

    def has_moved() -> bool:
        page.reload()
        expect(page.locator("omtanke-quote")).to_contain_text("Hos dig ")
        return bool(page.evaluate(LAST_DAY) > before)

    eventually(has_moved)
    assert house.mailbox.mails == [], "nobody is told before somebody says so"
    keep(console, "capacity-risk")
    console.get_by_role("button", name="Tell 1 customer now").click()
    expect(console.get_by_text("None of our open promises is at risk by what is told.")).to_be_visible()
    (mail,) = eventually(lambda: house.mailbox.mails)
    new = house.promise("e1")
    assert (new["id"], new["current"]["until"] > promise["first"]["until"]) == (promise["id"], True)
    assert (mail["To"], text_of(mail).startswith("Hej Maja, det blir senare än vi lovade.")) == ("maja@example.com", True)

    console.goto(f"{house.console.address}/customers/?q=maja")
    console.get_by_role("link", name="Maja Ek").first.click()
    expect(console.locator("main")).to_contain_text("temporary staff")
    if SHOTS:
        console.screenshot(path=f"{SHOTS}/capacity-why.png", full_page=True)

    later = visit(chromium, shop)
    shown = later.locator("omtanke-quote").inner_text()
    assert shown != words


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_page_looks_well(chromium: Browser, house: House, language: str, size: str, scheme: str) -> None:
    """After the story: something holds, and has been told."""
    width, height = SIZES[size]
    dark = "dark" if scheme == "dark" else "light"
    context = chromium.new_context(viewport={"width": width, "height": height}, locale=LOCALES[language], color_scheme=dark)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(house.console.link("demo_link"))
    page.goto(f"{house.console.address}/capacity/")
    keep(page, f"capacity-{language}-{size}-{scheme}")
    assert (overflows(page), grave(page)) == (False, [])
    context.close()
