"""What becomes of a message that is due, by what is known of the person then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from omtanke.engine import contact
from omtanke.engine.contact import Verdict, verdict
from omtanke.engine.draft import Draft
from omtanke.engine.plays import play as plays
from omtanke.engine.plays.active import ActivePlay
from omtanke.engine.plays.participation import THINGS, WAITING, Plays, Run
from omtanke.engine.policy import Policy
from omtanke.engine.promises.ledger import promise_number
from omtanke.vocabulary.play import MessageDeferred, MessageReleased, MessageSuppressed


def verdict_of(known: contact.Contact, run: Run, active: ActivePlay, policy: Policy, now: int) -> Verdict:
    """What becomes of the message at which somebody is. One that was let go before and came back has taken its room already."""
    if run.is_held_out:
        return Verdict(contact.SUPPRESSED, "held_out")
    step: Any = active.step(run.step)
    if run.asked and active.play.class_ in contact.PURPOSES:
        known = contact.before_last(known)
    return verdict(known, active.play.class_, step.channels, policy, run.due_at, now, active.play.about)


def say(slice_: Plays, runs: Iterable[Run], policy: Policy, now: int) -> Iterator[Draft]:
    """What becomes of the messages that wait, the first in priority first; each that goes takes of the patience that is left."""
    known = slice_.contact
    for run in by_priority((one for one in runs if one.stands == WAITING), policy):
        active = policy.plays.by_digest.get(run.digest)
        if active is None:
            continue
        found = verdict_of(known, run, active, policy, now)
        said: dict[str, Any] = {"message": run.message, "play": run.play, "run": run.run, "message_class": active.play.class_}
        match found.outcome:
            case contact.RELEASED:
                if active.play.class_ in contact.PURPOSES and not run.asked:
                    known = contact.contacted(known, now)
                yield Draft(_released(run, active, found.channel, said), found.reason, (run.entry,))
            case contact.DEFERRED:
                yield Draft(MessageDeferred(until_at=found.until, **said), found.reason, (run.entry,))
            case _:
                yield Draft(MessageSuppressed(**said), found.reason, (run.entry,))


def _released(run: Run, active: ActivePlay, channel: str, said: Mapping[str, Any]) -> MessageReleased:
    step: Any = active.step(run.step)
    survey = promise_number("survey", step.about, run.run) if isinstance(step, plays.Ask) else 0
    things = {name: getattr(run, name) for name in THINGS}
    return MessageReleased(template=step.message, for_channel=channel, tries=run.asked, entry=run.entry, survey=survey, **things, **said)


def by_priority(runs: Iterable[Run], policy: Policy) -> list[Run]:
    def order(run: Run) -> tuple[int, int, int]:
        active = policy.plays.by_digest.get(run.digest)
        return (-(active.play.priority if active else 0), run.due_at or run.until, run.run)

    several = list(runs)
    return sorted(several, key=order) if len(several) > 1 else several
