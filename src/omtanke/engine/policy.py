"""What the shop has decided, as plain numbers. Read from TOML, checked as a whole."""

from __future__ import annotations

import tomllib
from hashlib import sha256
from typing import Any

from msgspec import Struct

from omtanke.vocabulary.promise import KINDS
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import SECOND

LONGEST_SECONDS = 366 * 86_400


class KindPolicy(Struct, frozen=True):
    """How one kind of promise is watched. Spans in microseconds.

    `grace`: how long after the window late evidence is waited for. `at_risk`: how long before its end a
    promise without evidence may break. `margin`: how much earlier than said is better than said (0: never).
    """

    grace: int
    at_risk: int
    margin: int
    owner: str


class Policy(Struct, frozen=True):
    """One version of everything that a shop decides."""

    version: int
    digest: str
    promises: dict[str, KindPolicy]
    cart_idle: int


class PolicyFaults(CannotDo):
    """Everything that is wrong with a policy file, all at once."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_policy(text: str, version: int) -> Policy:
    """The policy written in `text` (TOML). Raises PolicyFaults naming each key, its value and the rule."""
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
    faults += [f"{name}: is not known; a policy has the tables carts and promises" for name in written if name not in ("carts", "promises")]
    if faults:
        raise PolicyFaults(faults)
    return Policy(version=version, digest=sha256(text.encode()).hexdigest()[:16], promises=kinds, cart_idle=idle)


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
    faults += [f"{path}.{name}: is not known" for name in table if name not in ("grace_seconds", "at_risk_seconds", "margin_seconds", "owner")]
    return KindPolicy(
        grace=_seconds(table, path, "grace_seconds", faults),
        at_risk=_seconds(table, path, "at_risk_seconds", faults),
        margin=_seconds(table, path, "margin_seconds", faults),
        owner=owner,
    )
