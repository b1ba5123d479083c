"""Who has looked at whom: one row for each colleague, customer and quarter of an hour, kept as long as the settings say.

A row names the customer by number and holds nothing that is theirs, so that it can stay when they have been erased.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from omtanke.web.accounts.models import Look, Seen, Staff
from omtanke.web.outgoing import written

QUARTER_MINUTES = 15
MONTH = timedelta(days=30.4375)
MOST_REMEMBERED = 10_000

# What this process has written lately, so that a page that renews itself costs nothing; and the day on which it last cleared up.
_remembered: dict[tuple[int, int, str, datetime], None] = {}
_cleared: list[datetime] = []


def note_look(who: Staff | None, customer: int, what: Seen) -> None:
    """Put it on record that somebody has seen what is a customer's; `who` is nobody for a command."""
    now = timezone.now()
    key = (who.pk if who else 0, customer, what.value, quarter_of(now))
    if key in _remembered:
        return
    Look.objects.bulk_create([Look(who=who, customer=customer, what=what, at=key[3])], ignore_conflicts=True)
    if len(_remembered) >= MOST_REMEMBERED:
        _remembered.clear()
    _remembered[key] = None
    _clear_up(now)


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
