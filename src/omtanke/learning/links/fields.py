"""What a person has told, in one way of writing, so that two tellings can be held against each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from omtanke.storage.keys import normalised
from omtanke.vocabulary.identity import PLACEHOLDERS

# Small words that belong to the family name that follows them.
PARTICLES = frozenset("af av da de del den der di dos du el la le ter van von zu".split())
DIGITS = re.compile(r"\d+")
DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
WORD = re.compile(r"[^\W_]+")
E164 = re.compile(r"\+[1-9]\d{6,14}")
APOSTROPHES = str.maketrans("", "", "'’")
LONGEST = 80


class Comparable(Struct, frozen=True):
    """One person as the model sees them. Empty: not told. `birth_date`: eight figures, year first. `street`: without
    its number; `more`: a second line of the address. `number`: one that a public register has given them."""

    person: int
    first_name: str = ""
    last_name: str = ""
    birth_date: str = ""
    street: str = ""
    more: str = ""
    house: str = ""
    postal_code: str = ""
    city: str = ""
    number: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


FIELDS = tuple(name for name in Comparable.__struct_fields__ if name != "person")


def comparable(person: int, told: Iterable[Mapping[str, Any]], country: str) -> Comparable:
    """From what was told, the oldest first: the last telling of each field counts, and every e-mail address and telephone."""
    values: dict[str, str] = {}
    emails: dict[str, None] = {}
    phones: dict[str, None] = {}
    for one in told:
        values |= {field: value for field, value in read(one) if value}
        emails |= dict.fromkeys(email for email in [email_of(one.get("email"))] if email)
        phones |= dict.fromkeys(phone for phone in [phone_of(one.get("phone"), country)] if phone)
    return Comparable(person, emails=tuple(emails), phones=tuple(phones), **values)


def read(told: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """(field, value) of one telling."""
    address = told.get("address")
    inside: Mapping[str, Any] = address if isinstance(address, Mapping) else {"street": address}
    first, last = names_of(told)
    yield "first_name", first
    yield "last_name", last
    yield "birth_date", date_of(first_of(told, "birthday", "birth_date", "date_of_birth"))
    street, house = street_of(first_of(inside, "street", "address1", "address_1") or first_of(told, "street", "address1"))
    yield "street", street
    yield "house", house or plain(inside.get("street_number"))
    yield "more", plain(first_of(inside, "address2", "address_2") or first_of(told, "address2"))
    yield "postal_code", plain(first_of(inside, "postalCode", "postal_code", "zip") or first_of(told, "postal_code", "postalCode")).replace(" ", "")
    yield "number", number_of(first_of(told, "personal_number", "national_id", "ssn"))
    yield "city", plain(inside.get("city") or told.get("city"))


def first_of(told: Mapping[str, Any], *names: str) -> Any:
    return next((told[name] for name in names if told.get(name)), "")


def plain(value: object) -> str:
    """Small letters without accents; letters, figures and single spaces."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value)[:LONGEST].casefold().translate(APOSTROPHES)
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    words = " ".join(WORD.findall(text))
    return "" if words in PLACEHOLDERS else words


def names_of(told: Mapping[str, Any]) -> tuple[str, str]:
    """First name and family name; of a whole name, the last word with the particles before it is the family's."""
    first, last = plain(first_of(told, "first_name", "firstName")), plain(first_of(told, "last_name", "lastName"))
    if first or last:
        return first, last
    words = plain(told.get("name")).split()
    if len(words) < 2:
        return (words[0] if words else ""), ""
    cut = len(words) - 1
    while cut > 1 and words[cut - 1] in PARTICLES:
        cut -= 1
    return " ".join(words[:cut]), " ".join(words[cut:])


def date_of(value: object) -> str:
    """A date as eight figures; the time of day is left out."""
    found = DATE.match(str(value or ""))
    return "".join(found.groups()) if found else ""


def street_of(value: object) -> tuple[str, str]:
    """The street and its number: the first one that stands in it."""
    text = plain(value)
    found = DIGITS.search(text)
    return (" ".join(DIGITS.sub(" ", text).split()), found[0]) if found else (text, "")


def number_of(value: object) -> str:
    """The last ten figures: a Swedish personal number is written with or without its century."""
    return "".join(DIGITS.findall(str(value)))[-10:] if isinstance(value, str | int) else ""


def email_of(value: object) -> str:
    text = normalised("email", value, "") if isinstance(value, str) else ""
    return text if "@" in text else ""


def phone_of(value: object, country: str) -> str:
    """E.164; what is no telephone number is left out."""
    if isinstance(value, str) and E164.fullmatch(value):
        return value
    text = normalised("phone", str(value), country) if isinstance(value, str | int) and value else ""
    return text if text.startswith("+") else ""
