"""What somebody asks when they ask for a day. What cannot be understood is remarked on and passed over: a product page is never left without an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import phonenumbers
from msgspec import Struct

from omtanke.intake.http import Fault, fault
from omtanke.messages.languages import LANGUAGES
from omtanke.vocabulary.fields import LONGEST_NUMBER, is_code
from omtanke.vocabulary.reading import LONGEST_IDENTIFIER
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import DAY, MINUTE, read_moment, zone_named

FIELDS = ("items", "destination", "origin", "service", "moment", "language", "timezone", "customer")
DESTINATION = ("country", "postal_code", "region")
# What is taken in and does not bear on the day; the region does where a model knows it, origin and service where capacity was told of them.
UNUSED = ("items", "postal_code", "region", "origin", "service", "customer")
MOST_ITEMS, MOST_QUANTITY, MOST_KILOGRAMS = 500, 100_000, 100_000
LONGEST_LANGUAGE = 35
# A page that says its own moment may be slow; one that lies further back was said at another time.
AS_GOOD_AS_NOW, FURTHEST_AHEAD = 10 * MINUTE, 90 * DAY
COUNTRIES = frozenset(phonenumbers.SUPPORTED_REGIONS)
# ISO 3166 -> how its postal codes are written; elsewhere 2 to 10 letters, figures, spaces and hyphens.
POSTAL_CODES = {
    "SE": r"(?:SE?-)?\d{3} ?\d{2}",
    "NO": r"(?:NO?-)?\d{4}",
    "DK": r"(?:DK-)?\d{4}",
    "FI": r"(?:FI-)?\d{5}",
    "AX": r"(?:AX-)?22\d{3}",
    "IS": r"(?:IS-)?\d{3}",
    "EE": r"\d{5}",
    "LV": r"(?:LV-)?\d{4}",
    "LT": r"(?:LT-)?\d{5}",
    "DE": r"(?:DE?-)?\d{5}",
    "PL": r"\d{2}-?\d{3}",
    "NL": r"\d{4} ?[A-Z]{2}",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}",
    "US": r"\d{5}(?:-\d{4})?",
    "BR": r"\d{5}-?\d{3}",
}
ANY_POSTAL_CODE = r"[A-Z\d](?:[A-Z\d -]{0,8}[A-Z\d])"


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked. `country`: ISO 3166, empty when none was said. `zone`: the customer's, IANA. `at`: the moment that it counts from, UTC microseconds.

    `region`, `origin`, `service`: as the shop writes them in its orders, empty when none was said. `remarks`: what could not be understood. `is_whole`:
    nothing of it bears on the day. `unused`: what was said and makes no difference to the table.
    """

    country: str
    region: str
    origin: str
    service: str
    zone: str
    language: str
    at: int
    remarks: tuple[Fault, ...]
    is_whole: bool
    unused: tuple[str, ...]


class Remarks:
    """What is remarked on; `is_whole` until something of it bears on the day."""

    def __init__(self) -> None:
        self.said: list[Fault] = []
        self.is_whole = True

    def say(self, path: str, value: object, rule: str, bears: bool = True) -> None:
        self.said.append(fault(path, Refused(path, value, rule).shown, rule))
        self.is_whole = self.is_whole and not bears


def read_asked(body: dict[str, Any], now: int, zone: str, language: str) -> Asked:
    """Whatever the object says. `zone`, `language`: the shop's."""
    remarks, said = Remarks(), {name: value for name, value in body.items() if value not in (None, "")}
    for name, value in said.items():
        if name not in FIELDS:
            remarks.say(name, value, f"is not a field here; those known are {', '.join(FIELDS)}", bears=False)
    to = _object(said.get("destination"), "destination", remarks)
    for name, value in to.items():
        if name not in DESTINATION:
            remarks.say(f"destination.{name}", value, f"is not a field here; those known are {', '.join(DESTINATION)}", bears=False)
    country = _country(to.get("country"), remarks)
    _postal_code(to.get("postal_code"), country, remarks)
    _items(said.get("items"), remarks)
    codes = _codes({"destination.region": to.get("region"), "origin": said.get("origin"), "service": said.get("service")}, remarks)
    _customer(said.get("customer"), remarks)
    return Asked(
        country=country,
        region=codes["destination.region"],
        origin=codes["origin"],
        service=codes["service"],
        zone=_zone(said.get("timezone"), zone, remarks),
        language=_language(said.get("language"), language, remarks),
        at=_moment(said.get("moment"), now, zone, remarks),
        remarks=tuple(remarks.said),
        is_whole=remarks.is_whole,
        unused=tuple(name if name in said else f"destination.{name}" for name in UNUSED if name in said or name in to),
    )


def _object(value: object, path: str, remarks: Remarks) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        remarks.say(path, value, 'is not an object; write {"country": "SE"}')
        return {}
    return {name: one for name, one in value.items() if one not in (None, "")}


def _country(value: object, remarks: Remarks) -> str:
    if value is None:
        return ""
    country = value.strip().upper() if isinstance(value, str) else ""
    if country in COUNTRIES:
        return country
    remarks.say("destination.country", value, 'is not a country of ISO 3166; write its two letters, as "SE"')
    return ""


def _postal_code(value: object, country: str, remarks: Remarks) -> None:
    if value is None:
        return
    text = str(value).strip().upper() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not re.fullmatch(POSTAL_CODES.get(country, ANY_POSTAL_CODE), text, re.ASCII):
        remarks.say("destination.postal_code", value, f"is not a postal code{f' of {country}' if country else ''}")


def _items(value: object, remarks: Remarks) -> None:
    if value is None:
        return
    if not isinstance(value, list) or len(value) > MOST_ITEMS:
        remarks.say("items", value if not isinstance(value, list) else f"{len(value)} items", f"is not a list of at most {MOST_ITEMS} items")
        return
    for n, item in enumerate(value):
        if not isinstance(item, dict):
            remarks.say(f"items[{n}]", item, "is not an object with fields")
            continue
        for name, most, is_good in (("quantity", MOST_QUANTITY, _is_number_of), ("weight", MOST_KILOGRAMS, _is_weight)):
            if item.get(name) is not None and not is_good(item[name], most):
                remarks.say(f"items[{n}].{name}", item[name], f"is not {WHAT[name]} up to {most}")


WHAT = {"quantity": "a whole number from 1", "weight": "a number of kilograms from 0"}


def _is_number_of(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _is_weight(value: object, most: int) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


def _codes(said: dict[str, object], remarks: Remarks) -> dict[str, str]:
    """Those that are codes; empty for the others."""
    found = {path: value.strip() if isinstance(value, str) and is_code(value.strip()) else "" for path, value in said.items()}
    for path, value in said.items():
        if value is not None and not found[path]:
            remarks.say(path, value, "is not a code: 1 to 80 letters, figures, spaces or -_./:")
    return found


def _customer(who: object, remarks: Remarks) -> None:
    if who is not None and (isinstance(who, bool) or not isinstance(who, str | int) or len(str(who)[: LONGEST_IDENTIFIER + 1]) > LONGEST_IDENTIFIER):
        remarks.say("customer", who, "is not your id of the customer: text or a number", bears=False)


def _zone(value: object, otherwise: str, remarks: Remarks) -> str:
    if value is None:
        return otherwise
    try:
        return zone_named(value).key if isinstance(value, str) and len(value) <= LONGEST_NUMBER else _no_zone(value, otherwise, remarks)
    except Refused:
        return _no_zone(value, otherwise, remarks)


def _no_zone(value: object, otherwise: str, remarks: Remarks) -> str:
    remarks.say("timezone", value, "is not a time zone; write it as in Europe/Stockholm")
    return otherwise


def _language(value: object, otherwise: str, remarks: Remarks) -> str:
    if value is None:
        return otherwise
    if isinstance(value, str) and len(value) <= LONGEST_LANGUAGE and (spoken := value.replace("_", "-").split("-")[0].lower()) in LANGUAGES:
        return spoken
    remarks.say("language", value, f"is not a language in which days are said here; those are {' and '.join(LANGUAGES)}", bears=False)
    return otherwise


def _moment(value: object, now: int, zone: str, remarks: Remarks) -> int:
    """Now, where none was said or it cannot be."""
    if value is None:
        return now
    try:
        at = read_moment(value, "moment", zone_named(zone))
    except Refused as refused:
        remarks.say("moment", value, refused.rule)
        return now
    if at < now - AS_GOOD_AS_NOW:
        remarks.say("moment", value, "lies in the past; the day is counted from now")
    elif at > now + FURTHEST_AHEAD:
        remarks.say("moment", value, f"lies more than {FURTHEST_AHEAD // DAY} days ahead; the day is counted from now")
    return at if now <= at <= now + FURTHEST_AHEAD else now


def countries_without_lane(country: str, lanes: Iterable[str]) -> Iterator[Fault]:
    """What is said of a country to which the policy has no lane."""
    if country and country not in lanes:
        yield fault("destination.country", repr(country), f"has no lane in the policy, which has {', '.join(sorted(lanes))}; write quotes.lanes.{country}")
