"""Anything that comes as JSON, told by a map like that of an import: its columns are the paths of fields, as in `parcel.status`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from omtanke.intake.hooks.telling import Delivery, Message
from omtanke.intake.importers.mapped import messages_of
from omtanke.intake.importers.mapping import Map, parse_map
from omtanke.intake.importers.report import Unfit
from omtanke.vocabulary.refusal import Refused


def tell(delivery: Delivery) -> Iterator[Message]:
    """The events of an object, or of each object of a list. Raises Refused where one does not fit the map."""
    mapped = map_of(delivery.map)
    for one in delivery.body if isinstance(delivery.body, list) else [delivery.body]:
        try:
            yield from messages_of(mapped, dict(cells(one)))
        except Unfit as unfit:
            raise Refused(unfit.column, unfit.value, f"is not {unfit.expected}") from unfit


@lru_cache(maxsize=64)
def map_of(text: str) -> Map:
    """Read once."""
    return parse_map(text, "map")


def cells(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of everything inside: fields by name, items of lists by number."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inside is None:
        yield path, "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        return
    for name, one in inside:
        yield from cells(one, f"{path}.{name}" if path else str(name))
