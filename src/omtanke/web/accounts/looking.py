"""Who has looked at whom: one row for each colleague, customer and quarter of an hour, kept as long as the settings say.

A row names the customer by number and holds nothing that is theirs, so that it can stay when they have been erased. A page says of whom it shows
something (`met`), and the guard before the page puts it on record when the page has been made (`on_record`). Whoever was only named in a list is on record
once a day, so that a list that is looked at from morning to night does not bury the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.utils import timezone

from omtanke.web.accounts.models import Look, Seen, Staff
from omtanke.web.outgoing import written
from omtanke.web.shop import shop

QUARTER_MINUTES = 15
MONTH = timedelta(days=30.4375)
MOST_REMEMBERED = 10_000

# What this process has written lately, so that a page that renews itself costs nothing; and the day on which it last cleared up.
_remembered: dict[tuple[int, int, str, datetime], None] = {}
_cleared: list[datetime] = []
# Of whom the page that is being made shows something, and what; None outside of pages.
_met: ContextVar[dict[int, set[Seen]] | None] = ContextVar("met", default=None)


def met(customer: int, what: Seen) -> None:
    """The page that is being made shows something of a customer's. Outside of a page nobody looks."""
    found = _met.get()
    if found is not None:
        found.setdefault(customer, set()).add(what)


@contextmanager
def on_record(who: Staff) -> Iterator[None]:
    """While the block runs a page is made for somebody; then it is on record whom they have met there. A page that fails shows nobody."""
    found: dict[int, set[Seen]] = {}
    token = _met.set(found)
    try:
        yield
    finally:
        _met.reset(token)
    note_looks(who, found)


def note_looks(who: Staff | None, seen: Mapping[int, set[Seen]]) -> None:
    """Put it on record, in one statement, what somebody has seen of each customer; `who` is nobody for a command. Being named is part of all else."""
    now = timezone.now()
    keys = [
        (who.pk if who else 0, customer, what.value, day_of(now) if what is Seen.LISTED else quarter_of(now))
        for customer, all_ in seen.items()
        for what in sorted(all_ - {Seen.LISTED} or all_)
    ]
    new = [key for key in keys if key not in _remembered]
    if not new:
        return
    Look.objects.bulk_create([Look(who=who, customer=customer, what=what, at=at) for _who, customer, what, at in new], ignore_conflicts=True)
    if len(_remembered) >= MOST_REMEMBERED:
        _remembered.clear()
    _remembered.update(dict.fromkeys(new))
    _clear_up(now)


def day_of(moment: datetime) -> datetime:
    """When the shop's day began."""
    return moment.astimezone(shop().zone).replace(hour=0, minute=0, second=0, microsecond=0)


def quarter_of(moment: datetime) -> datetime:
    """When the quarter of an hour began."""
    return moment.replace(minute=moment.minute - moment.minute % QUARTER_MINUTES, second=0, microsecond=0)


def looks_at(customers: Iterable[int], limit: int | None = None) -> list[Look]:
    """Who has looked at any of these, the latest first."""
    found = Look.objects.filter(customer__in=list(customers)).select_related("who").order_by("-at", "-pk")
    return list(found if limit is None else found[:limit])


def looks_by(who: Staff, limit: int) -> list[Look]:
    """At whom somebody has looked, the latest first."""
    return list(Look.objects.filter(who=who).order_by("-at", "-pk")[:limit])


def _clear_up(now: datetime) -> None:
    """Once a day: what is older than the settings say goes."""
    if _cleared and now - _cleared[0] < timedelta(days=1):
        return
    _cleared[:] = [now]
    Look.objects.filter(at__lt=now - written().looks_kept_months * MONTH).delete()


def forget_remembered() -> None:
    """As if this process had only begun."""
    _remembered.clear()
    _cleared.clear()
