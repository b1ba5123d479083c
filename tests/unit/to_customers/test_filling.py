"""What a message can say, from the facts of the log as they were told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes.living import MAJA, Living, promised
from omtanke.messages.context import Context, Line, Link, Money
from omtanke.runtime.preferences import Preferences, language_of
from omtanke.runtime.to_customers.filling import Filling, ShopSaid, first_name
from omtanke.storage.outbox_facts import Facts
from omtanke.vocabulary.play import MessageReleased

SHOP = ShopSaid(name="Butiken", locale="sv", zone="Europe/Stockholm", currency="SEK", pages_address="https://omtanke.example")


class Told:
    """A shop in which Maja is told of something, and what a message about it could say."""

    def __init__(self, path: Path) -> None:
        self.shop = Living(path)
        self.facts = Facts(path)
        self.shop.meet(MAJA)

    def hear(self, event: str, **properties: Any) -> None:
        self.shop.hear(MAJA, event, **properties)
        self.shop.now += 1_000_000
        self.shop.work()

    def context(self, entry: str, **about: str) -> Context:
        """Of a message about what the last fact of that type names; `about`: by the name of its number, the type of a fact that has it."""
        facts = {type_: self.shop.facts(type_)[-1] for type_ in {entry, *about.values()}}
        numbers = {name: getattr(facts[type_].body, name) for name, type_ in about.items()}
        released = MessageReleased(message=1, play="p", run=1, message_class="service", template="t", for_channel="mail", entry=facts[entry].fact_id, **numbers)
        customer = facts[entry].customer
        return Filling(self.facts, self.shop.folder.keys, SHOP, self.shop.clock).of(customer, customer, released).context

    def language(self) -> str:
        """The language in which Maja is written to."""
        released = MessageReleased(message=1, play="p", run=1, message_class="service", template="t", for_channel="mail", entry=b"")
        self.shop.work()
        (customer,) = {fact.customer for fact in self.shop.facts("customer_identified")}
        return Filling(self.facts, self.shop.folder.keys, SHOP, self.shop.clock).of(customer, customer, released).language


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    made = Told(tmp_path)
    yield made
    made.facts.close()
    made.shop.close()


def test_order_is_as_it_was_told_last(told: Told) -> None:
    products = [{"sku": "T3", "name": "Skor", "quantity": 2, "price": 149.5}, {"sku": "S1"}]
    told.hear("Order Completed", order_id="10482", total=400, products=products)
    told.hear("Order Completed", order_id="10483", total=1, products=[{"sku": "X", "name": "Annat"}])
    order = told.context("order_completed", order="order_completed").order
    assert order is not None and order.number == "10483"
    told.hear("Order Updated", order_id="10483", total=299, products=[{"sku": "T3", "name": "Skor", "variant": "42", "price": 149.5}, {"sku": "S1"}])
    order = told.context("order_updated", order="order_completed").order
    assert order is not None
    assert (order.total, order.lines) == (Money(29900), (Line(name="Skor", variant="42", price=Money(14950)), Line(name="S1")))


def test_cart_holds_what_was_put_in_and_not_taken_out(told: Told) -> None:
    told.hear("Product Added", cart_id="c", product_id="T3", name="Skor", price=100, quantity=3)
    told.hear("Product Added", cart_id="c", product_id="S1", name="Strumpor", price=10)
    told.hear("Product Added", cart_id="other", product_id="X", name="Annat")
    told.hear("Product Removed", cart_id="c", product_id="T3", quantity=1)
    told.hear("Product Removed", cart_id="c", product_id="S1")
    told.hear("Product Added", cart_id="c", product_id="M", name="Mössa")
    cart = told.context("product_removed", cart="product_removed").cart
    assert cart is not None
    assert cart.lines == (Line(name="Skor", quantity=2, price=Money(20000)), Line(name="Mössa"))
    assert cart.link is not None and cart.link.url.startswith("https://omtanke.example/r/")


def test_parcel_has_the_link_that_the_shop_gave_with_it(told: Told) -> None:
    for parcel, carrier in (("P1", "PostNord"), ("P2", "DHL")):
        link = f"https://{carrier.lower()}.example/{parcel}"
        told.hear("Order Shipped", order_id="10482", parcel_id=parcel, carrier=carrier, tracking_url=link)
    told.hear("Shipment Updated", parcel_id="P1", carrier="PostNord", status="out_for_delivery")
    first, last = told.context("shipment_updated", parcel="shipment_updated").parcel, told.context("order_shipped", order="order_shipped").parcel
    assert first is not None and last is not None
    assert (first.carrier, first.number, first.link) == ("PostNord", "P1", Link("https://postnord.example/P1"))
    assert (last.carrier, last.number, last.link) == ("DHL", "P2", Link("https://dhl.example/P2"))


def test_link_that_no_mail_may_have_is_left_out(told: Told) -> None:
    told.hear("Order Shipped", order_id="10482", parcel_id="P1", tracking_url="javascript:alert(1)")
    parcel = told.context("order_shipped", order="order_shipped").parcel
    assert parcel is not None and (parcel.number, parcel.link) == ("P1", None)


def test_promise_is_the_latest_that_is_open_and_goods_come_before_money(told: Told) -> None:
    told.hear("Order Completed", order_id="10482", products=[{"sku": "T3"}], promises=[promised("2026-11-19", "Hos dig torsdag")])
    told.hear("Order Updated", order_id="10482", promises=[promised("2026-11-20", "Hos dig fredag")])
    told.hear("Promise Stated", kind="refund", order_id="10482", until="2026-12-01", words="Pengarna tillbaka")
    told.hear("Shipment Updated", order_id="10482", status="scanned")
    goods, money = (told.context(entry, order="order_completed").promise for entry in ("shipment_updated", "promise_stated"))
    assert goods is not None and money is not None
    assert (goods.words, money.words) == ("Hos dig fredag", "Pengarna tillbaka")
    assert goods.first_until_at != 0 and goods.until_at - goods.first_until_at == 86_400_000_000


def test_promise_that_has_ended_is_not_there(told: Told) -> None:
    told.hear("Order Completed", order_id="10482", promises=[promised("2026-11-19", "Hos dig torsdag")])
    told.hear("Shipment Delivered", order_id="10482")
    assert told.context("shipment_delivered", order="order_completed").promise is None


def test_money_case_and_store_are_named_as_the_shop_names_them(told: Told) -> None:
    told.hear("Order Completed", order_id="10482", products=[{"sku": "T3"}])
    told.hear("Order Refunded", order_id="10482", total=299, currency="NOK")
    told.hear("Case Opened", case_id="3117")
    told.hear("Receipt Issued", receipt_id="k1", store_id="Nordstan")
    refund = told.context("order_refunded", order="order_refunded").refund
    case, store = told.context("case_opened", case="case_opened").case, told.context("receipt_issued", store="receipt_issued").store
    assert refund is not None and case is not None and store is not None
    assert (refund.amount, case.number, store.name) == (Money(29900, "NOK"), "3117", "Nordstan")


@pytest.mark.parametrize(("locale", "language"), [("sv-SE", "sv"), ("en-GB", "en"), ("de-DE", "en"), ("", "sv")])
def test_language_is_the_customers_else_the_shops(locale: str, language: str) -> None:
    assert language_of(Preferences(), locale, "sv") == language


def test_language_that_was_chosen_counts_before_the_locale(told: Told) -> None:
    assert told.language() == "sv"
    told.hear("Preference Changed", preference="language", value="en")
    assert told.language() == "en"


@pytest.mark.parametrize(
    ("name", "first"), [("Maja Lindqvist", "Maja"), ("Anna-Karin Ek", "Anna-Karin"), ("maja@example.com", ""), ("4711 Kund", ""), ("", "")]
)
def test_first_name_is_a_word_that_can_be_one(name: str, first: str) -> None:
    assert first_name(name) == first
