"""A promise as somebody outside is told of it: every window that was said, how it stands, and why. Folded from its facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from omtanke.engine.promises.evidence import EVOLVES
from omtanke.engine.promises.ledger import STATUS_NAMES, Ledger, Promise
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.fact import Fact
from omtanke.vocabulary.promise import (
    PromiseBroken,
    PromiseEndingCorrected,
    PromiseExceeded,
    PromiseFirstWindowLearned,
    PromiseKept,
    PromiseMade,
    PromiseRenegotiated,
)

JUDGED = PromiseKept | PromiseExceeded | PromiseBroken | PromiseEndingCorrected
WINDOWS = PromiseMade | PromiseRenegotiated | PromiseFirstWindowLearned


class Window(Struct, frozen=True):
    """A window that was said. Moments in microseconds, 0 for none. `words` and `place` as shown, empty when not told or erased.

    `event` is the id of the fact that stated it.
    """

    from_at: int
    until_at: int
    zone: str
    said_at: int
    words: str
    place: str
    event: bytes


class Turn(Struct, frozen=True):
    """Something that was decided about it: what, when, why and on what grounds (ids of facts)."""

    what: str
    at: int
    reason: str
    because: tuple[bytes, ...]


class PromiseLife(Struct, frozen=True):
    """One promise. `given`, `subject` and `order` as the sender wrote them; empty when not told or erased. `follows` is an earlier promise, 0 for none."""

    promise: Promise
    given: str
    subject: str
    order: str
    windows: tuple[Window, ...]
    first_window_met: bool
    turns: tuple[Turn, ...]

    @property
    def state(self) -> str:
        return STATUS_NAMES[self.promise.status]


def lives(facts: Sequence[FactSeen], stating: Mapping[bytes, FactSeen]) -> list[PromiseLife]:
    """The promises that the facts are about, the latest first. `facts`: what was decided, in log order; `stating`: the inputs behind it."""
    ledger, about = Ledger(), dict[int, list[FactSeen]]()
    for fact in facts:
        number = getattr(fact.body, "promise", 0)
        if fact.body is not None and type(fact.body) in EVOLVES and number:
            ledger = EVOLVES[type(fact.body)](ledger, _as_fact(fact))
            about.setdefault(number, []).append(fact)
    known = (life(ledger.promises[number], told, stating) for number, told in about.items() if number in ledger.promises)
    return sorted(known, key=lambda one: (one.promise.made_at, one.promise.promise), reverse=True)


def life(promise: Promise, facts: Sequence[FactSeen], stating: Mapping[bytes, FactSeen]) -> PromiseLife:
    """One promise by its facts."""
    numbers: dict[tuple[str, int], str] = {}
    for fact in facts:
        if isinstance(fact.body, WINDOWS) and fact.cause in stating:
            numbers |= {(kind, surrogate): str(number) for kind, surrogate, number in stating[fact.cause].personal.get("numbers") or ()}
    return PromiseLife(
        promise=promise,
        given=numbers.get(("promise", promise.given), ""),
        subject=numbers.get((promise.subject_kind, promise.subject), ""),
        order=numbers.get(("order", promise.order), ""),
        windows=tuple(sorted((window(fact, stating.get(fact.worded_by)) for fact in facts if isinstance(fact.body, WINDOWS)), key=lambda one: one.said_at)),
        first_window_met=next((fact.body.first_window_met for fact in reversed(facts) if isinstance(fact.body, JUDGED)), False),
        turns=tuple(Turn(fact.type, fact.occurred_at, fact.reason, grounds(fact)) for fact in facts),
    )


def window(fact: FactSeen, worded: FactSeen | None) -> Window:
    """The window that a decision put on record, with the words of the statement behind it, or of the quote that was taken."""
    body: Any = fact.body
    said = statement(worded.personal, body.statement) if worded is not None else {}
    words, place = str(said.get("words") or ""), str(said.get("place") or "")
    return Window(body.from_at, body.until_at, getattr(body, "zone", ""), fact.occurred_at, words, place, fact.cause)


def statement(personal: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """What the statement of that number said beyond its fields: words and place."""
    items = personal.get("items") or {}
    said: Mapping[str, Any] = items.get(f"properties.promises[{number}]") or items.get("properties") or personal.get("properties") or {}
    return said


def grounds(fact: FactSeen) -> tuple[bytes, ...]:
    """Cause first, each once."""
    return tuple(dict.fromkeys(one for one in (fact.cause, *fact.because) if one))


def causes(facts: Iterable[FactSeen]) -> set[bytes]:
    """The ids of the inputs that stated windows, and of those with the words."""
    return {one for fact in facts if isinstance(fact.body, WINDOWS) for one in (fact.cause, fact.worded_by)}


def _as_fact(seen: FactSeen) -> Fact:
    assert seen.body is not None
    return Fact(seen.fact_id, seen.customer, seen.body, seen.occurred_at, seen.received_at, seen.now)
