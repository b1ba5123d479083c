"""Orders: what was bought, changed, paid and called off."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.fields import amount, code, currency, items, moment, reference, whole
from omtanke.vocabulary.product import Line, read_line
from omtanke.vocabulary.promise import Stated, read_stated

ORDER = reference("order", "order_id", what="the order", required=True)
LINES = items(read_line, "products", "lines", what="the lines concerned", form="lines")


class OrderCompleted(Observed, frozen=True, kw_only=True):
    """The customer has placed an order, in any channel, with the promises that were shown."""

    name = "Order Completed"
    personal = {
        "shipping_address": "where it goes",
        "billing_address": "who pays",
        "promises[].words": "the words shown to the customer",
        "promises[].place": "the place shown",
    }

    order: Annotated[int, ORDER]
    cart: Annotated[int, reference("cart", "cart_id", "checkout_id", what="the cart it came from")] = 0
    total: Annotated[int, amount("total", "revenue", "value", what="what the customer pays in all")] = 0
    shipping: Annotated[int, amount("shipping", what="of which for delivery")] = 0
    tax: Annotated[int, amount("tax", what="of which tax")] = 0
    discount: Annotated[int, amount("discount", what="taken off")] = 0
    currency: Annotated[str, currency()] = ""
    region: Annotated[str, code("region", what="where it goes: county or state")] = ""
    carrier: Annotated[str, code("carrier", what="who carries it, when known already")] = ""
    lines: Annotated[tuple[Line, ...], LINES] = ()
    stated: Annotated[tuple[Stated, ...], items(read_stated, "promises", what="the promises shown", form="promises")] = ()
    quote: Annotated[int, reference("quote", "quote_id", what="the quote that was taken")] = 0


class OrderUpdated(Observed, frozen=True, kw_only=True):
    """An order has been changed. Lines, when sent, are all its lines; a promise with a new window is renegotiated."""

    name = "Order Updated"
    personal = {"shipping_address": "where it goes", "promises[].words": "the words shown"}

    order: Annotated[int, ORDER]
    total: Annotated[int, amount("total", "revenue", "value", what="what the customer pays in all")] = 0
    currency: Annotated[str, currency()] = ""
    lines: Annotated[tuple[Line, ...], LINES] = ()
    stated: Annotated[tuple[Stated, ...], items(read_stated, "promises", what="the promises shown", form="promises")] = ()


class OrderLineRecorded(Observed, frozen=True, kw_only=True):
    """A line of an order, from a source that tells lines apart from the order."""

    name = "Order Line Recorded"

    order: Annotated[int, ORDER]
    line: Annotated[int, reference("line", "line_id", what="the line", required=True)]
    product: Annotated[int, reference("product", "product_id", "sku", what="the product")] = 0
    quantity: Annotated[int, whole("quantity", what="how many", most=100_000)] = 1
    price: Annotated[int, amount("price", what="price of one")] = 0
    shipping: Annotated[int, amount("shipping", what="the line's share of delivery")] = 0
    currency: Annotated[str, currency()] = ""
    category: Annotated[str, code("category", what="the product's category")] = ""
    seller: Annotated[int, reference("seller", "seller_id", what="who sells it, on a marketplace")] = 0
    ship_until_at: Annotated[int, moment("ship_until", what="when the seller was to hand it over at the latest")] = 0


class PaymentApproved(Observed, frozen=True, kw_only=True):
    """The payment of an order has been approved."""

    name = "Payment Approved"

    order: Annotated[int, ORDER]


class PaymentRecorded(Observed, frozen=True, kw_only=True):
    """A payment or a part of one, from a source that tells payments apart from the order."""

    name = "Payment Recorded"

    order: Annotated[int, ORDER]
    method: Annotated[str, code("method", what="how it was paid")] = ""
    amount: Annotated[int, amount("amount", what="how much", required=True)]
    instalments: Annotated[int, whole("instalments", what="in how many parts", most=1000)] = 0
    currency: Annotated[str, currency()] = ""


class OrderCancelled(Observed, frozen=True, kw_only=True):
    """An order, or the lines named, has been called off; what has been delivered stays delivered."""

    name = "Order Cancelled"

    order: Annotated[int, ORDER]
    lines: Annotated[tuple[Line, ...], LINES] = ()
    why: Annotated[str, code("reason", what="a code for why")] = ""


class OrderRefunded(Observed, frozen=True, kw_only=True):
    """Money for an order has been paid back."""

    name = "Order Refunded"

    order: Annotated[int, ORDER]
    total: Annotated[int, amount("total", "revenue", "value", what="how much")] = 0
    currency: Annotated[str, currency()] = ""
