"""Who it is: identifiers, and what a customer tells about themselves."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from omtanke.vocabulary.fact import Input, Observed
from omtanke.vocabulary.fields import code, reference

# Strongest first. A strong identifier is one person's for good; the rest may be shared or change hands.
STRONG = ("user_id", "loyalty_number", "external")
WEAK = ("email", "phone", "anonymous_id")
# What an alias calls the customer until now: an account where there is one of that name, else a device.
PREVIOUS = "previous_id"
PLACEHOLDERS = frozenset({"", "0", "-1", "null", "none", "nil", "undefined", "anonymous", "guest", "unknown", "n/a", "na", "test"})


class Identifier(Struct, frozen=True, gc=False):
    """One of the values by which a customer is known. `kind` is in STRONG or WEAK, or PREVIOUS; `value` is personal."""

    kind: str
    value: str

    @property
    def is_strong(self) -> bool:
        return self.kind in STRONG


def is_placeholder(value: str) -> bool:
    """Values that senders write when they know nobody; they never identify anyone."""
    return value.strip().lower() in PLACEHOLDERS


class CustomerIdentified(Observed, frozen=True, kw_only=True):
    """Something is known about the customer: Segment's identify call, or a row of a customer register."""

    name = "Customer Identified"
    personal = {
        "name": "the whole name",
        "first_name": "given name",
        "last_name": "family name",
        "email": "e-mail address",
        "phone": "telephone number",
        "address": "postal address",
        "city": "town",
        "postal_code": "postal code",
    }

    region: Annotated[str, code("region", "state", what="county or state")] = ""
    country: Annotated[str, code("country", "country_code", what="ISO 3166 country")] = ""
    locale: Annotated[str, code("locale", what="language, as in sv or en-GB")] = ""
    has_email: bool = False
    has_phone: bool = False


class CustomerGrouped(Observed, frozen=True, kw_only=True):
    """The customer belongs to a household, company or club: Segment's group call."""

    name = "Customer Grouped"
    personal = {"traits": "what is known of the group"}

    group: Annotated[int, reference("group", "group_id", "groupId", what="the household, company or club", required=True)]


class CustomerAliased(Observed, frozen=True, kw_only=True):
    """Two identifiers are one person's, says the sender: Segment's alias call. `previousId` and `userId` are in the personal part."""

    name = "Customer Aliased"


class CustomersLinked(Input, frozen=True, kw_only=True):
    """Two customers are one person. `customer` of the fact is the one that lives on; `other` joins it."""

    other: int
    by: str
