"""What a webhook says: one fact of the log, in the shop's own numbers. Built when it is sent; what has been erased is not in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from omtanke.storage.outbox_facts import Facts
from omtanke.storage.seen import FactSeen, PromiseSeen
from omtanke.vocabulary.fact import Body
from omtanke.vocabulary.fields import Field
from omtanke.vocabulary.money import minor_digits
from omtanke.vocabulary.rights import DetailsCorrected, ProcessingRestricted, RestrictionLifted
from omtanke.vocabulary.time import datetime_of

SHAPE_VERSION = 1
PING = "ping"
REFERENCES = ("order", "line", "parcel", "case", "store", "product", "appointment", "benefit", "cart", "quote", "survey")
# What stands elsewhere in the shape, or has a meaning inside only.
LEFT_OUT = frozenset({"timestamp", "statement", "given", "subject", "subject_kind", "zone", "digest"})
# Whoever has had the data has to hear that they were corrected, or are to be left alone (article 19 of the regulation).
TOLD_ANYWAY = frozenset(one.type for one in (DetailsCorrected, ProcessingRestricted, RestrictionLifted))
IDENTIFIERS = ("user_id", "loyalty_number", "anonymous_id")
Numbers = Mapping[tuple[str, int], str]
# The path of the link by which a customer answers a survey; empty where there is none.
SurveyLink = Callable[[FactSeen], str]


def no_link(fact: FactSeen) -> str:
    return ""


def webhook_type(fact_type: str) -> str:
    """`promise_broken` as `promise.broken`, `case_message_sent` as `case.message_sent`."""
    return fact_type.replace("_", ".", 1)


class Payloads:
    """Makes payloads from the log. `pages_address` is where the pages are reached, `survey_link` the path of a survey's link."""

    def __init__(self, facts: Facts, pages_address: str = "", survey_link: SurveyLink = no_link) -> None:
        self._facts = facts
        self._pages_address = pages_address.rstrip("/")
        self._survey_link = survey_link

    def of_fact(self, position: int) -> bytes | None:
        """The payload of the fact at a position; None when it cannot be read any more."""
        found = self._facts.at(position)
        if found is None:
            return None
        person, fact = found
        return encoded(fact.type, fact.occurred_at, self.data(person, fact))

    def is_withheld(self, position: int) -> bool:
        """Whether nobody is to be told of the fact: what we know of its customer is to be left alone. That it is so, is told."""
        found = self._facts.at(position)
        return found is not None and found[1].type not in TOLD_ANYWAY and self._facts.is_restricted(found[0])

    def ping(self, at: int) -> bytes:
        """A payload to try a receiver with."""
        return encoded(PING, at, {"version": SHAPE_VERSION, "text": "Omtanke can reach you. Nothing has happened; this is a try."})

    def data(self, person: int, fact: FactSeen) -> dict[str, Any]:
        assert fact.body is not None
        numbers = dict(numbers_of(fact.personal))
        numbers |= self._facts.numbers_of_cause(person, fact)
        data: dict[str, Any] = {
            "version": SHAPE_VERSION,
            "fact_id": fact.fact_id.hex(),
            "occurred_at": moment(fact.occurred_at),
            "channel": fact.channel,
            "touchpoint": fact.touchpoint,
            "customer": self._customer(person, fact),
        }
        data |= self._of_promise(getattr(fact.body, "promise", 0), fact, numbers)
        data |= fields_of_body(fact.body, numbers)
        data |= personal_words(fact)
        if fact.is_decided:
            data["reason"] = fact.reason
        if fact.type == "survey_asked" and (path := self._survey_link(fact)):
            data["link"] = path if path.startswith("http") else self._pages_address + path
        return {name: value for name, value in data.items() if value not in ("", None)}

    def _customer(self, person: int, fact: FactSeen) -> dict[str, Any]:
        """Who it is, as the shop knows them: its own ids first."""
        known = self._facts.known(person)
        if known is None or known.kind == "subject":
            return {}
        said: dict[str, Any] = {"number": person, **self._facts.identifiers(person, fact, IDENTIFIERS)}
        said |= {"email": known.email, "name": known.name, "locale": known.locale}
        return {name: value for name, value in said.items() if value}

    def _of_promise(self, number: int, fact: FactSeen, numbers: dict[tuple[str, int], str]) -> dict[str, Any]:
        """What the promise is about and what was said, as it stands when the webhook is sent."""
        promise = self._facts.promise(number) if number and fact.is_decided else None
        if promise is None:
            return {}
        stated = self._facts.stated(promise)
        numbers |= stated.numbers
        said = {
            "kind": promise.kind,
            "status": promise.status,
            "owner": promise.owner,
            "from_at": moment(promise.from_at) if promise.from_at else None,
            "until_at": moment(promise.until_at),
            "first_until_at": moment(promise.first_until),
            "words": stated.words,
            "place": stated.place,
            "promise_id": stated.promise_id,
        }
        return said | about(promise, numbers)


def about(promise: PromiseSeen, numbers: Numbers) -> dict[str, str | None]:
    """The numbers of what a promise is about, as written: `order_id`, `parcel_id`, `case_id` …"""
    named = {"order_id": numbers.get(("order", promise.order))}
    if promise.subject_kind in REFERENCES:
        named[f"{promise.subject_kind}_id"] = written(promise.subject_kind, promise.subject, numbers)
    return named


def written(kind: str, surrogate: int, numbers: Numbers) -> str | None:
    """A number as the shop wrote it; a line's without its order's before it."""
    number = numbers.get((kind, surrogate))
    return number.rpartition("/")[2] if number and kind == "line" else number


def numbers_of(personal: Mapping[str, Any]) -> dict[tuple[str, int], str]:
    """Numbers as written, by kind and surrogate."""
    return {(str(kind), int(surrogate)): str(number) for kind, surrogate, number in personal.get("numbers") or ()}


def personal_words(fact: FactSeen) -> dict[str, Any]:
    """Texts that senders give with such a fact (a comment, the words shown); what they add beyond the vocabulary stays with us."""
    declared = getattr(fact.body, "personal", {})
    told = (fact.personal.get("items") or {}).get("properties", {}) | (fact.personal.get("properties") or {})
    return {name: told[name] for name in declared if "." not in name and "[" not in name and told.get(name)}


def fields_of_body(body: Struct, numbers: Numbers) -> dict[str, Any]:
    """The fields of a body as the vocabulary names them on the wire: own numbers as written, moments as RFC 3339, amounts in major units."""
    currency = getattr(body, "currency", "")
    described = wire_fields(type(body))
    data: dict[str, Any] = {}
    for name in body.__struct_fields__:
        if name in LEFT_OUT and isinstance(body, Body):
            continue
        value = getattr(body, name)
        form, wire_name = described.get(name, ("", name))
        if form.startswith("reference to ") or (not form and name in REFERENCES):
            kind = form.removeprefix("reference to ") or name
            if value and kind != "promise":
                data[f"{kind}_id"] = written(kind, value, numbers)
            elif value:
                data["promise_id"] = numbers.get(("promise", value))
        elif value not in ("", ()) and not (is_moment(name) and not value):
            data[wire_name] = value_on_wire(name, form, value, numbers, currency)
    return {name: value for name, value in data.items() if value is not None}


def is_moment(name: str) -> bool:
    """Whether a field holds a moment; 0 is none."""
    return name.endswith(("_at", "_until", "_before"))


def value_on_wire(name: str, form: str, value: Any, numbers: Numbers, currency: str) -> Any:
    if isinstance(value, tuple):
        return [fields_of_body(one, numbers) if isinstance(one, Struct) else one for one in value]
    if form == "amount":
        return value / 10 ** minor_digits(currency)
    if is_moment(name) and isinstance(value, int):
        return moment(value)
    return value


@cache
def wire_fields(struct: type[Struct]) -> dict[str, tuple[str, str]]:
    """(form, first name on the wire) of each field that senders write."""
    found = {}
    for name, hint in get_type_hints(struct, include_extras=True).items():
        if get_origin(hint) is Annotated:
            field = next(extra for extra in get_args(hint) if isinstance(extra, Field))
            found[name] = (field.form, name if is_moment(name) else field.names[0])
    return found


def moment(at: int) -> str:
    """2026-11-22T08:14:00.000000Z as short as it can be said."""
    return datetime_of(at).isoformat(timespec="auto").replace("+00:00", "Z")


def encoded(type_: str, at: int, data: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode({"type": webhook_type(type_), "timestamp": moment(at), "data": data})
