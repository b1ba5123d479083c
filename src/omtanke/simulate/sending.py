"""A history of the shop as messages that lie in the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from operator import attrgetter

from msgspec.structs import replace

from omtanke.simulate.cast import CAST
from omtanke.simulate.days import ZONE
from omtanke.simulate.planted import ShopSettings
from omtanke.simulate.shop import Event, Shop
from omtanke.storage.ports import Incoming

# A history for the console is calmer than the shop that is measured: half the errands, and of those fewer that only look.
IN_HISTORY = ShopSettings(intensity=0.5, browsing=0.3, undeclared=0.01)


def incoming_history(seed: int, until: datetime, months: int = 4, customers: int = 2_000) -> Iterator[Incoming]:
    """The months up to `until` by the senders' own timestamps, ties in the order of sending; nothing lies after `until`."""
    _, events = history(seed, until, months, customers)
    return (Incoming(event.message_id, event.occurred_at, event.wire) for event in events)


def history(seed: int, until: datetime, months: int, customers: int) -> tuple[Shop, list[Event]]:
    """The shop as it stands at `until`, and all that it has sent, by the senders' own timestamps, ties in the order of sending."""
    settings = replace(IN_HISTORY, live_from=until)
    first = first_day(until.astimezone(ZONE).date(), months)
    shop = Shop(seed, max(0, customers - len(CAST)), datetime(first.year, first.month, first.day, tzinfo=ZONE), settings)
    return shop, sorted(shop.advance(until), key=attrgetter("occurred_at"))


def first_day(last: date, months: int) -> date:
    """The same day of the month so many months before, at most the 28th."""
    index = last.year * 12 + last.month - 1 - months
    return date(index // 12, index % 12 + 1, min(last.day, 28))
