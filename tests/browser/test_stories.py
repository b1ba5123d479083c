"""The remembered cart, from an evening on the laptop to a question on Friday; and those who hear nothing, or later, and why.

Two browsers, a till, a service case, a clock, a real mail server, the shop's own site, and `omtanke serve` with all its processes.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from browser.conftest import ARGUMENTS, SHOTS, SIZES, Console
from browser.test_console import overflows
from conftest import missing
from fakes.town import PAGES, SHOES, SHOP, Town, a_town

WITHIN_SECONDS = 20.0
MAJA, NILS, AISHA, ERIK, LIV, SARA = "maja", "nils", "aisha", "erik", "liv", "sara"
OTHERS = (NILS, AISHA, ERIK, LIV, SARA)
LINK = re.compile(r"https://\S+")
# Says at once what the brought play leaves until the morning.
AT_ONCE = """class = "promotional"
key = "cart"
[entry]
fact = "cart_left"
when = "fact.pieces > 1"
[[exit]]
fact = "order_completed"
same = "person"
[[step]]
say = "remembered_cart"
channels = ["mail"]
"""
# Why nothing came, or came later: in the words of `omtanke why`.
WHY = {
    AISHA: r"play left: something has happened that ends the play \[exit\]; .* by receipt_issued",
    ERIK: r"play left: something has happened that ends the play \[exit\]; .* by case_opened",
    LIV: r"message deferred \(until 2026-12-01 22:30\): the customer has asked for fewer \[own_limit\]",
    SARA: r"message suppressed: it needs a yes of the customer's, and none has been given \[not_given\]",
    NILS: r"2026-11-24 23:30 .* message deferred \(until 2026-11-25 08:00\): it is night where the customer is",
}
MAILS = ("remembered_cart", "order_sent", "delivered", "survey_delivery")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(tmp_path_factory.mktemp("town") / "data") as here:
        yield here


@pytest.fixture(scope="module")
def browser(town: Town) -> Iterator[Browser]:
    """Chromium that finds both names here."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        missing("Chromium is not installed")
    rules = ", ".join(f"MAP {name}:443 127.0.0.1:{town.https}" for name in (SHOP, PAGES))
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, f"--host-resolver-rules={rules}"])
        yield found
        found.close()


def device(browser: Browser, size: str) -> BrowserContext:
    width, height = SIZES[size]
    return browser.new_context(viewport={"width": width, "height": height}, locale="sv-SE", ignore_https_errors=True)


def eventually(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def has_told(page: Page, times: int) -> None:
    expect(page.locator("body")).to_have_attribute("data-told", str(times), timeout=WITHIN_SECONDS * 1000)


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n").replace("\xa0", " ")


def link_to(mail: EmailMessage, purpose: str) -> str:
    return next(one for one in LINK.findall(text_of(mail)) if one.startswith(f"https://{PAGES}/{purpose}/"))


def whys(town: Town, user: str, play: str) -> str:
    return town.command("why", f"{user}@example.com", "--play", play)


def test_the_remembered_cart_and_those_who_hear_nothing_or_later(browser: Browser, town: Town) -> None:
    token = town.command("hook", "add", "till").strip().rpartition("/")[2]
    for name in MAILS:
        town.play(name)
    town.play("remembered_cart", town.text_of_play("remembered_cart").replace("fact.pieces > 0", "fact.pieces == 1"))
    town.play("at_once", AT_ONCE)
    laptop, phone = device(browser, "desktop").new_page(), device(browser, "phone").new_page()
    the_week_before(town, laptop, phone)
    late_on_tuesday(town, laptop)
    on_wednesday_at_seven(town, token)
    on_wednesday_at_eight(town, browser, phone)
    in_the_evening_and_on_friday(town, phone)
    mails_look_well([*town.mails_to(MAJA), *town.mails_to(NILS)], browser)


def the_week_before(town: Town, laptop: Page, phone: Page) -> None:
    """Maja signs in on her laptop and out again, and on her phone. The others are known to the shop."""
    town.go_on("2026-11-16 10:00")
    laptop.goto(f"https://{SHOP}/")
    laptop.evaluate("signIn('maja', {name: 'Maja Ek', email: 'maja@example.com', locale: 'sv-SE', country: 'SE'})")
    has_told(laptop, 1)
    laptop.evaluate("tell('Consent Given', {purpose: 'marketing', for_channel: 'mail', words: 'Ja, skriv gärna'})")
    has_told(laptop, 2)
    laptop.evaluate("signOut()")
    phone.goto(f"https://{SHOP}/")
    phone.evaluate("signIn('maja', {})")
    has_told(phone, 1)
    for user in OTHERS:
        locale = "en-GB" if user == NILS else "sv-SE"
        town.tell(user, "identify", name=f"{user.capitalize()} Berg", email=f"{user}@example.com", locale=locale, country="SE")
        if user != SARA:
            town.tell(user, "Consent Given", purpose="marketing", for_channel="mail", words="Ja, skriv gärna")
    town.tell(LIV, "Preference Changed", preference="frequency", chosen="weekly")


def late_on_tuesday(town: Town, laptop: Page) -> None:
    """Shoes go into the cart on the laptop, where nobody is signed in, and the phone rings. So do the others'; Liv has had her letter of the week."""
    town.go_on("2026-11-24 22:30")
    laptop.goto(f"https://{SHOP}/")
    laptop.click("#add")
    has_told(laptop, 1)
    assert laptop.evaluate("localStorage.user") is None
    for user in OTHERS:
        for n in range(2 if user == NILS else 1):
            town.tell(user, "Product Added", cart_id=f"korg-{user}", **{**SHOES, "product_id": f"T{n}"})
    town.tell(LIV, "Message Sent", message_class="promotional", for_channel="mail")


def on_wednesday_at_seven(town: Town, token: str) -> None:
    """Aisha has bought at the till, Erik has written to service."""
    town.go_on("2026-11-25 07:00")
    assert town.mailbox.mails == [], "nobody is written to at night"
    receipt = {"receipt_id": "umea-1-17", "store_id": "umea", "at": "2026-11-25T07:00:01+01:00", "total": 1499, "lines": [{"sku": "T3", "quantity": 1}]}
    town.scan(token, {**receipt, "customer": {"email": "aisha@example.com"}})
    town.tell(ERIK, "Case Opened", case_id="a-7", topic="size")


def on_wednesday_at_eight(town: Town, browser: Browser, phone: Page) -> None:
    """One mail to Maja, with the date by which the shoes could be there; Nils's of the night; nothing to the others, and it can be told why.

    One click on the phone opens the same cart, on the shop's own page, with nothing to fill in.
    """
    town.go_on("2026-11-25 08:00")
    eventually(lambda: town.mails_to(MAJA) and town.mails_to(NILS))
    (cart,), (late,) = town.mails_to(MAJA), town.mails_to(NILS)
    assert text_of(cart).startswith("Hej Maja! Löparskor Trail 3 ligger kvar i din varukorg.")
    assert "Beställer du senast kl. 14 onsdag 25 november är det hos dig mellan torsdag 26 och fredag 27 november." in text_of(cart)
    assert "så hjälper vi dig att välja rätt" in text_of(cart)
    assert text_of(late).startswith("Hello Nils! This is still in your cart: Löparskor Trail 3")
    phone.goto(link_to(cart, "r"))
    expect(phone).to_have_url(f"https://{SHOP}/cart/korg-1")
    expect(phone.locator("li")).to_have_text("Löparskor Trail 3, blå, 42")
    assert phone.locator("input").count() == 0 and not overflows(phone)
    has_told(phone, 1)
    phone.click("#order")
    has_told(phone, 2)
    assert [mail["To"] for user in (AISHA, ERIK, LIV, SARA) for mail in town.mails_to(user)] == []
    said = {user: whys(town, user, "at_once" if user == NILS else "remembered_cart") for user in WHY}
    assert {user: words for user, words in said.items() if not re.search(WHY[user], words)} == {}
    the_console_says_why(browser, Console(f"http://127.0.0.1:{town.pages}", town.data))


def in_the_evening_and_on_friday(town: Town, phone: Page) -> None:
    """On its way, and until when; then it is there; two hours later one question, answered by one click."""
    town.go_on("2026-11-25 18:00")
    town.tell(MAJA, "Order Shipped", order_id="10482", shipment_id="SE123", carrier="PostNord")
    eventually(lambda: len(town.mails_to(MAJA)) == 2)
    assert "PostNord kör paketet, och det är hos dig senast fredag 27 november." in text_of(town.mails_to(MAJA)[1])
    town.go_on("2026-11-27 15:00")
    town.tell(MAJA, "Shipment Delivered", order_id="10482", shipment_id="SE123")
    eventually(lambda: len(town.mails_to(MAJA)) == 3)
    town.go_on("2026-11-27 17:01")
    eventually(lambda: len(town.mails_to(MAJA)) == 4)
    phone.goto(next(one for one in LINK.findall(text_of(town.mails_to(MAJA)[3])) if one.endswith("score=5")))
    expect(phone.locator("h1")).to_have_text("Tack!")
    eventually(lambda: town.count("survey_answered") == 1)
    assert (town.count("promise_kept"), len(town.mailbox.mails)) == (1, 5), "five mails to two people, and what was promised for Friday was kept"


def the_console_says_why(browser: Browser, console: Console) -> None:
    """At the line of the message that was withheld, one press away."""
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(console.link("demo_link"))
    page.goto(f"{console.address}/customers/?q=sara")
    page.locator("main a", has_text="Sara Berg").first.click()
    why = page.locator("details.why", has_text="it needs a yes").first
    why.locator("summary").click()
    expect(why.locator(".because")).to_contain_text("none has been given")
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / "story-why.png"), full_page=True)
    page.context.close()


def mails_look_well(mails: list[EmailMessage], browser: Browser) -> None:
    """Light and dark, wide and narrow: nothing is cut, and dark is dark."""
    for n, mail in enumerate(mails):
        part = mail.get_body(("html",))
        assert part is not None
        for size, scheme in (("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")):
            width, height = SIZES[size]
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light")
            page = context.new_page()
            page.set_content(str(part.get_content()))
            lightness = page.evaluate("Math.max(...getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number))")
            assert (mail["Subject"], size, overflows(page), lightness < 60) == (mail["Subject"], size, False, scheme == "dark")
            if SHOTS:
                page.screenshot(path=str(Path(SHOTS) / f"story-mail-{n}-{size}-{scheme}.png"), full_page=True)
            context.close()
