"""CloudEvents 1.0 over HTTP: structured, binary and batched, each event told in the tracking form.

`type` names what happened, by its own name or by the end of a dotted one (`com.shop.order.completed`); `data` are its properties.
Who it was stands in the extension attributes `userid` and `anonymousid`, else in `data` as `userId` and `anonymousId`; `channel`,
`touchpoint` and `timezone` are extension attributes, too. An event of an order, parcel or case need name nobody. `source` and `id`
together tell it from all others, as the standard has it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

import msgspec

from omtanke.intake.http import LARGEST_BATCH, Answer, Problem, Scope, decode, read_json
from omtanke.vocabulary.catalogue import OBSERVED
from omtanke.vocabulary.fact import snake
from omtanke.vocabulary.reading import CALLS, LONGEST_MESSAGE_ID
from omtanke.vocabulary.refusal import Refused

PATH = "/v1/events"
EVENTS = "events"
VERSION = "1.0"
PREFIX = b"ce-"
STRUCTURED, BATCHED = "application/cloudevents+json", "application/cloudevents-batch+json"
REQUIRED = ("id", "source", "type")
WHO = {"userid": "userId", "anonymousid": "anonymousId"}
WHERE = ("channel", "touchpoint", "timezone")
NAMES = {snake(name): name for name in OBSERVED}
# The calls of the tracking form, and the events as which they are known, by name.
CALLED = {**{call: call for call in CALLS if call != "track"}, "customer_identified": "identify", "page_viewed": "page", "screen_viewed": "screen"}
OF_A_CALL = ("groupId", "previousId")
# What the tracking form calls by another name than the event, longest first.
PATHS = {
    "properties": "data",
    "traits": "data",
    "context.": "",
    "timestamp": "time",
    "messageId": "id",
    "event": "type",
    "userId": "userid",
    "anonymousId": "anonymousid",
}
PARTS = re.compile(r"[._:/ -]+")


def events_of(scope: Scope, raw: bytes) -> list[Mapping[str, Any]]:
    """The events of a call, whatever way they were sent. Raises Problem 400."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    if b"ce-specversion" in headers:
        attributes = {name[len(PREFIX) :].decode("latin-1"): unquote(value) for name, value in headers.items() if name.startswith(PREFIX)}
        return [{**attributes, "data": read_json(raw, LARGEST_BATCH) if raw else None}]
    body = read_json(raw, LARGEST_BATCH)
    events = body if isinstance(body, list) else [body]
    if not all(isinstance(event, dict) for event in events):
        raise Problem(400, f"The body is no CloudEvent: send one object as {STRUCTURED}, a list as {BATCHED}, or ce- headers with the data as body")
    return events


def granted(scope: Scope) -> Answer:
    """Whoever asks whether it may send here, as the standard's webhooks do, may: the key decides."""
    origin = next((value for name, value in scope["headers"] if name == b"webhook-request-origin"), b"*")
    return Answer(200, {}, ((b"webhook-allowed-origin", origin), (b"webhook-allowed-rate", b"*"), (b"allow", b"POST, OPTIONS")))


def told(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event in the tracking form. Raises Refused by the names of CloudEvents."""
    if event.get("specversion") != VERSION:
        raise Refused("specversion", event.get("specversion"), f"is not {VERSION}")
    for name in REQUIRED:
        if not isinstance(event.get(name), str) or not event[name]:
            raise Refused(name, event.get(name), "is missing: text that is not empty")
    data = data_of(event)
    named = name_of(event["type"])
    context = {name: event[name] for name in WHERE if event.get(name)} | {
        "source": event["source"],
        **({"subject": event["subject"]} if event.get("subject") else {}),
    }
    message: dict[str, Any] = {"messageId": id_of(event["source"], event["id"]), "context": context}
    for attribute, name in WHO.items():
        inside = data.pop(name, None)
        if who := event.get(attribute) or inside:
            message[name] = who
    if event.get("time"):
        message["timestamp"] = event["time"]
    if named in CALLS:
        message |= {name: data.pop(name) for name in OF_A_CALL if name in data}
        return message | {"type": named, "traits" if named in ("identify", "group") else "properties": data}
    return message | {"type": "track", "event": named, "properties": data}


def path_of(path: str) -> str:
    """Where a fault stands in the event, in whose tracking form it was found."""
    found = next((name for name in PATHS if path.startswith(name)), "")
    return PATHS[found] + path.removeprefix(found) if found else path


def data_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """What the event says, which has to be a JSON object, plain or in base64; nothing when it says nothing."""
    data = event.get("data")
    if event.get("data_base64"):
        try:
            data = decode(base64.b64decode(event["data_base64"], validate=True))
        except (binascii.Error, TypeError, ValueError, msgspec.DecodeError) as error:
            raise Refused("data_base64", event["data_base64"], "is not JSON in base64") from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise Refused("data", data, "is not an object with fields")
    return dict(data)


def id_of(source: str, event_id: str) -> str:
    """Source and id in one, as long as a message's id may be; of a longer one its digest."""
    both = f"{source}|{event_id}"
    return both if len(both) <= LONGEST_MESSAGE_ID else sha256(both.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=1024)
def name_of(type_: str) -> str:
    """The event or call that a type names: whole, or by its end; the type itself, where it names none."""
    if type_ in OBSERVED:
        return type_
    words = PARTS.split(snake(type_))
    for n in range(len(words)):
        end = "_".join(words[n:])
        if end in CALLED:
            return CALLED[end]
        if end in NAMES:
            return NAMES[end]
    return type_
