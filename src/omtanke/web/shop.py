"""The shop that the pages of this process are about: its windows, clock and habits."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from django.core.signals import request_finished, request_started
from django.utils import translation
from msgspec import Struct
from msgspec.structs import replace

from omtanke.insight.board import Board
from omtanke.runtime.own_sources import OwnSource
from omtanke.storage.pages import Pages
from omtanke.web.clock import Clock
from omtanke.web.nameless import nameless
from omtanke.web.words.voice import Voice
from omtanke.web.words.voice import nameless as nameless_staff


class Keys(Protocol):
    """Keyed hashes under which identifiers and numbers are found."""

    def fact_id(self, source: str, message_id: str) -> bytes: ...
    def identifier_key(self, kind: str, value: str) -> bytes: ...
    def subject_key(self, kind: str, number: str) -> bytes: ...
    def sign(self, purpose: str, value: bytes) -> bytes: ...


class Shop(Struct, frozen=True):
    """Everything that views read from and speak through. `board` answers questions about many customers; `acts` takes what staff do, `answers`
    what customers answer; `country` is where telephone numbers are at home."""

    data: Path
    pages: Pages
    clock: Clock
    keys: Keys
    zone: ZoneInfo
    currency: str
    board: Board
    acts: OwnSource
    answers: OwnSource
    country: str = "SE"


_open: list[Shop] = []
_names: list[Callable[[], Callable[[int], str]]] = []
# Within a request nobody is seen until a guard has found that the one who asks may; outside of requests there is nobody to hide anything from.
_sees_customers: ContextVar[bool] = ContextVar("sees_customers", default=True)


def open_shop(shop: Shop) -> None:
    """From now on the pages of this process are about this shop."""
    _open[:] = [shop, replace(shop, pages=nameless(shop.pages))]


def shop() -> Shop:
    """The shop that is open; without names for those who may not see who customers are."""
    return _open[0] if _sees_customers.get() else _open[1]


def sees_customers() -> bool:
    """Whether the one who asks may see who customers are."""
    return _sees_customers.get()


def show_customers(may_see: bool) -> None:
    """From here on in this request, customers have names, or they have none."""
    _sees_customers.set(may_see)


def _begin(**about: object) -> None:
    _sees_customers.set(False)


def _end(**about: object) -> None:
    _sees_customers.set(True)


request_started.connect(_begin)
request_finished.connect(_end)


def name_staff(names: Callable[[], Callable[[int], str]]) -> None:
    """From now on those who work here have names: `names()` knows them by number for as long as a page is made."""
    _names[:] = [names]


def staff_names() -> Callable[[int], str]:
    """The names of those who work here, by number; empty for an unknown one."""
    return _names[0]() if _names else nameless_staff


def voice(now: int | None = None) -> Voice:
    """How numbers and moments are said in the language of this request, seen from `now`."""
    here, language = shop(), "sv" if translation.get_language() == "sv" else "en"
    return Voice(language, here.zone, here.clock.now() if now is None else now, here.currency, here.country, staff_names())
