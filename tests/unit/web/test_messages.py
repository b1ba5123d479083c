"""Messages: everything that was said, put off or withheld, each with its reason; what one said for those who may see it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fakes.evening import Evening, an_evening
from fakes.said import SUBJECT, messages_go_out
from omtanke.storage.message_pages import MessagePages, Wanted
from omtanke.storage.seen import START, Place
from omtanke.web.shop import Shop, shop
from unit.web.customer_pages import heading, text_of
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def said(here: Shop, tmp_path: Path) -> Iterator[Evening]:
    """The pages are about a shop from which messages have gone out."""
    shop = an_evening(tmp_path)
    messages_go_out(shop)
    with over(shop, here):
        yield shop


@pytest.fixture
def analyst(visitor: Client) -> Client:
    from omtanke.web.accounts.models import Role, Staff

    visitor.force_login(Staff.objects.filter(email="ana@demo.example").first() or Staff.objects.create_staff("ana@demo.example", "Ana", Role.ANALYST))
    return visitor


def rows(client: Client, address: str = "/messages/") -> list[str]:
    """Each line of the log as text."""
    listed = client.get(address).content.decode().partition("<footer")[0].partition('<p class="more"><a class="button"')[0]
    parts = re.split(r'<li class="row answer" id="message-[0-9]+">', listed)[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", html.unescape(part)).split()) for part in parts]


def test_log_says_what_became_of_each_message_and_why(lead: Client, said: Evening) -> None:
    response = lead.get("/messages/")
    assert heading(response) == "We have written 2 times in the last seven days."
    assert "1 message is in doubt: it was handed over, and nobody knows whether it was taken." in text_of(response)
    lines = rows(lead)
    theirs, doubt, sent, withheld = (next(line for line in lines if word in line) for word in ("höstrea", "in doubt", SUBJECT, "Was not sent"))
    assert ("Aisha Warsame" in theirs, "told by door · offer · e-mail" in theirs, "Why?" in theirs) == (True, True, False)
    assert ("Maja Lindqvist" in sent, "was once not handed over in time" in sent, "nothing stands in the way" in sent) == (True, True, True)
    assert "It rests on: Left the cart yesterday 21:00" in sent
    assert ("Maja Lindqvist" in doubt, "It is not sent again." in doubt) == (True, True)
    assert "Was not sent: it needs a yes of the customer's, and none has been given." in withheld and "Aisha" in withheld


def test_filters_leave_what_is_asked_for(lead: Client, said: Evening) -> None:
    counts = {query: len(rows(lead, f"/messages/?{query}")) for query in (
        "", "became=sent", "became=in_doubt", "became=returned", "play=-", "play=remembered_cart", "play=remembered_cart&became=sent", "channel=mail",
        "channel=sms", "since=2026-11-24", "to=2026-11-23", "since=2026-11-24&to=2026-11-24&became=sent", "q=Maja", "q=Aisha&became=sent", "q=nobody+known",
        "became=nonsense&since=24/11&to=9999-99-99",
    )}  # fmt: skip
    every = counts[""]
    assert counts == {
        "": every, "became=sent": 2, "became=in_doubt": 1, "became=returned": 1, "play=-": 1, "play=remembered_cart": 2, "play=remembered_cart&became=sent": 1,
        "channel=mail": 3, "channel=sms": 0, "since=2026-11-24": every, "to=2026-11-23": 0, "since=2026-11-24&to=2026-11-24&became=sent": 2, "q=Maja": 2,
        "q=Aisha&became=sent": 1, "q=nobody+known": 0, "became=nonsense&since=24/11&to=9999-99-99": every,
    }  # fmt: skip


def test_log_is_read_on_from_a_place(lead: Client, said: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    every = rows(lead)
    monkeypatch.setattr("omtanke.web.console.messages.PAGE_SIZE", 2)
    found, address = list[str](), "/messages/"
    while address:
        found += rows(lead, address)
        more = re.search(r'href="(\?[^"#]*)#log">Earlier<', lead.get(address).content.decode())
        address = f"/messages/{html.unescape(more[1])}" if more else ""
    assert (found, len(every) > 3) == (every, True)


def test_one_message_says_its_words_and_its_way(lead: Client, said: Evening) -> None:
    page_of = said.message_page("promotional")
    page = text_of(lead.get(page_of))
    assert (SUBJECT in page, "Dina löparstrumpor ligger kvar i korgen." in page) == (True, True)
    order = ["It was time to say: the remembered cart", "Let go: the remembered cart", "A message had not gone in time", "We wrote: the remembered cart"]
    places = [page.index(one) for one in order]
    assert places == sorted(places)
    customer = page_of.split("/")[2]
    for address in (f"/messages/{customer}/17/", page_of.replace(customer, "17000", 1), f"/messages/{9**30}/{9**40}/"):
        assert lead.get(address).status_code == 404, address


def test_message_of_another_system_has_its_own_page(lead: Client, said: Evening) -> None:
    read = MessagePages(shop().pages)
    theirs = next(one for one in read.messages([Place(0, 10**6), *read.latest(Wanted(), START, 99)]) if not one.run)
    page = text_of(lead.get(f"/messages/{theirs.customer}/{theirs.message}/"))
    assert ("Allt ska bort, Aisha" in page, SUBJECT in page) == (True, False)


def test_nobody_and_no_words_for_those_who_may_not_see_customers(analyst: Client, said: Evening) -> None:
    own, listed = said.message_page("promotional"), "/messages/"
    for address in (own, listed, "/messages/?q=Maja", "/plays/", "/plays/remembered_cart/"):
        page = analyst.get(address).content.decode()
        assert [secret for secret in ("Lindqvist", "Aisha", SUBJECT, "löparstrumpor", "Rea<", "/customers/") if secret in page] == [], address
    assert "What it said is shown to those who may see who customers are." in text_of(analyst.get(own))
    assert len(rows(analyst, "/messages/?q=Maja")) == len(rows(analyst)) > 3


def test_questions_do_not_grow_with_the_list(lead: Client, said: Evening) -> None:
    lead.get("/messages/")
    before = shop().pages.asked
    lead.get("/messages/?became=in_doubt")
    few = shop().pages.asked - before
    lead.get("/messages/")
    assert shop().pages.asked - before - few <= few + 1


def test_shop_without_messages_says_so(lead: Client, here: Shop) -> None:
    page = lead.get("/messages/")
    assert heading(page) == "Nothing has been said to a customer yet."
    assert "As soon as a play has something to say" in text_of(page)


def test_in_swedish(lead: Client, said: Evening) -> None:
    page = lead.get("/messages/", headers={"accept-language": "sv"})
    assert heading(page) == "Vi har skrivit 2 gånger de senaste sju dagarna."
    assert ("Har gått i väg." in text_of(page), "Skickades inte: " in text_of(page)) == (True, True)
