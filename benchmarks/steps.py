"""How many steps a second the core takes, codec included, on the demo shop's mix.

A step: the body of an input is decoded, all families evolve and decide, what was decided is encoded. Beside it the
floor: the same bodies decoded and encoded and nothing decided.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from benchmarks.timing import Table, median_rate, seconds
from omtanke.engine.policy import read_policy
from omtanke.engine.state import NOBODY, State
from omtanke.engine.step import needs_history, step
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.simulate.sending import incoming_history
from omtanke.storage.codec import decode_body, encode
from omtanke.storage.keys import Keys
from omtanke.storage.memory import MemoryInbox, MemoryLog
from omtanke.storage.statements import files
from omtanke.vocabulary.fact import Fact, Kind, Mode
from omtanke.vocabulary.identity import CustomersLinked

UNTIL = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CUSTOMERS = 2_000
NOON = 1_795_000_000_000_000

Prepared = tuple[int, str, int, bytes, Fact]


def policy_text() -> str:
    return (files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8")


def demo_log() -> MemoryLog:
    """The demo shop, worked through in memory."""
    keys = Keys(b"benchmark" * 4)
    inbox, log = MemoryInbox(keys), MemoryLog()
    source = inbox.source("demo", Mode.HISTORY, "Europe/Stockholm", "SEK")
    inbox.begin_telling(source.source, NOON)
    inbox.append(source.source, list(incoming_history(7, UNTIL, customers=CUSTOMERS)), NOON)
    inbox.rest(source.source, has_ended=True)
    worker = Worker(inbox, log, keys, activate(log, policy_text(), NOON))
    while not worker.work(NOON).was_idle:
        pass
    return log


def inputs_of(log: MemoryLog) -> list[Prepared]:
    """Every input of a customer in log order, its body as bytes."""
    prepared = []
    for logged in log.facts:
        fact = logged.fact
        if fact.kind is Kind.INPUT and fact.customer and not isinstance(fact.body, CustomersLinked):
            prepared.append((fact.customer, fact.type, fact.body.version, encode(fact.body), fact))
    return prepared


def steps(prepared: list[Prepared]) -> int:
    """Step over all of it, each customer's state carried on. The number of decided facts."""
    policy = read_policy(policy_text(), 1)
    states: dict[int, State] = {}
    decided = 0
    for customer, type_, version, data, told in prepared:
        fact = Fact(told.fact_id, customer, decode_body(type_, version, data), told.occurred_at, told.received_at, told.now, told.kind, told.mode, told.source)
        state = states.get(customer, NOBODY)
        if needs_history(state, fact):
            continue
        decision = step(state, fact, policy)
        states[customer] = decision.state
        for one in decision.facts:
            encode(one.body)
            decided += 1
    return decided


def codec_only(prepared: list[Prepared]) -> None:
    """The floor: decode and encode every body."""
    for _, type_, version, data, _ in prepared:
        encode(decode_body(type_, version, data))


def run() -> None:
    """Print the table."""
    prepared = inputs_of(demo_log())
    decided = steps(prepared)
    table = Table(f"The core: {len(prepared):,} inputs of {CUSTOMERS:,} customers, {decided:,} facts decided")
    rate = median_rate(len(prepared), seconds(lambda: steps(prepared)))
    floor = median_rate(len(prepared), seconds(lambda: codec_only(prepared)))
    table.line("steps with all families and fact codec", rate, "steps/s", "aim 25,000")
    table.line("the same bodies decoded and encoded only", floor, "bodies/s", f"{floor / rate:.1f} times")
    sizes = [len(msgspec.msgpack.encode(state)) for state in last_states(prepared).values()]
    table.line("largest state of a customer", max(sizes), "bytes", "bound 65,536")


def last_states(prepared: list[Prepared]) -> dict[int, State]:
    """Each customer's state in the end."""
    policy = read_policy(policy_text(), 1)
    states: dict[int, State] = {}
    for customer, *_, told in prepared:
        states[customer] = step(states.get(customer, NOBODY), told, policy).state
    return states
