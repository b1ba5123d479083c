"""The moment at which pages stand."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from omtanke.vocabulary.time import day_ends_at, read_date, read_moment


def as_of_moment(text: str | None, zone: ZoneInfo) -> int | None:
    """The moment that `--as-of` names; a date stands for its end."""
    if text is None:
        return None
    day = read_date(text, "--as-of")
    return read_moment(text, "--as-of", zone) if day is None else day_ends_at(day, zone) - 1
