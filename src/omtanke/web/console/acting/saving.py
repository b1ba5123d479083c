"""A deed becomes durable, or the page says that it did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from omtanke.runtime.clock import is_live
from omtanke.runtime.own_sources import wait_until
from omtanke.storage.database import FAILURES
from omtanke.vocabulary.erasure import NOTHING_MORE
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.refusal import CannotDo
from omtanke.web.shop import Shop

WAIT_SECONDS = 1.5


class Event(Struct, frozen=True):
    """What a deed puts into the inbox. `step` tells several events of one deed apart."""

    event: type[Observed]
    properties: Mapping[str, Any]
    channel: str = "none"
    step: str = ""


class Saved(Struct, frozen=True):
    """What came of it. `fault`: why it was not saved, empty when it was; `is_refused`: it never will be. `is_shown`: whether it can be seen already."""

    fault: str = ""
    is_shown: bool = False
    is_refused: bool = False

    @property
    def status(self) -> int:
        """How a page with the fault answers."""
        return 422 if self.is_refused else 503

    @property
    def words(self) -> str:
        """The fault as a page says it."""
        if self.is_refused:
            return _("It was not taken: %(why)s") % {"why": self.fault}
        return _("It was not saved: %(why)s Try again; nothing is done twice.") % {"why": self.fault}


def may_save(here: Shop) -> bool:
    """Data that have ended are looked at, not acted in: an event of ours would make them live."""
    return is_live(here.pages.sources())


class Act(Struct, frozen=True):
    """What is done for one customer; 0, it is about nobody. Done again with the same key it changes nothing."""

    customer: int
    key: str
    events: Sequence[Event]


def save(here: Shop, customer: int, key: str, events: Sequence[Event]) -> Saved:
    """Put the events into the inbox, and wait a moment for the worker. The same key again changes nothing."""
    return save_all(here, [Act(customer, key, events)])


def save_all(here: Shop, acts: Sequence[Act]) -> Saved:
    """The same for several customers; at least one. It waits for the last of them, and says whether that was refused."""
    try:
        for act in acts:
            for one in act.events:
                entry = here.acts.put(one.event, act.key + one.step, act.customer, one.properties, channel=one.channel)
    except FAILURES as error:
        is_busy = "locked" in str(error) or "busy" in str(error)
        return Saved(_("somebody else has been writing for too long.") if is_busy else _("the disk cannot be written to."))
    except (OSError, CannotDo):
        return Saved(_("the disk cannot be written to."))
    if not wait_until(here.pages.consumed, entry, WAIT_SECONDS):
        return Saved()
    refused = here.pages.refused(entry)
    return Saved(why_refused(refused), is_refused=True) if refused else Saved(is_shown=True)


def why_refused(rule: str) -> str:
    if rule.endswith(NOTHING_MORE):
        return _("the customer has been erased, and nothing more is noted about them.")
    return _("it could not be understood (%(rule)s).") % {"rule": rule}
