"""Promises and events as the API writes them: RFC 3339 in UTC, null for what is not there, ids as text."""

from __future__ import annotations

from typing import Any

from omtanke.runtime.promise_life import PromiseLife, Turn, Window
from omtanke.storage.lookups import EventFound, EventRefused
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.time import datetime_of


def moment(microseconds: int) -> str | None:
    """2026-11-20T22:00:00Z; null for none."""
    return datetime_of(microseconds).isoformat().replace("+00:00", "Z") if microseconds else None


def promise(one: PromiseLife) -> dict[str, Any]:
    """A promise with every window that was said."""
    stands, windows = one.promise, [window(said) for said in one.windows]
    current = (stands.from_at, stands.until_at)
    return {
        "id": str(stands.promise),
        "promise_id": one.given or None,
        "kind": stands.kind,
        "state": one.state,
        "subject": {"kind": stands.subject_kind or "customer", "id": one.subject or None},
        "order_id": one.order or None,
        "owner": stands.owner or None,
        "attended": stands.attended,
        "made_at": moment(stands.made_at),
        "first": windows[0] if windows else None,
        "current": next(
            (shown for said, shown in zip(reversed(one.windows), reversed(windows), strict=True) if (said.from_at, said.until_at) == current), None
        ),
        "windows": windows,
        "risk_at": moment(stands.risk_at) if stands.is_open else None,
        "met_at": moment(stands.met_at),
        "ended_at": moment(stands.ended_at),
        "first_window_met": one.first_window_met if one.state in ("kept", "exceeded", "broken") else None,
        "follows": str(stands.follows) if stands.follows else None,
        "why": [turn(said) for said in one.turns],
    }


def window(said: Window) -> dict[str, Any]:
    """A window with its words; `event` is the fact that stated it."""
    return {
        "from": moment(said.from_at),
        "until": moment(said.until_at),
        "zone": said.zone or None,
        "said_at": moment(said.said_at),
        "words": said.words or None,
        "place": said.place or None,
        "event": said.event.hex(),
    }


def turn(said: Turn) -> dict[str, Any]:
    """Something that was decided, and why."""
    return {"what": said.what, "at": moment(said.at), "reason": said.reason, "because": [ground.hex() for ground in said.because]}


def decided(fact: FactSeen) -> dict[str, Any]:
    """A decided fact that rests on an event."""
    number = getattr(fact.body, "promise", 0)
    return {"what": fact.type, "at": moment(fact.occurred_at), "reason": fact.reason, "promise": str(number) if number else None}


def event(event_id: str | None, source: str | None, fact_id: bytes, state: str, **found: Any) -> dict[str, Any]:
    """What became of a message."""
    return {"id": event_id, "source": source, "fact": fact_id.hex(), "state": state, **found}


def understood(found: EventFound, resting: list[FactSeen]) -> dict[str, Any]:
    """The fact that it has become, and what was decided on it."""
    return {
        "type": found.type,
        "position": found.position,
        "occurred_at": moment(found.occurred_at),
        "received_at": moment(found.received_at),
        "channel": found.channel,
        "touchpoint": found.touchpoint or None,
        "decided": [decided(fact) for fact in resting],
    }


def refused(found: EventRefused) -> dict[str, Any]:
    """Why it could not be understood."""
    return {"received_at": moment(found.received_at), "faults": [{"path": found.path, "value": found.value, "rule": found.rule}]}
