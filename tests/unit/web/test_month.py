"""A month with us: what one customer got, on which day in the shop's zone, from whom; the budget, and the promises that stood."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fakes.evening import LIV, MAJA, Evening, an_evening
from fakes.said import SUBJECT, messages_go_out
from omtanke.web.shop import Shop
from unit.web.customer_pages import heading, text_of
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def said(here: Shop, tmp_path: Path) -> Iterator[Evening]:
    """Messages have gone out; service has answered Maja as the month began for her, in another month by the world's clock."""
    shop = an_evening(tmp_path)
    messages_go_out(shop)
    shop.until("2026-11-30 23:30")
    shop.hear(MAJA, "Case Message Sent", case_id="4711", message="Vi har svarat")
    shop.until("2026-12-01 00:30")
    shop.hear(MAJA, "Message Sent", for_channel="letter", template="julkatalog", message_class="promotional")
    shop.hear(MAJA, "Preference Changed", preference="quiet_hours", chosen="20.00-09.00")
    shop.hear(MAJA, "Survey Sent", survey_id="s9", about="order")
    shop.until("2026-12-01 10:00")
    with over(shop, here):
        yield shop


def days(client: Client, address: str) -> dict[int, str]:
    """The days on which there is something, as text."""
    grid = client.get(address).content.decode().partition('<ol class="month">')[2].partition("</ol>")[0]
    parts = grid.split('<li class="day')[1:]
    found = {int(re.findall(r'datetime="[0-9]{4}-[0-9]{2}-([0-9]{2})"', part)[0]): part for part in parts}
    return {day: " ".join(re.sub(r"<[^>]+>", " ", html.unescape(part.partition(">")[2])).split()) for day, part in found.items() if "<ul>" in part}


def page_of(said: Evening, user: str, month: str) -> str:
    return f"/customers/{said.customer(user)}/month/?month={month}"


def test_every_day_has_what_the_customer_got_from_all_senders(lead: Client, said: Evening) -> None:
    november = days(lead, page_of(said, MAJA, "2026-11"))
    assert sorted(november) == [23, 24, 26, 30]
    assert "09:10 the remembered cart e-mail" in november[24] and "how was the delivery (in doubt) e-mail" in november[24]
    assert ("23:30 We answered door, web" in november[30], "Delivery exceeded" in november[23], "Delivery broken" in november[26]) == (True, True, True)
    december = days(lead, page_of(said, MAJA, "2026-12"))
    assert sorted(december) == [1]
    assert "julkatalog door, letter" in december[1] and "00:30" in december[1]


def test_month_says_how_much_was_got_and_how_much_is_enough(lead: Client, said: Evening) -> None:
    response = lead.get(page_of(said, MAJA, "2026-11"))
    assert heading(response) == "Maja Lindqvist heard from us 4 times in November 2026."
    text = text_of(response)
    assert ("2 were offers or questions from us." in text, "The fullest seven days until" in text, "2 of 5" in text) == (True, True, True)
    now = text_of(lead.get(page_of(said, MAJA, "2026-12")))
    assert "Used in the last seven days 1 of 5" in now
    assert "Quiet hours their own wish, Stockholm 20:00–09:00" in now


def test_promises_that_stood_are_below(lead: Client, said: Evening) -> None:
    below = text_of(lead.get(page_of(said, MAJA, "2026-11"))).partition("Promises that stood meanwhile")[2]
    assert ("Hos dig måndag" in below, "Hos dig torsdag" in below, "Hos Aisha" in below) == (True, True, False)
    october = text_of(lead.get(page_of(said, MAJA, "2026-10")))
    assert ("Hos dig" in october, "got nothing from us in October 2026." in october) == (False, True)


def test_months_lead_to_each_other_and_not_into_what_has_not_come(lead: Client, said: Evening) -> None:
    page = lead.get(page_of(said, MAJA, "2026-11")).content.decode()
    assert ("month/?month=2026-10" in page, "month/?month=2026-12" in page) == (True, True)
    assert "month/?month=2027-01" not in lead.get(page_of(said, MAJA, "2026-12")).content.decode()
    assert "in December 2026." in text_of(lead.get(page_of(said, MAJA, "never")))


def test_withheld_messages_are_counted_with_the_way_to_them(lead: Client, said: Evening) -> None:
    address = page_of(said, "aisha", "2026-11")
    page = lead.get(address).content.decode()
    assert "1 message was not sent" in text_of(lead.get(address))
    way = html.unescape(re.findall(r'href="(/messages/[^"]+)"', page)[0])
    listed = text_of(lead.get(way))
    assert ("Aisha Warsame" in listed, SUBJECT in listed) == (True, False)


def test_customers_page_leads_there_and_unknown_ones_do_not(lead: Client, said: Evening) -> None:
    liv = said.customer(LIV)
    assert f'href="/customers/{liv}/month/"' in lead.get(f"/customers/{liv}/").content.decode()
    assert lead.get("/customers/999999/month/").status_code == 404


def test_look_is_on_record(lead: Client, said: Evening) -> None:
    from omtanke.web.accounts.looking import forget_remembered
    from omtanke.web.accounts.models import Look

    forget_remembered()
    Look.objects.all().delete()
    lead.get(page_of(said, MAJA, "2026-11"))
    assert [one.customer for one in Look.objects.all()] == [said.customer(MAJA)]
