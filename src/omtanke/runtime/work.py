"""The worker: from durable messages to facts, states and wakes, one transaction a batch."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.engine.policy import Policy
from omtanke.engine.promises.ledger import Promise
from omtanke.engine.state import NOBODY, State
from omtanke.engine.step import Decision, fold, fold_whole, needs_history, step
from omtanke.runtime.clock import BEGINNING, Frontier, frontier, is_live
from omtanke.runtime.own_sources import OWN_SOURCES
from omtanke.runtime.people import Link, People
from omtanke.runtime.policies import activate
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Batch, Card, Inbox, InboxEntry, Log, Logged, Refusal, Source, VersionConflict
from omtanke.vocabulary.fact import Fact, Mode, StaffAct
from omtanke.vocabulary.identity import CustomerIdentified, CustomersLinked
from omtanke.vocabulary.product import ProductRestocked
from omtanke.vocabulary.reading import Understood, read_message
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.running import WakeReached
from omtanke.vocabulary.time import zone_named

BATCH_SIZE = 4_000
MOST_WAKES = 4_000
MOST_STATES = 12_000
WIRE = msgspec.json.Decoder(dict[str, Any])


class Working(Struct):
    """A person's state while it is worked on. `version` guards the stored snapshot; 0: none is stored."""

    version: int
    position: int
    state: State
    next_wake: int | None


class Done(Struct, frozen=True):
    """What a batch came to."""

    entries: int
    facts: int
    wakes: int
    refused: int

    @property
    def was_idle(self) -> bool:
        return not (self.entries or self.wakes)


class Worker:
    """Takes what the inbox holds, and what has fallen due, and makes facts of it.

    A crash at any point repeats a batch and nothing else. One worker at a time on SQLite.
    """

    def __init__(self, inbox: Inbox, log: Log, keys: Keys, policy: Policy) -> None:
        self._inbox = inbox
        self._log = log
        self._keys = keys
        self.policy = policy
        self._forget_everything()

    def _forget_everything(self) -> None:
        self._people = People(self._log, self._keys)
        self._states: OrderedDict[int, Working] = OrderedDict()
        self._sources: dict[int, Source] = {}
        self._position = self._log.last_position()
        self._told_until = BEGINNING
        self._received_at = 0

    def consumed(self) -> int:
        """The last inbox entry that has become facts."""
        return self._log.consumed()

    def work(self, wall_clock: int, limit: int = BATCH_SIZE) -> Done:
        """One batch: at most `limit` messages, then the wakes that are due. `wall_clock` is read before the inbox is."""
        try:
            return self._work(wall_clock, limit)
        except VersionConflict:
            self._start_over()
            return self._work(wall_clock, limit)
        except BaseException:
            self._start_over()
            raise

    def follow(self, text: str, wall_clock: int) -> None:
        """From the next batch on decisions follow the policy of `text`. Raises PolicyFaults, and goes on as before."""
        self.policy = activate(self._log, text, wall_clock)
        self._start_over()

    def _start_over(self) -> None:
        self._log.abandon()
        self._forget_everything()

    def _work(self, wall_clock: int, limit: int) -> Done:
        entries = self._inbox.read(self._log.consumed(), limit)
        consumed = entries[-1].entry if entries else self._log.consumed()
        sources = self._inbox.sources().items()
        self._sources = {number: msgspec.structs.replace(source, is_telling=source.is_told_at(consumed)) for number, source in sources}
        self._log.begin()
        self._begin(consumed)
        for entry in entries:
            self._take(entry)
        consumed_at = entries[-1].received_at if len(entries) == limit else wall_clock
        self._received_at = max(consumed_at, self._received_at)
        edge = frontier(self._sources.values(), self._told_until, min(consumed_at, wall_clock), self._batch.clock, wall_clock)
        wakes = self._wake_everyone(edge)
        if entries or wakes:
            self._commit()
        else:
            self._log.abandon()
        return Done(len(entries), len(self._batch.facts), wakes, len(self._batch.refusals))

    # A batch

    def _begin(self, consumed: int) -> None:
        self._people.begin()
        self._batch = Batch(consumed=consumed, clock=self._log.clock())
        self._gone: dict[int, int] = {}
        self._changed: set[int] = set()
        self._received_at = 0

    def _commit(self) -> None:
        batch, people = self._batch, self._people
        batch.customers, batch.persons = people.new_customers, people.new_persons
        batch.identifiers, batch.subjects = people.new_identifiers, people.new_subjects
        batch.next_customer, batch.next_surrogate = people.next_customer, people.next_surrogate
        batch.gone = self._gone
        changed = {person: self._states[person] for person in self._changed if person in self._states}
        batch.snapshots = {person: (one.version, one.position, one.state, one.next_wake) for person, one in changed.items()}
        self._log.commit(batch)
        for one in changed.values():
            one.version += 1
        while len(self._states) > MOST_STATES:
            self._states.popitem(last=False)

    # Messages

    def _take(self, entry: InboxEntry) -> None:
        source = self._sources[entry.source]
        self._received_at = entry.received_at
        zone = zone_named(source.zone)
        try:
            message = WIRE.decode(entry.wire)
            is_own = source.name in OWN_SOURCES
            understood = read_message(message, entry.received_at, zone, source.currency, self._people.referring(source.name), is_own)
            self._people.require_known(understood.customer)
            self._require_theirs(understood)
        except Refused as refused:
            self._refuse(entry, refused.path, refused.shown, refused.rule)
            return
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            self._refuse(entry, "", "", f"is not a JSON object: {error}")
            return
        resolved = self._people.resolve(understood, source.name)
        at = understood.occurred_at
        now = entry.received_at if source.mode is Mode.LIVE else at
        if source.mode is Mode.HISTORY:
            self._told_until = at
        self._batch.clock = max(self._batch.clock, at)
        for link in resolved.links:
            self._link(link, entry, source, understood, now)
        fact = self._observed(entry, source, understood, resolved.customer, entry.fact_id, now)
        self._advance(fact, understood.personal)
        if isinstance(understood.body, CustomerIdentified):
            self._batch.cards.append(card_of(resolved.customer, understood))
        elif isinstance(understood.body, ProductRestocked):
            self._tell_waiting(fact, entry, source, understood, now)

    def _require_theirs(self, understood: Understood) -> None:
        """Raises Refused when a staff act names a promise or task that is not the customer's."""
        body = understood.body
        if isinstance(body, StaffAct):
            if not understood.customer:
                raise Refused("customer", None, "is missing: whom it is about")
            for name in ("promise", "task"):
                number = getattr(body, name, 0)
                if number and self._person_owning(number) != self._people.person_of(understood.customer):
                    raise Refused(f"properties.{name}", number, "is not a promise or task of this customer")

    def _person_owning(self, number: int) -> int:
        """The person of the promise or task that has the number; 0 for none."""
        new = self._batch.promises.get(number) or self._batch.tasks.get(number)
        owner = new[0] if new else self._log.owner_of(number)
        return self._people.person_of(owner) if owner else 0

    def _refuse(self, entry: InboxEntry, path: str, value: str, rule: str) -> None:
        self._batch.refusals.append(Refusal(entry, path, value[:500], rule))

    def _observed(self, entry: InboxEntry, source: Source, understood: Understood, customer: int, fact_id: bytes, now: int) -> Fact:
        return Fact(
            fact_id=fact_id,
            customer=customer,
            body=understood.body,
            occurred_at=understood.occurred_at,
            received_at=entry.received_at,
            now=now,
            mode=source.mode,
            source=source.source,
            channel=understood.channel,
            touchpoint=understood.touchpoint,
            policy_version=0,
        )

    def _tell_waiting(self, fact: Fact, entry: InboxEntry, source: Source, understood: Understood, now: int) -> None:
        """What was said about a product reaches everyone who was promised it, as a fact of their own."""
        body = understood.body
        assert isinstance(body, ProductRestocked)
        waiting = {self._people.person_of(customer) for customer in self._log.waiting_for("restock", "product", body.product)}
        waiting |= {self._people.person_of(customer) for customer, promise, _ in self._batch.promises.values() if waits_for(promise, body.product)}
        for person in sorted(waiting - {self._people.person_of(fact.customer)}):
            if not any(waits_for(promise, body.product) for promise in self._working(person).state.promises.promises.values()):
                continue
            fact_id = blake2b(f"told:{person}".encode(), digest_size=16, key=fact.fact_id).digest()
            told = self._observed(entry, source, understood, person, fact_id, now)
            self._advance(msgspec.structs.replace(told, cause=fact.fact_id), {})

    # States

    def _working(self, person: int) -> Working:
        working = self._states.get(person)
        if working is None:
            working = self._states[person] = self._load(person)
        else:
            self._states.move_to_end(person)
        return working

    def _load(self, person: int) -> Working:
        stored = None if self._people.is_new(person) else self._log.snapshot(person)
        if stored is None:
            return Working(0, 0, NOBODY, None)
        state = stored.state
        if state is None:
            state = fold(logged.fact for logged in self._facts_of(person))
        return Working(stored.version, stored.position, state, stored.next_wake)

    def _facts_of(self, *persons: int) -> list[Logged]:
        """Every fact of the persons so far, those of the batch under way included."""
        customers = sorted({customer for person in persons for customer in self._people.customers_of(person)})
        wanted = set(customers)
        return [*self._log.facts_of(customers), *(one for one in self._batch.facts if one.fact.customer in wanted)]

    def _advance(self, fact: Fact, personal: dict[str, Any]) -> None:
        """Wake the person for what was due before, then step over the fact."""
        person = self._people.person_of(fact.customer)
        working = self._working(person)
        self._wake(person, working, fact.now)
        if fact.now < working.state.now:
            fact = msgspec.structs.replace(fact, now=working.state.now)
        if needs_history(working.state, fact):
            working.state = fold_whole(logged.fact for logged in self._facts_of(person))
        self._record(working, fact, step(working.state, fact, self.policy), personal)

    def _record(self, working: Working, fact: Fact, decision: Decision, personal: dict[str, Any]) -> None:
        self._append(fact, personal)
        for decided in decision.facts:
            self._append(decided, None)
        self._show(fact, decision)
        working.state, working.next_wake = decision.state, decision.next_wake
        working.position = self._position
        self._changed.add(self._people.person_of(fact.customer))

    def _show(self, fact: Fact, decision: Decision) -> None:
        """What pages are shown of promises and tasks that the decision has touched."""
        ledger, tasks = decision.state.promises.promises, decision.state.tasks.tasks
        for decided in decision.facts:
            number = getattr(decided.body, "promise", 0)
            if number in ledger:
                owner = self._batch.promises.get(number)
                self._batch.promises[number] = (owner[0] if owner else decided.customer, ledger[number], self._position)
        for one in (fact, *decision.facts) if tasks else ():
            number = getattr(one.body, "task", 0)
            if number in tasks:
                kept = self._batch.tasks.get(number)
                self._batch.tasks[number] = (kept[0] if kept else one.customer, tasks[number], self._position)

    def _append(self, fact: Fact, personal: dict[str, Any] | None) -> None:
        self._position += 1
        self._batch.facts.append(Logged(self._position, fact, personal))

    def _wake(self, person: int, working: Working, before: int) -> int:
        """Let the person's wakes before a moment enter the log, each under its own due time."""
        woken = 0
        while working.next_wake is not None and working.next_wake < before:
            fact = self._wake_fact(person, working.next_wake, working.state.facts)
            self._record(working, fact, step(working.state, fact, self.policy), {})
            woken += 1
        return woken

    def _wake_fact(self, person: int, due_at: int, folded: int) -> Fact:
        digest = blake2b(f"wake:{person}:{due_at}:{folded}".encode(), digest_size=16).digest()
        sources = self._sources.values()
        is_told = due_at < self._told_until and any(source.mode is Mode.HISTORY and due_at < source.began_at for source in sources)
        return Fact(
            fact_id=digest,
            customer=person,
            body=WakeReached(due_at=due_at),
            occurred_at=due_at,
            received_at=self._received_at,
            now=due_at,
            mode=Mode.LIVE if is_live(sources) and not is_told else Mode.HISTORY,
        )

    def _wake_everyone(self, edge: Frontier) -> int:
        """The wakes of all whose time has come, at most so many a batch; the rest follow in the next."""
        woken = 0
        for since, before in edge.spans:
            for person in sorted(self._changed):
                working = self._states.get(person)
                if working is not None and working.next_wake is not None and since <= working.next_wake < before:
                    woken += self._wake(person, working, before)
            for _, person in self._log.due_wakes(since, before, MOST_WAKES):
                if person not in self._changed and self._people.person_of(person) == person:
                    woken += self._wake(person, self._working(person), before)
        return woken

    # Links

    def _link(self, link: Link, entry: InboxEntry, source: Source, understood: Understood, now: int) -> None:
        """Two persons become one: the state is the fold of the union of their facts."""
        survivor, other = self._working(link.survivor), self._working(link.other)
        now = max(now, survivor.state.now, other.state.now)
        self._wake(link.survivor, survivor, now)
        self._wake(link.other, other, now)
        union = fold(logged.fact for logged in self._facts_of(link.survivor, link.other))
        self._people.join(link.survivor, link.other)
        self._states.pop(link.other)
        self._gone[link.other] = other.version
        digest = blake2b(f"link:{link.survivor}:{link.other}".encode(), digest_size=16, key=entry.fact_id).digest()
        fact = Fact(
            fact_id=digest,
            customer=link.survivor,
            body=CustomersLinked(other=link.other, by=link.by),
            occurred_at=understood.occurred_at,
            received_at=entry.received_at,
            now=now,
            mode=source.mode,
            source=source.source,
        )
        self._record(survivor, fact, step(union, fact, self.policy), {})


def waits_for(promise: Promise, product: int) -> bool:
    """Whether somebody waits for the product by this promise; broken, it is still waited for."""
    return (promise.kind, promise.subject_kind, promise.subject) == ("restock", "product", product) and promise.is_unmet


def card_of(customer: int, understood: Understood) -> Card:
    """What an identify call tells, as a card."""
    body = understood.body
    assert isinstance(body, CustomerIdentified)
    traits = understood.personal.get("traits", {})
    address = traits.get("address") if isinstance(traits.get("address"), dict) else {}
    parts = (plain_text(traits.get(name)) for name in ("first_name", "last_name", "firstName", "lastName"))
    return Card(
        customer=customer,
        name=(plain_text(traits.get("name")) or " ".join(filter(None, parts)))[:200],
        email=plain_text(traits.get("email"))[:320],
        phone=plain_text(traits.get("phone"))[:40],
        city=(plain_text(traits.get("city")) or plain_text(address.get("city")))[:100],
        region=body.region,
        locale=body.locale,
        seen_at=understood.occurred_at,
    )


def plain_text(value: object) -> str:
    """Text or a number as text; anything else says nothing."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
