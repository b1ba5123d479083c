"""A history of the shop as a file of Segment calls, one a line, and its truth beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from omtanke.simulate.days import ZONE
from omtanke.simulate.shop import Shop
from omtanke.vocabulary.refusal import CannotDo

ORDINARY_DAYS = 28


def read_moment(text: str, flag: str) -> datetime:
    """A date, which begins at 00.00 in Stockholm, or a moment; without an offset it is Stockholm's. Raises CannotDo."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CannotDo(f"{flag} {text!r} is not a moment; write it as 2026-10-01 or 2026-10-01T09:30.") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZONE)


def span(begins: str | None, ends: str | None, today: date) -> tuple[datetime, datetime]:
    """From and until; without them the four weeks up to midnight. Raises CannotDo when nothing lies between."""
    until = read_moment(ends, "--until") if ends else datetime(today.year, today.month, today.day, tzinfo=ZONE)
    since = read_moment(begins, "--from") if begins else until - timedelta(days=ORDINARY_DAYS)
    if since >= until:
        raise CannotDo(f"--from {since.isoformat()} is not before --until {until.isoformat()}; nothing happens in between.")
    return since, until


def write_history(
    seed: int, persons: int, since: datetime, until: datetime, out: Path | None, truth: Path | None, progress: Callable[[str, int, int], None]
) -> int:
    """Write what was asked for, a day at a time; the number of events. The same seed, persons and span give the same files."""
    shop, written, day = Shop(seed, persons, since), 0, since
    with (out or Path(os.devnull)).open("wb") as file:
        while day < until:
            day = min(until, day + timedelta(days=1))
            events = shop.advance(day)
            file.writelines(event.wire + b"\n" for event in events)
            written += len(events)
            progress("events", written, 0)
    if truth is not None:
        truth.write_text(json.dumps(shop.truth.to_data(), ensure_ascii=False), encoding="utf-8")
    return written
