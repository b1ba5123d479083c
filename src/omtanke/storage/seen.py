"""What pages see: promises, facts, tasks and customers as the store has them, as frozen structs. Moments are UTC microseconds, 0 for none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from omtanke.storage.codec import decode_body, decode_personal
from omtanke.storage.statements import listed
from omtanke.vocabulary.fact import Body
from omtanke.vocabulary.rights import OBJECTION

ID_LENGTH = 16
QUOTE_TAKEN = "quote_taken"


class PromiseSeen(Struct, frozen=True, gc=False):
    """A promise as it stands, with the person it was given to. `later` is the promise that follows it, 0 for none. `locale`: the person's.

    `closed_at`: when staff, or what happened, put an end to what was to be done about it."""

    promise: int
    customer: int
    person: int
    customer_kind: str
    name: str
    city: str
    kind: str
    status: str
    subject_kind: str
    subject: int
    order: int
    owner: str
    made_at: int
    first_from: int
    first_until: int
    from_at: int
    until_at: int
    risk_at: int
    lapse_at: int
    attended: int
    met_at: int
    ended_at: int
    follows: int
    later: int
    locale: str = ""
    closed_at: int = 0

    @property
    def is_open(self) -> bool:
        return self.status in ("made", "at_risk", "due")

    @property
    def is_waiting(self) -> bool:
        """Broken, the customer still waits for it, and nobody has closed it."""
        is_over = self.met_at or self.later or self.closed_at
        return self.status == "broken" and not is_over and self.kind not in ("opening_hours", "appointment")


class FactSeen(Struct, frozen=True):
    """A line of the log with its personal part (empty: none, or erased). `body` is None for a type that cannot be read."""

    position: int
    fact_id: bytes
    is_decided: bool
    is_history: bool
    source: int
    customer: int
    type: str
    version: int
    occurred_at: int
    received_at: int
    now: int
    channel: str
    touchpoint: str
    body: Body | None
    cause: bytes
    because: tuple[bytes, ...]
    reason: str
    policy_version: int
    engine_version: int
    personal: Mapping[str, Any]

    @property
    def worded_by(self) -> bytes:
        """The fact with the words that were shown with what was decided: the quote that an order took, else what was told."""
        return self.because[-1] if self.reason == QUOTE_TAKEN and self.because else self.cause


class TaskSeen(Struct, frozen=True):
    """Something that needs, or needed, a person. `about`: promise, answer, play or message; that of a promise has its number. `assignee`, `told_by`: numbers of
    those who work here, 0 for nobody. `unit`: who answers for it, empty when staff began it themselves."""

    task: int
    customer: int
    person: int
    about: str
    promise: int
    survey: int
    unit: str
    assignee: int
    assigned_at: int
    taken_at: int
    told_at: int
    told_by: int
    done_at: int
    outcome: str

    @property
    def is_open(self) -> bool:
        return not self.done_at


class Whose(Struct, frozen=True):
    """Whose rows are asked for. `viewer`: who looks, whose own come first. `me`: only theirs. `units`: only those of these units, None for all."""

    viewer: int = 0
    me: bool = False
    units: tuple[str, ...] | None = None

    @property
    def values(self) -> dict[str, Any]:
        return {"viewer": self.viewer, "me": self.viewer if self.me else 0, "units": "" if self.units is None else listed(self.units)}


EVERYBODY = Whose()


class Urgent(Struct, frozen=True):
    """What needs a person: its number, and where the log last changed its promise and its task."""

    number: int
    changed: int
    task_changed: int


class Waiting(Struct, frozen=True):
    """Customers who wait for a broken promise: persons, and promises."""

    persons: int
    promises: int


class Known(Struct, frozen=True):
    """What is known of a person, over all their customers. Empty text: not told."""

    person: int
    kind: str
    customers: tuple[int, ...]
    name: str
    email: str
    phone: str
    city: str
    region: str
    locale: str
    first_seen_at: int


class Owed(Struct, frozen=True):
    """How many promises a person was given, and how they stand. `waiting` are broken, and the customer still waits for them."""

    person: int
    promises: int
    open: int
    waiting: int
    held: int


class Verbatim(Struct, frozen=True):
    """What a customer has written. `names`: words in it, folded, that are part of somebody's name."""

    position: int
    person: int
    text: str
    names: frozenset[str] = frozenset()


class Sender(Struct, frozen=True):
    """A source. `is_telling`: an import is under way since `began_at`."""

    source: int
    name: str
    mode: str
    zone: str
    currency: str
    is_telling: bool
    has_ended: bool
    began_at: int


class Quarantined(Struct, frozen=True):
    """A message that could not be understood. `value` is personal."""

    entry: int
    source: int
    received_at: int
    path: str
    value: str
    rule: str


class Place(Struct, frozen=True, array_like=True):
    """A place in a list that is read on from: its moment and its number."""

    moment: int = 2**62
    number: int = 2**63 - 1


START = Place()


def of_consent(rows: Iterable[Sequence[Any]]) -> list[FactSeen]:
    """The facts that say something of consent; a right that was asked for does when it is the right to object."""
    return [one for one in map(fact_of_row, rows) if getattr(one.body, "right", OBJECTION) == OBJECTION]


def fact_of_row(row: Sequence[Any]) -> FactSeen:
    """A row of the twenty columns that make a fact as seen: the fact and its personal part."""
    because = row[15] or b""
    return FactSeen(
        position=row[0],
        fact_id=row[1],
        is_decided=bool(row[2]),
        is_history=bool(row[3]),
        source=row[4],
        customer=row[5],
        type=row[6],
        version=row[7],
        occurred_at=row[8],
        received_at=row[9],
        now=row[10],
        channel=row[11],
        touchpoint=row[12],
        body=_body(row[6], row[7], row[13]),
        cause=row[14] or b"",
        because=tuple(because[n : n + ID_LENGTH] for n in range(0, len(because), ID_LENGTH)),
        reason=row[16] or "",
        policy_version=row[17],
        engine_version=row[18],
        personal=decode_personal(row[19]) if row[19] else {},
    )


def _body(type_: str, version: int, data: bytes) -> Body | None:
    try:
        return decode_body(type_, version, data)
    except KeyError:
        return None
