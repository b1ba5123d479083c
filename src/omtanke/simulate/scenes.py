"""Single scenes of a story that is written, not drawn: a look, a cart, an order, a parcel, a receipt, an answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from omtanke.simulate.days import HOUR, MINUTE
from omtanke.simulate.goods import Pick, Product, as_line
from omtanke.simulate.people import Person, traits
from omtanke.simulate.telling import Story

DELIVERY, WAREHOUSE = ("delivery", "delivery"), ("warehouse", "warehouse")


def look(story: Story, moment: int, product: Product, place: tuple[str, str], who: Person | None, device: str = "") -> None:
    seen = {"product_id": product.product_id, "name": product.name, "category": product.category, "price": product.price}
    story.tell(moment, "Product Viewed", seen, place, who, device)


def into_cart(story: Story, moment: int, cart: str, one: Pick, place: tuple[str, str], who: Person, signed_in: bool) -> None:
    device = who.device if place[0] == "web" else ""
    look(story, moment - 4 * MINUTE, one.product, place, who if signed_in else None, device)
    added = {"cart_id": cart, **{key: value for key, value in as_line(1, one).items() if key != "line_id"}}
    story.tell(moment, "Product Added", added, place, who if signed_in else None, device)


def order(story: Story, moment: int, who: Person, number: str, channel: str, cart: str, one: Pick, carrier: str, words: str, first: date, last: date) -> None:
    promise = {
        "promise_id": f"lofte-{number}",
        "kind": "delivery",
        "order_id": number,
        "words": words,
        "place": "kassan",
        "from": first.isoformat(),
        "until": last.isoformat(),
        "owner": "logistics",
    }
    order: dict[str, Any] = {
        "order_id": number,
        "cart_id": cart,
        "total": one.product.price,
        "shipping": 0,
        "tax": round(one.product.price * 0.2, 2),
        "currency": "SEK",
        "region": who.region,
        "carrier": carrier,
        "products": [as_line(1, one)],
        "shipping_address": traits(who)["address"],
        "promises": [promise],
    }
    story.tell(moment, "Order Completed", order, (channel, "checkout"), who, who.device if channel == "web" else "")
    story.tell(moment + 8, "Payment Approved", {"order_id": number}, (channel, "checkout"), who)


def ship(story: Story, moment: int, number: str, parcel: str, carrier: str) -> None:
    story.tell(
        moment,
        "Order Shipped",
        {"order_id": number, "parcel_id": parcel, "carrier": carrier, "tracking_url": f"https://shop.example/spara/{parcel}"},
        WAREHOUSE,
    )
    story.tell(moment + 95 * MINUTE, "Shipment Updated", {"parcel_id": parcel, "carrier": carrier, "status": "picked_up", "place": "Borås"}, DELIVERY)


def receipt(story: Story, moment: int, who: Person, number: str, store: str, one: Pick, cart: str = "") -> None:
    bought: dict[str, Any] = {"receipt_id": number, "store_id": store, "total": one.product.price, "currency": "SEK", "products": [as_line(1, one)]}
    if cart:
        bought["cart_id"] = cart
    story.tell(moment, "Receipt Issued", bought, ("store", f"store/{store}/till"), who)


def answer(story: Story, moment: int, who: Person, about: str, place: tuple[str, str], score: int, comment: str, order: str) -> None:
    asked = "store_visit" if about == "store" else about
    survey = {"survey_id": f"enkat-{who.first_name.lower()}-{about}", "about": asked, "question": f"{about}_satisfaction", "scale": "1-5", "order_id": order}
    story.tell(moment - 3 * HOUR, "Survey Sent", dict(survey), ("mail", "mail/survey"), who)
    story.tell(moment, "Survey Answered", {**survey, "score": score, "comment": comment}, place, who)
