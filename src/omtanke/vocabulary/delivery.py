"""Goods on their way: shipped, scanned, late, ready, delivered."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.fields import code, items, reference, window_end
from omtanke.vocabulary.order import LINES
from omtanke.vocabulary.product import Line
from omtanke.vocabulary.promise import Stated, read_stated

ORDER = reference("order", "order_id", what="the order")
PARCEL = reference("parcel", "parcel_id", "tracking_number", what="the parcel")
CARRIER = code("carrier", what="who carries it")


class OrderShipped(Observed, frozen=True, kw_only=True):
    """A parcel has been handed to the carrier. Without lines it holds what the other parcels do not."""

    name = "Order Shipped"
    personal = {"tracking_url": "where the customer follows it", "promises[].words": "the words shown"}

    order: Annotated[int, ORDER] = 0
    parcel: Annotated[int, PARCEL] = 0
    carrier: Annotated[str, CARRIER] = ""
    lines: Annotated[tuple[Line, ...], LINES] = ()
    stated: Annotated[tuple[Stated, ...], items(read_stated, "promises", what="the promises shown", form="promises")] = ()


class ShipmentUpdated(Observed, frozen=True, kw_only=True):
    """The carrier has scanned a parcel."""

    name = "Shipment Updated"
    personal = {"place": "where it was scanned", "message": "the carrier's words"}

    order: Annotated[int, ORDER] = 0
    parcel: Annotated[int, PARCEL] = 0
    carrier: Annotated[str, CARRIER] = ""
    status: Annotated[str, code("status", what="the carrier's code")] = ""


class ShipmentDelayed(Observed, frozen=True, kw_only=True):
    """The carrier, or we, know that a parcel will be late."""

    name = "Shipment Delayed"
    personal = {"message": "the carrier's words"}

    order: Annotated[int, ORDER] = 0
    parcel: Annotated[int, PARCEL] = 0
    carrier: Annotated[str, CARRIER] = ""
    expected_at: Annotated[int, window_end("expected", "expected_at", what="when it is now expected")] = 0
    why: Annotated[str, code("reason", what="a code for why")] = ""


class ShipmentDelivered(Observed, frozen=True, kw_only=True):
    """Goods are with the customer: the lines named, else those of the parcel, else the whole order."""

    name = "Shipment Delivered"
    personal = {"recipient": "who took it", "place": "where it was left"}

    order: Annotated[int, ORDER] = 0
    parcel: Annotated[int, PARCEL] = 0
    carrier: Annotated[str, CARRIER] = ""
    lines: Annotated[tuple[Line, ...], LINES] = ()


class PickupReady(Observed, frozen=True, kw_only=True):
    """Goods can be collected, in a store, at a pickup point or in a locker."""

    name = "Pickup Ready"
    personal = {"place": "where they are", "code": "the code that opens the locker"}

    order: Annotated[int, ORDER] = 0
    parcel: Annotated[int, PARCEL] = 0
    carrier: Annotated[str, CARRIER] = ""
    lines: Annotated[tuple[Line, ...], LINES] = ()
    store: Annotated[int, reference("store", "store_id", what="the store")] = 0


class PickupCollected(Observed, frozen=True, kw_only=True):
    """The customer has collected the goods."""

    name = "Pickup Collected"

    order: Annotated[int, ORDER] = 0
    parcel: Annotated[int, PARCEL] = 0
    store: Annotated[int, reference("store", "store_id", what="the store")] = 0
