"""What leaves the house, as the pages see it: the outbox of the shop, and where we may send to."""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings

from omtanke.channels.address import Guard
from omtanke.settings import Settings, read_settings
from omtanke.storage.outbox import Outbox

_local = threading.local()


def outbox() -> Outbox:
    """The outbox, opened once for each thread."""
    data: Path = settings.OMTANKE_DATA
    found: Outbox | None = getattr(_local, "outbox", None)
    if found is None or _local.data != data:
        found = Outbox(data)
        _local.outbox, _local.data = found, data
    return found


def close_outbox() -> None:
    """Close this thread's."""
    found: Outbox | None = getattr(_local, "outbox", None)
    if found is not None:
        found.close()
        del _local.outbox


def written() -> Settings:
    """The shop's settings as they stand in the file now."""
    data: Path = settings.OMTANKE_DATA
    return read_settings(data / "omtanke.toml")


def guard() -> Guard:
    """Decides where webhooks and chat messages may go."""
    return Guard(written().webhook_allow)
