"""Everything about one person as JSON, in the words that senders use: what they have a right to know and to take with them.

It is written as it is read, so that a long story needs no more room than a short one.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Protocol

import msgspec
from msgspec import Struct, structs

from omtanke.channels.webhook.payload import LEFT_OUT, fields_of_body, moment, numbers_of
from omtanke.storage.corrections import correction_in
from omtanke.storage.identities import Gathering
from omtanke.storage.seen import FactSeen
from omtanke.storage.whole_person import WholePerson
from omtanke.vocabulary.identity import Identifier
from omtanke.vocabulary.reading import read_identifiers
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.rights import DetailsCorrected

FORMAT = "omtanke-person/1"
# Whole numbers beyond this are no numbers to JavaScript; they are written as text.
LARGEST_NUMBER = 2**53
NUMBERED = ("order", "parcel", "case", "appointment")

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
Write = Callable[[bytes], Any]


class Keys(Protocol):
    """Keyed hashes under which identifiers and numbers are found."""

    def identifier_key(self, kind: str, value: str) -> bytes: ...
    def subject_key(self, kind: str, number: str) -> bytes: ...


class Look(Struct, frozen=True):
    """Somebody who works here has looked at the person, or done something: in which role, when (to a quarter of an hour) and what."""

    role: str
    at: int
    what: str


class About(Struct, frozen=True):
    """What stands on top: which shop, whom it is about, when it was made (UTC microseconds)."""

    shop: str
    person: int
    made_at: int


def write_person(write: Write, whole: WholePerson, keys: Keys, about: About, looks: Iterable[Look]) -> Facts:
    """Everything about the person, as one JSON object; each list one entry a line. What was gathered from the facts is handed back."""
    told = whole.customers(about.person)
    facts = Facts()
    head = {"format": FORMAT, "shop": about.shop, "person": about.person, "made_at": moment(about.made_at)}
    write(_encode(head)[:-1])
    _list(write, "customers", map(plain, told))
    _list(write, "facts", (facts.plain(one) for one in whole.facts([one.customer for one in told])))
    _list(write, "identifiers", facts.identifiers())
    _list(write, "promises", map(plain, whole.promises(about.person)))
    _list(write, "tasks", map(plain, whole.tasks(about.person)))
    _list(write, "requests", map(plain, whole.requests(about.person)))
    mine = Mine(whole, keys, about.person)
    _list(write, "not_understood", ({**plain(one), "message": said} for one in whole.quarantined() if (said := mine.message(one.wire))))
    _list(write, "on_the_way", ({**plain(one), "message": said} for one in whole.on_the_way() if (said := mine.message(one.wire))))
    _list(write, "at_the_door", ({**plain(one), "message": said} for one in whole.at_the_door() if (said := mine.message(one.wire.encode()))))
    _list(write, "sent", map(plain, whole.sent(facts.positions)))
    _list(write, "held", (facts.plain(one) for one in whole.held(about.person)))
    _list(write, "looked_at", map(plain, looks))
    write(b"\n}\n")
    return facts


def _list(write: Write, name: str, entries: Iterable[Mapping[str, Any]]) -> None:
    write(b",\n" + _encode(name) + b": [")
    for n, entry in enumerate(entries):
        write((b",\n" if n else b"\n") + _encode(entry))
    write(b"]")


class Facts:
    """The facts on their way out: each in the shop's own numbers as far as they were named by then, and what identifies the person gathered."""

    def __init__(self) -> None:
        self.positions = array("q")
        self._numbers: dict[tuple[str, int], str] = {}
        self._gathering = Gathering()

    def plain(self, fact: FactSeen) -> dict[str, Any]:
        self.positions.append(fact.position)
        self._numbers |= numbers_of(fact.personal)
        self._gathering.hear(0, fact.occurred_at, fact.personal)
        if isinstance(fact.body, DetailsCorrected):
            self._gathering.correct(correction_in(0, fact.occurred_at, fact.body, fact.personal))
        numbers = {"numbers": [[kind, number] for kind, _surrogate, number in fact.personal["numbers"]]} if fact.personal.get("numbers") else {}
        said = {
            "position": fact.position,
            "type": fact.type,
            "occurred_at": moment(fact.occurred_at),
            "received_at": moment(fact.received_at),
            "is_decided": fact.is_decided,
            "is_history": fact.is_history,
            "customer": fact.customer,
            "channel": fact.channel,
            "touchpoint": fact.touchpoint,
            "body": self._body(fact),
            "personal": dict(fact.personal) | numbers,
            "reason": fact.reason,
            "because": [one.hex() for one in fact.because],
            "fact_id": fact.fact_id.hex(),
        }
        return {name: portable(value) for name, value in said.items() if value not in ("", [], {})}

    def _body(self, fact: FactSeen) -> dict[str, Any]:
        """The fields as senders name them, and those that mean something here only."""
        if fact.body is None:
            return {}
        ours = {name: value for name in LEFT_OUT if (value := getattr(fact.body, name, None))}
        return fields_of_body(fact.body, self._numbers) | ours

    def identifiers(self) -> Iterator[dict[str, Any]]:
        """By what the person was known, since when, and until when, where something else was put in its place."""
        for one in self._gathering.found():
            replaced = {"corrected_at": moment(one.corrected_at)} if one.corrected_at else {}
            yield {"kind": one.kind, "value": one.value, "first_at": moment(one.first_at), **replaced}


class Mine:
    """Which of everybody's messages are the person's: by an identifier, or an order, parcel or case that they name."""

    def __init__(self, whole: WholePerson, keys: Keys, person: int) -> None:
        self._whole = whole
        self._keys = keys
        self._person = person

    def message(self, wire: bytes) -> dict[str, Any] | None:
        """The message, when it is the person's."""
        try:
            said = _decode(wire)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        return said if isinstance(said, dict) and self._is_theirs(said) else None

    def _is_theirs(self, message: dict[str, Any]) -> bool:
        """The first that is known says whose it is; numbers count only where nobody is named."""
        return next((owner for owner in self._owners(message) if owner), 0) == self._person

    def _owners(self, message: dict[str, Any]) -> Iterator[int]:
        for one in identifiers_of(message):
            yield self._whole.person_of_identifier(self._keys.identifier_key(one.kind, one.value))
        named = properties_of(message)
        for kind in NUMBERED:
            if isinstance(number := named.get(f"{kind}_id"), str | int):
                yield self._whole.person_of_number(self._keys.subject_key(kind, str(number)))


def properties_of(message: Mapping[str, Any]) -> Mapping[str, Any]:
    said = message.get("properties")
    return said if isinstance(said, dict) else {}


def identifiers_of(message: dict[str, Any]) -> tuple[Identifier, ...]:
    """What says who it was, as far as it can be read."""
    context = message.get("context") if isinstance(message.get("context"), dict) else {}
    assert isinstance(context, dict)
    traits = message.get("traits") if message.get("type") == "identify" else context.get("traits")
    try:
        return read_identifiers(message, context, traits if isinstance(traits, dict) else {})
    except Refused:
        return tuple(Identifier(kind, str(message[name])) for kind, name in (("user_id", "userId"), ("anonymous_id", "anonymousId")) if message.get(name))


def plain(one: Struct) -> dict[str, Any]:
    """A row by its names: moments as RFC 3339; what is empty is left out, and so is a message, which stands beside it as it was written."""
    said = {name: moment(value) if is_moment(name) and value else value for name, value in structs.asdict(one).items() if name != "wire"}
    return {name: portable(value) for name, value in said.items() if value not in ("", 0)}


def is_moment(name: str) -> bool:
    return name == "at" or name.endswith("_at")


def portable(value: Any) -> Any:
    """The value as any reader of JSON understands it."""
    if isinstance(value, dict):
        return {str(name): portable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [portable(one) for one in value]
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, int) and not -LARGEST_NUMBER < value < LARGEST_NUMBER else value
