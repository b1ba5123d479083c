"""What carriers push of parcels, each after its own reference. A parcel is named by the number that the shop gives with *Order
Shipped*; whose it is, is known from there. Numbers of orders that carriers repeat are kept beside and name nothing: they are
the shop's as somebody typed them.

PostNord publishes no sample of a push: its form here is that of its tracking answer, which has the same fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from omtanke.intake.hooks.telling import Delivery, Message, code_or_nothing, number_of, object_of, objects_of, part_of, text_of, track
from omtanke.vocabulary.refusal import Refused

DELIVERED, READY, COLLECTED, DELAYED, SCANNED = (
    "Shipment Delivered",
    "Pickup Ready",
    "Pickup Collected",
    "Shipment Delayed",
    "Shipment Updated",
)
BRING = {"DELIVERED": DELIVERED, "READY_FOR_PICKUP": READY, "DEVIATION": DELAYED}
BUDBEE = {
    "DELIVERED_TO_CONSUMER": DELIVERED,
    "DELIVERED_TO_LOCKER": READY,
    "INJECTED_IN_LOCKER": READY,
    "CONSUMER_PICKED_UP_FROM_LOCKER": COLLECTED,
}
INSTABOX = {"CourierDropoffCheckpoint": READY, "CustomerPickupCheckpoint": COLLECTED, "CustomerHomeDeliverySuccess": DELIVERED}
DHL = {"delivered": DELIVERED}
POSTNORD = {
    "DELIVERED": DELIVERED,
    "AVAILABLE_FOR_DELIVERY": READY,
    "AVAILABLE_FOR_DELIVERY_PAR_LOC": READY,
    "DELAYED": DELAYED,
    "EXPECTED_DELAY": DELAYED,
}


def parcel(carrier: str, number: str, status: str, event: str, event_id: str, at: Any, **more: Any) -> Message:
    """Something that a carrier says of a parcel. A scan, and nothing else, has the carrier's own word for it as its status."""
    said: dict[str, Any] = {"parcel_id": number, "carrier": carrier, **more}
    if event == SCANNED:
        said["status"] = code_or_nothing(status)
    elif event == DELAYED:
        said["reason"] = code_or_nothing(status)
    return track(event, f"{carrier}/{event_id}", at, said, "delivery")


def bring(delivery: Delivery) -> Iterator[Message]:
    """Bring's Event Cast: one event of a package."""
    body = object_of(delivery.body)
    status = text_of(body, "status")
    yield parcel("Bring", number_of(body, "package"), status, BRING.get(status, SCANNED), number_of(body, "id"), body.get("created"))


def budbee(delivery: Delivery) -> Iterator[Message]:
    """Budbee's webhooks: the type and id in the body, or, in the older form, in the headers."""
    body, headers = object_of(delivery.body), delivery.headers
    data = part_of(body, "eventData")
    status = text_of(body, "eventType") or text_of(body, "event") or headers.get("budbee-event", "")
    event_id = text_of(body, "eventId") or headers.get("budbee-event-id", "")
    if not status or not event_id:
        raise Refused("eventType", status, "is missing, or eventId is: this did not come from Budbee as it documents it")
    at = text_of(body, "timestamp") or headers.get("timestamp")
    number = number_of(body if body.get("packageId") else data, "packageId")
    yield parcel("Budbee", number, status, BUDBEE.get(status, SCANNED), event_id, at, recipient=data.get("recipientName"), place=data.get("lockerName"))


def instabox(delivery: Delivery) -> Iterator[Message]:
    """Instabox's checkpoints of a parcel to a locker."""
    body = object_of(delivery.body)
    status = text_of(body, "type")
    number, at, place = number_of(body, "parcelId"), body.get("timestamp"), body.get("locationName")
    more = {"place": place, "message": body.get("typeDescription"), "order_number": body.get("orderNumber")}
    yield parcel("Instabox", number, status, INSTABOX.get(status, SCANNED), number_of(body, "checkpointId"), at, **more)


def dhl(delivery: Delivery) -> Iterator[Message]:
    """DHL's unified tracking: shipments with all their events so far, of which those that are new become facts."""
    body = object_of(delivery.body)
    if "secret" in body and "shipments" not in body:
        return  # it asks whether the subscription is wanted; that is answered at DHL, with the secret
    found = body.get("shipments", part_of(body, "trackingResponse").get("shipments"))
    for shipment in objects_of(found if found is not None else [body], "shipments"):
        number = number_of(shipment, "id")
        for event in objects_of(shipment.get("events"), "events") or [part_of(shipment, "status")]:
            status, at = text_of(event, "statusCode"), event.get("timestamp")
            place = part_of(part_of(event, "location"), "address").get("addressLocality")
            more = {"place": place, "message": event.get("description")}
            yield parcel("DHL", number, status, DHL.get(status, SCANNED), f"{number}/{at}/{status}/{text_of(event, 'status')}", at, **more)


def postnord(delivery: Delivery) -> Iterator[Message]:
    """PostNord's tracking form: shipments, their items, and the events of each so far."""
    body = object_of(delivery.body)
    answer: Mapping[str, Any] = part_of(body, "TrackingInformationResponse") or body
    for shipment in objects_of(answer.get("shipments", [answer]), "shipments"):
        for item in objects_of(shipment.get("items"), "items"):
            number = number_of(item, "itemId")
            for event in objects_of(item.get("events"), "events"):
                status, at = text_of(event, "status"), event.get("eventTime")
                place = part_of(event, "location")
                more = {"place": place.get("displayName") or place.get("name"), "message": event.get("eventDescription")}
                event_id = f"{number}/{at}/{text_of(event, 'eventCode') or status}"
                yield parcel("PostNord", number, status, POSTNORD.get(status, SCANNED), event_id, at, **more)
