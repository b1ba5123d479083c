"""The shop that the pages of this process are about: its windows, clock and habits."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils import translation
from msgspec import Struct

from omtanke.insight.board import Board
from omtanke.storage.pages import Pages
from omtanke.web.clock import Clock
from omtanke.web.words.voice import Voice


class Keys(Protocol):
    """Keyed hashes under which identifiers and numbers are found."""

    def identifier_key(self, kind: str, value: str) -> bytes: ...
    def subject_key(self, kind: str, number: str) -> bytes: ...


class Shop(Struct, frozen=True):
    """Everything that views read from. `board` answers questions about many customers; `country` is where telephone numbers are at home."""

    data: Path
    pages: Pages
    clock: Clock
    keys: Keys
    zone: ZoneInfo
    currency: str
    board: Board
    country: str = "SE"


_open: list[Shop] = []


def open_shop(shop: Shop) -> None:
    """From now on the pages of this process are about this shop."""
    _open[:] = [shop]


def shop() -> Shop:
    """The shop that is open."""
    return _open[0]


def voice(now: int | None = None) -> Voice:
    """How numbers and moments are said in the language of this request, seen from `now`."""
    here = shop()
    return Voice("sv" if translation.get_language() == "sv" else "en", here.zone, here.clock.now() if now is None else now, here.currency, here.country)
