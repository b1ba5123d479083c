"""How a field of a body is read from what a sender wrote.

A body declares its fields as `Annotated[type, field(...)]`; `read_properties` takes them out of the
sender's properties one by one. What is left over belongs to the personal part, so nothing is lost and
nothing that was not declared reaches the body.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields as struct_fields

from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.money import read_amount, read_currency
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import read_end, read_moment, read_start

LONGEST_NUMBER = 200
LONGEST_CODE = 80
TEXT_OR_NUMBER = (str, int)
MOST_ITEMS = 500
LARGEST_INTEGER = 2**53
LARGEST_OWN = 2**63
CODE = re.compile(r"[\w][\w .,:;/&+()'°%#*!?-]*")

S = TypeVar("S", bound=Struct)


class Reading:
    """One message being read: what is needed to read it, and what was found on the way.

    `refer(kind, number)` gives the surrogate of an order, line, parcel, case, product, cart or promise.
    `numbers` collects each as written, for the personal part: (kind, surrogate, number);
    `left_over` what the items of lists say beyond their declared fields, by path. `is_own`: our own pages say it,
    and may name things by the numbers that the log gave them.
    """

    __slots__ = ("zone", "currency", "refer", "is_own", "numbers", "left_over", "order_number")

    def __init__(self, zone: ZoneInfo, currency: str, refer: Callable[[str, str], int], is_own: bool = False) -> None:
        self.zone = zone
        self.currency = currency
        self.refer = refer
        self.is_own = is_own
        self.numbers: list[tuple[str, int, str]] = []
        self.left_over: dict[str, dict[str, Any]] = {}
        self.order_number = ""

    def keep(self, path: str, rest: dict[str, Any]) -> None:
        """What an item of a list says beyond its declared fields goes to the personal part under its path."""
        if rest:
            self.left_over[path] = rest

    def reference(self, kind: str, number: str) -> int:
        """The surrogate of a number; a line's number counts within its order."""
        if kind == "order":
            self.order_number = number
        elif kind == "line":
            number = f"{self.order_number}/{number}"
        surrogate = self.refer(kind, number)
        entry = (kind, surrogate, number)
        if entry not in self.numbers:
            self.numbers.append(entry)
        return surrogate


Reader = Callable[[Any, str, Reading], Any]


class Field(Struct, frozen=True):
    """How one field is named by senders, read and documented."""

    names: tuple[str, ...]
    what: str
    form: str
    read: Reader
    required: bool = False


def number_text(value: object, path: str) -> str:
    """An identifying number as senders write it: text, or an integer."""
    if isinstance(value, bool) or not isinstance(value, TEXT_OR_NUMBER):
        raise Refused(path, value, "is not a number or text that names something")
    text = str(value).strip()
    if not text or len(text) > LONGEST_NUMBER:
        raise Refused(path, value, f"must have 1 to {LONGEST_NUMBER} characters")
    return text


def reference(kind: str, *names: str, what: str, required: bool = False) -> Field:
    """A thing that has a number of its own; the body keeps only its surrogate."""

    def read(value: object, path: str, reading: Reading) -> int:
        return reading.reference(kind, number_text(value, path))

    return Field(names, what, f"reference to {kind}", read, required)


def own(*names: str, what: str, required: bool = False) -> Field:
    """A number that the log itself has given (a promise, a task, somebody who works here): only our own pages name it. 0 is none."""

    def read(value: object, path: str, reading: Reading) -> int:
        if not reading.is_own:
            raise Refused(path, value, "is a number of Omtanke's own, which only its pages may name; send your own id instead")
        if isinstance(value, bool) or not isinstance(value, int) or not required <= value < LARGEST_OWN:
            raise Refused(path, value, "is not a number that the log has given")
        return value

    return Field(names, what, "own number", read, required)


@lru_cache(maxsize=4096)
def is_code(text: str) -> bool:
    """Whether a text without blanks around it is written as a code. The same few come again and again."""
    return len(text) <= LONGEST_CODE and CODE.fullmatch(text) is not None


def code(*names: str, what: str, required: bool = False, one_of: Mapping[str, str] | None = None) -> Field:
    """A short word of the shop's or the trade's (a carrier, a category): never about a person, never prose."""

    def read(value: object, path: str, reading: Reading) -> str:
        if not isinstance(value, str) or len(value) > LONGEST_CODE or not is_code(value.strip()):
            raise Refused(path, value, f"is not a code: 1 to {LONGEST_CODE} letters, figures, spaces or -_./:")
        word = value.strip()
        if one_of is not None and word not in one_of:
            raise Refused(path, value, f"is not one of {', '.join(one_of)}")
        return word

    return Field(names, what, "code" if one_of is None else "one of " + ", ".join(one_of), read, required)


def codes(*names: str, what: str, one_of: Mapping[str, str], required: bool = False) -> Field:
    """Several of some words, each once, in the order of `one_of`."""

    def read(value: object, path: str, reading: Reading) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or any(word not in one_of for word in value):
            raise Refused(path, value, f"is not a list of some of {', '.join(one_of)}")
        return tuple(word for word in one_of if word in value)

    return Field(names, what, "some of " + ", ".join(one_of), read, required)


def whole(*names: str, what: str, required: bool = False, least: int = 0, most: int = LARGEST_INTEGER) -> Field:
    """A whole number from `least` to `most`."""

    def read(value: object, path: str, reading: Reading) -> int:
        number = value
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,16}", value) or isinstance(value, float) and value.is_integer():
            number = int(value)
        if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
            raise Refused(path, value, f"is not a whole number from {least} to {most}")
        return number

    return Field(names, what, f"whole number {least}–{most}", read, required)


def flag(*names: str, what: str) -> Field:
    """True or false."""

    def read(value: object, path: str, reading: Reading) -> bool:
        if not isinstance(value, bool):
            raise Refused(path, value, "is not true or false")
        return value

    return Field(names, what, "true or false", read)


def amount(*names: str, what: str, required: bool = False) -> Field:
    """Money: major units on the wire, minor units in the body, in the currency of the fact."""

    def read(value: object, path: str, reading: Reading) -> int:
        return read_amount(value, path, reading.currency)

    return Field(names, what, "amount", read, required)


def currency() -> Field:
    """ISO 4217; the shop's own when none is sent."""

    def read(value: object, path: str, reading: Reading) -> str:
        return read_currency(value, path)

    return Field(("currency",), "the currency of every amount in the fact", "ISO 4217", read)


def moment(*names: str, what: str, required: bool = False) -> Field:
    """A moment, RFC 3339."""

    def read(value: object, path: str, reading: Reading) -> int:
        return read_moment(value, path, reading.zone)

    return Field(names, what, "moment", read, required)


def window_start(*names: str, what: str) -> Field:
    """A moment, or a date that begins at 00.00 in the customer's zone."""

    def read(value: object, path: str, reading: Reading) -> int:
        return read_start(value, path, reading.zone)

    return Field(names, what, "moment or date", read)


def window_end(*names: str, what: str, required: bool = False) -> Field:
    """A moment, or a date that ends at 24.00 in the customer's zone."""

    def read(value: object, path: str, reading: Reading) -> int:
        return read_end(value, path, reading.zone)

    return Field(names, what, "moment or date", read, required)


def items(read_item: Callable[[Mapping[str, Any], str, Reading], Any], *names: str, what: str, form: str) -> Field:
    """A list of objects, each read by `read_item`."""

    def read(value: object, path: str, reading: Reading) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > MOST_ITEMS:
            raise Refused(path, value, f"is not a list of at most {MOST_ITEMS}")
        return tuple(read_item(read_object(item, f"{path}[{n}]"), f"{path}[{n}]", reading) for n, item in enumerate(value))

    return Field(names, what, f"list of {form}", read)


def read_object(value: object, path: str) -> Mapping[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise Refused(path, value, "is not an object with fields")
    return value


@cache
def fields_of(struct: type[Struct]) -> tuple[tuple[str, Field, Any], ...]:
    """(attribute, field, default) of each declared field, in order; currency first, amounts need it."""
    hints = get_type_hints(struct, include_extras=True)
    found = []
    for described in struct_fields(struct):
        hint = hints[described.name]
        if get_origin(hint) is Annotated:
            field = next(extra for extra in get_args(hint) if isinstance(extra, Field))
            found.append((described.name, field, None if described.default is NODEFAULT else described.default))
    return tuple(sorted(found, key=lambda entry: entry[0] != "currency"))


def take(struct: type[S], properties: dict[str, Any], path: str, reading: Reading) -> dict[str, Any]:
    """The values of the struct's fields, taken out of `properties`; null and empty text count as not sent.

    Raises Refused naming the first field that breaks its rule.
    """
    values: dict[str, Any] = {}
    required, has_currency = demands_of(struct)
    if has_currency:
        if written := properties.pop("currency", None):
            reading.currency = read_currency(written, f"{path}.currency")
        values["currency"] = reading.currency
    for name, attribute, where, read in plan_of(struct, tuple(properties), path):
        value = properties.pop(name, None)
        if value is not None and value != "" and attribute not in values:
            values[attribute] = read(value, where, reading)
    for attribute, field in required:
        if attribute not in values:
            raise Refused(f"{path}.{field.names[0]}", None, f"is missing: {field.what}")
    return values


@cache
def demands_of(struct: type[Struct]) -> tuple[tuple[tuple[str, Field], ...], bool]:
    """The fields that a struct requires, and whether it has a currency, which is read first."""
    fields = fields_of(struct)
    return tuple((attribute, field) for attribute, field, _ in fields if field.required), any(attribute == "currency" for attribute, *_ in fields)


@lru_cache(maxsize=1024)
def plan_of(struct: type[Struct], sent: tuple[str, ...], path: str) -> tuple[tuple[str, str, str, Reader], ...]:
    """How what was sent under these names is read: (wire name, attribute, path, reader) in the order of the fields. Senders say the same
    kind of thing with the same names, so that this is found once."""
    return tuple(
        (name, attribute, f"{path}.{name}", field.read)
        for attribute, field, _ in fields_of(struct)
        for name in field.names
        if attribute != "currency" and name in sent
    )


def read_properties(
    observed: type[Observed], properties: Mapping[str, Any], timestamp: str, reading: Reading, path: str = "properties"
) -> tuple[Observed, dict[str, Any]]:
    """The body that the properties state, and what is left for the personal part."""
    rest = dict(properties)
    values = take(observed, rest, path, reading)
    return observed(timestamp=timestamp, **values), rest
