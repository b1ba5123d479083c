"""Customers at whom we have failed, on Health: said first, with a button that lets us try again; and on their own page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fakes.living import ERIK, MAJA, Living
from fakes.poison import poison
from omtanke.runtime.own_sources import wait_until
from omtanke.web.shop import Shop
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client


@pytest.fixture
def living(here: Shop, tmp_path: Path) -> Iterator[Living]:
    """Maja has an order; we have failed at what came then. Erik is well."""
    shop = Living(tmp_path)
    for user in (MAJA, ERIK):
        shop.meet(user)
    shop.hear(MAJA, "Order Completed", order_id="1")
    shop.work()
    with poison(lambda fact: fact.type == "cart_viewed"):
        shop.hear(MAJA, "Cart Viewed", cart_id="k")
        shop.hear(MAJA, "Order Completed", order_id="2")
        shop.work()
    with over(shop, here):
        yield shop


def health(client: Client, language: str = "en") -> str:
    return client.get("/health/", headers={"accept-language": language}).content.decode()


def pressed(client: Client, person: int) -> int:
    (key, *_) = re.findall(r'name="key" value="([^"]+)"', health(client))
    return client.post("/health/", {"key": key, "person": person}).status_code


def test_health_says_it_first_in_both_languages(lead: Client, living: Living) -> None:
    html = health(lead)
    assert "<h1>We have failed at 1 customer, who is set aside. 2 messages about them wait.</h1>" in html
    assert re.search(r"<code>cart_viewed</code> <span class=\"quiet small\">Faulty in ", html)
    assert "Vi har misslyckats med 1 kund, som är lagd åt sidan. 2 meddelanden om dem väntar." in health(lead, "sv")


def test_whoever_meets_them_sees_that_this_is_not_all(lead: Client, living: Living) -> None:
    (person,) = living.log.set_aside()
    (other,) = {1, 2} - {person}
    html = lead.get(f"/customers/{person}/").content.decode()
    assert "2 messages about this customer wait, because of a fault of ours." in html
    assert "This is not all" not in lead.get(f"/customers/{other}/").content.decode()


def test_customer_whose_first_message_failed_has_a_page(lead: Client, living: Living) -> None:
    with poison(lambda fact: fact.type == "order_completed"):
        living.hear("nobody-yet", "Order Completed", order_id="77")
        living.work()
        person = living.log.identifier(living.folder.keys.identifier_key("user_id", "nobody-yet"))
        answer = lead.get(f"/customers/{person}/")
    assert (answer.status_code, "1 message about this customer waits" in answer.content.decode()) == (200, True)


def test_button_brings_them_back(lead: Client, living: Living) -> None:
    (person,) = living.log.set_aside()
    assert pressed(lead, person) == 302
    assert wait_until(lambda: -len(living.log.set_aside()), 0, 5)
    assert [one.fact.type for one in living.log.facts_of([person])] == [
        "customer_identified",
        "order_completed",
        "cart_viewed",
        "order_completed",
        "retry_requested",
    ]
    assert "Set aside" not in health(lead)


def test_button_for_all_is_pressed_once(lead: Client, living: Living) -> None:
    assert pressed(lead, 0) == 302
    assert wait_until(lambda: -len(living.log.set_aside()), 0, 5)
    assert len(living.facts("retry_requested")) == 1


def test_form_that_is_not_ours_does_nothing(lead: Client, living: Living) -> None:
    answer = lead.post("/health/", {"key": "?", "person": "x"})
    assert (answer.status_code, "This form has expired." in answer.content.decode(), len(living.log.set_aside())) == (503, True, 1)


def test_who_may_not_see_health_cannot_press_it(visitor: Client, living: Living) -> None:
    assert visitor.post("/health/", {"key": "k" * 12, "person": 0}).status_code == 302
    assert living.facts("retry_requested") == []
