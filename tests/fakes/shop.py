"""A shop in small: an inbox, a log and a worker over it, with a clock of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from fakes.story import at
from omtanke.engine.state import State
from omtanke.engine.step import fold
from omtanke.runtime.policies import activate
from omtanke.runtime.replay import Checked, check
from omtanke.runtime.work import BATCH_SIZE, Worker
from omtanke.storage.databases import open_database
from omtanke.storage.keys import Keys
from omtanke.storage.memory import MemoryInbox, MemoryLog
from omtanke.storage.ports import Accepted, Inbox, Incoming, Log, Logged
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.storage.statements import files
from omtanke.vocabulary.fact import Fact, Kind, Mode
from omtanke.vocabulary.time import datetime_of, moment_of

KEYS = Keys(b"k" * 32)
ZONE, CURRENCY = "Europe/Stockholm", "SEK"
FIRST_POLICY = (files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8")


def wire(message: dict[str, Any]) -> Incoming:
    """A message as a door hands it to the inbox."""
    from datetime import datetime

    written = message.get("timestamp")
    stamped = datetime.fromisoformat(written) if written else None
    moment = 0 if stamped is None else at(written) if stamped.tzinfo is None else moment_of(stamped)
    return Incoming(message["messageId"], moment, json.dumps(message, ensure_ascii=False).encode())


class Shop:
    """Tell it what happened, let it work, and look at what it made of it."""

    def __init__(
        self, inbox: Inbox, log: Log, begins: str = "2026-11-30 12:00", policy: str = FIRST_POLICY, limit: int = BATCH_SIZE, keys: Keys = KEYS
    ) -> None:
        self.inbox = inbox
        self.keys = keys
        self.log = log
        self.clock = at(begins)
        self.limit = limit
        self.policy_text = policy
        self.told = 0
        self.restart()

    def restart(self) -> None:
        """A new worker process: it knows what is stored and nothing else."""
        policy = activate(self.log, self.policy_text, self.clock)
        self.worker = Worker(self.inbox, self.log, self.keys, policy)

    def change_policy(self, text: str) -> None:
        self.policy_text = text
        self.restart()

    def hear(self, messages: Iterable[dict[str, Any]], source: str = "door") -> Accepted:
        """Live messages become durable."""
        number = self.inbox.source(source, Mode.LIVE, ZONE, CURRENCY).source
        return self.inbox.append(number, [wire(message) for message in messages], self.clock)

    def begin_telling(self, source: str = "past") -> int:
        number = self.inbox.source(source, Mode.HISTORY, ZONE, CURRENCY).source
        self.inbox.begin_telling(number, self.clock)
        return number

    def tell(self, messages: Sequence[dict[str, Any]], source: str = "past", rests: bool = True) -> Accepted:
        """A piece of the past, in the order of time."""
        number = self.begin_telling(source)
        accepted = self.inbox.append(number, sorted(map(wire, messages), key=lambda one: one.stamped_at), self.clock)
        if rests:
            self.rest(source)
        return accepted

    def rest(self, source: str = "past", has_ended: bool = False) -> None:
        self.inbox.rest(self.inbox.source(source, Mode.HISTORY, ZONE, CURRENCY).source, has_ended)

    def wait(self, span: int) -> None:
        self.clock += span

    def work(self) -> None:
        """Until nothing is left to do."""
        while not self.worker.work(self.clock, self.limit).was_idle:
            pass

    # What became of it

    def facts(self) -> list[Logged]:
        """Every fact, in log order."""
        customers = [0, *(customer for _, of_person in self.log.clusters() for customer in of_person)]
        return sorted(self.log.facts_of(customers), key=lambda one: one.position)

    def persons(self) -> dict[int, list[Fact]]:
        return {person: [one.fact for one in self.log.facts_of(customers)] for person, customers in self.log.persons()}

    def decided(self) -> list[str]:
        return [one.fact.type for one in self.facts() if one.fact.kind is Kind.DECIDED]

    def states(self) -> dict[int, State]:
        return {person: stored.state for person, _ in self.log.persons() if (stored := self.log.snapshot(person)) and stored.state is not None}

    def check(self) -> Checked:
        *_, last = check(self.log, None)
        return last

    def assert_sound(self) -> None:
        """What holds for every store at every moment."""
        checked = self.check()
        assert checked.is_clean, [f"{one.customer}@{one.position}: {one.what}" for one in checked.differences]
        facts = [one.fact for one in self.facts()]
        assert not twice(facts), twice(facts)
        assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))
        for person, told in self.persons().items():
            stored = self.log.snapshot(person)
            assert stored is not None
            assert stored.state is None or stored.state == fold(told)
            assert stored.state is None or stored.next_wake is None or stored.next_wake >= stored.state.now
            assert_one_ending(told)


def twice(facts: Sequence[Fact]) -> list[Fact]:
    """Those that have the id of another."""
    known: dict[bytes, Fact] = {}
    return [fact for fact in facts if known.setdefault(fact.fact_id, fact) is not fact]


def assert_one_ending(told: Iterable[Fact]) -> None:
    """At any time a promise has at most one ending; a broken one has an incident and an owner."""
    endings: dict[int, str] = {}
    for fact in told:
        number = getattr(fact.body, "promise", 0)
        match fact.type:
            case "promise_made":
                assert number not in endings, "made twice"
                endings[number] = "open"
            case "promise_kept" | "promise_exceeded" | "promise_withdrawn" | "promise_broken":
                assert endings[number] == "open", f"{fact.type} after {endings[number]}"
                endings[number] = fact.type.removeprefix("promise_")
            case "promise_ending_corrected":
                assert endings[number] == fact.body.was, f"corrected from {fact.body.was}, and it was {endings[number]}"
                endings[number] = fact.body.ending
            case "promise_at_risk" | "promise_fell_due" | "promise_partly_met":
                assert endings[number] == "open", f"{fact.type} after {endings[number]}"
            case "promise_met_late":
                assert endings[number] == "broken"
        if fact.type == "promise_broken":
            assert fact.body.incident and fact.body.owner


def memory_shop(**how: Any) -> Shop:
    return Shop(MemoryInbox(KEYS), MemoryLog(), **how)


def sqlite_shop(folder: Path, **how: Any) -> Shop:
    """On SQLite, without waiting for the disk."""
    inbox, log = SqlInbox(open_database(folder, "inbox"), KEYS), SqlLog(open_database(folder, "log"))
    for connection in (inbox.connection, log.connection):
        connection.execute("PRAGMA synchronous = OFF")
    return Shop(inbox, log, **how)


def plainly(fact: Fact, without: Sequence[str] = ()) -> dict[str, Any]:
    """A fact's parts by name, without those named."""
    return {name: getattr(fact, name) for name in fact.__struct_fields__ if name not in without}


def unplaced(shop: Shop) -> dict[int, list[dict[str, Any]]]:
    """The facts of each customer as recorded, in their own order, without what depends on where a batch ended."""
    found: dict[int, list[dict[str, Any]]] = {}
    for one in shop.facts():
        found.setdefault(one.fact.customer, []).append(plainly(one.fact, ("position", "received_at")))
    return found


def first_difference(one: dict[int, list[dict[str, Any]]], other: dict[int, list[dict[str, Any]]]) -> str:
    """Where the facts of two shops part; empty when they do not."""
    for person in sorted(one.keys() | other.keys()):
        for n, (left, right) in enumerate(zip_longest(one.get(person, ()), other.get(person, ()))):
            if left != right:
                return f"customer {person}, fact {n}:\n  {left}\n  {right}"
    return ""


def text_of(moment: int) -> str:
    """A moment as senders write it."""
    return datetime_of(moment).isoformat()


__all__ = ["FIRST_POLICY", "KEYS", "Shop", "first_difference", "memory_shop", "plainly", "replace", "sqlite_shop", "text_of", "unplaced", "wire"]
