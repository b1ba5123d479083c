"""Places in lists, as they stand in an address."""

from __future__ import annotations

from omtanke.storage.seen import START, Place


def write_place(place: Place) -> str:
    return f"{place.moment}-{place.number}"


def read_place(text: str) -> Place:
    """The place written; the start of the list when it is none."""
    moment, _dash, number = text.partition("-")
    if moment.isdecimal() and number.isdecimal() and len(moment) < 19 and len(number) <= 19:
        return Place(int(moment), min(int(number), START.number))
    return START
