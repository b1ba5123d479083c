"""Why something was said to a person or not: what plays and messages came to, each with its reason, and who was let into no play and why.

What was decided is read from the log as it is on record. That somebody was not let in is decided by nobody, so it is found anew: the person's
facts are folded up to each that could have let them in, and the play is asked under the policy of that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from msgspec import Struct

from omtanke.engine.playing import NOT_IN, why_not_in
from omtanke.engine.policy import Policy
from omtanke.engine.step import Fold
from omtanke.runtime.replay import Policies, PoliciesLog, policies_of
from omtanke.storage.ports import Logged
from omtanke.vocabulary.fact import Fact, Mode
from omtanke.vocabulary.reasons import REASONS

TOLD = ("play_entered", "play_left", "play_moved", "play_told", "message_due", "message_released", "message_deferred", "message_suppressed")
FARED = ("message_sent", "message_in_doubt", "message_failed", "message_returned")
NOT_LET_IN = "not_let_in"


class Why(Struct, frozen=True):
    """One thing that was decided or came of it. `what`: the type of fact, or NOT_LET_IN; `means`: the reason in words; `because`: types of
    the facts it rests on; `policy`: its version, 0 where nothing was decided."""

    at: int
    play: str
    what: str
    reason: str
    means: str
    because: tuple[str, ...]
    policy: int
    position: int
    channel: str = ""
    until_at: int = 0


class Asked(PoliciesLog, Protocol):
    """What is asked of the log."""

    def customers_of(self, person: int) -> list[int]: ...


def why(log: Asked, person: int, play: str = "") -> list[Why]:
    """Everything about a person's plays and messages in log order, or about one play. Empty when there is nothing."""
    facts = log.facts_of(sorted(log.customers_of(person)))
    found = [*_on_record(facts), *_not_let_in(facts, policies_of(log))]
    return sorted((one for one in found if not play or one.play == play), key=lambda one: one.position)


def _on_record(facts: Iterable[Logged]) -> Iterator[Why]:
    known: dict[bytes, str] = {}
    plays: dict[int, str] = {}
    for logged in facts:
        fact = logged.fact
        body: Any = fact.body
        known[fact.fact_id] = fact.type
        if fact.type not in TOLD and fact.type not in FARED:
            continue
        message = getattr(body, "message", 0)
        play = getattr(body, "play", "") or plays.get(message, "")
        if message:
            plays[message] = play
        yield Why(
            at=fact.now,
            play=play,
            what=fact.type,
            reason=fact.reason,
            means=REASONS.get(fact.reason, ""),
            because=tuple(dict.fromkeys(known[one] for one in fact.because if one in known)),
            policy=fact.policy_version,
            position=logged.position,
            channel=getattr(body, "for_channel", ""),
            until_at=getattr(body, "until_at", 0),
        )


def _not_let_in(facts: list[Logged], policies: Policies) -> Iterator[Why]:
    entered = {(logged.fact.cause, body.play) for logged in facts if (body := _entered(logged.fact)) is not None}
    folded, past = Fold(), list[Fact]()
    for logged in facts:
        fact, policy = logged.fact, policies.at(logged.position)
        if folded.must_look_back(fact):
            folded.begin()
            for earlier in past:
                folded.take_whole(earlier)
        folded.take(fact)
        past.append(fact)
        if fact.mode is Mode.LIVE:
            yield from _asked(folded, logged, policy, entered)


def _asked(folded: Fold, logged: Logged, policy: Policy, entered: set[tuple[bytes, Any]]) -> Iterator[Why]:
    """Of each play that the fact could have let the person into, why it did not."""
    fact = logged.fact
    for active in policy.plays.entries.get(fact.type, ()):
        if (fact.fact_id, active.play.name) in entered:
            continue
        reason = why_not_in(folded.state.plays, active, fact, fact.now)
        if reason:
            yield Why(fact.now, active.play.name, NOT_LET_IN, reason, NOT_IN[reason], (fact.type,), policy.version, logged.position)


def _entered(fact: Fact) -> Any:
    return fact.body if fact.type == "play_entered" else None
