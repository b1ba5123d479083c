"""What becomes of a message that is due, by what is known of the person then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from omtanke.engine import contact
from omtanke.engine.contact import Verdict, verdict
from omtanke.engine.draft import Draft
from omtanke.engine.plays import play as plays
from omtanke.engine.plays.active import ActivePlay
from omtanke.engine.plays.participation import WAITING, Plays, Run
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
    known, waiting = slice_.contact, by_priority([one for one in runs if one.stands == WAITING], policy)
    for run in waiting:
        active = policy.plays.by_digest.get(run.digest)
        if active is None:
            continue
        found = verdict_of(known, run, active, policy, now)
        class_ = active.play.class_
        match found.outcome:
            case contact.RELEASED:
                if run is not waiting[-1] and class_ in contact.PURPOSES and not run.asked:
                    known = contact.contacted(known, now)
                yield Draft(_released(run, active, found.channel), found.reason, (run.entry,))
            case contact.DEFERRED:
                deferred = MessageDeferred(message=run.message, play=run.play, run=run.run, message_class=class_, until_at=found.until)
                yield Draft(deferred, found.reason, (run.entry,))
            case _:
                suppressed = MessageSuppressed(message=run.message, play=run.play, run=run.run, message_class=class_)
                yield Draft(suppressed, found.reason, (run.entry,))


def _released(run: Run, active: ActivePlay, channel: str) -> MessageReleased:
    step: Any = active.step(run.step)
    survey = promise_number("survey", step.about, run.run) if isinstance(step, plays.Ask) else 0
    return MessageReleased(
        message=run.message,
        play=run.play,
        run=run.run,
        message_class=active.play.class_,
        template=step.message,
        for_channel=channel,
        tries=run.asked,
        entry=run.entry,
        survey=survey,
        cart=run.cart,
        order=run.order,
        case=run.case,
        store=run.store,
        parcel=run.parcel,
        promise=run.promise,
    )


def by_priority(runs: list[Run], policy: Policy) -> list[Run]:
    """The first in priority first, then who waits longest."""
    if len(runs) < 2:
        return runs

    def order(run: Run) -> tuple[int, int, int]:
        active = policy.plays.by_digest.get(run.digest)
        return (-(active.play.priority if active else 0), run.due_at or run.until, run.run)

    return sorted(runs, key=order)
