"""Why something was said to a customer or not, for systems that have to answer for it: what `omtanke why` says, over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from omtanke.intake.api import Caller, identifier, may_see
from omtanke.intake.http import Answer, Problem, Scope, fault, query
from omtanke.intake.looking import Looking
from omtanke.intake.representation import moment
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fields import LONGEST_CODE

if TYPE_CHECKING:
    from omtanke.runtime.explaining import Why

ASKED = ("play",)
MOST = 200


async def why_of_customer(looking: Looking, scope: Scope, caller: Caller, user: str) -> Answer:
    """The last things that were decided about the plays and messages of the customer with the shop's own id, the first first."""
    may_see(caller)
    play = query(scope, ASKED).get("play")
    if play is not None and not 0 < len(play) <= LONGEST_CODE:
        raise Problem(400, "The query cannot be understood", [fault("play", play, f"is not 1 to {LONGEST_CODE} characters")])
    key = looking.keys.identifier_key("user_id", identifier(user, "id"))
    person = await looking.ask(lambda lookups: lookups.person_of_identifier(key))
    if not person:
        raise Problem(404, "Nobody is known by this", [fault("id", user, "is not known")])
    found = await looking.ask_log(lambda log: explained(log, person, play or ""))
    return Answer(200, {"play": play, "is_whole": len(found) <= MOST, "decisions": [decision(one) for one in found[-MOST:]]})


def explained(log: SqlLog, person: int, play: str) -> Sequence[Why]:
    """It folds the whole history, and loads what reads plays with the first question."""
    from omtanke.runtime.explaining import why

    return why(log, person, play)


def decision(one: Why) -> dict[str, Any]:
    return {
        "at": moment(one.at),
        "play": one.play or None,
        "what": one.what,
        "reason": one.reason or None,
        "means": one.means or None,
        "channel": one.channel or None,
        "until": moment(one.until_at),
        "because": list(one.because),
        "policy": one.policy or None,
        "position": one.position,
    }
