"""Whether a condition of a play holds, and whether two things are about the same."""

from __future__ import annotations

from collections.abc import Mapping

from omtanke.engine.condition_names import Scope, value_of
from omtanke.engine.plays import play as plays
from omtanke.engine.plays.active import FACT, ActivePlay, holds, names_read
from omtanke.engine.plays.participation import Plays, Run, kept_values
from omtanke.vocabulary.fact import Body, Fact


def asked_now(text: str, scope: Scope, slice_: Plays, body: Body, counted: Mapping[str, int], now: int) -> bool:
    """Whether a condition holds for a fact that has just come."""
    if not text:
        return True
    try:
        return holds(text, scope, {name: value_of(name, body, slice_.contact.person, counted, now) for name in names_read(text, scope)})
    except ValueError:
        return False


def asked_on_the_way(text: str, slice_: Plays, run: Run, active: ActivePlay, now: int) -> bool:
    """Whether a condition of a step holds, for the fact that once let the person in and for the person as they are now."""
    if not text:
        return True
    kept, scope = kept_values(run), Scope(active.play.entry.fact, has_since=True)
    person, counted = slice_.contact.person, run.counted
    given = {name: kept[name] if name.startswith(FACT) else value_of(name, None, person, counted, now) for name in names_read(text, scope)}
    return holds(text, scope, given)


def subject_of(slice_: Plays, key: str, body: Body) -> int | None:
    """The number of what a play with this key is about in a fact; 0 for the person, None when the fact names none."""
    if key == plays.PERSON:
        return 0
    number = getattr(body, key, 0)
    if not number and key == "order":
        number = slice_.parcels.get(getattr(body, "parcel", 0), 0)
    return number or None


def is_same(slice_: Plays, run: Run, same: str, fact: Fact) -> bool:
    return same == plays.OF_PERSON or run.key == plays.PERSON or subject_of(slice_, run.key, fact.body) == run.subject
