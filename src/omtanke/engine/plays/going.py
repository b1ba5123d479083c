"""What happens in a play: from one step to the next, until something has to be waited for."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from omtanke.engine import tasks
from omtanke.engine.draft import Draft
from omtanke.engine.plays import play as plays
from omtanke.engine.plays.active import ActivePlay
from omtanke.engine.plays.asking import asked_on_the_way
from omtanke.engine.plays.participation import NONE, WAITING, Plays, Run
from omtanke.engine.plays.play import AtPromise, ForSpan, UntilFact, UntilTime
from omtanke.engine.policy import Policy
from omtanke.engine.promises import stating
from omtanke.engine.promises.ledger import promise_number
from omtanke.vocabulary.fact import Decided
from omtanke.vocabulary.play import Counted, MessageDue, MessageSuppressed, PlayLeft, PlayMoved, PlayTold
from omtanke.vocabulary.promise import Stated
from omtanke.vocabulary.task import TaskAssigned
from omtanke.vocabulary.time import next_time_of_day, zone_named


def go(slice_: Plays, run: Run, active: ActivePlay, number: int, policy: Policy, now: int) -> Iterator[Draft]:
    """From a step on, until something has to be waited for."""
    while (step := active.step(number)) is not None:
        match step:
            case plays.Wait():
                until = _until(slice_, run, step.until, policy, now)
                if until is None:
                    yield from leave(replace(run, step=number, stands=NONE), active, "no_promise")
                    return
                if until > now:
                    yield Draft(moved(run, number, until), "waits", (run.entry,))
                    return
            case plays.OnlyIf():
                if not asked_on_the_way(step.condition, slice_, run, active, now):
                    yield from leave(replace(run, step=number, stands=NONE), active, "condition")
                    return
            case _ if not asked_on_the_way(step.when, slice_, run, active, now):
                pass
            case plays.Say() | plays.Ask():
                yield Draft(_due(run, active, number, step), "step", (run.entry,))
                return
            case _:
                yield _done_at(run, number, step, policy, now)
        number += 1
    yield from leave(replace(run, step=number, stands=NONE), active, "done")


def _due(run: Run, active: ActivePlay, number: int, step: plays.Say | plays.Ask) -> Decided:
    return MessageDue(
        message=promise_number("message", run.run, number),
        play=run.play,
        run=run.run,
        step=number,
        message_class=active.play.class_,
        template=step.message,
        channels=step.channels,
    )


def _done_at(run: Run, number: int, step: plays.StatePromise | plays.GiveTask | plays.CallWebhook, policy: Policy, now: int) -> Draft:
    """What a step does beside speaking."""
    own_number = promise_number("step", run.run, number)
    match step:
        case plays.GiveTask():
            body = TaskAssigned(task=own_number, about="play", unit=step.unit, assignee=tasks.whose(policy, step.unit, own_number))
            return Draft(body, "step", (run.entry,))
        case plays.CallWebhook():
            told = PlayTold(play=run.play, run=run.run, told=own_number, event=step.event, cart=run.cart, order=run.order, case=run.case, store=run.store)
            return Draft(told, "step", (run.entry,))
    kind, subject = ("order", run.order) if run.order else ("case", run.case) if run.case else ("customer", 0)
    stated = Stated(kind=step.kind, until_at=now + step.within, owner=step.owner, zone=policy.contact.zone)
    return replace(stating.made(policy, 0, stated, own_number, kind, subject, run.order, 0, "step", now), because=(run.entry,))


def moved(run: Run, step: int, until: int) -> PlayMoved:
    counted = tuple(Counted(fact=name, times=times) for name, times in sorted(run.counted.items()))
    return PlayMoved(play=run.play, run=run.run, step=step, until_at=until, counted=counted)


def leave(run: Run, active: ActivePlay | None, reason: str) -> Iterator[Draft]:
    """Out of the play, and what waited to be said is not."""
    if run.stands == WAITING:
        class_ = active.play.class_ if active else ""
        yield Draft(MessageSuppressed(message=run.message, play=run.play, run=run.run, message_class=class_), "left", (run.entry,))
    yield Draft(PlayLeft(play=run.play, run=run.run, step=run.step), reason, (run.entry,))


def _until(slice_: Plays, run: Run, until: plays.Waiting, policy: Policy, now: int) -> int | None:
    """When a wait is over; None when there is no promise to wait for."""
    match until:
        case ForSpan():
            return now + until.span
        case UntilTime():
            return next_time_of_day(until.minute, now, zone_named(policy.contact.zone_of(slice_.contact.person.country)))
        case UntilFact():
            return now + until.at_most
        case AtPromise():
            return at_promise(slice_, run, until)


def at_promise(slice_: Plays, run: Run, until: AtPromise) -> int | None:
    """By the promise that the play began with, else the latest about the same order or case."""
    of_it = [one for one in slice_.windows.values() if (run.order and one.order == run.order) or (run.case and one.case == run.case)]
    window = slice_.windows.get(run.promise) or (of_it[-1] if of_it else None)
    if window is None:
        return None
    edge = window.from_at if until.edge == "start" and window.from_at else window.until_at
    return edge + until.offset
