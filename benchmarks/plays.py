"""Events a second through the engine with 30 plays at work, beside the same events with none, in one run on one core.

The simulated shop's own events as they would come in live, each customer's wakes among them; plays let people in, wait, are left,
and decide what may be said, and each message that is let go is told to have gone,
which is an event too. What is decided is encoded, as in `steps`.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from benchmarks.steps import Prepared, demo_log, inputs_of, policy_text
from benchmarks.timing import Table, median_rate, seconds
from omtanke.engine.plays.reading import read_playbook
from omtanke.engine.policy import Policy, read_policy, with_plays
from omtanke.engine.state import NOBODY, State
from omtanke.engine.step import needs_history, step
from omtanke.playbook import shipped
from omtanke.storage.codec import decode_body, encode
from omtanke.vocabulary.fact import Fact, Mode
from omtanke.vocabulary.play import MessageSent
from omtanke.vocabulary.running import WakeReached

PLAYS, WANTED = 30, 12_000


def run() -> None:
    """Print the table."""
    prepared = inputs_of(demo_log())
    table = Table(f"The engine with plays: {len(prepared):,} events, one core")
    none, all_ = policy_with(0), policy_with(PLAYS)
    bare = median_rate(len(prepared), seconds(lambda: through(prepared, none)))
    table.line("through the engine, no plays at work", bare, "events/s")
    entered, released = through(prepared, all_)
    rate = median_rate(len(prepared) + released, seconds(lambda: through(prepared, all_)))
    table.line(f"through the engine, {PLAYS} plays at work", rate, "events/s", f"at least {WANTED:,}")
    table.line("entered a play, for each event", entered / len(prepared), "times")
    table.line("messages let go, for each event", released / len(prepared), "times")
    table.line("an event costs", bare / rate, "times what it does without plays")


def policy_with(number: int) -> Policy:
    """The first policy with so many plays: the shipped ones, and the same under other names."""
    texts = {f"{name}_{n}": text for n in range(3) for name, text in sorted(shipped().items())}
    plays = read_playbook(dict(list(texts.items())[:number])).plays.values() if number else ()
    return read_policy(with_plays(policy_text(), plays, "Europe/Stockholm"), number + 1)


def through(prepared: list[Prepared], policy: Policy) -> tuple[int, int]:
    """How often a play was entered and a message released."""
    states: dict[int, State] = {}
    wakes: dict[int, int | None] = {}
    entered = released = 0
    for customer, type_, version, data, told in prepared:
        fact = replace(told, body=decode_body(type_, version, data), mode=Mode.LIVE)
        state, wake = states.get(customer, NOBODY), wakes.get(customer)
        facts: list[Fact] = []
        while wake is not None and wake < fact.now:
            woken = Fact(wake.to_bytes(16), customer, WakeReached(due_at=wake), wake, fact.received_at, wake)
            decision = step(state, woken, policy)
            state, wake = decision.state, decision.next_wake
            facts += decision.facts
        if needs_history(state, fact):
            continue
        decision = step(state, replace(fact, now=max(fact.now, state.now)), policy)
        facts += decision.facts
        for one in facts:
            encode(one.body)
            entered += one.type == "play_entered"
            released += one.type == "message_released"
        for one in [one for one in facts if one.type == "message_released"]:  # dispatch tells that it has gone
            body: Any = one.body
            went = MessageSent(message=body.message, message_class=body.message_class, for_channel=body.for_channel)
            decision = step(decision.state, replace(fact, fact_id=one.fact_id, body=went, now=decision.state.now), policy)
        states[customer], wakes[customer] = decision.state, decision.next_wake
    return entered, released
