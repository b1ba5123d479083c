"""Whose morning letter is due: by the shop's own clocks, once for each person and day."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from omtanke.storage.outbox_choices import Choice
from omtanke.vocabulary.time import HOUR, local_date, time_of_day_at

# After that a morning letter is no news; the next one comes on its own day.
LATEST = 12 * HOUR


def due_day(choice: Choice, now: int, zone: ZoneInfo) -> date | None:
    """The day whose letter is due and not yet put; None when there is none."""
    if not choice.letter:
        return None
    today = local_date(now, zone)
    for day in (today, today - timedelta(days=1)):
        at = time_of_day_at(day, choice.minute, zone)
        if at <= now:
            return day if now - at < LATEST and choice.letter_day < day.isoformat() else None
    return None


def passed_day(minute: int, now: int, zone: ZoneInfo) -> str:
    """For somebody who chooses now: the last day whose hour has passed, so that the first letter is the next one's."""
    today = local_date(now, zone)
    return (today if time_of_day_at(today, minute, zone) <= now else today - timedelta(days=1)).isoformat()
