"""A Shopify shop's webhooks (Admin REST payloads, by topic), after Shopify's reference of webhooks and its REST resources.

Orders are named by Shopify's `id`, since its other payloads name them so; the number that people see (#1001) is kept beside.
A parcel is named by its tracking number, by which carriers tell of it, else by the fulfilment's id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from omtanke.intake.hooks.telling import (
    Delivery,
    Message,
    Person,
    code_or_nothing,
    filled,
    identify,
    number_of,
    object_of,
    objects_of,
    part_of,
    stamped,
    text_of,
    track,
    whole,
)
from omtanke.vocabulary.refusal import Refused

POINT_OF_SALE = "pos"
# What Shopify calls the state of a shipment, and the event that it is; any other state is a scan.
ARRIVALS = {"delivered": "Shipment Delivered", "ready_for_pickup": "Pickup Ready"}
CONSENTS = {"email_marketing_consent": "mail", "sms_marketing_consent": "sms"}
SAID = {"subscribed": "Consent Given", "unsubscribed": "Consent Withdrawn"}


def tell(delivery: Delivery) -> Iterator[Message]:
    """The events of one delivery. Raises Refused where the payload is not what its topic says."""
    topic, body = delivery.headers.get("x-shopify-topic", ""), object_of(delivery.body)
    match topic:
        case "orders/create":
            yield order_placed(body)
        case "orders/paid":
            yield track(
                "Payment Approved", f"order/{number_of(body, 'id')}/paid", body.get("processed_at"), {"order_id": number_of(body, "id")}, person=who(body)
            )
        case "orders/cancelled":
            properties = {"order_id": number_of(body, "id"), "reason": code_or_nothing(body.get("cancel_reason"))}
            yield track("Order Cancelled", f"order/{number_of(body, 'id')}/cancelled", body.get("cancelled_at"), properties, person=who(body))
        case "fulfillments/create" | "fulfillments/update":
            yield from shipped(body)
        case "fulfillment_events/create":
            yield scanned(body)
        case "refunds/create":
            yield from refunded(body)
        case "customers/create" | "customers/update":
            yield from known(body)
        case "carts/create" | "carts/update":
            yield from cart(body)
        case "checkouts/create" | "checkouts/update":
            yield checkout(body)
        case _:
            event_id = delivery.headers.get("x-shopify-event-id") or delivery.headers.get("x-shopify-webhook-id", "")
            if not topic or not event_id:
                raise Refused("X-Shopify-Topic", topic, "is missing, or X-Shopify-Event-Id is: this did not come from Shopify as it documents it")
            yield whole("Shopify", topic, event_id, body, concerned(topic, body))


def order_placed(order: Mapping[str, Any]) -> Message:
    """An order; one that was handed over at the till at once is a receipt."""
    number, address = number_of(order, "id"), part_of(order, "shipping_address") or part_of(order, "billing_address")
    is_till = order.get("source_name") == POINT_OF_SALE
    is_taken = is_till and order.get("fulfillment_status") == "fulfilled"
    properties = {
        "order_id": number,
        "order_number": order.get("name"),
        "cart_id": order.get("cart_token"),
        "total": order.get("total_price"),
        "discount": order.get("total_discounts"),
        "currency": order.get("currency"),
        "products": lines(order.get("line_items")),
    }
    if is_taken:
        properties["store_id"] = order.get("location_id")
    else:
        properties |= {
            "shipping": part_of(part_of(order, "total_shipping_price_set"), "shop_money").get("amount"),
            "tax": order.get("total_tax"),
            "region": code_or_nothing(address.get("province")),
            "shipping_address": order.get("shipping_address"),
            "billing_address": order.get("billing_address"),
        }
    event, channel = "Receipt Issued" if is_taken else "Order Completed", "store" if is_till else "web"
    return track(event, f"order/{number}", order.get("processed_at") or order.get("created_at"), properties, channel, who(order))


def lines(items: Any, quantity: str = "quantity") -> list[dict[str, Any]]:
    """Lines as Shopify has them; a product is named by its stock number, else by its own."""
    found = []
    for item in objects_of(items, "line_items"):
        product = text_of(item, "sku") or item.get("product_id") or item.get("variant_id") or number_of(item, "id")
        said = {"line_id": item.get("id"), "product_id": product, "name": item.get("name"), "quantity": item.get(quantity), "price": item.get("price")}
        found.append(filled(said))
    return found


def who(body: Mapping[str, Any]) -> Person:
    """The customer by Shopify's id, and by the addresses that the payload has."""
    customer = part_of(body, "customer")
    traits = {name: body.get(name) or customer.get(name) for name in ("email", "phone")}
    return Person(number_of(customer, "id") if customer.get("id") else "", traits)


def concerned(topic: str, body: Mapping[str, Any]) -> Person:
    """Whom a topic is about for which there is no event; a customer's own payload is the customer."""
    return who({"customer": body} if topic.startswith("customers/") and body.get("id") else body)


def shipped(fulfillment: Mapping[str, Any]) -> Iterator[Message]:
    """A parcel has left; later, what the carrier has told Shopify of it."""
    number, order = number_of(fulfillment, "id"), number_of(fulfillment, "order_id")
    if fulfillment.get("status") in ("cancelled", "error", "failure"):
        return
    parcel = text_of(fulfillment, "tracking_number") or f"fulfillment {number}"
    said = {"order_id": order, "parcel_id": parcel, "carrier": code_or_nothing(fulfillment.get("tracking_company"))}
    goods = {**said, "products": lines(fulfillment.get("line_items")), "tracking_url": fulfillment.get("tracking_url")}
    yield track("Order Shipped", f"fulfillment/{number}/{parcel}", fulfillment.get("created_at"), goods, "delivery")
    state = text_of(fulfillment, "shipment_status")
    if state:
        event = ARRIVALS.get(state, "Shipment Updated")
        status = {} if state in ARRIVALS else {"status": code_or_nothing(state)}
        yield track(event, f"fulfillment/{number}/{state}", fulfillment.get("updated_at"), said | status, "delivery")


def scanned(event: Mapping[str, Any]) -> Message:
    """A scan. It names no parcel, and an order may have several: what has arrived is told by the fulfilment, which does."""
    properties = {
        "order_id": number_of(event, "order_id"),
        "status": code_or_nothing(event.get("status")),
        "message": event.get("message"),
        "place": event.get("city"),
    }
    return track("Shipment Updated", f"fulfillment_event/{number_of(event, 'id')}", event.get("happened_at"), properties, "delivery")


def refunded(refund: Mapping[str, Any]) -> Iterator[Message]:
    """Money has been paid back: what went through, in the currency in which it did. Nothing was, when goods alone came back."""
    number, order = number_of(refund, "id"), number_of(refund, "order_id")
    paid = [one for one in objects_of(refund.get("transactions"), "transactions") if one.get("kind") == "refund" and one.get("status") == "success"]
    if paid:
        said = {"order_id": order, "total": str(sum(map(amount_of, paid), Decimal(0))), "currency": paid[0].get("currency"), "note": refund.get("note")}
        yield track("Order Refunded", f"refund/{number}", refund.get("processed_at") or refund.get("created_at"), said)
    back = [one for one in objects_of(refund.get("refund_line_items"), "refund_line_items") if one.get("restock_type") == "return"]
    if back:
        products = [filled({"line_id": one.get("line_item_id"), "quantity": one.get("quantity")}) for one in back]
        yield track("Return Received", f"refund/{number}/return", refund.get("created_at"), {"order_id": order, "products": products})


def amount_of(transaction: Mapping[str, Any]) -> Decimal:
    try:
        return Decimal(str(transaction.get("amount")))
    except InvalidOperation as error:
        raise Refused("transactions.amount", transaction.get("amount"), "is not an amount") from error


def known(customer: Mapping[str, Any]) -> Iterator[Message]:
    """What is known of a customer, and what they have said of letters from us."""
    number, address = number_of(customer, "id"), part_of(customer, "default_address")
    person = Person(
        number,
        {
            "email": customer.get("email"),
            "phone": customer.get("phone") or address.get("phone"),
            "first_name": customer.get("first_name"),
            "last_name": customer.get("last_name"),
            "region": code_or_nothing(address.get("province")),
            "country": code_or_nothing(address.get("country_code")),
            "city": address.get("city"),
            "postal_code": address.get("zip"),
            "address": " ".join(filter(None, (text_of(address, "address1"), text_of(address, "address2")))),
        },
    )
    at = text_of(customer, "updated_at") or text_of(customer, "created_at")
    yield identify(person, f"customer/{number}/{at}", at)
    for field, channel in CONSENTS.items():
        consent = part_of(customer, field)
        event, said_at = SAID.get(text_of(consent, "state")), text_of(consent, "consent_updated_at")
        if event and said_at:
            said = {"purpose": "marketing", "for_channel": channel, "evidence": "Shopify"}
            yield track(event, f"consent/{number}/{channel}/{said_at}", said_at, said, person=Person(number))


def cart(body: Mapping[str, Any]) -> Iterator[Message]:
    """What lies in a cart. Each line is told once as it stands; nobody is named before a checkout."""
    number = text_of(body, "token") or number_of(body, "id")
    for item in lines(body.get("line_items")):
        said = {name: value for name, value in item.items() if name != "line_id"} | {"cart_id": number}
        message_id = f"cart/{number}/{item['product_id']}/{item.get('quantity', 1)}"
        yield stamped(track("Product Added", message_id, body.get("updated_at"), said, "web"), body.get("created_at"))


def checkout(body: Mapping[str, Any]) -> Message:
    """The customer is at the checkout."""
    number = text_of(body, "cart_token") or text_of(body, "token") or number_of(body, "id")
    said = {"cart_id": number, "url": body.get("abandoned_checkout_url")}
    return track("Checkout Started", f"checkout/{number_of(body, 'id')}", body.get("created_at"), said, "web", who(body))
