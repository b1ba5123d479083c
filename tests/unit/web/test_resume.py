"""On with the cart: to the shop's own page of it, or to what lies in it; of a link that was opened that is all that is noted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fakes.evening import AISHA, CART, MAJA, Evening
from omtanke.runtime.customer_links import MY_PAGE, RESUME
from omtanke.vocabulary.time import DAY
from unit.web.customer_pages import heading, text_of

if TYPE_CHECKING:
    from django.test import Client


def lead_to(evening: Evening, address: str) -> None:
    (evening.folder.path / "omtanke.toml").write_text(f'cart_address = "{address}"\n', encoding="utf-8")


def opened(evening: Evening) -> list[Any]:
    evening.work()
    return evening.facts("link_opened")


def test_link_leads_to_the_shops_own_cart_and_is_noted_once_a_day(guest: Client, evening: Evening) -> None:
    lead_to(evening, "https://shop.example/cart/{cart}?from=mail")
    link = evening.link(RESUME, about=evening.cart())
    guest.head(link)
    assert opened(evening) == []
    for _ in range(3):
        response = guest.get(link)
    assert (response.status_code, response.headers["Location"]) == (302, "https://shop.example/cart/korg%207%2F%C3%A5?from=mail")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    (fact,) = opened(evening)
    assert (fact.body.link, fact.body.cart, fact.channel, fact.touchpoint) == ("resume", evening.cart(), "web", "my_page")
    assert evening.facts("cart_viewed") == evening.facts("cart_taken_up") == []
    evening.now += DAY
    guest.get(link)
    assert len(opened(evening)) == 2


def test_without_an_address_the_cart_is_shown_and_nothing_else_opens(guest: Client, evening: Evening) -> None:
    response = guest.get(evening.link(RESUME, about=evening.cart()))
    assert (response.status_code, heading(response)) == (200, "Det här ligger i din varukorg.")
    assert ("Löparstrumpor, 38–40 × 2 298 kr" in text_of(response), "/me/" in response.content.decode()) == (True, False)


def test_my_page_leads_on_where_the_shop_has_said_where(guest: Client, evening: Evening) -> None:
    assert 'href="/r/' not in guest.get(evening.link(MY_PAGE)).content.decode()
    lead_to(evening, "https://shop.example/cart/{cart}")
    page = guest.get(evening.link(MY_PAGE)).content.decode()
    (link,) = re.findall(r'href="(/r/[^"]+)"', page)
    assert guest.get(link).headers["Location"] == "https://shop.example/cart/korg%207%2F%C3%A5"


def test_cart_of_somebody_else_is_not_shown(guest: Client, evening: Evening) -> None:
    lead_to(evening, "https://shop.example/cart/{cart}")
    response = guest.get(evening.link(RESUME, about=evening.cart(AISHA)))
    assert (response.status_code, heading(response), opened(evening)) == (200, "Det finns inget kvar i den här varukorgen.", [])


def test_cart_that_was_bought_is_no_cart_to_go_on_with(guest: Client, evening: Evening) -> None:
    lead_to(evening, "https://shop.example/cart/{cart}")
    link = evening.link(RESUME, about=evening.cart())
    evening.hear(MAJA, "Order Completed", order_id="10500", cart_id=CART)
    evening.work()
    assert heading(guest.get(link)) == "Du har köpt det som låg i den här varukorgen."
    assert "Löparstrumpor" not in text_of(guest.get(evening.link(MY_PAGE)))


def test_cart_holds_what_has_not_been_taken_out(guest: Client, evening: Evening) -> None:
    link = evening.link(RESUME, about=evening.cart())
    evening.hear(MAJA, "Product Removed", cart_id=CART, product_id="S1", quantity=1)
    evening.work()
    assert "Löparstrumpor, 38–40 149 kr" in text_of(guest.get(link))
    evening.hear(MAJA, "Product Removed", cart_id=CART, product_id="S1", quantity=1)
    evening.work()
    assert heading(guest.get(link)) == "Det finns inget kvar i den här varukorgen."
