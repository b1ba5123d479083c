"""An order that names a quote of ours, as the door sees it: taken in any case, and told to whoever looks in the debugger when no promise will be made of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from omtanke.intake.gathering import Sending
from omtanke.intake.http import Fault, fault
from omtanke.intake.representation import moment
from omtanke.runtime.quotes import is_ours, opened
from omtanke.storage.keys import Keys
from omtanke.vocabulary.order import OrderCompleted
from omtanke.vocabulary.reading import occurred_at

PATH = "properties.quote_id"


def remark_on(message: Mapping[str, Any], keys: Keys, sending: Sending, now: int) -> Fault | None:
    """What is to be said of a message that was understood; None for nearly all."""
    if message.get("event") != OrderCompleted.name:
        return None
    properties = message.get("properties") or {}
    quote = properties.get("quote_id")
    if not isinstance(quote, str) or not is_ours(quote.strip()):
        return None
    offer = opened(keys, quote.strip())
    if offer is None:
        return fault(PATH, quote, "was not given by this shop, or has been changed on its way; the order is taken, and no promise is made of it")
    if any(one.get("kind") == "delivery" for one in properties.get("promises") or ()):
        return fault(PATH, quote, "stands beside a delivery promise of the order's own, which counts")
    if occurred_at(dict(message), now, sending.zone)[0] > offer.valid_until:
        return fault(PATH, quote, f"could be taken until {moment(offer.valid_until)}; the order is taken, and no promise is made of it")
    return None
