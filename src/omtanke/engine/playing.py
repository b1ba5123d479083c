"""Rule family: who enters a play, what happens at each step, and what ends it. Module: `omtanke.engine.playing`.

Whether a message may go out is decided when it is due, and again whenever it has waited: by the state of that moment. Facts
of the past let nobody in. Whoever is under way stays on the version on which they entered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from omtanke.engine import contact, tasks
from omtanke.engine.condition_names import FACTS, Scope, value_of
from omtanke.engine.contact import Verdict, verdict
from omtanke.engine.draft import Draft
from omtanke.engine.plays import play as plays
from omtanke.engine.plays.active import FACT, ActivePlay, holds, kept_of, names_read
from omtanke.engine.plays.participation import FARED, RELEASED, WAITING, Plays, Run, kept_values
from omtanke.engine.plays.play import AtPromise, ForSpan, UntilFact, UntilTime
from omtanke.engine.policy import Policy
from omtanke.engine.promises import stating
from omtanke.engine.promises.ledger import promise_number
from omtanke.engine.survey_policy import QUESTIONS
from omtanke.vocabulary.caring import PreferenceChanged
from omtanke.vocabulary.case import CaseResolved
from omtanke.vocabulary.erasure import CustomerErased
from omtanke.vocabulary.fact import Body, Decided, Fact, Mode
from omtanke.vocabulary.identity import CustomersLinked
from omtanke.vocabulary.play import (
    Counted,
    MessageDeferred,
    MessageDue,
    MessageReleased,
    MessageReturned,
    MessageSuppressed,
    PlayEntered,
    PlayLeft,
    PlayMoved,
    PlayTold,
)
from omtanke.vocabulary.promise import PromiseEndingCorrected, PromiseMetLate, PromiseWithdrawn, Stated
from omtanke.vocabulary.running import WakeReached
from omtanke.vocabulary.survey import SurveyAsked
from omtanke.vocabulary.task import TaskAssigned
from omtanke.vocabulary.time import DAY, next_time_of_day, zone_named

LATE_SPAN = 14 * DAY
THINGS = ("cart", "order", "case", "store", "parcel", "promise")
# After these something that waits may go at once.
EASING: tuple[type[Body], ...] = (CaseResolved, PromiseMetLate, PromiseWithdrawn, PromiseEndingCorrected, PreferenceChanged)


def decide(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """What a fact means to those under way, and whom it lets in."""
    active = policy.plays
    if fact.mode is Mode.HISTORY or not active:
        return
    type_ = fact.body.type
    if slice_.runs and type_ in active.heard:
        for run in slice_.runs:
            yield from _heard(slice_, run, fact, policy, now)
    for play in active.entries.get(type_, ()):
        yield from _enter(slice_, play, fact, now)


# Entering and leaving

# Why a fact that could have does not let a person in. It is not on record: it can be asked at any time.
NOT_IN = {
    "names_nothing": "the fact names nothing that the play could be about",
    "entry_condition": "the condition at the entry did not hold",
    "too_late": "we heard of it more than 14 days after it had happened",
    "entered_before": "the person has been in the play for the same thing, and may not enter again yet",
    "bought_already": "something was bought after the cart had last been touched",
    "erased": "the customer has been erased",
}


def why_not_in(slice_: Plays, play: ActivePlay, fact: Fact, now: int) -> str:
    """The reason why a fact of the play's entry lets nobody in; empty when it does."""
    subject = subject_of(slice_, play.play.key, fact.body)
    if subject is None:
        return "names_nothing"
    entry = play.play.entry
    if not _holds(entry.when, Scope(entry.fact), slice_, fact.body, {}, now):
        return "entry_condition"
    if now - fact.occurred_at > LATE_SPAN:
        return "too_late"
    if not play.enters_anew(slice_.entered.get((play.play.name, subject)), now):
        return "entered_before"
    if play.is_over_when_bought and slice_.contact.bought_at >= _since(fact):
        return "bought_already"
    return "erased" if slice_.contact.is_erased else ""


def _enter(slice_: Plays, active: ActivePlay, fact: Fact, now: int) -> Iterator[Draft]:
    if why_not_in(slice_, active, fact, now):
        return
    play, subject = active.play, subject_of(slice_, active.play.key, fact.body)
    number = promise_number("play", play.name, fact.fact_id.hex())
    things = {name: int(getattr(fact.body, name, 0)) for name in THINGS}
    things["order"] = things["order"] or slice_.parcels.get(things["parcel"], 0)
    body = PlayEntered(
        play=play.name,
        play_digest=active.digest,
        run=number,
        key=play.key,
        subject=subject or 0,
        kept=kept_of(active, fact.body),
        since_at=_since(fact),
        is_held_out=number // 7 % 100 < play.holdout,
        **things,
    )
    yield Draft(body, "entry")


def subject_of(slice_: Plays, key: str, body: Body) -> int | None:
    """The number of what a play with this key is about in a fact; 0 for the person, None when the fact names none."""
    if key == plays.PERSON:
        return 0
    number = getattr(body, key, 0)
    if not number and key == "order":
        number = slice_.parcels.get(getattr(body, "parcel", 0), 0)
    return number or None


def _since(fact: Fact) -> int:
    """From when on what happens counts: a cart that was left was touched before it was left."""
    return getattr(fact.body, "touched_at", 0) or fact.occurred_at


def _heard(slice_: Plays, run: Run, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """What a fact means to one who is under way: it ends the play, is counted, or is what they wait for."""
    active = policy.plays.by_digest.get(run.digest)
    type_ = fact.body.type
    if active is None or type_ not in active.heard:
        return
    if type_ in active.counted:
        run = replace(run, counted=run.counted | {type_: run.counted.get(type_, 0) + 1})
    if any(_ends(slice_, run, one, fact, now) for one in active.exits.get(type_, ())):
        yield from _leave(run, active, "exit")
        return
    step = active.step(run.step)
    if isinstance(step, plays.Wait):
        until = step.until
        if isinstance(until, UntilFact) and until.fact == type_ and _is_same(slice_, run, until.same, fact):
            yield from _go(slice_, run, active, run.step + 1, policy, now)
            return
        if isinstance(until, AtPromise) and (at := _at_promise(slice_, run, until)) is not None and at != run.until:
            run = replace(run, until=max(at, now))
            yield Draft(_moved(run, run.step, run.until), "new_window")
            return
    if type_ in active.counted:
        yield Draft(_moved(run, run.step, run.until), "counted")


def _ends(slice_: Plays, run: Run, one: plays.Exit, fact: Fact, now: int) -> bool:
    if fact.occurred_at < run.since_at or not _is_same(slice_, run, one.same, fact):
        return False
    return _holds(one.when, Scope(one.fact, has_since=True), slice_, fact.body, run.counted, now)


def _is_same(slice_: Plays, run: Run, same: str, fact: Fact) -> bool:
    return same == plays.OF_PERSON or run.key == plays.PERSON or subject_of(slice_, run.key, fact.body) == run.subject


def _leave(run: Run, active: ActivePlay | None, reason: str) -> Iterator[Draft]:
    """Out of the play, and what waited to be said is not."""
    if run.stands == WAITING:
        class_ = active.play.class_ if active else ""
        yield Draft(MessageSuppressed(message=run.message, play=run.play, run=run.run, message_class=class_), "left", (run.entry,))
    yield Draft(PlayLeft(play=run.play, run=run.run, step=run.step), reason, (run.entry,))


def decide_erased(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    for run in slice_.runs:
        yield from _leave(run, policy.plays.by_digest.get(run.digest), "erased")


def decide_linked(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """One person is in a play once for the same thing, and what was bought on the other device ends what a purchase ends."""
    seen: set[tuple[str, int]] = set()
    for run in sorted(slice_.runs, key=lambda one: (one.entered_at, one.run)):
        active, thing = policy.plays.by_digest.get(run.digest), (run.play, run.subject)
        is_twice = thing in seen and not (active and active.play.again.rule == plays.EACH_TIME)
        seen.add(thing)
        if is_twice:
            yield from _leave(run, active, "linked")
        elif active and active.is_over_when_bought and slice_.contact.bought_at >= run.since_at:
            yield from _leave(run, active, "exit")


# Going on


def decide_entered(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    body: Any = fact.body
    run = slice_.run(body.run)
    active = policy.plays.by_digest.get(body.play_digest)
    if run is not None and active is not None:
        yield from _go(slice_, run, active, 0, policy, now)


def decide_woken(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """Waits that are over, and messages that have waited; the first in priority first."""
    due = [run for run in slice_.runs if run.until and run.until <= now]
    for run in _by_priority(due, policy):
        active = policy.plays.by_digest.get(run.digest)
        if active is None:
            yield from _leave(run, None, "version_gone")
        elif run.stands != WAITING:
            yield from _go(slice_, run, active, run.step + 1, policy, now)
    yield from _say(slice_, (run for run in due if run.stands == WAITING), policy, now)


def decide_eased(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """What waited may go, now that what it waited for is over."""
    yield from (draft for draft in _say(slice_, slice_.runs, policy, now) if not isinstance(draft.body, MessageDeferred))


def decide_due(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    body: Any = fact.body
    run = slice_.run_of(body.message)
    yield from _say(slice_, (run,) if run else (), policy, now)


def decide_fared(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """It has gone, or cannot go: the play goes on. An address that takes nothing is a reason to try the next channel."""
    body: Any = fact.body
    run = slice_.run_of(body.message)
    active = policy.plays.by_digest.get(run.digest) if run else None
    if run is None or active is None or run.stands != RELEASED:
        return
    if getattr(body, "failure", "") == "address" and _verdict(slice_.contact, run, active, policy, now).outcome != contact.SUPPRESSED:
        yield from _say(slice_, (replace(run, stands=WAITING),), policy, now)
    else:
        yield from _go(slice_, run, active, run.step + 1, policy, now)


def decide_returned(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    body: Any = fact.body
    run = slice_.run_of(body.message)
    if run is None:
        yield Draft(MessageSuppressed(message=body.message), "left")
    elif run.stands == RELEASED:
        yield from _say(slice_, (replace(run, stands=WAITING),), policy, now)


def decide_suppressed(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    body: Any = fact.body
    run = slice_.run_of(body.message)
    active = policy.plays.by_digest.get(run.digest) if run else None
    if run is not None and active is not None:
        yield from _go(slice_, run, active, run.step + 1, policy, now)


def decide_released(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """A question that goes out has been asked."""
    body: Any = fact.body
    run = slice_.run_of(body.message)
    active = policy.plays.by_digest.get(run.digest) if run else None
    step = active.step(run.step) if run and active else None
    if run and isinstance(step, plays.Ask) and not body.tries:
        yield Draft(
            SurveyAsked(
                survey=body.survey,
                about=step.about,
                question=step.question,
                scale=QUESTIONS[step.question][0],
                order=run.order,
                case=run.case,
                store=run.store,
                expires_at=now + policy.surveys.lasts,
            ),
            "asked_in_a_play",
            (run.entry,),
        )


def _go(slice_: Plays, run: Run, active: ActivePlay, number: int, policy: Policy, now: int) -> Iterator[Draft]:
    """From a step on, until something has to be waited for."""
    while (step := active.step(number)) is not None:
        match step:
            case plays.Wait():
                until = _until(slice_, run, step.until, policy, now)
                if until is None:
                    yield from _leave(replace(run, step=number, stands=0), active, "no_promise")
                    return
                if until > now:
                    yield Draft(_moved(run, number, until), "waits", (run.entry,))
                    return
            case plays.OnlyIf():
                if not _asks(step.condition, slice_, run, active, now):
                    yield from _leave(replace(run, step=number, stands=0), active, "condition")
                    return
            case _ if not _asks(step.when, slice_, run, active, now):
                pass
            case plays.Say() | plays.Ask():
                yield Draft(_due(run, active, number, step), "step", (run.entry,))
                return
            case _:
                yield _done_at(run, number, step, policy, now)
        number += 1
    yield from _leave(replace(run, step=number, stands=0), active, "done")


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


def _moved(run: Run, step: int, until: int) -> PlayMoved:
    counted = tuple(Counted(fact=name, times=times) for name, times in sorted(run.counted.items()))
    return PlayMoved(play=run.play, run=run.run, step=step, until_at=until, counted=counted)


# Waiting


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
            return _at_promise(slice_, run, until)


def _at_promise(slice_: Plays, run: Run, until: AtPromise) -> int | None:
    """By the promise that the play began with, else the latest about the same order or case."""
    of_it = [one for one in slice_.windows.values() if (run.order and one.order == run.order) or (run.case and one.case == run.case)]
    window = slice_.windows.get(run.promise) or (of_it[-1] if of_it else None)
    if window is None:
        return None
    edge = window.from_at if until.edge == "start" and window.from_at else window.until_at
    return edge + until.offset


# Speaking


def _verdict(known: contact.Contact, run: Run, active: ActivePlay, policy: Policy, now: int) -> Verdict:
    if run.is_held_out:
        return Verdict(contact.SUPPRESSED, "held_out")
    step: Any = active.step(run.step)
    return verdict(known, active.play.class_, step.channels, policy, run.due_at, now)


def _say(slice_: Plays, runs: Iterable[Run], policy: Policy, now: int) -> Iterator[Draft]:
    """What becomes of the messages that wait, the first in priority first; each that goes takes of the patience that is left."""
    known = slice_.contact
    for run in _by_priority((one for one in runs if one.stands == WAITING), policy):
        active = policy.plays.by_digest.get(run.digest)
        if active is None:
            continue
        found = _verdict(known, run, active, policy, now)
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


def _by_priority(runs: Iterable[Run], policy: Policy) -> list[Run]:
    def order(run: Run) -> tuple[int, int, int]:
        active = policy.plays.by_digest.get(run.digest)
        return (-(active.play.priority if active else 0), run.due_at or run.until, run.run)

    return sorted(runs, key=order)


# Conditions


def _holds(text: str, scope: Scope, slice_: Plays, body: Body, counted: Mapping[str, int], now: int) -> bool:
    """Whether a condition holds for a fact that has just come."""
    if not text:
        return True
    try:
        return holds(text, scope, {name: value_of(name, body, slice_.contact.person, counted, now) for name in names_read(text, scope)})
    except ValueError:
        return False


def _asks(text: str, slice_: Plays, run: Run, active: ActivePlay, now: int) -> bool:
    """Whether a condition of a step holds, for the fact that once let the person in and for the person as they are now."""
    if not text:
        return True
    kept, scope = kept_values(run), Scope(active.play.entry.fact, has_since=True)
    person, counted = slice_.contact.person, run.counted
    given = {name: kept[name] if name.startswith(FACT) else value_of(name, None, person, counted, now) for name in names_read(text, scope)}
    return holds(text, scope, given)


def owner(slice_: Plays, body: object) -> int:
    """The customer of the fact that let the person in."""
    run = slice_.run(getattr(body, "run", 0))
    return run.customer if run else 0


def next_wake(slice_: Plays, policy: Policy) -> int | None:
    """The soonest moment at which a wait is over, or a message asked again."""
    return min((run.until for run in slice_.runs if run.until), default=None) if slice_.runs else None


_OWN: dict[type[Body], tuple[Callable[..., Iterator[Draft]], ...]] = {
    WakeReached: (decide_woken,),
    CustomersLinked: (decide_linked,),
    CustomerErased: (decide_erased,),
    PlayEntered: (decide_entered,),
    MessageDue: (decide_due,),
    MessageReleased: (decide_released,),
    MessageSuppressed: (decide_suppressed,),
    MessageReturned: (decide_returned,),
    **dict.fromkeys(FARED, (decide_fared,)),
    **dict.fromkeys(EASING, (decide_eased,)),
}
DECIDES: dict[type[Body], tuple[Callable[..., Iterator[Draft]], ...]] = {
    body: (*((decide,) if body.type in FACTS else ()), *_OWN.get(body, ())) for body in {*FACTS.values(), *_OWN}
}
