"""What a customer has chosen of how we turn to them, as the log stands: for pages, and for whoever writes to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from msgspec import Struct

from omtanke.engine.contact import FREQUENCIES, REACHES, SUBJECT
from omtanke.engine.contact_policy import minute_of
from omtanke.runtime.consents import state_in
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.caring import PreferenceChanged

CHANNEL, FREQUENCY, QUIET_HOURS, PAUSE, LANGUAGE = "channel", "frequency", "quiet_hours", "pause", "language"
AS_USUAL, ON, OFF, NO_PAUSE = "as_usual", "on", "off", "none"
LANGUAGES = ("sv", "en")
TYPES = (PreferenceChanged.type,)
MOST_CHOSEN = 500

Written = Mapping[tuple[str, str], str]


class StateSeen(Protocol):
    """A window on a person's state."""

    def consent_state(self, person: int) -> tuple[bytes, bytes] | None: ...


class PreferencesSeen(StateSeen, Protocol):
    """The windows that they are read through."""

    def of_types(self, person: int, types: Iterable[str], limit: int) -> Sequence[FactSeen]: ...


class Preferences(Struct, frozen=True):
    """A customer's own choices. `off`: channels in which they want nothing that they have not asked for. `quiet`: minutes of the day
    between which they are left in peace, None for what the policy says. `pause_until`: the day from which they take something again.
    `language`: sv, en, or empty when they have chosen none. `left_out`: subjects that they
    want nothing about."""

    off: tuple[str, ...] = ()
    frequency: str = AS_USUAL
    quiet: tuple[int, int] | None = None
    pause_until: date | None = None
    language: str = ""
    left_out: tuple[str, ...] = ()


def preferences_of(seen: PreferencesSeen, person: int) -> Preferences:
    """From the person's state, which the worker stores with the facts; from the facts where another version wrote that state."""
    state = state_in(seen.consent_state(person))
    if state is not None:
        return read_preferences(state.plays.contact.preferences)
    return preferences_in(seen.of_types(person, TYPES, MOST_CHOSEN))


def unreachable_in(seen: StateSeen, person: int) -> tuple[str, ...]:
    """The channels whose address takes nothing any more, until the customer gives one again."""
    state = state_in(seen.consent_state(person))
    return state.plays.contact.dead if state is not None else ()


def country_of(seen: StateSeen, person: int) -> str:
    """ISO 3166 of the country that counts for their clock; empty when none is known."""
    state = state_in(seen.consent_state(person))
    return state.plays.contact.person.country if state is not None else ""


def preferences_in(facts: Iterable[FactSeen]) -> Preferences:
    """From the facts in which they were told, whatever their order."""
    told = sorted(facts, key=lambda fact: fact.position)
    return read_preferences({(fact.body.preference, fact.body.for_channel): fact.body.chosen for fact in told if isinstance(fact.body, PreferenceChanged)})


def read_preferences(written: Written) -> Preferences:
    """What the log's words mean; a word that means nothing changes nothing."""
    frequency, language = written.get((FREQUENCY, ""), ""), written.get((LANGUAGE, ""), "")
    first, _dash, last = written.get((QUIET_HOURS, ""), "").partition("-")
    begins, ends = minute_of(first), minute_of(last)
    return Preferences(
        off=tuple(channel for channel in REACHES if written.get((CHANNEL, channel)) == OFF),
        frequency=frequency if frequency in FREQUENCIES else AS_USUAL,
        quiet=None if begins is None or ends is None else (begins, ends),
        pause_until=_day(written.get((PAUSE, ""), "")),
        language=language if language in LANGUAGES else "",
        left_out=tuple(name.removeprefix(SUBJECT) for (name, _), value in written.items() if name.startswith(SUBJECT) and value == OFF),
    )


def language_of(chosen: Preferences, locale: str, otherwise: str) -> str:
    """sv or en: what they have chosen, else by the locale that was told, else `otherwise`. Whoever has told a locale that is not Swedish reads English."""
    return chosen.language or (("sv" if locale.lower().startswith("sv") else "en") if locale else otherwise)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
