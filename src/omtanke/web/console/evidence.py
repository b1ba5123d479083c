"""What speaks for two customers being one person, side by side: as they told it, with how alike it is in a word and a sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from omtanke.learning.links.fields import date_of, first_of, number_of
from omtanke.storage.identities import TellingSeen
from omtanke.web.words.names import say
from omtanke.web.words.voice import Voice

# Which likenesses of the model go into a row of the page.
ROWS = {
    say("Name"): ("first_name", "last_name"),
    say("Born"): ("birth_date",),
    say("Address"): ("street", "house"),
    say("Place"): ("postal_code", "city"),
    say("E-mail"): ("emails",),
    say("Telephone"): ("phones",),
    say("Number in a public register"): ("number",),
}
SIGNS = {"same": "=", "near": "≈", "differs": "≠", "missing": "–"}
LOOKS = {"same": "kept", "near": "risk", "differs": "still", "missing": "still"}
WORDS = {"same": say("the same"), "near": say("nearly the same"), "differs": say("differs"), "missing": say("not told by both")}
COVERED = "•"
LEFT_OPEN = 4


@dataclass(frozen=True)
class Evidence:
    """A row. label: what. one, two: as told, or empty. sign, word: how alike; look: its colour, never the only sign of it."""

    label: str
    one: str
    two: str
    sign: str
    word: str
    look: str


def evidence(likeness: Mapping[str, str], one: Sequence[TellingSeen], two: Sequence[TellingSeen], voice: Voice) -> tuple[Evidence, ...]:
    """Every row of which either has told anything."""
    sides = told_values(one, voice), told_values(two, voice)
    rows = (row_of(label, [likeness.get(field, "missing") for field in fields], sides[0][label], sides[1][label]) for label, fields in ROWS.items())
    return tuple(row for row in rows if row.one or row.two)


def row_of(label: str, likenesses: Iterable[str], one: str, two: str) -> Evidence:
    degree = degree_of(list(likenesses))
    return Evidence(_(label), one, two, SIGNS[degree], _(WORDS[degree]), LOOKS[degree])


def degree_of(likenesses: Sequence[str]) -> str:
    """Of several fields the least alike; what is missing says nothing."""
    told = [one for one in likenesses if one != "missing"]
    if not told:
        return "missing"
    if "differs" in told:
        return "differs"
    return "same" if set(told) == {"same"} else "near"


def told_values(tellings: Sequence[TellingSeen], voice: Voice) -> dict[str, str]:
    """By row: the last telling of each, and every e-mail address and telephone."""
    traits = [telling.traits for telling in tellings]
    return {
        say("Name"): last(traits, name_of),
        say("Born"): last(traits, born),
        say("Address"): last(traits, address_of),
        say("Place"): last(traits, place_of),
        say("E-mail"): ", ".join(dict.fromkeys(text(one.get("email")).lower() for one in traits if one.get("email"))),
        say("Telephone"): ", ".join(dict.fromkeys(voice.phone(text(one["phone"])) for one in traits if one.get("phone"))),
        say("Number in a public register"): last(traits, covered_number),
    }


def last(traits: Sequence[Mapping[str, Any]], read: Any) -> str:
    return next((value for one in reversed(traits) if (value := read(one))), "")


def text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def name_of(traits: Mapping[str, Any]) -> str:
    parts = (text(first_of(traits, "first_name", "firstName")), text(first_of(traits, "last_name", "lastName")))
    return " ".join(part for part in parts if part) or text(traits.get("name"))


def born(traits: Mapping[str, Any]) -> str:
    """As ISO 8601 writes it, so that two can be compared figure by figure."""
    date = date_of(first_of(traits, "birthday", "birth_date", "date_of_birth"))
    return f"{date[:4]}-{date[4:6]}-{date[6:]}" if date else ""


def address_parts(traits: Mapping[str, Any]) -> Mapping[str, Any]:
    address = traits.get("address")
    return address if isinstance(address, Mapping) else {"street": address}


def address_of(traits: Mapping[str, Any]) -> str:
    inside = address_parts(traits)
    street = text(first_of(inside, "street", "address1", "address_1") or first_of(traits, "street", "address1"))
    parts = (street, text(inside.get("street_number")), text(first_of(inside, "address2", "address_2") or traits.get("address2")))
    return " ".join(part for part in parts if part)


def place_of(traits: Mapping[str, Any]) -> str:
    inside = address_parts(traits)
    code = text(first_of(inside, "postalCode", "postal_code", "zip") or first_of(traits, "postal_code", "postalCode"))
    return " ".join(part for part in (code, text(inside.get("city") or traits.get("city"))) if part)


def covered_number(traits: Mapping[str, Any]) -> str:
    """Its last figures, enough to be compared."""
    number = number_of(first_of(traits, "personal_number", "national_id", "ssn"))
    return COVERED * 4 + number[-LEFT_OPEN:] if number else ""
