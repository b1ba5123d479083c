"""The plays that a policy has in force, made ready: by the fact that lets somebody in, and by the version that people are under way on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import msgspec

from omtanke.engine.condition_names import Scope, value_of
from omtanke.engine.plays.play import EACH_TIME, Again, Ask, AtPromise, Exit, OnlyIf, Play, Step, UntilFact, Wait
from omtanke.vocabulary.fact import Body

FACT, SINCE = "fact.", "since."
# What may move the moment that a promise gives.
PROMISING = frozenset({"promise_made", "promise_renegotiated"})
BUYS = ("order_completed", "receipt_issued")


class ActivePlay:
    """One version of a play, made ready. Conditions are read when they are first asked, so that who only looks at a policy loads nothing for them."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.digest = play.digest
        self.exits: dict[str, tuple[Exit, ...]] = {}
        for one in play.exits:
            self.exits[one.fact] = (*self.exits.get(one.fact, ()), one)
        waits = [step.until for step in play.steps if isinstance(step, Wait)]
        self.awaited = frozenset(wait.fact for wait in waits if isinstance(wait, UntilFact))
        if any(isinstance(wait, AtPromise) for wait in waits):
            self.awaited |= PROMISING
        self.is_over_when_bought = any(one.fact in BUYS and one.same == "person" and not one.when for one in play.exits)

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """The names of the entering fact that conditions of the steps read."""
        texts = _steps_conditions(self.play)
        names = {name for text in texts for name in names_read(text, Scope(self.play.entry.fact, has_since=True))}
        return tuple(sorted(name for name in names if name.startswith(FACT)))

    @cached_property
    def counted(self) -> frozenset[str]:
        """The types of facts that conditions after entry count."""
        names = {name for text, fact in _conditions_of(self.play) for name in names_read(text, Scope(fact, has_since=True))}
        return frozenset(name.removeprefix(SINCE) for name in names if name.startswith(SINCE))

    @cached_property
    def heard(self) -> frozenset[str]:
        """The types of facts that mean something to whoever is under way."""
        return self.counted | self.awaited | self.exits.keys()

    def step(self, number: int) -> Step | None:
        """None when there is none further on."""
        return self.play.steps[number] if number < len(self.play.steps) else None

    def enters_anew(self, entered_at: int | None, now: int) -> bool:
        """Whether somebody who last entered then, for the same key, may do so again."""
        again: Again = self.play.again
        if entered_at is None or again.rule == EACH_TIME:
            return True
        return bool(again.span) and now - entered_at >= again.span


class ActivePlays:
    """The plays of one version of the policy; beside them the versions of earlier ones, for whoever is under way."""

    def __init__(self, plays: Iterable[Play] = (), earlier: ActivePlays | None = None) -> None:
        self.current = tuple(sorted((ActivePlay(play) for play in plays), key=lambda one: (-one.play.priority, one.play.name)))
        self.by_digest: dict[str, ActivePlay] = {**(earlier.by_digest if earlier else {}), **{one.digest: one for one in self.current}}
        self.entries: dict[str, tuple[ActivePlay, ...]] = {}
        for one in self.current:
            fact = one.play.entry.fact
            self.entries[fact] = (*self.entries.get(fact, ()), one)
        asks = (step for one in self.current for step in one.play.steps if isinstance(step, Ask))
        self.asks_about = frozenset(step.about for step in asks)

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """What a customer may leave out, by name."""
        return tuple(sorted({one.play.about for one in self.current} - {""}))

    def subject_of(self, name: str) -> str:
        """The subject of a play by its name, as it is now; empty for none."""
        return next((one.play.about for one in self.current if one.play.name == name), "")

    @cached_property
    def heard(self) -> frozenset[str]:
        """The types of facts that mean something to somebody who may be under way."""
        return frozenset[str]().union(*(one.heard for one in self.by_digest.values()))

    def __bool__(self) -> bool:
        return bool(self.by_digest)


NO_PLAYS = ActivePlays()


def names_read(text: str, scope: Scope) -> Iterable[str]:
    """The names that a condition reads; none of an empty one."""
    from omtanke.engine.conditions import read_condition  # six megabytes that a shop without plays does not need

    return read_condition(text, scope).names if text else ()


def holds(text: str, scope: Scope, given: Mapping[str, Any]) -> bool:
    """Whether a condition holds for the values of the names that it reads; an empty one does."""
    from omtanke.engine.conditions import read_condition

    return not text or read_condition(text, scope).holds_of(given).holds


def kept_of(play: ActivePlay, body: Body) -> bytes:
    """The values of the entering fact that conditions further on read, as MessagePack."""
    if not play.kept:
        return b""
    return msgspec.msgpack.encode({name: value_of(name, body, None, {}, 0) for name in play.kept})


def _steps_conditions(play: Play) -> Iterable[str]:
    for step in play.steps:
        text = step.condition if isinstance(step, OnlyIf) else getattr(step, "when", "")
        if text:
            yield text


def _conditions_of(play: Play) -> Iterable[tuple[str, str]]:
    """Every condition after entry, with the type of the fact that it is asked of."""
    yield from ((text, play.entry.fact) for text in _steps_conditions(play))
    yield from ((one.when, one.fact) for one in play.exits if one.when)
