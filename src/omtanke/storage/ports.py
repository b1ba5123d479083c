"""What the runtime asks of a store. Memory and SQLite answer alike (tests/contract)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

from omtanke.engine.capacity import Calendar
from omtanke.engine.promises.ledger import Promise
from omtanke.engine.rights import Request
from omtanke.engine.state import State
from omtanke.engine.tasks import Task
from omtanke.storage.aside import Held, SetAside
from omtanke.storage.condensing import Condensing, Oldest, Retained
from omtanke.storage.database import FAILURES
from omtanke.storage.erasing import Asked, Erasing, Traces
from omtanke.storage.play_rows import PlayRows
from omtanke.vocabulary.fact import Fact, Mode
from omtanke.vocabulary.refusal import CannotDo


class Source(Struct, frozen=True):
    """A sender. A source of history tells the past; its clock is the facts' own.

    `is_telling`: an import is under way, since `began_at`. `has_ended`: nothing more will come. `told_to`: the last
    entry of the inbox when the last import was over.
    """

    source: int
    name: str
    mode: Mode
    zone: str
    currency: str
    has_ended: bool = False
    is_telling: bool = False
    began_at: int = 0
    told_to: int = 0

    def is_told_at(self, consumed: int) -> bool:
        """Whether what it tells of the past is not yet known in whole to somebody who has read the inbox so far."""
        return self.is_telling or consumed < self.told_to


class Incoming(Struct, frozen=True, gc=False):
    """A message on its way into the inbox. `stamped_at` is the sender's own moment, 0 when none was sent. `handed`: what has been
    understood of it already (`omtanke.storage.handed`), empty for nothing."""

    message_id: str
    stamped_at: int
    wire: bytes
    handed: bytes = b""


class Accepted(Struct, frozen=True):
    """How many messages of a batch were new, and how many had come before."""

    new: int
    repeated: int


class SourceConflict(CannotDo):
    """A sender of that name is known with another mode, zone or currency."""

    def __init__(self, known: Source, mode: Mode, zone: str, currency: str) -> None:
        was, asked = f"{known.mode}, {known.zone}, {known.currency}", f"{mode}, {zone}, {currency}"
        super().__init__(f"The source {known.name!r} is known as {was} and cannot become {asked}. Give the new one another name.")


class Waiting(Struct, frozen=True, gc=False):
    """A row of an import that cannot be told yet: it has no moment of its own and what it hangs on has not come.

    `family` and `row` name it within its source; `payload` is the row, as JSON; `key` says what it
    waits for (`order/…`, `customer/…`, `product/…`) and is told to people only.
    """

    family: str
    row: str
    key: str
    payload: bytes


class InboxEntry(Struct, frozen=True, gc=False):
    """A message that is durable. `fact_id` is the keyed hash of source and message id."""

    entry: int
    source: int
    fact_id: bytes
    received_at: int
    stamped_at: int
    wire: bytes
    handed: bytes = b""


class Receiving(Protocol):
    """The side of the inbox that a door writes to."""

    def source(self, name: str, mode: Mode, zone: str, currency: str) -> Source: ...
    def append(self, source: int, messages: Sequence[Incoming], clock: int) -> Accepted: ...


class Inbox(Protocol):
    """The durable queue between the doors and the worker."""

    def source(self, name: str, mode: Mode, zone: str, currency: str) -> Source:
        """The sender of that name, made at first sight. Raises SourceConflict."""

    def sources(self) -> Mapping[int, Source]: ...

    def begin_telling(self, source: int, at: int) -> None:
        """An import of the past begins: what is due waits for what it tells."""

    def rest(self, source: int, has_ended: bool) -> None:
        """An import is over."""

    def append(self, source: int, messages: Sequence[Incoming], clock: int) -> Accepted:
        """Make the new ones durable in one commit. They are received at `clock`, or at the store's last moment if that is later."""

    def settle(self, moment: int) -> None:
        """Nothing more will have been received before the moment: what was on its way is there when this returns, and what comes is later."""

    def read(self, after: int, limit: int) -> list[InboxEntry]: ...

    def last_entry(self) -> int: ...

    def listen(self) -> None:
        """Until more has come in, as far as that can be known; never long."""

    def trim(self, consumed: int) -> None:
        """Messages up to `consumed` have become facts and leave."""

    def tidy(self) -> None:
        """Give back the space of messages that have left; for a moment without work."""

    # Imports: every write may be repeated.

    def preview(self, source: int, messages: Sequence[Incoming]) -> Accepted:
        """What `append` would answer; nothing is written."""

    def learn(self, source: int, known: Mapping[str, str]) -> None:
        """Keep what later rows hang on: key to value. A key that is known already keeps its value."""

    def known(self, source: int, keys: Sequence[str]) -> dict[str, str]:
        """The values of those keys that are known."""

    def wait(self, source: int, rows: Sequence[Waiting]) -> None:
        """Keep rows until what they hang on has come; a row of the same family and name is replaced."""

    def waiting(self, source: int) -> Iterable[Waiting]:
        """Every row that waits, by family and name."""

    def release(self, source: int, rows: Sequence[tuple[str, str]]) -> None:
        """Forget rows by (family, row); those that do not wait are passed over."""


class Snapshot(Struct, frozen=True, gc=False):
    """The state of a person as stored, with the version that guards it and the wake it asks for.

    `state` is None when it was written under another schema and has to be folded anew.
    """

    version: int
    position: int
    next_wake: int | None
    state: State | None


class Logged(Struct, frozen=True, gc=False):
    """A fact with its place in the log and its personal part (None: none)."""

    position: int
    fact: Fact
    personal: Mapping[str, Any] | None = None


class Card(Struct, frozen=True, gc=False):
    """What a customer has told about themselves, for pages and search. Empty text: not told."""

    customer: int
    name: str = ""
    email: str = ""
    phone: str = ""
    city: str = ""
    region: str = ""
    locale: str = ""
    seen_at: int = 0


class Link(Struct, frozen=True, gc=False):
    """What is known of two customers as recorded, `one` the lower number. `status`: made; ended (parted again); refused
    (somebody who works here says that they are two); withheld (a limit was reached). `staff`: who said so, 0 for nobody.
    """

    one: int
    two: int
    status: str
    by: str
    linked_at: int = 0
    linked_position: int = 0
    ended_at: int = 0
    ended_position: int = 0
    ended_by: str = ""
    staff: int = 0


class Device(Struct, frozen=True, gc=False):
    """A device on which somebody has signed in. `account`: the customer who did last, 0 for nobody yet. `customer`: where
    what is done without an account is recorded, 0 when nothing has been. `is_open`: something has been done so since the
    account was last seen there. `signed_in_at`: when that was, to a quarter of an hour; 0 after it signed out.
    """

    account: int = 0
    customer: int = 0
    is_open: bool = False
    is_shared: bool = False
    signed_in_at: int = 0


class Regrouping(Struct, frozen=True, gc=False):
    """A link, or a parting, whose histories are so long that they are folded beside the work. `cause`: the fact that showed it."""

    regrouping: int
    is_parting: bool
    one: int
    two: int
    by: str
    staff: int
    cause: bytes
    occurred_at: int
    mode: Mode
    source: int


class Correction(Struct, frozen=True, gc=False):
    """Details that were wrong. `values` by the names of a card; empty: not known any more. `customers`: all who are the person,
    of whom the first has them from now on, and the others lose what is corrected. `after`: so many cards of its batch came before it."""

    customers: tuple[int, ...]
    values: Mapping[str, str]
    at: int
    after: int = 0


class Refusal(Struct, frozen=True, gc=False):
    """A message that could not be understood, whole, with what was wrong."""

    entry: InboxEntry
    path: str
    value: str
    rule: str


class Batch(Struct):
    """Everything that one transaction stores.

    snapshots: person -> (version it was read at, 0 for none; position; state; next wake). gone: persons whose
    snapshot goes, with its version. customers: customer -> kind. persons: customer -> person it leads to.
    identifiers: key -> (kind, customer). subjects: key -> (kind, surrogate, owner). promises: number ->
    (customer, promise, position). tasks, requests: the same. restrictions: customer -> since when, 0
    for not any more. policy: (version, digest, text, activated_at). links: by both customers.
    devices: by key. regroupings: begun in this batch; regrouped: over, by number. condensed, texts: what leaves by the shop's
    rule; of texts (customer, position). aside: person -> how they are set aside, None for not any more. held: facts that wait for such
    a customer; let_go: those that wait no longer, by number. quarantine_from: what could not be understood and came before leaves too.
    retained: all has left that had to.
    """

    consumed: int
    clock: int
    facts: list[Logged] = []
    snapshots: dict[int, tuple[int, int, State, int | None]] = {}
    gone: dict[int, int] = {}
    customers: dict[int, str] = {}
    persons: dict[int, int] = {}
    identifiers: dict[bytes, tuple[str, int]] = {}
    subjects: dict[bytes, tuple[str, int, int]] = {}
    promises: dict[int, tuple[int, Promise, int]] = {}
    tasks: dict[int, tuple[int, Task, int]] = {}
    cards: list[Card] = []
    requests: dict[int, tuple[int, Request, int]] = {}
    restrictions: dict[int, int] = {}
    corrections: list[Correction] = []
    refusals: list[Refusal] = []
    next_customer: int = 0
    next_surrogate: int = 0
    policy: tuple[int, str, str, int] | None = None
    links: dict[tuple[int, int], Link] = {}
    devices: dict[bytes, Device] = {}
    regroupings: list[Regrouping] = []
    regrouped: list[int] = []
    asked: list[Asked] = []
    erasures: list[Erasing] = []
    condensed: list[Condensing] = []
    texts: list[tuple[int, int]] = []
    aside: dict[int, SetAside | None] = {}
    held: list[Held] = []
    let_go: list[int] = []
    quarantine_from: int = 0
    retained: Retained | None = None


class VersionConflict(RuntimeError):
    """Somebody else has moved a snapshot on; nothing was stored, the batch is to be done again."""


# What is raised when it is the store that fails, or the machine, and not what was to be stored.
TROUBLE: tuple[type[Exception], ...] = (*FAILURES, OSError, MemoryError, VersionConflict)


class Log(Protocol):
    """The log of facts, and what is kept beside it."""

    def consumed(self) -> int:
        """The last inbox entry that has become facts."""

    def clock(self) -> int:
        """The latest moment at which anything observed happened."""

    def last_position(self) -> int: ...

    def counters(self) -> tuple[int, int]:
        """The next customer and the next surrogate to give."""

    def identifier(self, key: bytes) -> int:
        """The customer of an identifier; 0 when nobody has it."""

    def identifiers(self, keys: Collection[bytes]) -> dict[bytes, int]:
        """The customers of those identifiers that somebody has."""

    def has_identifier(self, customer: int, kinds: Sequence[str]) -> bool:
        """Whether a customer has an identifier of one of the kinds."""

    def subject(self, key: bytes) -> tuple[int, int] | None:
        """Surrogate and owner of an order, parcel, case …; None when it is not known."""

    def subjects(self, keys: Collection[bytes]) -> dict[bytes, tuple[int, int]]:
        """The same of those that are known."""

    def customer(self, customer: int) -> tuple[int, str]:
        """The person a customer leads to, and its kind."""

    def customers(self, customers: Collection[int]) -> dict[int, tuple[int, str]]:
        """The same of many."""

    def customers_of(self, person: int) -> list[int]:
        """Every customer that leads to the person, itself first."""

    def snapshot(self, person: int) -> Snapshot | None: ...

    def snapshots(self, persons: Collection[int]) -> dict[int, Snapshot]:
        """Those that are stored and can be read."""

    def facts_of(self, customers: Sequence[int]) -> list[Logged]:
        """Their facts in log order, each with its position, without personal parts."""

    def facts_between(self, customers: Sequence[int], after: int, until: int) -> list[Logged]:
        """Their facts after a position up to another, in log order, without personal parts."""

    def facts_after(self, customer: int, after: int, until: int, limit: int, types: Collection[str]) -> list[Logged]:
        """A customer's next facts of some types after a position up to another, at most so many, without personal parts."""

    def tally(self, customer: int, after: int, until: int, types: Collection[str]) -> tuple[int, int]:
        """How many facts of other types than these a customer has after a position up to another, and the latest clock of them."""

    def persons(self) -> Iterator[tuple[int, list[int]]]:
        """Every person with the customers that lead to it, both in order of number."""

    def clusters(self) -> Iterator[tuple[int, list[int]]]:
        """Everyone who was ever linked, by the lowest number: what a replay has to see together."""

    def links_of(self, customers: Sequence[int]) -> list[Link]:
        """What is known of these customers and others, ended and refused included."""

    def device(self, key: bytes) -> Device | None:
        """The device of a keyed hash; None when nobody has signed in on it."""

    def devices(self, keys: Collection[bytes]) -> dict[bytes, Device]:
        """The devices on which somebody has signed in."""

    def devices_of(self, customers: Sequence[int]) -> set[bytes]:
        """Devices on which one of these customers has signed in, or was without an account."""

    def regroupings(self) -> list[Regrouping]:
        """Links and partings that are being folded beside the work, the oldest first."""

    def promises_of(self, customers: Sequence[int]) -> dict[int, tuple[Any, ...]]:
        """The customers' promises as pages see them: status and moments by number."""

    def tasks_of(self, customers: Sequence[int]) -> dict[int, Task]:
        """The customers' tasks by number."""

    def requests_of(self, customers: Sequence[int]) -> dict[int, Request]:
        """The rights that the customers have asked for, by number."""

    def restricted_at(self, customers: Sequence[int]) -> int:
        """Since when any of the customers' data are to be left alone; 0 when they are not."""

    def play_rows_of(self, customers: Sequence[int]) -> PlayRows:
        """The customers' times in plays, and their messages, as pages see them."""

    def owner_of(self, number: int) -> int:
        """The customer of the promise or task that has the number; 0 when none has it."""

    def facts_by_others(self, engine_version: int) -> int:
        """The last position at which an engine of another version decided something; 0 for none."""

    def waiting_for(self, kind: str, subject_kind: str, subject: int) -> list[int]:
        """The customers to whom a promise of that kind about that subject is owed and has not been met: open, or broken."""

    def due_wakes(self, since: int, before: int, limit: int, passed: int = 0) -> list[tuple[int, int]]:
        """(due_at, person) of wakes from `since` (included) to `before` (not included), soonest first, then by person; of those due at `since`
        only persons after `passed`."""

    def next_wake(self) -> int | None: ...

    def begin(self) -> None:
        """A batch begins: what is read until it is committed or abandoned stands still."""

    def abandon(self) -> None:
        """Give up what was begun, if anything was."""

    def commit(self, batch: Batch) -> None:
        """Store all of it in one transaction. Raises VersionConflict and stores nothing when a snapshot has moved on."""

    def policies(self) -> list[tuple[int, str, str]]:
        """(version, digest, text) of every policy that was ever active, in order."""

    def traces_of(self, customers: Sequence[int]) -> Traces:
        """What there is of the customers that can be erased."""

    def quarantined(self) -> Iterable[tuple[int, bytes, bytes, str]]:
        """(inbox entry, id, message, refused value) of everything that could not be understood."""

    def asked_to_erase(self) -> tuple[Logged, int] | None:
        """The request that has waited longest, of somebody who is not set aside, and when the last fact was received; None when nobody waits."""

    def set_aside(self) -> dict[int, SetAside]:
        """Everybody whose facts cannot be stepped over, by person."""

    def held(self, person: int, limit: int) -> list[Held]:
        """The next facts that wait for a person to come back, in order."""

    def held_restock(self) -> list[int]:
        """The persons of whom something is held that promises that something is restocked."""

    def is_erased(self, customer: int) -> bool:
        """Whether a customer has been erased."""

    def oldest(self, after: int, limit: int) -> list[Oldest]:
        """The next customers after a number, stores and products left out, and how old what may leave of them is."""

    def old_texts(self, customer: int, before: int) -> list[tuple[int, int]]:
        """(customer, position) of personal parts that may leave and were told before a clock."""

    def capacity(self) -> Calendar:
        """What units have been told to manage, in the order in which it was told."""

    def retained(self) -> Retained:
        """When all had last left that had to by the shop's rule."""

    def tidied(self) -> None:
        """No trace is left of what has left by the rule."""
