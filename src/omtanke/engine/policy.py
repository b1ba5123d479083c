"""What the shop has decided, as plain numbers. Read from TOML, checked as a whole."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.engine.consent_policy import ORDINARY_CONSENT, ORDINARY_RECOGNITION, ConsentPolicy, RecognitionPolicy, read_consent, read_recognition
from omtanke.engine.contact_policy import ORDINARY_CONTACT, ContactPolicy, read_contact
from omtanke.engine.plays.active import NO_PLAYS, ActivePlays
from omtanke.engine.plays.play import Play, from_wire, to_wire
from omtanke.engine.quote_policy import NO_QUOTES, QuotePolicy, read_quotes
from omtanke.engine.retention_policy import ORDINARY_RETENTION, RetentionPolicy, read_retention
from omtanke.engine.survey_policy import ORDINARY, SurveyPolicy, read_surveys
from omtanke.vocabulary.promise import KINDS
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import SECOND

LONGEST_SECONDS = 366 * 86_400
TABLES = ("carts", "promises", "surveys", "consent", "recognition", "retention", "contact", "quotes", "units", "shop", "plays")
KIND_KEYS = ("grace_seconds", "at_risk_seconds", "margin_seconds", "owner", "target_percent")
ORDINARY_TARGET = 95


class KindPolicy(Struct, frozen=True):
    """How one kind of promise is watched. Spans in microseconds.

    `grace`: how long after the window late evidence is waited for. `at_risk`: how long before its end a
    promise without evidence may break. `margin`: how much earlier than said is better than said (0: never).
    `target`: how many of a hundred the shop means to keep.
    """

    grace: int
    at_risk: int
    margin: int
    owner: str
    target: int = ORDINARY_TARGET


class Policy(Struct, frozen=True):
    """One version of everything that a shop decides. `units`: who answers for each, by their numbers in the console."""

    version: int
    digest: str
    promises: dict[str, KindPolicy]
    cart_idle: int
    surveys: SurveyPolicy = ORDINARY
    units: dict[str, tuple[int, ...]] = {}
    consent: ConsentPolicy = ORDINARY_CONSENT
    recognition: RecognitionPolicy = ORDINARY_RECOGNITION
    retention: RetentionPolicy = ORDINARY_RETENTION
    contact: ContactPolicy = ORDINARY_CONTACT
    quotes: QuotePolicy = NO_QUOTES
    plays: ActivePlays = NO_PLAYS


class PolicyFaults(CannotDo):
    """Everything that is wrong with a policy file, all at once."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_policy(text: str, version: int, earlier: Policy | None = None) -> Policy:
    """The policy written in `text` (TOML). Raises PolicyFaults naming each key, its value and the rule.

    `earlier`: the version before it, whose plays some may be under way on.
    """
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyFaults([f"the file is not TOML: {error}"]) from error
    faults: list[str] = []
    carts = _table(written, "carts", faults)
    promises = _table(written, "promises", faults)
    idle = _seconds(carts, "carts", "idle_seconds", faults, least=1)
    kinds = {kind: _kind(promises, kind, faults) for kind in KINDS}
    faults += [f"promises.{kind}: is not a kind of promise; the kinds are {', '.join(KINDS)}" for kind in promises if kind not in KINDS]
    faults += [f"{name}: is not known; a policy has the tables {', '.join(TABLES)}" for name in written if name not in TABLES]
    surveys = read_surveys(written.get("surveys", {}), faults)
    units = _units(written.get("units", {}), faults)
    consent = read_consent(written.get("consent", {}), faults)
    recognition = read_recognition(written.get("recognition", {}), faults)
    retention = read_retention(written.get("retention", {}), faults)
    contact = read_contact(_in_zone(written), faults)
    quotes = read_quotes(written.get("quotes", {}), faults)
    plays = _plays(written.get("plays", {}), faults)
    if faults:
        raise PolicyFaults(faults)
    digest = sha256(text.encode()).hexdigest()[:16]
    active = ActivePlays(plays, earlier.plays if earlier else None) if plays or (earlier and earlier.plays) else NO_PLAYS
    return Policy(version, digest, kinds, idle, surveys, units, consent, recognition, retention, contact, quotes, active)


def read_policies(texts: Iterable[tuple[int, str]]) -> dict[int, Policy]:
    """Every version by its number, each knowing the plays of those before it."""
    known: dict[int, Policy] = {}
    earlier: Policy | None = None
    for version, text in sorted(texts):
        earlier = known[version] = read_policy(text, version, earlier)
    return known


def with_plays(text: str, plays: Iterable[Play], zone: str) -> str:
    """The text of a policy that has these plays in force: what is kept of a version is the whole of it. `zone`: the shop's own, IANA."""
    lines = [f"{play.name} = {json.dumps(to_wire(play).decode())}" for play in plays]
    return "\n".join([text.rstrip(), "", "[shop]", f"zone = {json.dumps(zone)}", "", "[plays]", *lines, ""])


def _in_zone(written: dict[str, Any]) -> object:
    """The table `contact`; where it names no zone, the shop's own counts."""
    table, shop = written.get("contact", {}), written.get("shop", {})
    return {**shop, **table} if isinstance(table, dict) and isinstance(shop, dict) else table


def _plays(table: object, faults: list[str]) -> list[Play]:
    """The plays that `with_plays` wrote; they were checked when they were read."""
    if not isinstance(table, dict):
        faults.append("plays: is not a table; plays are written in the playbook, as in playbook/plays/order_confirmed.toml")
        return []
    found = []
    for name, wire in table.items():
        try:
            found.append(from_wire(wire.encode()))
        except (AttributeError, msgspec.DecodeError) as error:
            faults.append(f"plays.{name}: is not a play: {error}; plays are written in the playbook, as in playbook/plays/{name}.toml")
    return found


def _units(table: object, faults: list[str]) -> dict[str, tuple[int, ...]]:
    """Who answers for each unit; the console writes it."""
    if not isinstance(table, dict):
        faults.append("units: is not a table of units, each with a list of numbers")
        return {}
    units = {}
    for unit, numbers in table.items():
        if isinstance(numbers, list) and all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in numbers):
            units[unit] = tuple(numbers)
        else:
            faults.append(f"units.{unit}: {numbers!r} is not a list of the numbers of those who work here")
    return units


def _table(within: dict[str, Any], name: str, faults: list[str]) -> dict[str, Any]:
    table = within.get(name)
    if isinstance(table, dict):
        return table
    faults.append(f"{name}: is missing; write a table [{name}]")
    return {}


def _seconds(table: dict[str, Any], path: str, name: str, faults: list[str], least: int = 0) -> int:
    value = table.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= LONGEST_SECONDS:
        return value * SECOND
    faults.append(f"{path}.{name}: {value!r} is not a whole number of seconds from {least} to {LONGEST_SECONDS}")
    return 0


def _kind(promises: dict[str, Any], kind: str, faults: list[str]) -> KindPolicy:
    path = f"promises.{kind}"
    table = promises.get(kind)
    if not isinstance(table, dict):
        faults.append(f"{path}: is missing; write a table [{path}]")
        table = {"grace_seconds": 0, "at_risk_seconds": 0, "margin_seconds": 0, "owner": "-"}
    owner = table.get("owner")
    if not isinstance(owner, str) or not owner:
        faults.append(f"{path}.owner: {owner!r} is not the name of a unit")
        owner = ""
    target = table.get("target_percent", ORDINARY_TARGET)
    if not isinstance(target, int) or isinstance(target, bool) or not 0 <= target <= 100:
        faults.append(f"{path}.target_percent: {target!r} is not a whole number from 0 to 100")
        target = ORDINARY_TARGET
    faults += [f"{path}.{name}: is not known; a kind has {', '.join(KIND_KEYS)}" for name in table if name not in KIND_KEYS]
    return KindPolicy(
        grace=_seconds(table, path, "grace_seconds", faults),
        at_risk=_seconds(table, path, "at_risk_seconds", faults),
        margin=_seconds(table, path, "margin_seconds", faults),
        owner=owner,
        target=target,
    )
