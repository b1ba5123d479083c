"""How a message is taken: who it was, what it says, and what becomes a fact of it; or why it is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from omtanke.engine.consent import may_recognise, told_of
from omtanke.engine.consent_policy import RECOGNITION
from omtanke.engine.policy import Policy
from omtanke.runtime.banners import heard
from omtanke.runtime.book import Book
from omtanke.runtime.correcting import correction_of, find_by_corrected
from omtanke.runtime.devices import Joining, Parting
from omtanke.runtime.linking import STAFF, Cause, Linking
from omtanke.runtime.own_sources import OWN_SOURCES
from omtanke.runtime.quotes import brought_by
from omtanke.runtime.waiting import waiting_customer, waits_for
from omtanke.storage.codec import Part
from omtanke.storage.erasing import Asked
from omtanke.storage.handed import Handed, read_handed
from omtanke.storage.handed import understood as understood_of
from omtanke.storage.ports import Card, InboxEntry, Log, Refusal, Source
from omtanke.vocabulary.banner import SPOKEN_UNDER, categories_of, is_said_in
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.vocabulary.erasure import NOTHING_MORE, ErasureRequested
from omtanke.vocabulary.fact import Fact, Mode, StaffAct
from omtanke.vocabulary.identity import DEVICE, CustomerIdentified, LinkConfirmed, LinkRefused, SplitRequested
from omtanke.vocabulary.order import OrderCompleted
from omtanke.vocabulary.product import ProductRestocked
from omtanke.vocabulary.reading import Understood, read_message
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.rights import DetailsCorrected, RightsRequested
from omtanke.vocabulary.running import RetryRequested
from omtanke.vocabulary.time import zone_named

WIRE = msgspec.json.Decoder(dict[str, Any])


class Taking:
    """Takes one message after another into the book. What it writes there is the batch's, and is stored or given up with it."""

    def __init__(self, log: Log, book: Book, linking: Linking, policy: Policy) -> None:
        self._log = log
        self._book = book
        self._people = book.people
        self._linking = linking
        self._policy = policy
        self._handed: dict[int, Handed] = {}

    def foresee(self, entries: Sequence[InboxEntry]) -> None:
        """Ask the log for what the messages will need, in a few statements."""
        self._handed = {entry.entry: handed for entry in entries if (handed := handed_with(entry))}
        self._book.foresee(self._people.foresee(self._handed.values()))

    def take(self, entry: InboxEntry) -> None:
        """What becomes of one message: facts, or a refusal that says why. Nothing is raised for what a sender has said."""
        book = self._book
        source = book.sources[entry.source]
        book.received_at = entry.received_at
        try:
            handed = self._handed.pop(entry.entry, None) or read_handed(entry.handed)
            understood = self._read(entry, source, handed)
            self._people.require_known(understood.customer)
            if understood.customer and self._log.is_erased(understood.customer):
                self._refuse_about_erased(entry)
                return
            self._require_sense(understood)
        except Refused as refused:
            self.refuse(entry, refused.path, refused.shown, refused.rule)
            return
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            self.refuse(entry, "", "", f"is not a JSON object: {error}")
            return
        if self._is_dropped(understood):
            return
        resolved = self._people.resolve(understood, source.name, handed)
        at = understood.occurred_at
        is_past = source.mode is Mode.HISTORY
        now = at if is_past else entry.received_at
        if is_past:
            book.told_until = at
        book.batch.clock = max(book.batch.clock, at)
        cause = Cause(entry.fact_id, at, now, source.mode, source.source, getattr(understood.body, "staff", 0))
        for change in resolved.changes:
            self._linking.apply(change, cause)
        customer = self._about(understood) or resolved.customer
        if self._is_banner_heard(understood):
            self._hear_banner(entry, source, understood, customer, cause)
        if isinstance(understood.body, OrderCompleted) and understood.body.quote:
            self._give_quote(entry, source, understood, customer, cause)
        fact = self._observed(entry, source, understood, customer, entry.fact_id, now)
        if isinstance(understood.body, RetryRequested):
            book.ask_back(self._people.person_of(customer))
        self.advance(fact, understood.personal, cause)
        if isinstance(understood.body, CustomerIdentified):
            book.batch.cards.append(card_of(resolved.customer, understood))
        elif isinstance(understood.body, ProductRestocked):
            self._tell_waiting(fact, entry, source, understood, now)
        elif isinstance(understood.body, DetailsCorrected):
            customers = self._people.customers_of(self._people.person_of(resolved.customer))
            book.batch.corrections.append(correction_of(understood, resolved.customer, customers, len(book.batch.cards)))
            find_by_corrected(self._people, understood, resolved.customer)
        elif isinstance(understood.body, StaffAct):
            self._say_who_is_who(fact, cause)

    def _read(self, entry: InboxEntry, source: Source, handed: Handed | None) -> Understood:
        """What the door has understood of it, or what its wire says. Raises Refused."""
        if handed is not None:
            return understood_of(handed, entry.received_at, self._people.surrogate)
        refer, is_own = self._people.referring(source.name), source.name in OWN_SOURCES
        return read_message(WIRE.decode(entry.wire), entry.received_at, zone_named(source.zone), source.currency, refer, is_own, self._people.may_identify)

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
        if isinstance(body, LinkConfirmed):
            self._require_matchable("customer", understood.customer)
            self._require_matchable("properties.other", body.other)

    def _require_matchable(self, path: str, customer: int) -> None:
        """Raises Refused for somebody whom nobody may say to be somebody else: they have a right to that."""
        person = self._people.person_of(customer)
        state = self._book.working(person).state
        if state.rights.restricted_at:
            raise Refused(path, customer, "is to be left alone, and is linked with nobody")
        if not may_recognise(state.consent, self._policy):
            raise Refused(path, customer, "does not want to be recognised, and is linked with nobody")
        if any(self._people.person_of(one.customer) == person for one in self._book.batch.asked):
            raise Refused(path, customer, "has asked to be forgotten, and is linked with nobody")

    def _is_dropped(self, understood: Understood) -> bool:
        """Whether nothing is kept of it: done on a device without an account, by somebody who does not want to be recognised, in a
        shop that drops that. A banner's change of word is heard first, and a yes of it lets the event in."""
        if self._policy.recognition.without_consent != "drop" or isinstance(understood.body, ConsentGiven | ConsentWithdrawn):
            return False
        if not understood.identifiers or any(one.kind != DEVICE for one in understood.identifiers):
            return False
        context = understood.personal.get("context", {})
        told = told_of(categories_of(context), self._policy).get(RECOGNITION) if is_said_in(context) else None
        states = [self._book.working(self._people.person_of(customer)).state for customer in self._people.seen_on(understood.identifiers[0])]
        return not told and (told is False and not states or any(not may_recognise(state.consent, self._policy) for state in states))

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

    def refuse(self, entry: InboxEntry, path: str, value: str, rule: str) -> None:
        """The message is kept apart, with what is wrong with it."""
        self._book.batch.refusals.append(Refusal(entry, path, value[:500], rule))

    def _refuse_about_erased(self, entry: InboxEntry) -> None:
        """What was said is not kept: nobody may be reminded of by it."""
        kept = msgspec.structs.replace(entry, wire=b"")
        self._book.batch.refusals.append(Refusal(kept, "customer", "", NOTHING_MORE))

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

    def _is_banner_heard(self, understood: Understood) -> bool:
        """Whether a banner says anything in it; what cannot name any is not looked into."""
        personal = understood.personal
        return not (isinstance(personal, Part) and not personal.may_name(SPOKEN_UNDER)) and is_said_in(personal.get("context", ()))

    def _hear_banner(self, entry: InboxEntry, source: Source, understood: Understood, customer: int, cause: Cause) -> None:
        """What the banner says anew becomes facts before the event itself: it held when that happened."""
        consents = self._book.working(self._people.person_of(customer)).state.consent
        for body, personal in heard(understood, consents, self._policy, self._people.referring(source.name)):
            digest = blake2b(f"banner:{body.purpose}".encode(), digest_size=16, key=entry.fact_id).digest()
            fact = self._observed(entry, source, understood, customer, digest, cause.now)
            self.advance(msgspec.structs.replace(fact, body=body, cause=entry.fact_id), personal, cause)

    def _give_quote(self, entry: InboxEntry, source: Source, understood: Understood, customer: int, cause: Cause) -> None:
        """A quote of ours that an order names becomes a fact before it: it was told to nobody until somebody took it."""
        found = brought_by(understood, self._people.keys)
        if found is None:
            return
        body, personal, at = found
        digest = blake2b(b"quote", digest_size=16, key=entry.fact_id).digest()
        fact = self._observed(entry, source, understood, customer, digest, cause.now)
        self.advance(msgspec.structs.replace(fact, body=body, occurred_at=at, cause=entry.fact_id), personal, cause)

    def advance(self, fact: Fact, personal: Mapping[str, Any], cause: Cause) -> bool:
        """A fact of somebody's; False when it is held, because they are set aside.

        One that refuses to be recognised parts them from what is known by a device alone, at once; one that asks to be forgotten is noted.
        """
        book = self._book
        if not book.advance(fact, personal):
            return False
        if isinstance(fact.body, ErasureRequested):
            book.batch.asked.append(Asked(book.position, fact.customer, fact.received_at))
        elif isinstance(fact.body, ConsentWithdrawn | RightsRequested):
            person = self._people.person_of(fact.customer)
            if not may_recognise(self._book.working(person).state.consent, self._policy):
                self._linking.forget_devices(person, cause)
        return True

    def _tell_waiting(self, fact: Fact, entry: InboxEntry, source: Source, understood: Understood, now: int) -> None:
        """What was said about a product reaches everyone who was promised it, as a fact of their own."""
        body, people = understood.body, self._people
        assert isinstance(body, ProductRestocked)
        waiting = {people.person_of(customer) for customer in self._log.waiting_for("restock", "product", body.product)}
        waiting |= {people.person_of(customer) for customer, promise, _ in self._book.batch.promises.values() if waits_for(promise, body.product)}
        waiting |= {*self._log.held_restock(), *(one.person for one in self._book.batch.held if one.promises_restock)} & self._book.aside.keys()
        for person in sorted(waiting - {people.person_of(fact.customer)}):
            owner = person if person in self._book.aside else waiting_customer(self._book.working(person).state, person, body.product)
            if owner:
                fact_id = blake2b(f"told:{person}".encode(), digest_size=16, key=fact.fact_id).digest()
                told = self._observed(entry, source, understood, owner, fact_id, now)
                self._book.advance(msgspec.structs.replace(told, cause=fact.fact_id), {})


def handed_with(entry: InboxEntry) -> Handed | None:
    """What the door has understood of a message; None also where that cannot be read, of which whoever takes the message is told."""
    try:
        return read_handed(entry.handed)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


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
