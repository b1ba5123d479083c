"""The store: its doors, its visitors, its receipts."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.fields import amount, code, currency, moment, own, reference, whole
from omtanke.vocabulary.order import LINES
from omtanke.vocabulary.product import Line

UNIT_KINDS = {"warehouse": "orders are packed there", "store": "it has doors of its own", "carrier": "it carries parcels; named as in Order Shipped"}
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
    """A customer has come into a store. `is_known`: the message says who it was."""

    name = "Store Visited"

    store: Annotated[int, STORE]
    is_known: bool = False


class ReceiptIssued(Observed, frozen=True, kw_only=True):
    """A purchase at the till, taken home at once. `is_known`: the message says whose it was."""

    name = "Receipt Issued"

    order: Annotated[int, reference("order", "order_id", "receipt_id", what="the receipt", required=True)]
    store: Annotated[int, reference("store", "store_id", what="the store")] = 0
    cart: Annotated[int, reference("cart", "cart_id", what="the cart it came from")] = 0
    total: Annotated[int, amount("total", "revenue", "value", what="what the customer paid")] = 0
    discount: Annotated[int, amount("discount", what="taken off")] = 0
    currency: Annotated[str, currency()] = ""
    lines: Annotated[tuple[Line, ...], LINES] = ()
    is_known: bool = False


class TouchpointUsed(Observed, frozen=True, kw_only=True):
    """A tool, screen or sign in a store, or on a page, was used: by whom, and for how long."""

    name = "Touchpoint Used"

    store: Annotated[int, reference("store", "store_id", what="the store")] = 0
    tool: Annotated[str, code("tool", what="the tool, screen or sign, as the shop names it", required=True)]
    device: Annotated[str, code("device", what="the sort of device: tablet, wall, phone")] = ""
    used_by: Annotated[str, code("used_by", what="who used it", one_of={"staff": "somebody who works here", "customer": "the customer"})] = ""
    seconds: Annotated[int, whole("seconds", what="for how long, in seconds")] = 0


class CapacityChanged(Observed, frozen=True, kw_only=True):
    """A warehouse, store or carrier manages more or less than it did. Without an end it holds until something else is told of the unit; for days that
    several cover, what was told last counts."""

    name = "Capacity Changed"

    store: Annotated[int, reference("store", "store_id", "unit_id", what="the store or warehouse", required=True)]
    pace: Annotated[int, whole("pace_percent", "pace", what="per cent of the ordinary pace", most=1000)] = 100
    from_at: Annotated[int, moment("from", what="since when")] = 0
    until_at: Annotated[int, moment("until", what="until when")] = 0
    why: Annotated[str, code("reason", what="a code for why: temporary staff, holiday, strike")] = ""
    kind: Annotated[str, code("unit_kind", "kind", what="what the unit is; a carrier slows the way, a store itself alone", one_of=UNIT_KINDS)] = ""
    staff: Annotated[int, own("staff", what="who said it in the console")] = 0
