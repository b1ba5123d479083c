"""Rule family: who enters a play, what happens at each step, and what ends it. Module: `omtanke.engine.playing`.

Whether a message may go out is decided when it is due, and again whenever it has waited: by the state of that moment. Facts
of the past let nobody in. Whoever is under way stays on the version on which they entered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from omtanke.engine.condition_names import FACTS, Scope
from omtanke.engine.draft import Draft
from omtanke.engine.plays import play as plays
from omtanke.engine.plays.active import ActivePlay, kept_of
from omtanke.engine.plays.asking import asked_now, is_same, subject_of
from omtanke.engine.plays.going import at_promise, go, leave, moved
from omtanke.engine.plays.participation import FARED, MOST_RUNS, RELEASED, THINGS, WAITING, Plays, Run
from omtanke.engine.plays.play import AtPromise, UntilFact
from omtanke.engine.plays.saying import by_priority, say
from omtanke.engine.policy import Policy
from omtanke.engine.promises.ledger import promise_number
from omtanke.engine.survey_policy import QUESTIONS
from omtanke.vocabulary.caring import PreferenceChanged
from omtanke.vocabulary.case import CaseResolved
from omtanke.vocabulary.erasure import CustomerErased
from omtanke.vocabulary.fact import Body, Fact, Mode
from omtanke.vocabulary.identity import CustomersLinked
from omtanke.vocabulary.play import (
    MessageDeferred,
    MessageDue,
    MessageReleased,
    MessageReturned,
    MessageSuppressed,
    PlayEntered,
)
from omtanke.vocabulary.promise import PromiseEndingCorrected, PromiseMetLate, PromiseWithdrawn
from omtanke.vocabulary.running import WakeReached
from omtanke.vocabulary.survey import SurveyAsked
from omtanke.vocabulary.time import DAY

LATE_SPAN = 14 * DAY
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
    "too_many": "the person is in as many plays as a state may hold",
    "erased": "the customer has been erased",
}


def why_not_in(slice_: Plays, play: ActivePlay, fact: Fact, now: int) -> str:
    """The reason why a fact of the play's entry lets nobody in; empty when it does."""
    subject = subject_of(slice_, play.play.key, fact.body)
    if subject is None:
        return "names_nothing"
    entry = play.play.entry
    if not asked_now(entry.when, Scope(entry.fact), slice_, fact.body, {}, now):
        return "entry_condition"
    if now - fact.occurred_at > LATE_SPAN:
        return "too_late"
    if not play.enters_anew(slice_.entered.get((play.play.name, subject)), now):
        return "entered_before"
    if play.is_over_when_bought and slice_.contact.bought_at >= _since(fact):
        return "bought_already"
    if len(slice_.runs) >= MOST_RUNS:
        return "too_many"
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
        yield from leave(run, active, "exit")
        return
    step = active.step(run.step)
    if isinstance(step, plays.Wait):
        until = step.until
        if isinstance(until, UntilFact) and until.fact == type_ and is_same(slice_, run, until.same, fact):
            yield from go(slice_, run, active, run.step + 1, policy, now)
            return
        if isinstance(until, AtPromise) and (at := at_promise(slice_, run, until)) is not None and at != run.until:
            run = replace(run, until=max(at, now))
            yield Draft(moved(run, run.step, run.until), "new_window")
            return
    if type_ in active.counted:
        yield Draft(moved(run, run.step, run.until), "counted")


def _ends(slice_: Plays, run: Run, one: plays.Exit, fact: Fact, now: int) -> bool:
    if fact.occurred_at < run.since_at or not is_same(slice_, run, one.same, fact):
        return False
    return asked_now(one.when, Scope(one.fact, has_since=True), slice_, fact.body, run.counted, now)


def decide_erased(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    for run in slice_.runs:
        yield from leave(run, policy.plays.by_digest.get(run.digest), "erased")


def decide_linked(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """One person is in a play once for the same thing, and what was bought on the other device ends what a purchase ends."""
    seen: set[tuple[str, int]] = set()
    for run in sorted(slice_.runs, key=lambda one: (one.entered_at, one.run)):
        active, thing = policy.plays.by_digest.get(run.digest), (run.play, run.subject)
        is_twice = thing in seen and not (active and active.play.again.rule == plays.EACH_TIME)
        seen.add(thing)
        if is_twice:
            yield from leave(run, active, "linked")
        elif active and active.is_over_when_bought and slice_.contact.bought_at >= run.since_at:
            yield from leave(run, active, "exit")


# Going on


def decide_entered(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    body: Any = fact.body
    run = slice_.run(body.run)
    active = policy.plays.by_digest.get(body.play_digest)
    if run is not None and active is not None:
        yield from go(slice_, run, active, 0, policy, now)


def decide_woken(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterable[Draft]:
    """Waits that are over, and messages that have waited; the first in priority first."""
    due = [run for run in slice_.runs if run.until and run.until <= now]
    return _go_on(slice_, due, policy, now) if due else ()


def _go_on(slice_: Plays, due: list[Run], policy: Policy, now: int) -> Iterator[Draft]:
    for run in by_priority(due, policy):
        active = policy.plays.by_digest.get(run.digest)
        if active is None:
            yield from leave(run, None, "version_gone")
        elif run.stands != WAITING:
            yield from go(slice_, run, active, run.step + 1, policy, now)
    yield from say(slice_, due, policy, now)


def decide_eased(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """What waited may go, now that what it waited for is over."""
    yield from (draft for draft in say(slice_, slice_.runs, policy, now) if not isinstance(draft.body, MessageDeferred))


def decide_due(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterable[Draft]:
    body: Any = fact.body
    run = slice_.run_of(body.message)
    return say(slice_, (run,), policy, now) if run else ()


def decide_fared(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """It has gone, or cannot go: the play goes on. An address that takes nothing is a reason to try the next channel; without one it stays unsaid."""
    body: Any = fact.body
    run = slice_.run_of(body.message)
    active = policy.plays.by_digest.get(run.digest) if run else None
    if run is None or active is None or run.stands != RELEASED:
        return
    if getattr(body, "failure", "") == "address":
        yield from say(slice_, (replace(run, stands=WAITING),), policy, now)
    else:
        yield from go(slice_, run, active, run.step + 1, policy, now)


def decide_returned(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    body: Any = fact.body
    run = slice_.run_of(body.message)
    if run is None:
        yield Draft(MessageSuppressed(message=body.message), "left")
    elif run.stands == RELEASED:
        yield from say(slice_, (replace(run, stands=WAITING),), policy, now)


def decide_suppressed(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    body: Any = fact.body
    run = slice_.run_of(body.message)
    active = policy.plays.by_digest.get(run.digest) if run else None
    if run is not None and active is not None:
        yield from go(slice_, run, active, run.step + 1, policy, now)


def decide_released(slice_: Plays, fact: Fact, policy: Policy, now: int) -> Iterable[Draft]:
    """A question that goes out has been asked."""
    body: Any = fact.body
    if not body.survey or body.tries:
        return ()
    run = slice_.run_of(body.message)
    active = policy.plays.by_digest.get(run.digest) if run else None
    step = active.step(run.step) if run and active else None
    if not run or not isinstance(step, plays.Ask):
        return ()
    asked = SurveyAsked(
        survey=body.survey,
        about=step.about,
        question=step.question,
        scale=QUESTIONS[step.question][0],
        order=run.order,
        case=run.case,
        store=run.store,
        expires_at=now + policy.surveys.lasts,
    )
    return (Draft(asked, "asked_in_a_play", (run.entry,)),)


def owner(slice_: Plays, body: object) -> int:
    """The customer of the fact that let the person in."""
    run = slice_.run(getattr(body, "run", 0))
    return run.customer if run else 0


def next_wake(slice_: Plays, policy: Policy) -> int | None:
    """The soonest moment at which a wait is over, or a message asked again."""
    return min((run.until for run in slice_.runs if run.until), default=None) if slice_.runs else None


_OWN: dict[type[Body], tuple[Callable[..., Iterable[Draft]], ...]] = {
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
DECIDES: dict[type[Body], tuple[Callable[..., Iterable[Draft]], ...]] = {
    body: (*((decide,) if body.type in FACTS else ()), *_OWN.get(body, ())) for body in {*FACTS.values(), *_OWN}
}
