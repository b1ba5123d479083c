"""Erasing a person: everything that could tell who it was leaves, in the log and elsewhere, and nothing that was counted changes.

It is asked for by an event, and happens in a moment of its own between two batches, so that nobody else waits. What lies elsewhere goes
first, found by what the log knows; then the journal is written; last the log forgets, in the one transaction that says so. Whatever crashes
before that is begun anew with everything still known; after it only write-ahead logs and the door's last half second are left, for
`omtanke.runtime.erase_rest`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from hashlib import blake2b
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine.rights import Request
from omtanke.runtime.mentions import SHARED, Mentions, mentions_of
from omtanke.storage.erasing import LAST, Backup, Erasing, Receipt, Traces
from omtanke.storage.erasure_journal import Line
from omtanke.storage.keys import Keys
from omtanke.storage.other_stores import Gone, Recognising
from omtanke.storage.ports import Log, Logged
from omtanke.vocabulary.erasure import CustomerErased
from omtanke.vocabulary.fact import Fact, Input
from omtanke.vocabulary.rights import RightsAnswered


class Elsewhere(Protocol):
    """What holds anything of customers beside the log."""

    def forget(self, mentions: Recognising, facts: Set[bytes]) -> Gone:
        """Let everything go that mentions them, or is about one of the facts; may be repeated."""

    def write_down(self, line: Line) -> None:
        """The journal names those who are being erased, durably."""

    def backups(self) -> tuple[Backup, ...]:
        """Back-ups that are still there, or may be."""

    def lake_position(self) -> int:
        """The position up to which the lake is complete."""

    def rewrite(self, database: str) -> bool:
        """A database is copied into fresh pages; whether it was."""

    def fold_in(self, database: str) -> bool:
        """The write-ahead log of a database becomes empty; whether it has."""


class Nowhere:
    """A log that stands alone: there is nothing elsewhere."""

    def forget(self, mentions: Recognising, facts: Set[bytes]) -> Gone:
        return Gone()

    def write_down(self, line: Line) -> None:
        """There is no back-up that would need it."""

    def backups(self) -> tuple[Backup, ...]:
        return ()

    def lake_position(self) -> int:
        return LAST

    def rewrite(self, database: str) -> bool:
        return True

    def fold_in(self, database: str) -> bool:
        return True


class Going(Struct, frozen=True):
    """What is about to leave. numbers: keyed hashes of numbers that are nobody's own (an order's lines, a quote)."""

    person: int
    customers: tuple[int, ...]
    traces: Traces
    numbers: tuple[bytes, ...]
    quarantined: tuple[int, ...]
    receipt: Receipt

    def erasing(self, request: Logged, facts: Sequence[Logged]) -> Erasing:
        """What the transaction erases; `facts`: that they are erased, and what the engine made of it."""
        return Erasing(
            erasure=request.position,
            person=self.person,
            customers=self.customers,
            numbers=self.numbers,
            quarantined=self.quarantined,
            erased_at=max([request.fact.now, *(one.fact.received_at for one in facts)]),
            keys=self.traces.identifiers,
            receipt=replace(self.receipt, withdrawn=sum(one.fact.type == "promise_withdrawn" for one in facts)),
        )


class Eraser:
    """Finds what is theirs, and lets what lies elsewhere go."""

    def __init__(self, log: Log, keys: Keys, elsewhere: Elsewhere) -> None:
        self._log = log
        self._keys = keys
        self._elsewhere = elsewhere

    def going(self, person: int, customers: Sequence[int], requested: Fact) -> Going:
        """What is about to leave the log; what lay elsewhere has left, and the journal knows, when this returns."""
        traces = self._log.traces_of(customers)
        mentions = mentions_of(traces.parts, traces.identifiers, self._keys.identifier_key)
        asked = self._log.quarantined()
        theirs = {entry: fact_id for entry, fact_id, wire, value in asked if mentions.in_message(wire) or mentions.in_text(value)}
        gone = self._elsewhere.forget(mentions, traces.facts | set(theirs.values()))
        backups = self._elsewhere.backups()
        firsts = {str(customer): first.hex() for customer, first in traces.firsts.items()}
        self._elsewhere.write_down(Line(requested.now, firsts, max((one.keep_until for one in backups), default=0)))
        numbers = tuple(sorted(self._numbers(traces.parts) - set(traces.numbers)))
        receipt = self._receipt(customers, traces, mentions, gone, backups)
        return Going(person, tuple(customers), traces, numbers, tuple(theirs), replace(receipt, quarantined=len(theirs)))

    def _numbers(self, parts: Sequence[Mapping[str, Any]]) -> set[bytes]:
        named = {(kind, str(number)) for part in parts for kind, _, number in part.get("numbers") or () if kind not in SHARED}
        return {self._keys.subject_key(kind, number) for kind, number in named}

    def _receipt(self, customers: Sequence[int], traces: Traces, mentions: Mentions, gone: Gone, backups: tuple[Backup, ...]) -> Receipt:
        return Receipt(
            customers=len(customers),
            parts=len(traces.parts),
            identifiers=len(traces.identifiers),
            numbers=len(traces.numbers),
            calls=gone.calls,
            waiting=gone.waiting,
            letters=gone.letters,
            sessions=gone.sessions,
            exports=gone.exports,
            codes=sum(mentions.in_text(touchpoint) or mentions.in_body(body) for body, touchpoint in traces.bodies),
            backups=backups,
        )


def erasure_key(customer: int) -> str:
    """Asked for twice, by whomever, it is one request: a customer who comes back is another one."""
    return f"erase:{customer}"


def erasing_facts(person: int, requested: Fact, received_at: int, going: Going, requests: Mapping[int, Request]) -> Iterator[Fact]:
    """What is on record of an erasure, caused by the request for it; `received_at`: of the last fact before.

    It answers what the person has asked about their data and waits (`requests`, by number): that they be forgotten is done, and about anything
    else nothing is left to answer. Then that everything personal has left.
    """
    for number, one in requests.items():
        if not one.answered_at:
            outcome = "done" if one.right == "erasure" else "erased"
            answer = RightsAnswered(staff=getattr(requested.body, "staff", 0), promise=number, outcome=outcome)
            yield _caused(person, requested, received_at, f"answered:{number}", answer)
    receipt = going.receipt
    erased = CustomerErased(
        customers=receipt.customers,
        parts=receipt.parts,
        identifiers=receipt.identifiers,
        numbers=receipt.numbers,
        quarantined=receipt.quarantined,
    )
    yield _caused(person, requested, received_at, f"erased:{person}", erased)


def _caused(person: int, requested: Fact, received_at: int, told: str, body: Input) -> Fact:
    return Fact(
        fact_id=blake2b(told.encode(), digest_size=16, key=requested.fact_id).digest(),
        customer=person,
        body=body,
        occurred_at=requested.occurred_at,
        received_at=received_at,
        now=requested.now,
        mode=requested.mode,
        source=requested.source,
        cause=requested.fact_id,
    )
