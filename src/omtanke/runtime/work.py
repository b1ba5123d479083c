"""The worker: from durable messages to facts, states and wakes, one transaction a batch."""

from __future__ import annotations

import time
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.engine.consent import may_recognise, told_of
from omtanke.engine.consent_policy import RECOGNITION
from omtanke.engine.policy import Policy
from omtanke.engine.promises.ledger import Promise
from omtanke.runtime.banners import heard
from omtanke.runtime.beside import Beside
from omtanke.runtime.book import Book
from omtanke.runtime.clock import BEGINNING, Frontier, frontier
from omtanke.runtime.correcting import correction_of, find_by_corrected
from omtanke.runtime.devices import Joining, Parting
from omtanke.runtime.erase import Elsewhere, Eraser, Nowhere, erased_fact
from omtanke.runtime.linking import STAFF, Cause, Linking
from omtanke.runtime.own_sources import OWN_SOURCES
from omtanke.runtime.policies import activate
from omtanke.storage.erasing import Asked
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Card, Inbox, InboxEntry, Log, Refusal, Source, VersionConflict
from omtanke.vocabulary.banner import categories_of, is_said_in
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.vocabulary.erasure import ErasureRequested
from omtanke.vocabulary.fact import Fact, Mode, StaffAct
from omtanke.vocabulary.identity import DEVICE, CustomerIdentified, LinkConfirmed, LinkRefused, SplitRequested
from omtanke.vocabulary.product import ProductRestocked
from omtanke.vocabulary.reading import Understood, read_message
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.rights import DetailsCorrected
from omtanke.vocabulary.time import zone_named

BATCH_SIZE = 4_000
MOST_WAKES = 4_000
# So long a history is folded between two batches; the others wait no longer than that.
BESIDE_SECONDS = 0.005
WIRE = msgspec.json.Decoder(dict[str, Any])


class Done(Struct, frozen=True):
    """What a batch came to. `is_folding`: a long history is being folded beside the work; `erased`: how many persons were forgotten."""

    entries: int
    facts: int
    wakes: int
    refused: int
    is_folding: bool = False
    erased: int = 0

    @property
    def was_idle(self) -> bool:
        return not (self.entries or self.wakes or self.is_folding or self.erased)


class Worker:
    """Takes what the inbox holds, and what has fallen due, and makes facts of it.

    A crash at any point repeats a batch and nothing else. Several on one store work in turns: the one that has the store
    sees whether another has written since, and forgets what it knew.
    """

    def __init__(self, inbox: Inbox, log: Log, keys: Keys, policy: Policy, elsewhere: Elsewhere | None = None) -> None:
        self._inbox = inbox
        self._log = log
        self._keys = keys
        self._eraser = Eraser(log, keys, elsewhere or Nowhere())
        self.policy = policy
        self._forget_everything()

    def _forget_everything(self) -> None:
        self._book = Book(self._log, self._keys, self.policy)
        self._book.told_until = BEGINNING
        self._linking = Linking(self._book)
        self._beside = Beside(self._book, self._linking)
        self._people = self._book.people

    def consumed(self) -> int:
        """The last inbox entry that has become facts."""
        return self._log.consumed()

    def work(self, wall_clock: int, limit: int = BATCH_SIZE) -> Done:
        """One batch: at most `limit` messages, then the wakes that are due; then a slice of what is folded beside, and one erasure that waits.

        `wall_clock` is read before the inbox is.
        """
        try:
            return self._work_and_go_on(wall_clock, limit)
        except VersionConflict:
            self._start_over()
            return self._work_and_go_on(wall_clock, limit)
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

    def _begin(self) -> None:
        """The store is this worker's until it commits or abandons. What it knew holds no longer when another has written."""
        self._log.begin()
        known = (self._book.position, self._people.next_customer, self._people.next_surrogate)
        if (self._log.last_position(), *self._log.counters()) != known:
            self._forget_everything()

    def _work_and_go_on(self, wall_clock: int, limit: int) -> Done:
        """A batch, then a slice of what is done beside it."""
        done = self._work(wall_clock, limit)
        return msgspec.structs.replace(done, is_folding=self._fold_beside(wall_clock), erased=int(self._erase_next()))

    def _work(self, wall_clock: int, limit: int) -> Done:
        self._begin()
        book = self._book
        entries = self._inbox.read(self._log.consumed(), limit)
        sources = self._inbox.sources()
        consumed = entries[-1].entry if entries else self._log.consumed()
        book.begin(consumed, {number: msgspec.structs.replace(source, is_telling=source.is_told_at(consumed)) for number, source in sources.items()})
        for entry in entries:
            self._take(entry)
        consumed_at = entries[-1].received_at if len(entries) == limit else wall_clock
        book.received_at = max(consumed_at, book.received_at)
        edge = frontier(book.sources.values(), book.told_until, min(consumed_at, wall_clock), book.batch.clock, wall_clock)
        wakes = self._wake_everyone(edge)
        if entries or wakes:
            book.commit()
        else:
            self._log.abandon()
        return Done(len(entries), len(book.batch.facts), wakes, len(book.batch.refusals))

    def _fold_beside(self, wall_clock: int) -> bool:
        """A slice of what is folded beside the work; whether there is any."""
        until = time.perf_counter() + BESIDE_SECONDS
        if not self._beside.is_at_work:
            return False
        if self._beside.go_on(lambda: time.perf_counter() < until):
            known = self._book
            self._begin()
            if self._book is known:
                known.begin(self._log.consumed(), known.sources)
                known.received_at = max(known.received_at, wall_clock)
                self._beside.write_down()
                known.commit()
            else:
                self._log.abandon()
        return True

    # Messages

    def _take(self, entry: InboxEntry) -> None:
        book = self._book
        source = book.sources[entry.source]
        book.received_at = entry.received_at
        zone = zone_named(source.zone)
        try:
            message = WIRE.decode(entry.wire)
            is_own = source.name in OWN_SOURCES
            understood = read_message(message, entry.received_at, zone, source.currency, self._people.referring(source.name), is_own)
            self._people.require_known(understood.customer)
            if understood.customer and self._log.is_erased(understood.customer):
                self._refuse_about_erased(entry)
                return
            self._require_sense(understood)
        except Refused as refused:
            self._refuse(entry, refused.path, refused.shown, refused.rule)
            return
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            self._refuse(entry, "", "", f"is not a JSON object: {error}")
            return
        if self._is_dropped(understood):
            return
        resolved = self._people.resolve(understood, source.name)
        at = understood.occurred_at
        now = entry.received_at if source.mode is Mode.LIVE else at
        if source.mode is Mode.HISTORY:
            book.told_until = at
        book.batch.clock = max(book.batch.clock, at)
        cause = Cause(entry.fact_id, at, now, source.mode, source.source, getattr(understood.body, "staff", 0))
        for change in resolved.changes:
            self._linking.apply(change, cause)
        customer = self._about(understood) or resolved.customer
        if is_said_in(understood.personal.get("context", ())):
            self._hear_banner(entry, source, understood, customer, cause)
        fact = self._observed(entry, source, understood, customer, entry.fact_id, now)
        self._advance(fact, understood.personal, cause)
        if isinstance(understood.body, CustomerIdentified):
            book.batch.cards.append(card_of(resolved.customer, understood))
        elif isinstance(understood.body, ProductRestocked):
            self._tell_waiting(fact, entry, source, understood, now)
        elif isinstance(understood.body, DetailsCorrected):
            customers = self._people.customers_of(self._people.person_of(resolved.customer))
            book.batch.corrections.append(correction_of(understood, resolved.customer, customers, len(book.batch.cards)))
            find_by_corrected(self._people, understood, resolved.customer)
        elif isinstance(understood.body, ErasureRequested):
            book.batch.asked.append(Asked(book.position, fact.customer, fact.received_at))
        elif isinstance(understood.body, StaffAct):
            self._say_who_is_who(fact, cause)

    def _require_sense(self, understood: Understood) -> None:
        """Raises Refused when a staff act names nobody, or a promise, task or link that is not the customer's."""
        body = understood.body
        if not isinstance(body, StaffAct):
            return
        if not understood.customer:
            raise Refused("customer", None, "is missing: whom it is about")
        if isinstance(body, ErasureRequested) and self._people.kind_of(understood.customer) == "subject":
            raise Refused("customer", understood.customer, "is a store or a product, and nobody who can be erased")
        person = self._people.person_of(understood.customer)
        for name in ("promise", "task"):
            number = getattr(body, name, 0)
            owner = self._book.owner_of(number) if number else 0
            if number and (not owner or self._people.person_of(owner) != person):
                raise Refused(f"properties.{name}", number, "is not a promise or task of this customer")
        for name in ("one", "two", "other"):
            number = getattr(body, name, 0)
            self._people.require_known(number)
            if number and self._log.is_erased(number):
                raise Refused(f"properties.{name}", number, "has been erased, and is nobody any more")
            if name != "other" and number and self._people.person_of(number) != person:
                raise Refused(f"properties.{name}", number, "is not a number of this customer")

    def _is_dropped(self, understood: Understood) -> bool:
        """Whether nothing is kept of it: done on a device without an account, by somebody who does not want to be recognised, in a
        shop that drops that. A banner's change of word is heard first, and a yes of it lets the event in."""
        if self.policy.recognition.without_consent != "drop" or isinstance(understood.body, ConsentGiven | ConsentWithdrawn):
            return False
        if not understood.identifiers or any(one.kind != DEVICE for one in understood.identifiers):
            return False
        context = understood.personal.get("context", {})
        told = told_of(categories_of(context), self.policy).get(RECOGNITION) if is_said_in(context) else None
        states = [self._book.working(self._people.person_of(customer)).state for customer in self._people.seen_on(understood.identifiers[0])]
        return not told and (told is False and not states or any(not may_recognise(state.consent, self.policy) for state in states))

    def _about(self, understood: Understood) -> int:
        """The customer whose promise or task a staff act names; 0 when it names none."""
        body = understood.body
        number = (getattr(body, "promise", 0) or getattr(body, "task", 0)) if isinstance(body, StaffAct) else 0
        return self._book.owner_of(number) if number else 0

    def _say_who_is_who(self, fact: Fact, cause: Cause) -> None:
        """What somebody who works here has seen of two customers."""
        match fact.body:
            case LinkConfirmed():
                self._linking.apply(Joining(fact.customer, fact.body.other, STAFF), cause)
            case LinkRefused():
                self._linking.refuse(fact.customer, fact.body.other, cause)
            case SplitRequested():
                self._linking.apply(Parting(fact.body.one, fact.body.two, STAFF), cause)

    def _refuse(self, entry: InboxEntry, path: str, value: str, rule: str) -> None:
        self._book.batch.refusals.append(Refusal(entry, path, value[:500], rule))

    def _refuse_about_erased(self, entry: InboxEntry) -> None:
        """What was said is not kept: nobody may be reminded of by it."""
        kept = msgspec.structs.replace(entry, wire=b"")
        self._book.batch.refusals.append(Refusal(kept, "customer", "", "the customer has been erased, and nothing more is noted about them"))

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

    def _hear_banner(self, entry: InboxEntry, source: Source, understood: Understood, customer: int, cause: Cause) -> None:
        """What the banner says anew becomes facts before the event itself: it held when that happened."""
        consents = self._book.working(self._people.person_of(customer)).state.consent
        for body, personal in heard(understood, consents, self.policy, self._people.referring(source.name)):
            digest = blake2b(f"banner:{body.purpose}".encode(), digest_size=16, key=entry.fact_id).digest()
            fact = self._observed(entry, source, understood, customer, digest, cause.now)
            self._advance(msgspec.structs.replace(fact, body=body, cause=entry.fact_id), personal, cause)

    def _advance(self, fact: Fact, personal: dict[str, Any], cause: Cause) -> None:
        """A fact of somebody's. One that refuses to be recognised parts them from what is known by a device alone, at once."""
        self._book.advance(fact, personal)
        if isinstance(fact.body, ConsentWithdrawn):
            person = self._people.person_of(fact.customer)
            if not may_recognise(self._book.working(person).state.consent, self.policy):
                self._linking.forget_devices(person, cause)

    def _tell_waiting(self, fact: Fact, entry: InboxEntry, source: Source, understood: Understood, now: int) -> None:
        """What was said about a product reaches everyone who was promised it, as a fact of their own."""
        body, people = understood.body, self._people
        assert isinstance(body, ProductRestocked)
        waiting = {people.person_of(customer) for customer in self._log.waiting_for("restock", "product", body.product)}
        waiting |= {people.person_of(customer) for customer, promise, _ in self._book.batch.promises.values() if waits_for(promise, body.product)}
        for person in sorted(waiting - {people.person_of(fact.customer)}):
            promises = self._book.working(person).state.promises.promises.values()
            owner = next((promise.customer or person for promise in promises if waits_for(promise, body.product)), 0)
            if owner:
                fact_id = blake2b(f"told:{person}".encode(), digest_size=16, key=fact.fact_id).digest()
                told = self._observed(entry, source, understood, owner, fact_id, now)
                self._book.advance(msgspec.structs.replace(told, cause=fact.fact_id), {})

    # Erasures

    def _erase_next(self) -> bool:
        """Everything personal of whoever has waited longest leaves, in a transaction of its own; what the log has counted stays.

        False when nobody waits.
        """
        if self._log.asked_to_erase() is None:
            return False
        self._begin()
        asked = self._log.asked_to_erase()
        if asked is None:
            self._log.abandon()
            return False
        book, people, (request, received_at) = self._book, self._book.people, asked
        book.begin(self._log.consumed(), book.sources)
        book.received_at = max(book.received_at, received_at)
        person = people.person_of(request.fact.customer)
        customers = [one for one in people.customers_of(person) if not self._log.is_erased(one)]
        going = self._eraser.going(person, customers, request.fact)
        if customers:
            book.advance(erased_fact(person, request.fact, book.received_at, going), {})
        book.batch.erasures.append(going.erasing(request, book.batch.facts))
        people.forget([*going.traces.identifiers, *going.traces.numbers, *going.numbers])
        book.commit()
        return True

    # Wakes

    def _wake_everyone(self, edge: Frontier) -> int:
        """The wakes of all whose time has come, at most so many a batch; the rest follow in the next."""
        book, woken = self._book, 0
        for since, before in edge.spans:
            woken += book.wake_all(sorted(book.changed), since, before)
            for _, person in self._log.due_wakes(since, before, MOST_WAKES):
                if person not in book.changed and self._people.person_of(person) == person:
                    woken += book.wake(person, book.working(person), before)
        return woken


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
