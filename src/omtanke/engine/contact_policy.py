"""The part of the policy that says how much a customer is turned to, and when they are left in peace. Everything has a default."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from omtanke.vocabulary.time import DAY, zone_named

KEYS = ("zone", "zones", "quiet_from", "quiet_until", "week_limit", "patience_days", "subjects")
# The languages in which a customer reads what a subject is called.
LANGUAGES = ("sv", "en")
SUBJECT = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_SUBJECT, MOST_SUBJECTS = 80, 12
TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3])[.:]([0-5][0-9])")
COUNTRY = re.compile(r"[A-Z]{2}")
MOST_A_WEEK, LONGEST_PATIENCE = 50, 60


class ContactPolicy(Struct, frozen=True):
    """`zone`: where a customer is of whose country nothing else is said; `zones`: by ISO 3166 country.

    `quiet_from`, `quiet_until`: minutes of the day between which nothing promotional and no question is sent; the same twice: never quiet.
    `week_limit`: how many such messages in seven days, all senders together. `patience`: how long one may wait, in microseconds.
    `subjects`: what the subjects of the shop's own plays are called, by name and language.
    """

    zone: str = "Europe/Stockholm"
    zones: dict[str, str] = {}
    quiet_from: int = 21 * 60
    quiet_until: int = 8 * 60
    week_limit: int = 2
    patience: int = 7 * DAY
    subjects: dict[str, dict[str, str]] = {}

    def zone_of(self, country: str) -> str:
        return self.zones.get(country.upper(), self.zone)


ORDINARY_CONTACT = ContactPolicy()


def read_contact(table: object, faults: list[str]) -> ContactPolicy:
    """The table `contact`; what it leaves out is as ordinary. Adds to `faults`."""
    ordinary = ORDINARY_CONTACT
    if not isinstance(table, dict):
        faults.append("contact: is not a table")
        return ordinary
    faults += [f"contact.{name}: is not known; the table has {', '.join(KEYS)}" for name in table if name not in KEYS]
    zones = table.get("zones", {})
    if not isinstance(zones, dict):
        faults.append("contact.zones: is not a table of countries, as in FI = 'Europe/Helsinki'")
        zones = {}
    faults += [f"contact.zones.{country}: is not a country; write its two letters, as FI" for country in zones if not COUNTRY.fullmatch(country)]
    return ContactPolicy(
        zone=_zone(table.get("zone", ordinary.zone), "contact.zone", faults),
        zones={country: _zone(zone, f"contact.zones.{country}", faults) for country, zone in zones.items()},
        quiet_from=_minute(table, "quiet_from", ordinary.quiet_from, faults),
        quiet_until=_minute(table, "quiet_until", ordinary.quiet_until, faults),
        week_limit=_whole(table, "week_limit", ordinary.week_limit, 0, MOST_A_WEEK, faults),
        patience=_whole(table, "patience_days", ordinary.patience // DAY, 1, LONGEST_PATIENCE, faults) * DAY,
        subjects=_subjects(table.get("subjects", {}), faults),
    )


def _subjects(table: object, faults: list[str]) -> dict[str, dict[str, str]]:
    if not isinstance(table, dict) or len(table) > MOST_SUBJECTS:
        faults.append(f"contact.subjects: is not a table of at most {MOST_SUBJECTS} subjects, as in news = {{ sv = 'Nyheter', en = 'News' }}")
        return {}
    for name, said in table.items():
        if not SUBJECT.fullmatch(name):
            faults.append(f"contact.subjects.{name}: is not the name of a subject: small letters a to z, figures and _")
        if not _is_said(said):
            faults.append(f"contact.subjects.{name}: {said!r} does not say what customers read; write {{ sv = 'Nyheter', en = 'News' }}")
    return table


def _is_said(said: object) -> bool:
    if not isinstance(said, dict) or said.keys() != set(LANGUAGES):
        return False
    return all(isinstance(one, str) and 0 < len(one) <= LONGEST_SUBJECT for one in said.values())


def minute_of(text: str) -> int | None:
    """`21.00` as the minute of the day; None when it is no time of day."""
    found = TIME_OF_DAY.fullmatch(text)
    return int(found[1]) * 60 + int(found[2]) if found else None


def _zone(name: object, path: str, faults: list[str]) -> str:
    try:
        if isinstance(name, str):
            zone_named(name)
            return name
    except ValueError:
        pass
    faults.append(f"{path}: {name!r} is not an IANA zone, as Europe/Stockholm")
    return ORDINARY_CONTACT.zone


def _minute(table: dict[str, Any], name: str, default: int, faults: list[str]) -> int:
    if name not in table:
        return default
    minute = minute_of(table[name]) if isinstance(table[name], str) else None
    if minute is None:
        faults.append(f'contact.{name}: {table[name]!r} is not a time of day; write "21.00"')
        return default
    return minute


def _whole(table: dict[str, Any], name: str, default: int, least: int, most: int, faults: list[str]) -> int:
    value = table.get(name, default)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    faults.append(f"contact.{name}: {value!r} is not a whole number from {least} to {most}")
    return default
