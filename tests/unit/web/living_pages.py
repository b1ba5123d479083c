"""The pages over a shop that lives, with its worker at work meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from fakes.living import Living
from omtanke.insight.board import Board
from omtanke.insight.board_making import made
from omtanke.runtime.own_sources import ANSWERS, CONSOLE, OwnSource
from omtanke.storage.pages import Pages
from omtanke.web.app import impatient
from omtanke.web.clock import Clock
from omtanke.web.shop import Shop, open_shop


@contextmanager
def over(living: Living, before: Shop) -> Iterator[None]:
    """While the block runs, the pages are about this shop; then about the one before."""
    from django.core.cache import cache

    cache.clear()
    folder, data = living.folder, living.folder.path
    pages = Pages(data)
    inboxes = [impatient(folder.inbox()) for _ in range(2)]
    acts, answers = (OwnSource(inbox, name, "Europe/Stockholm", "SEK", living.clock) for inbox, name in zip(inboxes, (CONSOLE, ANSWERS), strict=True))
    clock, board = Clock(pages, None, living.clock), Board(data, refresh_seconds=0, making=made)
    open_shop(
        Shop(data=data, pages=pages, clock=clock, keys=folder.keys, zone=ZoneInfo("Europe/Stockholm"), currency="SEK", board=board, acts=acts, answers=answers)
    )
    with living.at_work():
        yield
    open_shop(before)
    pages.close()
    for inbox in inboxes:
        inbox.close()
    living.close()
