"""The store: its doors, its visitors, its receipts."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.fields import amount, currency, reference
from omtanke.vocabulary.order import LINES
from omtanke.vocabulary.product import Line

STORE = reference("store", "store_id", what="the store", required=True)


class StoreOpened(Observed, frozen=True, kw_only=True):
    """The doors of a store are open."""

    name = "Store Opened"

    store: Annotated[int, STORE]


class StoreClosed(Observed, frozen=True, kw_only=True):
    """The doors of a store are closed; before the hour promised, that promise is broken."""

    name = "Store Closed"

    store: Annotated[int, STORE]


class StoreVisited(Observed, frozen=True, kw_only=True):
    """A customer has shown who they are in a store."""

    name = "Store Visited"

    store: Annotated[int, STORE]


class ReceiptIssued(Observed, frozen=True, kw_only=True):
    """A purchase at the till, taken home at once."""

    name = "Receipt Issued"

    order: Annotated[int, reference("order", "order_id", "receipt_id", what="the receipt", required=True)]
    store: Annotated[int, reference("store", "store_id", what="the store")] = 0
    cart: Annotated[int, reference("cart", "cart_id", what="the cart it came from")] = 0
    total: Annotated[int, amount("total", "revenue", "value", what="what the customer paid")] = 0
    discount: Annotated[int, amount("discount", what="taken off")] = 0
    currency: Annotated[str, currency()] = ""
    lines: Annotated[tuple[Line, ...], LINES] = ()
