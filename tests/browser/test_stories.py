"""The remembered cart, from an evening on the laptop to a question on Friday; and those who hear nothing, or later, and why.

Two browsers, a till, a service case, a clock, a real mail server, and `omtanke serve` with all its processes. Shop, warehouse and carriers are those of the
living shop, whose own customers go on around the story's: they buy, get their parcels, are asked and answer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import LOCALES, SHOTS, SIZES, Console
from browser.test_console import overflows
from fakes.town import Town, a_town

WITHIN_SECONDS = 20.0
MAJA, NILS, AISHA, ERIK, LIV, SARA = "maja", "nils", "aisha", "erik", "liv", "sara"
EVERYBODY = (MAJA, NILS, AISHA, ERIK, LIV, SARA)
HEARS_IN = {MAJA: "sv", NILS: "en"}
LINK = re.compile(r"http://\S+")
SHOES, SOCKS = "LOP-101", "LOP-106"
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
    LIV: r"message deferred \(until 2026-11-17 22:3\d\): the customer has asked for fewer \[own_limit\]",
    SARA: r"message suppressed: it needs a yes of the customer's, and none has been given \[not_given\]",
    NILS: r"2026-11-10 23:3\d .* message deferred \(until 2026-11-11 08:00\): it is night where the customer is",
}
MAILS = ("remembered_cart", "order_confirmed", "order_sent", "on_its_way", "delivered", "survey_delivery")
# How each of them begins, in the order in which they come.
SAID = {
    MAJA: (
        "Hej Maja! Löparskor Trail 3 ligger kvar i din varukorg.",
        "Hej Maja, tack! Nu packar vi det du har valt.\n\nDet är hos dig mellan torsdag 12 och fredag 13 november.",
        "Hej Maja, nu har vi skickat Löparskor Trail 3.\n\nBring kör paketet, och det är hos dig mellan torsdag 12 och fredag 13 november.",
        "Hej Maja, ditt paket är nästan framme.\n\nBring kommer senast fredag 13 november.",
        "Hej Maja, nu är Löparskor Trail 3 hos dig.",
        "Hej Maja! Vad tyckte du om leveransen?",
    ),
    NILS: (
        "Hello Nils! This is still in your cart: Löparskor Trail 3 and Löparstrumpor ull, 2 par.",
        "Hello Nils, and thank you. We are packing what you chose.\n\nIt will be with you between Thursday 12 and Friday 13 November.",
        "Hello Nils, we have sent Löparskor Trail 3 and Löparstrumpor ull, 2 par.\n\nBring has the parcel,",
        "Hello Nils, your parcel is nearly there.\n\nBring will be with you between Thursday 12 and Friday 13 November.",
        "Hello Nils, your parcel has arrived: Löparskor Trail 3 and Löparstrumpor ull, 2 par.",
        "Hello Nils! How did you like the delivery?\n\nIt is about Löparskor Trail 3 and Löparstrumpor ull, 2 par. One click is enough: 1 means poor,",
    ),
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(tmp_path_factory.mktemp("town") / "data") as here:
        yield here


def device(browser: Browser, size: str, user: str) -> Page:
    """A page of a browser of their own, in their language."""
    width, height = SIZES[size]
    locale = LOCALES[HEARS_IN.get(user, "sv")]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
    return context.new_page()


def eventually(is_so: Callable[[], object], found: Callable[[], object] = lambda: "") -> None:
    """`found`: what there is instead, when it never comes."""
    deadline = time.monotonic() + WITHIN_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, found()
        time.sleep(0.05)


def have_come(town: Town, user: str, times: int) -> None:
    """So many mails to them, and no more."""
    eventually(lambda: len(town.mails_to(user)) == times, lambda: [str(mail["Subject"]) for mail in town.mails_to(user)])


@contextmanager
def told(town: Town, type_: str) -> Iterator[None]:
    """What is done meanwhile is known to Omtanke when it ends: one more fact of this type."""
    before = town.count(type_)
    yield
    eventually(lambda: town.count(type_) > before)


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n").replace("\xa0", " ")


def link_to(town: Town, mail: EmailMessage, purpose: str) -> str:
    return next(one for one in LINK.findall(text_of(mail)) if one.startswith(f"{town.pages}/{purpose}/"))


def whys(town: Town, user: str, play: str) -> str:
    return town.command("why", f"{user}@example.com", "--play", play)


def test_the_remembered_cart_and_those_who_hear_nothing_or_later(chromium: Browser, town: Town) -> None:
    token = town.command("hook", "add", "till").strip().rpartition("/")[2]
    for name in MAILS:
        town.play(name)
    town.play("remembered_cart", town.text_of_play("remembered_cart").replace("fact.pieces > 0", "fact.pieces == 1"))
    town.play("at_once", AT_ONCE)
    laptops = {user: device(chromium, "desktop", user) for user in EVERYBODY}
    phones = {user: device(chromium, "phone", user) for user in HEARS_IN}
    numbers = on_tuesday_evening(town, laptops, phones)
    later_that_evening(town, laptops, numbers)
    on_wednesday_at_seven(town, token, numbers)
    on_wednesday_at_eight(town, chromium, phones)
    in_the_evening_and_on_friday(town, phones[MAJA])
    mails_look_well(town, chromium)


def on_tuesday_evening(town: Town, laptops: dict[str, Page], phones: dict[str, Page]) -> dict[str, str]:
    """They join on their laptops, all but Sara with a yes; Maja signs out again, and in on her phone. The shop's numbers for them."""
    town.go_on("2026-11-10 21:00")
    numbers = {user: joined(town, page, user) for user, page in laptops.items()}
    laptops[MAJA].click("text=Logga ut")
    expect(laptops[MAJA].locator("nav").first).not_to_contain_text("Maja")
    for user, page in phones.items():
        page.goto(f"{town.shop}/sign-in")
        page.locator("form").first.locator("[name=email]").fill(f"{user}@example.com")
        with told(town, "customer_identified"):
            page.locator("form").first.locator("button").click()
    return numbers


def joined(town: Town, page: Page, user: str) -> str:
    """A customer of the shop from now on, who lives in Göteborg."""
    page.goto(f"{town.shop}/sign-in")
    form = page.locator("form").last
    for name, value in (("first_name", user.capitalize()), ("last_name", "Ek" if user == MAJA else "Berg"), ("email", f"{user}@example.com")):
        form.locator(f"[name={name}]").fill(value)
    form.locator("[name=city]").select_option("Göteborg")
    if user != SARA:
        form.locator("[name=yes]").check()
    with told(town, "consent_given" if user != SARA else "customer_identified"):
        form.locator("button").click()
    found = re.search(r"kund-\d+", page.locator("nav").first.inner_text())
    assert found is not None
    return found[0]


def later_that_evening(town: Town, laptops: dict[str, Page], numbers: dict[str, str]) -> None:
    """Shoes go into the cart on the laptop, where nobody is signed in, and the phone rings. So do the others'; Liv has had her letter of the week."""
    town.go_on("2026-11-10 22:30")
    into_cart(town, laptops[MAJA], SHOES)
    expect(laptops[MAJA].locator("h1")).to_have_text("Maja, det här ligger i din varukorg")
    for user in (NILS, AISHA, ERIK, LIV, SARA):
        into_cart(town, laptops[user], SHOES)
    into_cart(town, laptops[NILS], SOCKS)
    town.tell(numbers[LIV], "Preference Changed", preference="frequency", chosen="weekly")
    with told(town, "message_sent"):
        town.tell(numbers[LIV], "Message Sent", message_class="promotional", for_channel="mail")


def into_cart(town: Town, page: Page, product: str) -> None:
    page.goto(f"{town.shop}/shop")
    form = page.locator(f"form[action$='{product}']")
    form.locator("select").select_option("42")
    with told(town, "product_added"):
        form.locator("button").click()
    expect(page).to_have_url(re.compile(f"{town.shop}/cart/korg-"))


def on_wednesday_at_seven(town: Town, token: str, numbers: dict[str, str]) -> None:
    """Aisha has bought at the till, Erik has written to service."""
    town.live_until("2026-11-11 07:00")
    assert [mail["To"] for user in EVERYBODY for mail in town.mails_to(user)] == [], "nobody is written to at night"
    receipt = {"receipt_id": "nordstan-1-17", "store_id": "nordstan", "at": "2026-11-11T07:00:01+01:00", "total": 1499}
    with told(town, "receipt_issued"):
        town.scan(token, {**receipt, "lines": [{"sku": SHOES, "quantity": 1}], "customer": {"email": "aisha@example.com"}})
    with told(town, "case_opened"):
        town.tell(numbers[ERIK], "Case Opened", case_id="a-7", topic="size")


def on_wednesday_at_eight(town: Town, browser: Browser, phones: dict[str, Page]) -> None:
    """One mail to Maja, with the date by which the shoes could be there; Nils's of the night; nothing to the others, and it can be told why.

    One click on the phone opens the same cart, on the shop's own page, with nothing to fill in.
    """
    town.go_on("2026-11-11 08:00")
    eventually(lambda: town.mails_to(MAJA) and town.mails_to(NILS))
    (cart,), (late,) = town.mails_to(MAJA), town.mails_to(NILS)
    assert text_of(cart).startswith("Hej Maja! Löparskor Trail 3 ligger kvar i din varukorg.")
    assert "Beställer du senast kl. 14 onsdag 11 november är det hos dig mellan torsdag 12 och fredag 13 november." in text_of(cart)
    assert "så hjälper vi dig att välja rätt" in text_of(cart)
    assert text_of(late).startswith("Hello Nils! This is still in your cart: Löparskor Trail 3")
    for user, mail, goods in (
        (MAJA, cart, ["1 × Löparskor Trail 3, 42, 1499 kr"]),
        (NILS, late, ["1 × Löparskor Trail 3, 42, 1499 kr", "1 × Löparstrumpor ull, 2 par, 42, 249 kr"]),
    ):
        bought_on_the_phone(town, phones[user], link_to(town, mail, "r"), goods)
    assert [mail["To"] for user in (AISHA, ERIK, LIV, SARA) for mail in town.mails_to(user)] == []
    said = {user: whys(town, user, "at_once" if user == NILS else "remembered_cart") for user in WHY}
    assert {user: words for user, words in said.items() if not re.search(WHY[user], words)} == {}
    the_console_says_why(browser, Console(town.pages, town.data))


def bought_on_the_phone(town: Town, phone: Page, link: str, goods: list[str]) -> None:
    """To the door; who they are and where they live is known."""
    with told(town, "cart_viewed"):
        phone.goto(link)
    expect(phone).to_have_url(re.compile(f"{town.shop}/cart/korg-"))
    expect(phone.locator("li")).to_have_text(goods)
    assert phone.locator("input").count() == 0 and not overflows(phone)
    phone.locator("[name=way]").select_option("home")
    with told(town, "order_completed"):
        phone.locator("button").click()


def in_the_evening_and_on_friday(town: Town, phone: Page) -> None:
    """Sent in the evening, and until when it is there; on Friday it is on its way, then it is there; two hours later one question, answered by one click.

    Nils's comes the day before. Around them the shop has gone on.
    """
    before = {one: town.count(one) for one in ("order_completed", "shipment_delivered", "survey_asked", "survey_answered")}
    town.live_until("2026-11-11 20:30")
    have_come(town, MAJA, 3)
    assert "Bring kör paketet, och det är hos dig mellan torsdag 12 och fredag 13 november." in text_of(town.mails_to(MAJA)[2])
    town.live_until("2026-11-13 13:00")
    have_come(town, MAJA, len(MAILS))
    have_come(town, NILS, len(MAILS))
    for user, words in SAID.items():
        assert [text_of(mail)[: len(said)] for mail, said in zip(town.mails_to(user), words, strict=True)] == list(words)
    after = {one: town.count(one) - times for one, times in before.items()}
    assert after["order_completed"] > 0 and after["shipment_delivered"] > 2 and after["survey_asked"] > 2 and after["survey_answered"] > 0, after
    with told(town, "survey_answered"):
        phone.goto(next(one for one in LINK.findall(text_of(town.mails_to(MAJA)[-1])) if one.endswith("score=5")))
    expect(phone.locator("h1")).to_have_text("Tack!")
    assert town.promised("2026-11-11 08:00", "2026-11-11 08:10") == ["kept", "kept"], "both were there by the Friday that was promised"


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


def mails_look_well(town: Town, browser: Browser) -> None:
    """All of them, in both languages, light and dark, wide and narrow: nothing is cut, and dark is dark."""
    for user, language in HEARS_IN.items():
        for name, mail in zip(MAILS, town.mails_to(user), strict=True):
            part = mail.get_body(("html",))
            assert part is not None
            for size, scheme in (("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")):
                width, height = SIZES[size]
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light")
                page = context.new_page()
                page.set_content(str(part.get_content()))
                lightness = page.evaluate("Math.max(...getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number))")
                if SHOTS:
                    page.screenshot(path=str(Path(SHOTS) / f"story-{name}-{language}-{size}-{scheme}.png"), full_page=True)
                assert (name, language, size, overflows(page), lightness < 60) == (name, language, size, False, scheme == "dark")
                context.close()
