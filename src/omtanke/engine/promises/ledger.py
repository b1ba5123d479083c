"""The slice of state: what we owe the customer, and the evidence for what became of it."""

from __future__ import annotations

from hashlib import blake2b

from msgspec import Struct

# The states of a promise, in the order in which an open one moves.
MADE, AT_RISK, DUE, KEPT, EXCEEDED, BROKEN, WITHDRAWN = range(7)
STATUS_NAMES = ("made", "at_risk", "due", "kept", "exceeded", "broken", "withdrawn")
HASHED = 1 << 62
LEAST_NUMBER = (1 << 62) - 1
LATEST = 1 << 62


class Promise(Struct, frozen=True, array_like=True, gc=False):
    """One promise. Moments in microseconds, 0 for none; `made_by` is the fact that
    made it or changed its window, `window_at` when the current window was stated, `given` the sender's id of
    the promise, `customer` the one as recorded to whom it was made."""

    promise: int
    kind: str
    subject_kind: str
    subject: int
    order: int
    made_at: int
    first_from: int
    first_until: int
    from_at: int
    until_at: int
    risk_at: int
    lapse_at: int
    exceeds_before: int
    attended: bool
    owner: str
    made_by: bytes
    window_at: int
    status: int = MADE
    ended_at: int = 0
    met_at: int = 0
    part: int = 0
    follows: int = 0
    given: int = 0
    customer: int = 0

    @property
    def is_open(self) -> bool:
        return self.status < KEPT

    @property
    def is_unmet(self) -> bool:
        """Not met yet, and still owed: open, or broken while the customer waits."""
        return not self.met_at and self.status != WITHDRAWN

    def seen(self) -> tuple[int, ...]:
        """What pages are shown of it."""
        return (self.status, self.made_at, self.first_from, self.first_until, self.from_at, self.until_at, self.risk_at, self.lapse_at, self.met_at)


class Parcel(Struct, frozen=True, array_like=True, gc=False):
    """A parcel of an order: the lines it holds (none: what the others do not), and when it arrived."""

    lines: tuple[int, ...] = ()
    delivered_at: int = 0
    ready_at: int = 0


class Goods(Struct, frozen=True, array_like=True, gc=False):
    """What is known of an order's goods. Arrival is by line, by parcel or whole; the earliest counts.

    `lines_at` is when somebody last said which lines the order holds in all (0: nobody has).
    `expected_at` is the latest word of the carrier about when it will come.
    """

    touched_at: int
    lines: tuple[int, ...] = ()
    cancelled: dict[int, int] = {}
    delivered: dict[int, int] = {}
    ready: dict[int, int] = {}
    parcels: dict[int, Parcel] = {}
    delivered_at: int = 0
    ready_at: int = 0
    cancelled_at: int = 0
    expected_at: int = 0
    lines_at: int = 0

    @property
    def weight(self) -> int:
        """How many lines and parcels are told apart."""
        weight = len(self.lines) + len(self.cancelled) + len(self.delivered) + len(self.ready)
        return weight + sum(2 + len(parcel.lines) for parcel in self.parcels.values()) if self.parcels else weight


class Quote(Struct, frozen=True, array_like=True, gc=False):
    """An offer of a window, valid until a moment. `given_by` is the fact that gave it."""

    from_at: int
    until_at: int
    valid_until: int
    attended: bool
    zone: str
    given_by: bytes = b""


class Ledger(Struct, frozen=True, array_like=True):
    """Promises by id, goods by order, the order of each parcel, quotes, and signs of being met.

    A sign is known by `what:subject_kind:subject` and keeps its latest moments in order of time.
    `left_until` is the highest surrogate of an order, parcel, case … that has left this state; `weight` is that
    of all goods. Up to `stays_until` nothing in it is so old that it would leave, whatever a fact is about: most facts leave
    the ledger as it was, and need not go through it.
    """

    promises: dict[int, Promise] = {}
    goods: dict[int, Goods] = {}
    parcels: dict[int, int] = {}
    quotes: dict[int, Quote] = {}
    signs: dict[str, tuple[int, ...]] = {}
    left_until: int = 0
    weight: int = 0
    stays_until: int = LATEST


def owner(ledger: Ledger, body: object) -> int:
    """The customer to whom the promise that a decision is about was made; 0 when it is about none that stands."""
    promise = ledger.promises.get(getattr(body, "promise", 0))
    return promise.customer if promise else 0


def promise_number(*parts: object) -> int:
    """The id of a promise that its sender gave none: a hash of what it is about, above every surrogate."""
    digest = blake2b(":".join(map(str, parts)).encode(), digest_size=8).digest()
    return HASHED | (int.from_bytes(digest) & LEAST_NUMBER)


def sign_key(what: str, subject_kind: str, subject: int) -> str:
    """Where signs of one sort about one subject are kept."""
    return f"{what}:{subject_kind}:{subject}"
