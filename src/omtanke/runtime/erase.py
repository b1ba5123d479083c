"""Erasing a person: everything that could tell who it was leaves, in the log and elsewhere, and nothing that was counted changes.

What lies elsewhere goes first, found by what the log knows; then the journal is written; last the log forgets, in the one transaction that
says so. Whatever crashes before that is begun anew with everything still known; after it only write-ahead logs and the door's last half
second are left, for `omtanke.runtime.erase_rest`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from hashlib import blake2b
from typing import Any, Protocol

from msgspec import Struct
from msgspec.structs import replace

from omtanke.runtime.mentions import SHARED, Mentions, mentions_of
from omtanke.runtime.own_sources import ARCHIVE, CONSOLE
from omtanke.storage.erasing import Backup, Erasing, Receipt, Traces
from omtanke.storage.erasure_journal import Line
from omtanke.storage.keys import Keys
from omtanke.storage.other_stores import Gone, Recognising
from omtanke.storage.ports import Batch, InboxEntry, Log, Logged, Source
from omtanke.vocabulary.erasure import CustomerErased, ErasureRequested
from omtanke.vocabulary.fact import Fact

MOST_AT_ONCE = 50
ASKS = ErasureRequested.name.encode()


class Elsewhere(Protocol):
    """What holds anything of customers beside the log."""

    def forget(self, mentions: Recognising, facts: Set[bytes]) -> Gone:
        """Let everything go that mentions them, or is about one of the facts; may be repeated."""

    def write_down(self, line: Line) -> None:
        """The journal names those who are being erased, durably."""

    def backups(self) -> tuple[Backup, ...]:
        """Back-ups that are still there, or may be."""


class Nowhere:
    """A log that stands alone: there is nothing elsewhere."""

    def forget(self, mentions: Recognising, facts: Set[bytes]) -> Gone:
        return Gone()

    def write_down(self, line: Line) -> None:
        """There is no back-up that would need it."""

    def backups(self) -> tuple[Backup, ...]:
        return ()


class Going(Struct, frozen=True):
    """What is about to leave. numbers: keyed hashes of numbers that are nobody's own (an order's lines, a quote)."""

    person: int
    customers: tuple[int, ...]
    traces: Traces
    numbers: tuple[bytes, ...]
    quarantined: tuple[int, ...]
    receipt: Receipt

    def erasing(self, requested: Fact, facts: Sequence[Logged]) -> Erasing:
        """What the transaction erases; `facts`: that they are erased, and what the engine made of it."""
        return Erasing(
            erasure=next(one.position for one in facts if isinstance(one.fact.body, CustomerErased)),
            person=self.person,
            customers=self.customers,
            numbers=self.numbers,
            quarantined=self.quarantined,
            requested_at=requested.received_at,
            erased_at=requested.now,
            keys=self.traces.identifiers,
            receipt=replace(self.receipt, withdrawn=sum(one.fact.type == "promise_withdrawn" for one in facts)),
        )


class Eraser:
    """Finds what is theirs, and lets what lies elsewhere go."""

    def __init__(self, log: Log, keys: Keys, elsewhere: Elsewhere) -> None:
        self._log = log
        self._keys = keys
        self._elsewhere = elsewhere

    def is_erased(self, customer: int, batch: Batch) -> bool:
        """Whether the customer has been erased, or is by the batch under way."""
        return any(customer in one.customers for one in batch.erasures) or self._log.is_erased(customer)

    def going(self, person: int, customers: Sequence[int], requested: Fact) -> Going:
        """What is about to leave the log; what lay elsewhere has left, and the journal knows, when this returns."""
        traces = self._log.traces_of(customers)
        mentions = mentions_of(traces.parts, traces.identifiers, self._keys.identifier_key)
        quarantined = tuple(entry for entry, wire, value in self._log.quarantined() if mentions.in_message(wire) or mentions.in_text(value))
        gone = self._elsewhere.forget(mentions, traces.facts)
        backups = self._elsewhere.backups()
        firsts = {str(customer): first.hex() for customer, first in traces.firsts.items()}
        self._elsewhere.write_down(Line(requested.now, firsts, max((one.keep_until for one in backups), default=0)))
        numbers = tuple(sorted(self._numbers(traces.parts) - set(traces.numbers)))
        receipt = self._receipt(customers, traces, mentions, gone, backups)
        return Going(person, tuple(customers), traces, numbers, quarantined, replace(receipt, quarantined=len(quarantined)))

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
            codes=sum(mentions.in_text(body.decode("utf-8", "replace")) for body in traces.bodies),
            backups=backups,
        )


def erasure_key(customer: int) -> str:
    """Asked for twice, by whomever, it is one request: a customer who comes back is another one."""
    return f"erase:{customer}"


def until_erasure(entries: list[InboxEntry], sources: Mapping[int, Source]) -> list[InboxEntry]:
    """The entries that one batch takes: requests to erase alone, a few at once, since everything before them has to be in the log."""
    own = {number for number, source in sources.items() if source.name in (CONSOLE, ARCHIVE)}
    asking = [n for n, entry in enumerate(entries) if entry.source in own and ASKS in entry.wire]
    if not asking:
        return entries
    if asking[0]:
        return entries[: asking[0]]
    return entries[: next((n for n, place in enumerate(asking) if n != place), len(asking))][:MOST_AT_ONCE]


def erased_fact(person: int, requested: Fact, going: Going) -> Fact:
    """That everything personal of the person has left, caused by the request."""
    receipt = going.receipt
    return Fact(
        fact_id=blake2b(f"erased:{person}".encode(), digest_size=16, key=requested.fact_id).digest(),
        customer=person,
        body=CustomerErased(
            customers=receipt.customers,
            parts=receipt.parts,
            identifiers=receipt.identifiers,
            numbers=receipt.numbers,
            quarantined=receipt.quarantined,
        ),
        occurred_at=requested.occurred_at,
        received_at=requested.received_at,
        now=requested.now,
        mode=requested.mode,
        source=requested.source,
        cause=requested.fact_id,
    )
