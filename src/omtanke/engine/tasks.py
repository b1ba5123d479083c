"""Rule family: what needs a person, and whose it is. Module: `omtanke.engine.tasks`.

A broken promise that is still waited for, with nothing new promised in its place, a low answer, and a customer whom what we owe
them does not reach each become a task with a unit and, where the policy names somebody, a name. Whoever has begun with it keeps it.
History assigns nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine.contact import UNDELIVERABLE
from omtanke.engine.draft import Draft
from omtanke.engine.policy import Policy
from omtanke.engine.promises.ledger import promise_number
from omtanke.vocabulary.erasure import CustomerErased
from omtanke.vocabulary.fact import Body, Fact, Mode
from omtanke.vocabulary.play import NOT_ASKED_FOR, MessageFailed, MessageSent, MessageSuppressed
from omtanke.vocabulary.promise import (
    PromiseBroken,
    PromiseEndingCorrected,
    PromiseExceeded,
    PromiseKept,
    PromiseMade,
    PromiseMetLate,
    PromiseRenegotiated,
    PromiseWithdrawn,
)
from omtanke.vocabulary.survey import NOT_GIVEN, SurveyAnswered
from omtanke.vocabulary.task import CustomerTold, TaskAssigned, TaskClosed, TaskDone, TaskTaken
from omtanke.vocabulary.time import DAY

KEPT_SPAN = 30 * DAY
MOST_TASKS = 60
MOST_FOLLOWED = 40
MOST_WRITTEN = 20
SMALL = 6
SERVICE_UNIT = "service"


class Task(Struct, frozen=True, array_like=True, gc=False):
    """Something that needs a person. Moments are 0 until it happened; `assignee` is 0 when nobody is named; `customer`: whom it
    is about, as recorded."""

    about: str
    promise: int
    survey: int
    unit: str
    assignee: int
    assigned_at: int
    taken_at: int = 0
    told_at: int = 0
    told_by: int = 0
    done_at: int = 0
    outcome: str = ""
    customer: int = 0


class Tasks(Struct, frozen=True, array_like=True):
    """The slice of state: tasks by number; that of a promise has the promise's. `followed`: promises in whose place a
    new one was given; `has_left`: whether a task has left this state; `written`: the last messages of ours that were owed and have gone."""

    tasks: dict[int, Task] = {}
    followed: tuple[int, ...] = ()
    has_left: bool = False
    written: tuple[int, ...] = ()


def evolve(slice_: Tasks, fact: Fact) -> Tasks:
    """What a fact changes in the tasks. Staff may act on a promise that has no task yet; then it has one."""
    body: Any = fact.body
    known = slice_.tasks.get(body.task)
    match body:
        case TaskAssigned() if known and not known.done_at:
            return _with(slice_, body.task, replace(known, unit=body.unit, assignee=body.assignee))
        case TaskAssigned():
            begun = Task(body.about, body.promise, body.survey, body.unit, body.assignee, fact.now, customer=fact.customer)
            return _with(slice_, body.task, begun)
        case TaskTaken():
            known = known or _begun(body.task, fact)
            return _with(slice_, body.task, replace(known, assignee=body.staff, taken_at=fact.now))
        case CustomerTold():
            known = known or _begun(body.task, fact)
            return _with(slice_, body.task, replace(known, assignee=known.assignee or body.staff, told_at=fact.now, told_by=body.staff))
        case TaskClosed():
            known = known or _begun(body.task, fact)
            return _with(slice_, body.task, replace(known, assignee=known.assignee or body.staff))
        case TaskDone() if known:
            return _with(slice_, body.task, replace(known, done_at=fact.now, outcome=body.outcome))
    return slice_


def owner(slice_: Tasks, body: object) -> int:
    """The customer whom the task that a decision is about concerns; 0 when there is none yet."""
    task = slice_.tasks.get(getattr(body, "task", 0))
    return task.customer if task else 0


def _begun(number: int, fact: Fact) -> Task:
    return Task("promise", number, 0, "", 0, fact.now, customer=fact.customer)


def _with(slice_: Tasks, number: int, task: Task) -> Tasks:
    return replace(slice_, tasks=slice_.tasks | {number: task})


def evolve_made(slice_: Tasks, fact: Fact) -> Tasks:
    """A promise in place of another: that one needs nobody when it breaks."""
    body: Any = fact.body
    return replace(slice_, followed=(*slice_.followed, body.follows)[-MOST_FOLLOWED:]) if body.follows else slice_


def evolve_sent(slice_: Tasks, fact: Fact) -> Tasks:
    """What was owed has gone. It may come back days later."""
    body: Any = fact.body
    if not body.message or body.message_class in NOT_ASKED_FOR or body.message in slice_.written:
        return slice_
    return replace(slice_, written=(*slice_.written, body.message)[-MOST_WRITTEN:])


def assign_unsaid(slice_: Tasks, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """What was owed is not said, because every address that is known takes nothing any more."""
    body: Any = fact.body
    if fact.reason == UNDELIVERABLE and body.message_class not in NOT_ASKED_FOR:
        yield from _assign_unreached(slice_, body.message, policy)


def assign_come_back(slice_: Tasks, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """What was owed had gone, and has come back because there is no such address."""
    body: Any = fact.body
    if body.failure == "address" and body.message in slice_.written:
        yield from _assign_unreached(slice_, body.message, policy)


def _assign_unreached(slice_: Tasks, message: int, policy: Policy) -> Iterator[Draft]:
    """One task for a customer, however many messages do not reach them while nobody has closed it."""
    if any(task.about == "message" and not task.done_at for task in slice_.tasks.values()):
        return
    number = promise_number("unreached", message)
    if number not in slice_.tasks:
        yield Draft(TaskAssigned(task=number, about="message", unit=SERVICE_UNIT, assignee=whose(policy, SERVICE_UNIT, number)), "undeliverable")


def assign_broken(slice_: Tasks, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """A promise is broken and the customer still waits, with nothing new promised."""
    body: Any = fact.body
    number, unit = body.promise, body.owner
    if body.met_at:
        yield from done("met", "promise_met")(slice_, fact, policy, now)
    if fact.mode is Mode.HISTORY or not body.is_waited_for or number in slice_.followed:
        return
    begun = slice_.tasks.get(number)
    if begun is None or begun.done_at:
        yield Draft(TaskAssigned(task=number, about="promise", promise=number, unit=unit, assignee=whose(policy, unit, number)), "promise_broken")
    elif not begun.unit:
        yield Draft(TaskAssigned(task=number, about="promise", promise=number, unit=unit, assignee=begun.assignee), "promise_broken")


def assign_low_answer(slice_: Tasks, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """An answer is so low that somebody has to turn to the customer. Answered again, it is the same task."""
    body: Any = fact.body
    if fact.mode is Mode.HISTORY or body.score == NOT_GIVEN or body.score > policy.surveys.low[body.scale]:
        return
    # Another tool may give all its customers one survey: then the customer and the thing tell its answers apart.
    told_apart = (body.asked,) if body.asked else (body.survey, fact.customer, body.order, body.case, body.store)
    number = promise_number("answer", *told_apart)
    known = slice_.tasks.get(number)
    if known is None or known.done_at:
        asked = policy.surveys.kinds.get(body.about)
        unit = asked.owner if asked else SERVICE_UNIT
        yield Draft(TaskAssigned(task=number, about="answer", survey=body.asked, unit=unit, assignee=whose(policy, unit, number)), "low_answer")


def whose(policy: Policy, unit: str, number: int) -> int:
    """Who of the unit it falls to; 0 when the policy names nobody."""
    people = policy.units.get(unit, ())
    return people[number % len(people)] if people else 0


def close(slice_: Tasks, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    body: Any = fact.body
    if not slice_.tasks[body.task].done_at:
        yield Draft(TaskDone(task=body.task, outcome=body.outcome), "closed_by_staff")


def done(outcome: str, reason: str, named_by: str = "promise") -> Any:
    """The task of the promise that the decision names is over."""

    def decide(slice_: Tasks, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
        number = getattr(fact.body, named_by)
        task = slice_.tasks.get(number)
        if task is not None and not task.done_at:
            yield Draft(TaskDone(task=number, outcome=outcome), reason)

    return decide


def corrected(slice_: Tasks, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """Late evidence: whoever got it needs nobody any more, and whoever did not needs somebody after all."""
    body: Any = fact.body
    if body.ending in ("kept", "exceeded"):
        yield from done("met", "promise_met")(slice_, fact, policy, now)
    elif body.ending == "withdrawn":
        yield from done("withdrawn", "promise_withdrawn")(slice_, fact, policy, now)
    elif body.ending == "open":
        yield from done("new_promise", "new_promise")(slice_, fact, policy, now)
    else:
        yield from assign_broken(slice_, fact, policy, now)


def close_all(slice_: Tasks, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """The customer has been erased: nobody can turn to them any more."""
    for number, task in slice_.tasks.items():
        if not task.done_at:
            yield Draft(TaskDone(task=number, outcome="erased"), "customer_erased")


ACTS = (TaskTaken, CustomerTold, TaskClosed)
EVOLVES: dict[type[Body], Any] = {PromiseMade: evolve_made, MessageSent: evolve_sent, **dict.fromkeys((TaskAssigned, *ACTS, TaskDone), evolve)}
DECIDES: dict[type[Body], tuple[Any, ...]] = {
    PromiseBroken: (assign_broken,),
    SurveyAnswered: (assign_low_answer,),
    MessageSuppressed: (assign_unsaid,),
    MessageFailed: (assign_come_back,),
    TaskClosed: (close,),
    PromiseMade: (done("new_promise", "new_promise", "follows"),),
    PromiseRenegotiated: (done("new_promise", "new_promise"),),
    PromiseKept: (done("met", "promise_met"),),
    PromiseExceeded: (done("met", "promise_met"),),
    PromiseMetLate: (done("met", "promise_met"),),
    PromiseWithdrawn: (done("withdrawn", "promise_withdrawn"),),
    PromiseEndingCorrected: (corrected,),
    CustomerErased: (close_all,),
}


def forget(slice_: Tasks, fact: Fact) -> Tasks:
    """What was done 30 days ago leaves, and what is too much, the oldest first; what the fact is about stays."""
    if len(slice_.tasks) <= SMALL:
        return slice_
    edge, needed = fact.now - KEPT_SPAN, getattr(fact.body, "task", 0)
    kept = {number: task for number, task in slice_.tasks.items() if not task.done_at or task.done_at >= edge or number == needed}
    surplus = len(kept) - MOST_TASKS
    if surplus > 0:
        leaving = sorted((number for number in kept if number != needed), key=lambda one: (not kept[one].done_at, kept[one].assigned_at, one))
        kept = {number: task for number, task in kept.items() if number not in set(leaving[:surplus])}
    return slice_ if len(kept) == len(slice_.tasks) else replace(slice_, tasks=kept, has_left=True)


def has_left(slice_: Tasks, body: Body) -> bool:
    """Whether the fact may be about a task that has left."""
    return slice_.has_left and isinstance(body, ACTS) and body.task not in slice_.tasks


def settled(slice_: Tasks, edge: int, now: int) -> Tasks:
    """Without what was done before the edge. Nothing is left to look back at."""
    tasks = {number: task for number, task in slice_.tasks.items() if not task.done_at or task.done_at >= edge}
    return Tasks(tasks, slice_.followed, written=slice_.written) if now >= edge else Tasks(tasks)


def part_of(slice_: Tasks, customer: int, is_first: bool) -> Tasks:
    """What concerns one of several customers; whatever names nobody goes with the first."""
    tasks = {number: task for number, task in slice_.tasks.items() if task.customer == customer or (is_first and not task.customer)}
    return Tasks(tasks, slice_.followed, slice_.has_left, slice_.written) if is_first else Tasks(tasks, (), slice_.has_left)


def united(one: Tasks, other: Tasks) -> Tasks:
    """Both as one person's, the open ones and the latest first."""
    tasks = one.tasks | other.tasks
    for number in nsmallest(len(tasks) - MOST_TASKS, tasks, key=lambda one: (not tasks[one].done_at, tasks[one].assigned_at, one)):
        del tasks[number]
    followed = (*one.followed, *(number for number in other.followed if number not in one.followed))
    written = (*one.written, *(number for number in other.written if number not in one.written))
    return Tasks(tasks, followed[-MOST_FOLLOWED:], one.has_left or other.has_left, written[-MOST_WRITTEN:])
