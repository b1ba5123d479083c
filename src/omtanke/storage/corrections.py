"""What was told of a person, read with what has been put right since: no telling is rewritten, and none is taken for more than it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from omtanke.vocabulary.rights import DetailsCorrected

Traits = Mapping[str, Any]
# By what somebody is found that can be put right.
FOUND_BY = ("email", "phone")
# The traits in which a detail is told, by themselves or within an address.
TOLD_AS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "first_name", "last_name", "firstName", "lastName"),
    "street": ("street", "address1", "address_1", "street_number", "address2", "address_2"),
    "postal_code": ("postal_code", "postalCode", "zip"),
    "region": ("region", "state"),
}


class Corrected(Struct, frozen=True):
    """A correction. `values`: each detail that was put right with what it is, empty when it is not known any more; personal. `at`: when, UTC microseconds."""

    customer: int
    at: int
    values: Mapping[str, str]

    @property
    def told(self) -> Traits:
        """As if the person had told it."""
        return {detail: value for detail, value in self.values.items() if value}

    def addresses(self) -> Iterator[tuple[str, str]]:
        """(kind, value) of what they are found by; an e-mail address in small letters, as it identifies."""
        values = ((kind, self.values[kind]) for kind in FOUND_BY if kind in self.values)
        return ((kind, value.lower() if kind == "email" else value) for kind, value in values)


def correction_in(customer: int, at: int, body: DetailsCorrected, personal: Mapping[str, Any]) -> Corrected:
    """From a fact and its personal part; what has been erased of it has no value."""
    said = personal.get("properties")
    properties = said if isinstance(said, Mapping) else {}
    return Corrected(customer, at, {detail: str(properties.get(detail) or getattr(body, detail, "")).strip() for detail in body.corrected})


def put_right(told: Iterable[Traits | Corrected]) -> list[Traits]:
    """What was told, the oldest first, as it counts today: a detail that was put right is what it was put right to, whatever had been told before."""
    found: list[Traits] = []
    for one in told:
        if isinstance(one, Corrected):
            found = [*(without(traits, one.values) for traits in found), one.told]
        else:
            found.append(one)
    return found


def without(traits: Traits, details: Iterable[str]) -> Traits:
    """What was told, but for some details."""
    gone = {name for detail in details for name in TOLD_AS.get(detail, (detail,))}
    left = {name: value for name, value in traits.items() if name not in gone}
    address = left.get("address")
    if isinstance(address, Mapping):
        left["address"] = {name: value for name, value in address.items() if name not in gone}
    elif "street" in gone:
        left.pop("address", None)
    return left
