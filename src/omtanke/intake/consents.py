"""What a customer allows, for systems that have to obey it before they write, show or recognise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from omtanke.engine.consent import Consents, Permission, may
from omtanke.engine.policy import Policy
from omtanke.intake.api import Caller, identifier, may_see
from omtanke.intake.http import Answer, Problem, Scope, fault, query
from omtanke.intake.looking import Looking
from omtanke.intake.representation import moment
from omtanke.runtime.consents import consents_of, policy_in_force
from omtanke.storage.lookups import Lookups
from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.fields import LONGEST_CODE

ASKED = ("purpose", "channel")


async def consents_of_customer(looking: Looking, scope: Scope, caller: Caller, user: str) -> Answer:
    """What the customer with the shop's own id allows, as the log stands now."""
    may_see(caller)
    asked = query(scope, ASKED)
    require_sense(asked)
    key = looking.keys.identifier_key("user_id", identifier(user, "id"))
    found = await looking.ask(lambda lookups: looked_up(lookups, key))
    if found is None:
        raise Problem(404, "Nobody is known by this", [fault("id", user, "is not known")])
    return Answer(200, shown(*found, asked))


def require_sense(asked: Mapping[str, str]) -> None:
    """Raises Problem 400 with every fault."""
    faults = []
    if "channel" in asked and asked["channel"] not in CHANNELS:
        faults.append(fault("channel", asked["channel"], f"is not one of {', '.join(CHANNELS)}"))
    if "purpose" in asked and not 0 < len(asked["purpose"]) <= LONGEST_CODE:
        faults.append(fault("purpose", asked["purpose"], f"is not 1 to {LONGEST_CODE} characters"))
    if faults:
        raise Problem(400, "The query cannot be understood", faults)


def looked_up(lookups: Lookups, key: bytes) -> tuple[Consents, Policy] | None:
    """What the person allows, and the policy that it is held against; None when nobody has the identifier."""
    person, policy = lookups.person_of_identifier(key), policy_in_force(lookups)
    return (consents_of(lookups, person), policy) if person and policy else None


def shown(consents: Consents, policy: Policy, asked: Mapping[str, str]) -> dict[str, Any]:
    """The purpose that was asked for, or each of the policy and each that was spoken of."""
    spoken = [name for name, _channel in consents.said]
    names = [asked["purpose"]] if "purpose" in asked else list(dict.fromkeys([*policy.consent.purposes, *spoken]))
    return {"channel": asked.get("channel"), "purposes": [purpose(name, consents, policy, asked.get("channel", "")) for name in names]}


def purpose(name: str, consents: Consents, policy: Policy, channel: str) -> dict[str, Any]:
    """One purpose, in the channel that was asked for; empty: in all, with the channels of which something else was said."""
    rule = policy.consent.of(name)
    channels = [spoken for other, spoken in consents.said if other == name and spoken] if not channel else []
    return {
        "purpose": name,
        "basis": rule.basis,
        "direct_marketing": rule.direct_marketing,
        **permission(may(consents, name, channel, policy)),
        "channels": {one: permission(may(consents, name, one, policy)) for one in channels},
    }


def permission(found: Permission) -> dict[str, Any]:
    """Whether, why, since when and by which fact."""
    return {"allowed": found.is_allowed, "why": found.why, "since": moment(found.at), "event": found.since.hex() or None}
