"""Short ways to tell a customer's story: events in the wire form, read by the real reader, stepped by the real engine."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from omtanke.engine.policy import Policy, read_policy
from omtanke.engine.state import NOBODY, State
from omtanke.engine.step import Decision, fold_whole, needs_history, next_wake, step
from omtanke.storage.statements import files
from omtanke.vocabulary.fact import Fact, Mode
from omtanke.vocabulary.reading import read_message
from omtanke.vocabulary.running import WakeReached
from omtanke.vocabulary.time import moment_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FAR = 2**55


def first_policy() -> Policy:
    """The policy that is shipped."""
    return read_policy((files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8"), 1)


def at(text: str) -> int:
    """A moment in Stockholm, as 2026-11-19 18:04."""
    return moment_of(datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM))


class Story:
    """One customer's facts, told one after the other; wakes come by themselves, as the runtime brings them.

    `mode`: whether it is the past being told. `user`: who the messages say it was, empty for nobody.
    """

    def __init__(self, policy: Policy | None = None, number: int = 0, mode: Mode = Mode.HISTORY, user: str = "u1", customer: int = 1) -> None:
        self.number = number
        self.customer = customer
        self.mode = mode
        self.user = user
        self.policy = policy or first_policy()
        self.state: State = NOBODY
        self.facts: list[Fact] = []
        self.wake: int | None = None
        self._numbers: dict[tuple[str, str], int] = {}

    def refer(self, kind: str, number: str) -> int:
        return self._numbers.setdefault((kind, number), len(self._numbers) + 1)

    def tell(self, when: str, event: str, known: str | None = None, **properties: Any) -> list[str]:
        """What the engine decided on an event that happened at `when`; `known`: when we heard of it, if later."""
        return self.take(self._read(when, event, properties, is_own=False), at(when), at(known or when))

    def act(self, when: str, event: str, **properties: Any) -> list[str]:
        """What the engine decided on what one of our own pages says."""
        return self.take(self._read(when, event, properties, is_own=True), at(when), at(when))

    def _read(self, when: str, event: str, properties: dict[str, Any], is_own: bool) -> Any:
        message = {"type": "track", "event": event, "messageId": str(len(self.facts)), "timestamp": f"{when}", "properties": properties}
        who = {"userId": self.user} if self.user else {}
        return read_message(message | who, FAR, STOCKHOLM, "SEK", self.refer, is_own).body

    def take(self, body: Any, occurred_at: int, now: int) -> list[str]:
        """What was decided on an input, the wakes before it included."""
        before = len(self.facts)
        self.pass_time(now - 1)
        fact = Fact(
            fact_id=self.number.to_bytes(8) + len(self.facts).to_bytes(8),
            customer=self.customer,
            body=body,
            occurred_at=occurred_at,
            received_at=FAR,
            now=max(now, self.state.now),
            mode=self.mode,
        )
        if needs_history(self.state, fact):
            self.state = fold_whole(self.facts)
        self._record(fact, step(self.state, fact, self.policy))
        return [one.type for one in self.facts[before:] if one.reason]

    def wait(self, when: str) -> list[str]:
        """What was decided by time alone, up to `when`."""
        before = len(self.facts)
        self.pass_time(at(when))
        return [one.type for one in self.facts[before:] if one.reason]

    def pass_time(self, until: int) -> None:
        while self.wake is not None and self.wake <= until:
            fact = Fact(
                fact_id=b"wake" + self.wake.to_bytes(12),
                customer=self.customer,
                body=WakeReached(due_at=self.wake),
                occurred_at=self.wake,
                received_at=FAR,
                now=self.wake,
                mode=self.mode,
            )
            self._record(fact, step(self.state, fact, self.policy))

    def _record(self, fact: Fact, decision: Decision) -> None:
        self.facts += [fact, *decision.facts]
        self.state, self.wake = decision.state, decision.next_wake
        assert self.wake == next_wake(self.state, self.policy)

    def why(self, type_: str) -> list[str]:
        """The reasons of the facts of a type."""
        return [fact.reason for fact in self.facts if fact.type == type_]

    def last(self, type_: str) -> Any:
        """The body of the last fact of a type."""
        return next(fact for fact in reversed(self.facts) if fact.type == type_).body

    def statuses(self) -> list[int]:
        return [promise.status for promise in self.state.promises.promises.values()]
