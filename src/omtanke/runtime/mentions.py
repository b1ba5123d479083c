"""Whether a message or a text mentions somebody: by an identifier, a number or a name that the log knows of them.

A message is asked field by field: what stands in a field for identifiers or numbers is compared as a whole. Any other text is
asked word by word, and only for values that are long enough to be nobody else's by chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.vocabulary.catalogue import OBSERVED
from omtanke.vocabulary.fields import fields_of

# Things that many customers have to do with; every other number is one customer's, or belongs to one that is.
SHARED = frozenset({"product", "store", "seller", "group", "survey"})
# Fields in which senders write identifiers, without capitals and underscores, and the kinds of identifier that they may be.
IDENTIFYING: Mapping[str, tuple[str, ...]] = {
    "userid": ("user_id",),
    "previousid": ("user_id", "anonymous_id", "previous_id"),
    "anonymousid": ("anonymous_id",),
    "loyaltynumber": ("loyalty_number",),
    "email": ("email",),
    "phone": ("phone",),
}
NAMING = ("name", "first_name", "last_name", "firstName", "lastName")
LEAST_LETTERS = 6
DEEPEST = 40
WORD = re.compile(r"\w+")

Words = tuple[str, ...]
KeyOf = Callable[[str, str], bytes]


class Mentions(Struct, frozen=True):
    """What tells that somebody is meant. keys: keyed hashes of identifiers; numbers: (kind, as written); phrases: by their first word."""

    key_of: KeyOf
    keys: frozenset[bytes] = frozenset()
    numbers: frozenset[tuple[str, str]] = frozenset()
    identifiers: frozenset[str] = frozenset()
    phrases: Mapping[str, tuple[Words, ...]] = {}

    @property
    def import_keys(self) -> frozenset[str]:
        """What rows of imports hang on that are theirs, as importers name it."""
        return frozenset([*(f"{kind}/{number}" for kind, number in self.numbers), *(f"customer/{value}" for value in self.identifiers)])

    def in_message(self, wire: bytes) -> bool:
        """Whether a message as it came mentions them; one that is no JSON is a text like any other."""
        try:
            message = msgspec.json.decode(wire)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self.in_text(wire.decode("utf-8", "replace"))
        return any(self._is_theirs(name, text) or self.in_text(text) for name, text in leaves(message))

    def in_body(self, body: bytes) -> bool:
        """Whether a code of a body as stored is a value of theirs; its numbers are our own."""
        return any(self.in_text(text) for text in texts(msgspec.msgpack.decode(body)))

    def in_text(self, text: str) -> bool:
        """Whether words in a row are a value of theirs."""
        words = words_of(text)
        return any(words[n : n + len(phrase)] == phrase for n, word in enumerate(words) for phrase in self.phrases.get(word, ()))

    def _is_theirs(self, name: str, text: str) -> bool:
        plain = name.lower().replace("_", "")
        if any(self.key_of(kind, text) in self.keys for kind in IDENTIFYING.get(plain, ())):
            return True
        return any((kind, text.strip()) in self.numbers for kind in number_kinds().get(plain, ()))


def mentions_of(parts: Iterable[Mapping[str, Any]], keys: Iterable[bytes], key_of: KeyOf) -> Mentions:
    """What the personal parts and the keyed hashes of somebody tell."""
    numbers: set[tuple[str, str]] = set()
    identifiers: set[str] = set()
    phrases: set[Words] = set()
    for part in parts:
        mine = [(kind, str(number)) for kind, _, number in part.get("numbers") or () if kind not in SHARED]
        values = [str(value).partition(":")[2] if kind == "external" else str(value) for kind, value in part.get("identifiers") or ()]
        numbers.update(mine)
        identifiers.update(values)
        said = [*(number for _, number in mine), *values, *names_in(part)]
        phrases.update(words for value in said if telling(words := words_of(value)))
    by_first: dict[str, tuple[Words, ...]] = {}
    for words in phrases:
        by_first[words[0]] = (*by_first.get(words[0], ()), words)
    return Mentions(key_of, frozenset(keys), frozenset(numbers), frozenset(identifiers), by_first)


def names_in(part: Mapping[str, Any]) -> Iterator[str]:
    """Whole names and ways to reach somebody, as they were told."""
    for place in ("traits", "properties"):
        told = part.get(place)
        if isinstance(told, Mapping):
            texts = {name: str(told[name]) for name in (*NAMING, "email", "phone") if isinstance(told.get(name), str | int)}
            whole = " ".join(texts.get(one) or texts.get(other, "") for one, other in (("first_name", "firstName"), ("last_name", "lastName")))
            yield from (text for text in (whole, texts.get("name", "")) if len(words_of(text)) > 1)
            yield from (texts[name] for name in ("email", "phone") if name in texts)


def telling(words: Words) -> bool:
    """Whether the words in a row are nobody else's by chance."""
    return sum(map(len, words)) >= LEAST_LETTERS


def words_of(text: str) -> Words:
    """The words of a text in small letters."""
    return tuple(WORD.findall(text.casefold()))


def leaves(value: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """(name of its field, text) of every text and number, however deep it lies; names of fields are texts too."""
    if depth > DEEPEST:
        yield name, str(value)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield "", key
            yield from leaves(one, key, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, name, depth + 1)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield name, str(value)


def texts(value: Any) -> Iterator[str]:
    """Every text in a body, without names of fields and numbers."""
    if isinstance(value, dict):
        yield from (text for one in value.values() for text in texts(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in texts(one))
    elif isinstance(value, str):
        yield value


@cache
def number_kinds() -> Mapping[str, frozenset[str]]:
    """The names of fields in which a number stands that is one customer's, and what it may be the number of."""
    found: dict[str, frozenset[str]] = {}
    for body in OBSERVED.values():
        for _, field, _ in fields_of(body):
            kind = field.form.removeprefix("reference to ")
            for name in field.names if kind in OWN_KINDS else ():
                plain = name.lower().replace("_", "")
                found[plain] = found.get(plain, frozenset()) | {kind}
    return found


OWN_KINDS = ("order", "parcel", "case", "cart", "appointment", "promise", "quote")
