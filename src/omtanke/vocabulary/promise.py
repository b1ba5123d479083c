"""A promise: what we led a customer to expect, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct

from omtanke.vocabulary.fact import Decided, Observed
from omtanke.vocabulary.fields import (
    Reading,
    code,
    flag,
    moment,
    number_text,
    reference,
    take,
    whole,
    window_end,
    window_start,
)
from omtanke.vocabulary.refusal import Refused

KINDS = {
    "delivery": "the goods are with the customer, or ready at the pickup point that was chosen",
    "pickup": "the goods are ready to be collected in the store",
    "refund": "the money is on its way back",
    "call_back": "we have called",
    "reply": "we have answered",
    "repair": "what went wrong has been put right",
    "restock": "the product can be bought again",
    "appointment": "we were there at the time agreed",
    "opening_hours": "the door was open",
    "benefit": "a benefit of membership was given",
}
# Kinds of which nobody waits any longer once their time is over: the door was open then, or it was not.
PASSING = ("opening_hours", "appointment")

SUBJECTS = {
    "order": "an order",
    "line": "a line of an order",
    "parcel": "a parcel",
    "case": "a case in service",
    "product": "a product",
    "store": "a store",
    "appointment": "an appointment",
    "benefit": "a benefit",
    "customer": "the customer",
}
# What only our own engine promises about: a request for a right (rights.py). Its promise is met by the answer to it alone.
REQUEST = "request"

# The states in which a promise can stand; `open` is a correction that takes an ending back.
STATES = {
    "made": "open, and all is well",
    "at_risk": "open, and may break",
    "due": "past its time; late evidence may still come",
    "kept": "met in time",
    "exceeded": "met earlier than we said",
    "broken": "not met in time",
    "withdrawn": "no longer owed",
}
ENDINGS = ("kept", "exceeded", "broken", "withdrawn")


class Stated(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A promise as it is stated: kind, subject and window. Words and place shown are in the personal part.

    `promise` is 0 when the sender gave it no id; it is then known by kind and subject. `order` is the order named
    beside the subject: a line is found within it.
    `until_at` counts as inside the window.
    """

    promise: Annotated[int, reference("promise", "promise_id", "id", what="the sender's id of the promise")] = 0
    kind: Annotated[str, code("kind", what="what is promised", required=True, one_of=KINDS)]
    subject_kind: str = ""
    subject: int = 0
    order: int = 0
    from_at: Annotated[int, window_start("from", what="not before; for an attended slot at the door, earlier is broken")] = 0
    until_at: Annotated[int, window_end("until", what="at the latest", required=True)]
    attended: Annotated[bool, flag("attended", what="the customer waits at the door in the window")] = False
    owner: Annotated[str, code("owner", what="the unit that answers for it")] = ""
    zone: str = ""


def read_stated(item: Mapping[str, Any], path: str, reading: Reading) -> Stated:
    """Subject: `subject` {kind, id}, or `order_id`, `line_id`, `parcel_id`, `case_id` … beside it."""
    rest = dict(item)
    order = read_order(rest, path, reading)
    kind, subject = read_subject(rest, path, reading)
    if not kind and order:
        kind, subject = "order", order
    values = take(Stated, rest, path, reading)
    if values.get("from_at", 0) > values["until_at"]:
        raise Refused(f"{path}.from", item.get("from"), "is after until; a window begins before it ends")
    reading.keep(path, rest)
    return Stated(subject_kind=kind, subject=subject, order=order, zone=reading.zone.key, **values)


def read_order(rest: dict[str, Any], path: str, reading: Reading) -> int:
    """The order named beside the subject, within which a line counts; 0 for none."""
    written = rest.pop("order_id", None)
    return 0 if written in (None, "") else reading.reference("order", number_text(written, f"{path}.order_id"))


def read_subject(rest: dict[str, Any], path: str, reading: Reading) -> tuple[str, int]:
    """The subject named in `rest`, which loses it; ("", 0) when none is named."""
    named = rest.pop("subject", None)
    if named is not None:
        if not isinstance(named, dict) or not isinstance(named.get("kind"), str) or named["kind"] not in SUBJECTS:
            raise Refused(f"{path}.subject", named, f"is not {{kind, id}} with a kind of {', '.join(SUBJECTS)}")
        if named["kind"] == "customer":
            return "customer", 0
        return str(named["kind"]), reading.reference(named["kind"], number_text(named.get("id"), f"{path}.subject.id"))
    for kind in SUBJECTS:
        written = rest.pop(f"{kind}_id", None) if kind not in ("customer", "order") else None
        if written not in (None, ""):
            return kind, reading.reference(kind, number_text(written, f"{path}.{kind}_id"))
    return "", 0


class PromiseStated(Observed, frozen=True, kw_only=True):
    """We have led the customer to expect something by a time. Stated again with another window, it is renegotiated.

    A promise without a subject is to the customer (a call back, a reply).
    """

    name = "Promise Stated"
    personal = {"words": "the words shown to the customer", "place": "the place shown"}

    stated: tuple[Stated, ...] = ()


class PromiseFulfilled(Observed, frozen=True, kw_only=True):
    """A promise of any kind has been met."""

    name = "Promise Fulfilled"

    promise: Annotated[int, reference("promise", "promise_id", "id", what="the sender's id of the promise", required=True)]


class PromiseRetracted(Observed, frozen=True, kw_only=True):
    """We no longer owe it: agreed with the customer, or the need has gone."""

    name = "Promise Retracted"

    promise: Annotated[int, reference("promise", "promise_id", "id", what="the sender's id of the promise", required=True)]
    why: Annotated[str, code("reason", what="a code for why")] = ""


class QuoteGiven(Observed, frozen=True, kw_only=True):
    """An offer of a window, not yet a promise; an order that names it makes it one."""

    name = "Quote Given"
    personal = {"words": "the words shown to the customer", "place": "the place shown"}

    quote: Annotated[int, reference("quote", "quote_id", "id", what="the quote", required=True)]
    from_at: Annotated[int, window_start("from", what="not before")] = 0
    until_at: Annotated[int, window_end("until", what="at the latest", required=True)]
    valid_until: Annotated[int, moment("valid_until", what="the last moment at which it can be taken", required=True)]
    attended: Annotated[bool, flag("attended", what="the customer waits at the door in the window")] = False
    rests_on: Annotated[str, code("rests_on", what="what it was reckoned from: a table or a model, with its version")] = ""
    zone: str = ""
    sure_permille: Annotated[int, whole("sure_permille", what="how many of a thousand such windows are kept, as reckoned; 0: not reckoned", most=1000)] = 0


class PromiseMade(Decided, frozen=True, kw_only=True):
    """A promise stands in the ledger. Moments of risk and breaking follow the policy of the day it was made.

    `promise` is its own number; `given` the sender's id of it, 0 for none, which those that follow it share.
    `statement` is its number in the list of the fact that stated it, where the words shown are found.
    `follows` is the broken promise that it comes after, 0 for none.
    """

    promise: int
    kind: str
    subject_kind: str
    subject: int
    order: int = 0
    from_at: int = 0
    until_at: int
    risk_at: int
    lapse_at: int
    exceeds_before: int
    attended: bool = False
    owner: str
    zone: str = ""
    statement: int = 0
    follows: int = 0
    given: int = 0


class PromiseRenegotiated(Decided, frozen=True, kw_only=True):
    """The window has been changed before it fell due; the first one is kept beside it."""

    promise: int
    from_at: int = 0
    until_at: int
    risk_at: int
    lapse_at: int
    exceeds_before: int
    zone: str = ""
    statement: int = 0


class PromiseFirstWindowLearned(Decided, frozen=True, kw_only=True):
    """A window that was said before all we knew of has come to our knowledge late; it is now the first."""

    promise: int
    from_at: int = 0
    until_at: int
    statement: int = 0


class PromiseAtRisk(Decided, frozen=True, kw_only=True):
    """It may break: its time is near, or a sign of delay has come."""

    promise: int
    until_at: int


class PromiseFellDue(Decided, frozen=True, kw_only=True):
    """Its time is up without evidence; late scans may still come within the grace of its kind."""

    promise: int
    until_at: int


class PromisePartlyMet(Decided, frozen=True, kw_only=True):
    """Some of an order's lines have reached the customer."""

    promise: int
    met: int
    lines: int


class PromiseKept(Decided, frozen=True, kw_only=True):
    """Met in time. `first_window_met` holds it against what was said first."""

    promise: int
    met_at: int
    first_window_met: bool


class PromiseExceeded(Decided, frozen=True, kw_only=True):
    """Met before `from`, or by the kind's margin before `until`."""

    promise: int
    met_at: int
    first_window_met: bool


class PromiseBroken(Decided, frozen=True, kw_only=True):
    """Not met in time: an incident of ours, with an owner. `met_at` is 0 while the customer still waits."""

    promise: int
    incident: int
    owner: str
    kind: str = ""
    met_at: int = 0
    first_window_met: bool = False

    @property
    def is_waited_for(self) -> bool:
        return not self.met_at and self.kind not in PASSING


class PromiseMetLate(Decided, frozen=True, kw_only=True):
    """A broken promise has been met after all."""

    promise: int
    met_at: int


class PromiseWithdrawn(Decided, frozen=True, kw_only=True):
    """No longer owed."""

    promise: int


class PromiseEndingCorrected(Decided, frozen=True, kw_only=True):
    """Late evidence has replaced an ending; both stay in the history, the last one counts.

    `ending` may be `open`: a new window that was agreed in time has come to our knowledge late. `owner` and `kind` stand
    where it is broken after all.
    """

    promise: int
    ending: str
    was: str
    owner: str = ""
    kind: str = ""
    met_at: int = 0
    first_window_met: bool = False

    @property
    def is_waited_for(self) -> bool:
        return self.ending == "broken" and not self.met_at and self.kind not in PASSING


class InputSetAside(Decided, frozen=True, kw_only=True):
    """An input that cannot be: it is on record, and changes nothing. The reason says why."""

    promise: int = 0
    subject_kind: str = ""
    subject: int = 0
