"""What all translations share: a delivery as it came, and events in the tracking form made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from msgspec import Struct

from omtanke.intake.http import LARGEST_CALL, encode
from omtanke.vocabulary.fields import CODE, LONGEST_CODE
from omtanke.vocabulary.reading import LONGEST_MESSAGE_ID
from omtanke.vocabulary.refusal import Refused

Message = dict[str, Any]
# Beside the tracking form, and taken out before it is stored: the moment by whose week a repeat is found.
STAMPED = "stampedAt"
LARGEST_KEPT = LARGEST_CALL - 2_000


class Delivery(Struct, frozen=True):
    """One call to a hook: headers in small letters, and the JSON that it brought. `map`: that of a mapped hook."""

    headers: Mapping[str, str]
    body: Any
    map: str = ""
    zone: str = ""
    currency: str = ""


Translation = Callable[[Delivery], Iterator[Message]]


class Person(Struct, frozen=True):
    """Who it was: the account, and addresses that are weaker signs of it."""

    user: str = ""
    traits: Mapping[str, Any] = {}


NOBODY = Person()


def track(event: str, message_id: str, at: Any, properties: Mapping[str, Any], channel: str = "none", person: Person = NOBODY) -> Message:
    """An event in the tracking form. Without a moment it is the moment of receipt. What is empty is left out."""
    context = filled({"channel": channel, "traits": filled(person.traits)})
    message: Message = {"type": "track", "event": event, "messageId": fitting(message_id), "context": context, "properties": filled(properties)}
    return message | filled({"timestamp": at, "userId": person.user})


def identify(person: Person, message_id: str, at: str) -> Message:
    """What is known of somebody."""
    message: Message = {"type": "identify", "messageId": fitting(message_id), "userId": person.user, "traits": filled(person.traits)}
    return message | filled({"timestamp": at})


def stamped(message: Message, at: Any) -> Message:
    """Known again by a moment that stays, where that of the last change moves with every change."""
    return message | filled({STAMPED: at})


def fitting(message_id: str) -> str:
    """An id as long as ids may be; of a longer one its digest."""
    return message_id if len(message_id) <= LONGEST_MESSAGE_ID else sha256(message_id.encode()).hexdigest()


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those that say something."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def code_or_nothing(value: Any) -> str:
    """A word that can stand in a body; nothing where it could not, so that a strange place refuses no order."""
    text = value.strip() if isinstance(value, str) else ""
    return text if len(text) <= LONGEST_CODE and CODE.fullmatch(text) else ""


def object_of(value: Any, path: str = "") -> Mapping[str, Any]:
    """A JSON object. Raises Refused."""
    if not isinstance(value, dict):
        raise Refused(path, value, "is not an object with fields")
    return value


def objects_of(value: Any, path: str) -> list[Mapping[str, Any]]:
    """A list of JSON objects; none where there is none. Raises Refused."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refused(path, value, "is not a list")
    return [object_of(one, f"{path}[{n}]") for n, one in enumerate(value)]


def part_of(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside another; an empty one where there is none."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def number_of(value: Mapping[str, Any], name: str) -> str:
    """A number that names something, as text. Raises Refused where there is none."""
    found = value.get(name)
    if isinstance(found, bool) or not isinstance(found, int | str) or not str(found).strip():
        raise Refused(name, found, "is missing, or is not a number or text that names something")
    return str(found).strip()


def text_of(value: Mapping[str, Any], name: str) -> str:
    """A text, empty where there is none."""
    found = value.get(name)
    return found.strip() if isinstance(found, str) else ""


class LeftAside(Exception):
    """What no event of ours is for, and which names nobody: it would be a fact about nobody. The text says so."""


def whole(kind: str, topic: str, message_id: str, body: Mapping[str, Any], person: Person) -> Message:
    """What no event of ours is for: kept whole in the personal part of whom it names, under the sender's own name of it; of what is
    too large, its id. Raises LeftAside where it names nobody.
    """
    if not person.user and not filled(person.traits):
        raise LeftAside(f"{kind} {topic} is none of the topics that are told, and names no customer; it was not kept")
    size = len(encode(body))
    kept = body if size <= LARGEST_KEPT else {"id": body.get("id"), "left_out": f"{size} bytes"}
    return track(f"{kind} {topic}", message_id, None, kept, "none", person)
