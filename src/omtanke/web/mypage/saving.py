"""What a customer says on these pages becomes durable, or the page says that it did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from omtanke.runtime.clock import is_live
from omtanke.runtime.own_sources import wait_until
from omtanke.storage.database import FAILURES
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.refusal import CannotDo
from omtanke.web.shop import Shop

TOUCHPOINT = "my_page"
NOW, SOON, NOT_SAVED = "now", "soon", ""
WAIT_SECONDS = 1.5


class Wish(Struct, frozen=True):
    """Something that a customer says. `key`: the same again changes nothing."""

    event: type[Observed]
    properties: Mapping[str, Any]
    key: str


def put(here: Shop, customer: int, wishes: Sequence[Wish], channel: str = "web", wait_seconds: float = WAIT_SECONDS) -> str:
    """NOW: they are facts already. SOON: they are durable. NOT_SAVED: nothing is certain; said again, nothing is done twice.

    Data that have ended are looked at, not spoken in: an event of ours would make them live.
    """
    if not wishes:
        return NOW
    try:
        if not is_live(here.pages.sources()):
            return NOT_SAVED
        for one in wishes:
            entry = here.answers.put(one.event, f"{customer}:{one.key}", customer, one.properties, channel=channel, touchpoint=TOUCHPOINT)
    except (*FAILURES, OSError, CannotDo):
        return NOT_SAVED
    return NOW if wait_until(here.pages.consumed, entry, wait_seconds) else SOON
