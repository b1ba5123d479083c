"""Who is in which play, and how far: the slice of state of the plays, and what changes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine import consent, contact
from omtanke.engine.contact import PURPOSES, Contact
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn, PreferenceChanged
from omtanke.vocabulary.case import CallbackRequested, CaseMessageReceived, CaseOpened, CaseResolved
from omtanke.vocabulary.delivery import OrderShipped
from omtanke.vocabulary.erasure import CustomerErased
from omtanke.vocabulary.fact import Body, Fact, Mode
from omtanke.vocabulary.identity import CustomerIdentified
from omtanke.vocabulary.order import OrderCompleted
from omtanke.vocabulary.play import (
    MessageDeferred,
    MessageDue,
    MessageFailed,
    MessageInDoubt,
    MessageReleased,
    MessageSent,
    PlayEntered,
    PlayLeft,
    PlayMoved,
)
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
from omtanke.vocabulary.rights import DetailsCorrected, ProcessingRestricted, RestrictionLifted, RightsRequested
from omtanke.vocabulary.store import ReceiptIssued
from omtanke.vocabulary.survey import SurveyAsked, SurveySent

# What a play may be about, beside the person.
THINGS = ("cart", "order", "case", "store", "parcel", "promise")
MOST_RUNS = 60
MOST_ENTERED = 120
MOST_WINDOWS = 40
MOST_PARCELS = 20
# How far a message is: due and waiting, or released and not yet told of.
NONE, WAITING, RELEASED = 0, 1, 2


class Run(Struct, frozen=True, array_like=True, gc=False):
    """One person in one play. `subject`: the number of what it is about, 0 for the person; `customer`: of the fact that let them in.

    `step`: where they are, from 0; `until`: when they go on if nothing comes before, 0 for never. `message`: the number of the
    message at this step, 0 for none; `stands`: NONE, WAITING or RELEASED; `due_at`: when it was due; `asked`: how often it was released.
    """

    run: int
    play: str
    digest: str
    key: str
    subject: int
    customer: int
    entry: bytes
    entered_at: int
    since_at: int
    cart: int = 0
    order: int = 0
    case: int = 0
    store: int = 0
    parcel: int = 0
    promise: int = 0
    kept: bytes = b""
    is_held_out: bool = False
    step: int = 0
    until: int = 0
    counted: dict[str, int] = {}
    message: int = 0
    stands: int = NONE
    due_at: int = 0
    asked: int = 0


class Window(Struct, frozen=True, array_like=True, gc=False):
    """When an open promise is to be met."""

    order: int
    case: int
    from_at: int
    until_at: int


class Plays(Struct, frozen=True, array_like=True):
    """The slice of state. `entered`: when a play was last entered, by its name and what it was about; `windows`: of open promises."""

    runs: tuple[Run, ...] = ()
    entered: dict[tuple[str, int], int] = {}
    contact: Contact = Contact()
    windows: dict[int, Window] = {}
    parcels: dict[int, int] = {}

    def run(self, number: int) -> Run | None:
        for one in self.runs:
            if one.run == number:
                return one
        return None

    def run_of(self, message: int) -> Run | None:
        """Whose message it is; None when they have left."""
        for one in self.runs if message else ():
            if one.message == message:
                return one
        return None


def with_run(slice_: Plays, run: Run) -> Plays:
    return replace(slice_, runs=_with(slice_.runs, run))


def _with(runs: tuple[Run, ...], run: Run) -> tuple[Run, ...]:
    return (run,) if len(runs) == 1 else tuple([run if one.run == run.run else one for one in runs])


# Plays and messages


def evolve_entered(slice_: Plays, fact: Fact) -> Plays:
    body: Any = fact.body
    run = Run(
        run=body.run,
        play=body.play,
        digest=body.play_digest,
        key=body.key,
        subject=body.subject,
        customer=fact.customer,
        entry=fact.cause,
        entered_at=fact.now,
        since_at=body.since_at,
        cart=body.cart,
        order=body.order,
        case=body.case,
        store=body.store,
        parcel=body.parcel,
        promise=body.promise,
        kept=body.kept,
        is_held_out=body.is_held_out,
    )
    entered = slice_.entered | {(body.play, body.subject): fact.now}
    while len(entered) > MOST_ENTERED:
        del entered[min(entered, key=lambda one: (entered[one], one))]
    return replace(slice_, runs=(*slice_.runs, run)[-MOST_RUNS:], entered=entered)


def evolve_moved(slice_: Plays, fact: Fact) -> Plays:
    body: Any = fact.body
    run = slice_.run(body.run)
    if run is None:
        return slice_
    counted = {one.fact: one.times for one in body.counted}
    if body.step == run.step and run.message:
        return with_run(slice_, replace(run, counted=counted))
    return with_run(slice_, replace(run, step=body.step, until=body.until_at, counted=counted, message=0, stands=NONE, due_at=0, asked=0))


def evolve_left(slice_: Plays, fact: Fact) -> Plays:
    body: Any = fact.body
    return replace(slice_, runs=tuple(one for one in slice_.runs if one.run != body.run))


def evolve_due(slice_: Plays, fact: Fact) -> Plays:
    body: Any = fact.body
    run = slice_.run(body.run)
    return with_run(slice_, replace(run, step=body.step, message=body.message, stands=WAITING, due_at=fact.now, until=0, asked=0)) if run else slice_


def evolve_deferred(slice_: Plays, fact: Fact) -> Plays:
    body: Any = fact.body
    run = slice_.run(body.run)
    return with_run(slice_, replace(run, stands=WAITING, until=body.until_at)) if run else slice_


def evolve_released(slice_: Plays, fact: Fact) -> Plays:
    """A person's patience is used when something is let go, so that two at the same moment are two; asked anew it is the same one."""
    body: Any = fact.body
    run = slice_.run(body.run)
    runs = slice_.runs if run is None else _with(slice_.runs, replace(run, stands=RELEASED, until=0, asked=body.tries + 1))
    known = contact.contacted(slice_.contact, fact.now) if body.message_class in PURPOSES and not body.tries else slice_.contact
    return replace(slice_, runs=runs, contact=known)


def evolve_sent(slice_: Plays, fact: Fact) -> Plays:
    """What another system has sent takes of the same patience; ours has taken it when it was released."""
    body: Any = fact.body
    if body.message or body.message_class not in PURPOSES or fact.mode is Mode.HISTORY:
        return slice_
    return replace(slice_, contact=contact.contacted(slice_.contact, fact.occurred_at))


def evolve_failed(slice_: Plays, fact: Fact) -> Plays:
    body: Any = fact.body
    return replace(slice_, contact=contact.unreachable(slice_.contact, body.for_channel)) if body.failure == "address" else slice_


# What is promised


def evolve_made(slice_: Plays, fact: Fact) -> Plays:
    body: Any = fact.body
    case = body.subject if body.subject_kind == "case" else 0
    windows = list((slice_.windows | {body.promise: Window(body.order, case, body.from_at, body.until_at)}).items())
    return replace(slice_, windows=dict(windows[-MOST_WINDOWS:]))


def evolve_renegotiated(slice_: Plays, fact: Fact) -> Plays:
    body: Any = fact.body
    known = slice_.windows.get(body.promise)
    if known is None:
        return slice_
    return replace(slice_, windows=slice_.windows | {body.promise: replace(known, from_at=body.from_at, until_at=body.until_at)})


def evolve_ended(slice_: Plays, fact: Fact) -> Plays:
    body: Any = fact.body
    if body.promise in slice_.windows:
        slice_ = replace(slice_, windows={number: window for number, window in slice_.windows.items() if number != body.promise})
    return slice_


def evolve_shipped(slice_: Plays, fact: Fact) -> Plays:
    """Carriers name parcels and not orders."""
    body: Any = fact.body
    if fact.mode is Mode.HISTORY or not (body.parcel and body.order):
        return slice_
    return replace(slice_, parcels=dict(list((slice_.parcels | {body.parcel: body.order}).items())[-MOST_PARCELS:]))


def evolve_erased(slice_: Plays, fact: Fact) -> Plays:
    return Plays(runs=slice_.runs, contact=contact.evolve_erased(slice_.contact, fact))


def _in_contact(change: Callable[[Contact, Fact], Contact]) -> Callable[[Plays, Fact], Plays]:
    """What changes only what bears on speaking."""

    def evolve(slice_: Plays, fact: Fact) -> Plays:
        changed = change(slice_.contact, fact)
        return slice_ if changed is slice_.contact else Plays(slice_.runs, slice_.entered, changed, slice_.windows, slice_.parcels)

    return evolve


def _live(change: Callable[[Contact, Fact], Contact]) -> Callable[[Contact, Fact], Contact]:
    """What of the past nobody waits for any more."""
    return lambda known, fact: known if fact.mode is Mode.HISTORY else change(known, fact)


def _broken(slice_: Plays, fact: Fact) -> Plays:
    return _in_contact(_live(contact.evolve_broken))(evolve_ended(slice_, fact), fact)


EVOLVES: dict[type[Body], Any] = {
    PlayEntered: evolve_entered,
    PlayMoved: evolve_moved,
    PlayLeft: evolve_left,
    MessageDue: evolve_due,
    MessageDeferred: evolve_deferred,
    MessageReleased: evolve_released,
    MessageSent: evolve_sent,
    MessageFailed: evolve_failed,
    PromiseMade: evolve_made,
    PromiseRenegotiated: evolve_renegotiated,
    PromiseKept: evolve_ended,
    PromiseExceeded: evolve_ended,
    PromiseBroken: _broken,
    PromiseEndingCorrected: _in_contact(_live(contact.evolve_broken)),
    PromiseMetLate: _in_contact(contact.evolve_over),
    PromiseWithdrawn: lambda slice_, fact: _in_contact(contact.evolve_over)(evolve_ended(slice_, fact), fact),
    OrderShipped: evolve_shipped,
    CustomerIdentified: _in_contact(contact.evolve_identified),
    DetailsCorrected: _in_contact(contact.evolve_corrected),
    ConsentGiven: _in_contact(contact.evolve_consent),
    ConsentWithdrawn: _in_contact(contact.evolve_consent),
    RightsRequested: _in_contact(contact.evolve_requested),
    PreferenceChanged: _in_contact(contact.evolve_chosen),
    CaseOpened: _in_contact(_live(contact.evolve_case)),
    CaseMessageReceived: _in_contact(_live(contact.evolve_case)),
    CallbackRequested: _in_contact(_live(contact.evolve_case)),
    CaseResolved: _in_contact(contact.evolve_resolved),
    OrderCompleted: _in_contact(contact.evolve_bought),
    ReceiptIssued: _in_contact(contact.evolve_bought),
    SurveyAsked: _in_contact(contact.evolve_asked),
    SurveySent: _in_contact(contact.evolve_asked),
    ProcessingRestricted: _in_contact(contact.evolve_restricted),
    RestrictionLifted: _in_contact(contact.evolve_restricted),
    CustomerErased: evolve_erased,
}
# What says how a message fared, after which its play goes on.
FARED = (MessageSent, MessageInDoubt, MessageFailed)


# When old history is condensed


def settled(slice_: Plays, edge: int, now: int) -> Plays:
    """Without what nobody asks for since before the edge; whoever is under way stays."""
    entered = {one: at for one, at in slice_.entered.items() if at >= edge}
    windows = {number: one for number, one in slice_.windows.items() if one.until_at >= edge}
    return Plays(slice_.runs, entered, contact.settled(slice_.contact, edge), windows, slice_.parcels if now >= edge else {})


def part_of(slice_: Plays, customer: int, is_first: bool) -> Plays:
    """What one of several customers is in; the rest goes with the first."""
    runs = tuple(one for one in slice_.runs if one.customer == customer)
    allows = consent.part_of(slice_.contact.allows, customer, is_first)
    if is_first:
        return replace(slice_, runs=runs, contact=replace(slice_.contact, allows=allows))
    return Plays(runs=runs, contact=Contact(allows=allows))


def united(one: Plays, other: Plays) -> Plays:
    """Both as one person's."""
    known = {run.run for run in one.runs}
    entered = one.entered | {key: max(at, one.entered.get(key, 0)) for key, at in other.entered.items()}
    return Plays(
        runs=(*one.runs, *(run for run in other.runs if run.run not in known))[-MOST_RUNS:],
        entered=_latest(entered.items()),
        contact=contact.united(one.contact, other.contact),
        windows=dict(list((one.windows | other.windows).items())[-MOST_WINDOWS:]),
        parcels=dict(list((one.parcels | other.parcels).items())[-MOST_PARCELS:]),
    )


def _latest(entered: Iterable[tuple[tuple[str, int], int]]) -> dict[tuple[str, int], int]:
    return dict(sorted(entered, key=lambda one: (one[1], one[0]))[-MOST_ENTERED:])


def kept_values(run: Run) -> dict[str, Any]:
    """The values of the entering fact that the play asks for further on."""
    return dict(msgspec.msgpack.decode(run.kept)) if run.kept else {}
