"""What leaves the house is read from the log: the facts that follow a position, and what belongs to one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from omtanke.engine.capacity import Calendar
from omtanke.storage.aside import AsideCounts, counted
from omtanke.storage.codec import decode_personal
from omtanke.storage.databases import read_database
from omtanke.storage.pages import Pages
from omtanke.storage.rights import RightsPages
from omtanke.storage.seen import FactSeen, Known, PromiseSeen
from omtanke.storage.statements import statements
from omtanke.vocabulary.promise import PromiseFirstWindowLearned, PromiseMade, PromiseRenegotiated

SQL = statements("outbox/log.sql")
MOST_PARTS = 40


class Followed(Struct, frozen=True, gc=False):
    """A line of the log as far as a follower needs it."""

    position: int
    fact_id: bytes
    is_history: bool
    customer: int
    type: str
    version: int
    occurred_at: int
    body: bytes


class Statement(Struct, frozen=True):
    """What was shown with a promise's last window, the sender's own id of the promise, and the numbers named beside it. `zone`: where its
    days are meant, empty when that was not said."""

    words: str = ""
    place: str = ""
    promise_id: str = ""
    numbers: Mapping[tuple[str, int], str] = {}
    zone: str = ""


class Facts:
    """A read-only window on the log, for one thread."""

    def __init__(self, data: Path) -> None:
        self._db = read_database(data, "log")
        self._pages = Pages(data)

    def close(self) -> None:
        self._db.close()
        self._pages.close()

    def last_position(self) -> int:
        return int(self._db.execute(SQL["last_position"]).fetchone()[0])

    def after(self, position: int, limit: int) -> list[Followed]:
        """The next facts in log order: everything up to the last one is committed, and nothing will come before it."""
        return [Followed(row[0], row[1], bool(row[2]), row[3], row[4], row[5], row[6], row[7]) for row in self._db.execute(SQL["after"], (position, limit))]

    def is_subject(self, customer: int) -> bool:
        """Whether the customer is a store's or product's own ledger, and no person."""
        found = self._pages.person_of(customer)
        return found is not None and found[1] == "subject"

    def is_restricted(self, person: int) -> bool:
        """Whether what is known of the person is to be left alone."""
        return bool(RightsPages(self._pages).restricted_at(person))

    def set_aside(self) -> AsideCounts:
        """How many customers are set aside."""
        return counted(self._pages)

    def unread_since(self) -> int:
        """When the oldest message that is not yet a fact came in; 0 when there is none, or an import explains it."""
        if any(source.is_telling for source in self._pages.sources()):
            return 0
        return self._pages.oldest_unread(self._pages.meta().get("consumed", 0))

    def at(self, position: int) -> tuple[int, FactSeen] | None:
        """(person, fact) at a position; None when there is none, or none that this version can read."""
        found = self._pages.facts_at([position])
        return found[0] if found and found[0][1].body is not None else None

    def known(self, person: int) -> Known | None:
        return next(iter(self._pages.known([person])), None)

    def policy(self) -> str:
        """The text of the policy that counts; empty when none does."""
        found = self._pages.policy_text()
        return found[1] if found else ""

    def capacity(self) -> Calendar:
        """What units have been told to manage, in the order in which it was told."""
        return self._pages.capacity()

    def consent_state(self, person: int) -> tuple[bytes, bytes] | None:
        return self._pages.consent_state(person)

    def consent_facts(self, person: int) -> list[FactSeen]:
        return self._pages.consent_facts(person)

    def policy_text(self) -> tuple[int, str] | None:
        return self._pages.policy_text()

    def promise(self, number: int) -> PromiseSeen | None:
        return next(iter(self._pages.promises([number])), None)

    def is_erased(self, customer: int) -> bool:
        """Whether there is nobody any more behind a customer."""
        return self._pages.erasure(customer) is not None

    def promises_to(self, person: int, limit: int) -> list[PromiseSeen]:
        """The promises to a person: what we owe first, then the latest."""
        return self._pages.promises(self._pages.promises_of_person(person, limit))

    def told(self, person: int, types: Iterable[str], limit: int) -> list[FactSeen]:
        """The last facts of these types about a person, the earliest first."""
        return self._pages.of_types(person, types, limit)[::-1]

    def by_id(self, person: int, fact_id: bytes) -> FactSeen | None:
        """One of a person's facts; None when it is not there, or cannot be read by this version."""
        found = self._pages.facts_by_id(person, (fact_id,)).get(fact_id)
        return found if found and found.body is not None else None

    def numbers_of_cause(self, person: int, fact: FactSeen) -> dict[tuple[str, int], str]:
        """Numbers that were named in what made us decide this."""
        return _numbers(one.personal for one in self._causes(person, fact))

    def _causes(self, person: int, fact: FactSeen) -> Iterable[FactSeen]:
        """What it rests on; the cause itself may be a wake, which names nothing."""
        return self._pages.facts_by_id(person, fact.because or (fact.cause,)).values() if fact.cause else ()

    def stated(self, promise: PromiseSeen) -> Statement:
        """What was shown with the promise; its last window's words count."""
        facts = self._pages.stating([promise.promise]).get(promise.promise, [])
        if promise.from_at != promise.first_from or promise.until_at != promise.first_until:
            facts = [*facts, *self._renegotiations(promise)]
        by_id = {fact.fact_id: fact for fact in facts}
        given, shown, zone = 0, ("", ""), ""
        for fact in facts:
            body = fact.body
            if isinstance(body, PromiseMade | PromiseRenegotiated | PromiseFirstWindowLearned) and body.promise == promise.promise:
                given = getattr(body, "given", 0) or given
                zone = getattr(body, "zone", "") or zone
                told = by_id.get(fact.worded_by)
                shown = _words(told.personal, body.statement) if told else shown
        numbers = self._earlier_numbers(promise) | _numbers(fact.personal for fact in facts)
        return Statement(*shown, numbers.get(("promise", given), ""), numbers, zone)

    def _earlier_numbers(self, promise: PromiseSeen) -> dict[tuple[str, int], str]:
        """Those of the promises that it follows: a colleague who gives a new date names no number of the shop's."""
        earlier = self.promise(promise.follows) if promise.follows else None
        return dict(self.stated(earlier).numbers) if earlier else {}

    def _renegotiations(self, promise: PromiseSeen) -> list[FactSeen]:
        changed = self._pages.of_types(promise.person, ("promise_renegotiated",), MOST_PARTS)
        mine = [fact for fact in reversed(changed) if isinstance(fact.body, PromiseRenegotiated) and fact.body.promise == promise.promise]
        return [*self._pages.facts_by_id(promise.person, [fact.cause for fact in mine]).values(), *mine]

    def identifiers(self, person: int, fact: FactSeen, kinds: Sequence[str]) -> dict[str, str]:
        """Identifiers as the shop writes them: those named with the fact or its cause first, then the latest that are known."""
        found: dict[str, str] = {}
        for part in (fact.personal, *(one.personal for one in self._causes(person, fact))):
            _gather(found, part, kinds)
        if not any(kind in found for kind in kinds if kind != "anonymous_id"):
            for (part,) in self._db.execute(SQL["identified_parts"], (person, MOST_PARTS)):
                _gather(found, decode_personal(part), kinds)
        return {kind: found[kind] for kind in kinds if kind in found}


def _gather(found: dict[str, str], part: Mapping[str, Any], kinds: Sequence[str]) -> None:
    for kind, value in part.get("identifiers") or ():
        if kind in kinds:
            found.setdefault(kind, str(value))


def _numbers(parts: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    return {(str(kind), int(surrogate)): str(number) for part in parts for kind, surrogate, number in part.get("numbers") or ()}


def _words(personal: Mapping[str, Any], statement: int) -> tuple[str, str]:
    items = personal.get("items") or {}
    said = items.get(f"properties.promises[{statement}]") or items.get("properties") or personal.get("properties") or {}
    return str(said.get("words") or ""), str(said.get("place") or "")
