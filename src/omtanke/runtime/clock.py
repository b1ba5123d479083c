"""Which deadlines may pass: how far the store's time has come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct

from omtanke.storage.ports import Source
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import SECOND

# A message may be committed a little after the clock was read; what falls due waits so long, unless the inbox has been settled.
MARGIN = 2 * SECOND
BEGINNING = -(2**62)


class Frontier(Struct, frozen=True):
    """The spans of time whose deadlines may pass, each from a moment (included) to another (not included)."""

    spans: tuple[tuple[int, int], ...]


class Telling(Protocol):
    """A source, as far as its clock matters."""

    @property
    def mode(self) -> str: ...


def is_live(sources: Iterable[Telling]) -> bool:
    """Whether anything comes in as it happens: then time is the wall clock's."""
    return any(source.mode == Mode.LIVE for source in sources)


def frontier(sources: Iterable[Source], told_until: int, consumed_at: int, clock: int, wall_clock: int, settled_at: int | None = None) -> Frontier:
    """How far time has come when the inbox has been read up to here.

    `told_until`: the moment of the last fact of history taken; `consumed_at`: when the last message taken was
    received, the wall clock once the inbox is empty. `settled_at`: nothing will turn out to have been received before (None: the
    margin tells). With a live source time is the wall clock. Without one
    it is the last fact, and nothing falls due after it. While an import tells the past, what is due waits
    until the import has told of that time; what fell due after the import began does not wait for it.
    """
    known = tuple(sources)
    lives = is_live(known)
    telling = [source.began_at for source in known if source.is_telling]
    here = min(wall_clock - MARGIN if settled_at is None else settled_at, consumed_at) if lives else clock + 1
    if not telling and (lives or consumed_at >= wall_clock):
        return Frontier(((BEGINNING, here),))
    told = (BEGINNING, min(here, told_until))
    return Frontier((told, (min(telling), here))) if lives and telling else Frontier((told,))


def store_clock(sources: Iterable[Telling], clock: int, wall_clock: int) -> int:
    """Where the store's time stands for pages and questions: the wall clock with a live source, else the last fact."""
    return wall_clock if is_live(sources) else clock
