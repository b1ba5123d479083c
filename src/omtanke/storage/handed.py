"""What the door has understood of a message, handed on to the worker, so that nobody reads it twice.

The wire stays beside it: it is what goes into quarantine, and what is read again when a body has another shape today. The
things that a message names stand in its body by their place (FIRST_PLACE + n) until the worker knows which they are; what
they and the customer's identifiers hash to is handed on too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Raw, Struct
from msgspec.structs import force_setattr

from omtanke.storage.codec import Part, decode_body, encode
from omtanke.storage.keys import Keys
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.identity import Identifier
from omtanke.vocabulary.reading import Moment, Understood
from omtanke.vocabulary.rights import RightsRequested

# What is handed on begins with it; another one whenever `Handed` becomes another, or means something else.
FORM = b"\x02"
# No number, amount or moment that a sender writes is as large.
FIRST_PLACE = 2**62
# What the worker adds to the personal part.
LATER = ("numbers", "identifiers")


class Handed(Struct, frozen=True, array_like=True, gc=False):
    """An `Understood` before it is known when it was received and which things it names.

    identifiers: (kind, value, key, key as it was found before, empty for the same place); numbers: (kind, as written, key),
    in the order of their places. `shape` tells bodies with other fields apart.
    """

    type: str
    shape: bytes
    body: Raw
    personal: Raw
    identifiers: tuple[tuple[str, str, bytes, bytes], ...]
    numbers: tuple[tuple[str, str, bytes], ...]
    moment: Moment
    channel: str
    touchpoint: str


_decode = msgspec.msgpack.Decoder(Handed).decode


class Places:
    """Stands in for the surrogates of the things that a message names while the door reads it."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], int] = {}

    def refer(self, kind: str, number: str) -> int:
        return self._found.setdefault((kind, number), FIRST_PLACE + len(self._found))


@cache
def shape(type_: str) -> bytes:
    """A hash of the fields of a type of body."""
    return blake2b(_described(BODIES[type_]).encode(), digest_size=8).digest()


def _described(struct: type[Struct]) -> str:
    """The fields with their types, and theirs."""
    hints = get_type_hints(struct)
    fields = [(field.encode_name, repr(hints[field.name])) for field in msgspec.structs.fields(struct)]
    return f"{fields}{[_described(get_args(hints[name])[0]) for name in _fields(struct)[1]]}"


class Handing:
    """Hands over what one source says in one call; its events name the same customers and things again and again."""

    __slots__ = ("_source", "_keys", "may_identify", "_identifiers", "_numbers")

    def __init__(self, source: str, keys: Keys) -> None:
        self._source = source
        self._keys = keys
        self.may_identify = keys.may_identify
        self._identifiers: dict[Identifier, tuple[str, str, bytes, bytes]] = {}
        self._numbers: dict[tuple[str, str], tuple[str, str, bytes]] = {}

    def hand_over(self, understood: Understood) -> bytes:
        """What the worker is handed; empty when it has to read the wire itself, as for what is reckoned from the receipt."""
        body = understood.body
        if isinstance(body, RightsRequested):
            return b""
        personal = {name: said for name, said in understood.personal.items() if name not in LATER}
        identifiers = tuple([self._identifiers.get(one) or self._hash(one) for one in understood.identifiers])
        numbers = tuple([self._numbers.get((kind, number)) or self._hash_number(kind, number) for kind, _, number in understood.numbers])
        named = (personal, identifiers, numbers, understood.moment, understood.channel, understood.touchpoint)
        try:
            return FORM + encode((body.type, shape(body.type), body, *named))  # as a `Handed`, whose body is what it is encoded to
        except (OverflowError, RecursionError, UnicodeEncodeError):
            return b""  # msgpack cannot hold such a number, or such text

    def _hash(self, one: Identifier) -> tuple[str, str, bytes, bytes]:
        hashed = self._identifiers[one] = (one.kind, one.value, *self._keys.identifier_keys(one.kind, one.value))
        return hashed

    def _hash_number(self, kind: str, number: str) -> tuple[str, str, bytes]:
        hashed = self._numbers[kind, number] = (kind, number, self._keys.number_key(self._source, kind, number))
        return hashed


def read_handed(data: bytes) -> Handed | None:
    """What was handed on; None when another version did that in another form, or bodies of its type have other fields today."""
    if not data.startswith(FORM):
        return None
    handed = _decode(data[len(FORM) :])
    return handed if handed.type in BODIES and handed.shape == shape(handed.type) else None


def understood(handed: Handed, received_at: int, refer: Callable[[str, bytes], int]) -> Understood:
    """The message as if it had been read from its wire. `refer` gives the surrogate of a number's kind and key."""
    body: Any = decode_body(handed.type, BODIES[handed.type].version, handed.body)
    numbers = [(kind, refer(kind, key), number) for kind, number, key in handed.numbers]
    more: dict[str, Any] = {}
    if numbers:
        settle(body, [surrogate for _, surrogate, _ in numbers])
        more["numbers"] = numbers
    identifiers = tuple([Identifier(kind, value) for kind, value, _, _ in handed.identifiers])
    if identifiers:
        more["identifiers"] = [(one.kind, one.value) for one in identifiers]
    occurred_at = handed.moment.as_received(received_at)
    return Understood(body, Part(bytes(handed.personal), more), identifiers, tuple(numbers), occurred_at, handed.channel, handed.touchpoint)


def settle(struct: Struct, surrogates: list[int]) -> None:
    """Put the surrogates where their places stand. For what was decoded a moment ago and nobody else has seen."""
    whole, lists = _fields(type(struct))
    for name in whole:
        value = getattr(struct, name)
        if value >= FIRST_PLACE:
            force_setattr(struct, name, surrogates[value - FIRST_PLACE])
    for name in lists:
        for one in getattr(struct, name):
            settle(one, surrogates)


@cache
def _fields(struct: type[Struct]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields that hold a whole number, and those that hold structs. Raises TypeError for one that could hide a place."""
    whole, lists, hints = [], [], get_type_hints(struct)
    for name in struct.__struct_fields__:
        hint, arguments = hints[name], get_args(hints[name])
        if hint is int:
            whole.append(name)
        elif get_origin(hint) is tuple and isinstance(arguments[0], type) and issubclass(arguments[0], Struct):
            lists.append(name)
        elif hint not in (str, bool, float) and not (get_origin(hint) is tuple and arguments == (str, ...)):
            raise TypeError(f"{struct.__name__}.{name}: {hint} could hold a place that is not found")
    return tuple(whole), tuple(lists)
