"""How a store stands, in numbers and without anything of a customer's: for those who watch over it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from shutil import disk_usage

from msgspec import Struct

from omtanke.storage.aside import AsideCounts, counted
from omtanke.storage.databases import has_database, read_database
from omtanke.storage.pages import Pages
from omtanke.storage.statements import statements

LOG, OUTBOX = statements("standing/log.sql"), statements("standing/outbox.sql")


class Leaving(Struct, frozen=True):
    """What waits to leave the house for one receiver: its number, or 0 for staff by that way."""

    way: str
    receiver: int
    count: int
    since: int


class Standing(Struct, frozen=True):
    """How a store stands. Moments are UTC microseconds, 0 for none.

    waiting, waiting_since: messages that are not yet facts, and when the oldest came in. is_told: an import explains it. position: of the last
    fact. due, due_since: wakes that are due, and since when. erasures, erasures_since: those that are not done. quarantined: messages not
    understood. aside: who is set aside. followed: how far dispatch has read the log. dispatch_at: when it gave its last sign.
    leaving: what waits in the outbox. free, size: of the disk, in bytes.
    """

    waiting: int
    waiting_since: int
    is_told: bool
    position: int
    due: int
    due_since: int
    erasures: int
    erasures_since: int
    quarantined: int
    aside: AsideCounts
    followed: int
    dispatch_at: int
    leaving: tuple[Leaving, ...]
    free: int
    size: int


def standing(data: Path, pages: Pages, now: int) -> Standing:
    """How it stands at the store's `now`. Raises one of FAILURES when it cannot be read."""
    consumed = pages.consumed()
    waiting = max(0, pages.last_entry()[0] - consumed)
    (due,), (erasures,) = pages.ask(LOG["wakes"], now=now), pages.ask(LOG["erasures"])
    leaving, meta = _outbox(data)
    usage = disk_usage(data)
    return Standing(
        waiting=waiting,
        waiting_since=pages.oldest_unread(consumed) if waiting else 0,
        is_told=any(source.is_telling for source in pages.sources()),
        position=pages.last_fact()[0],
        due=due[0],
        due_since=due[1],
        erasures=erasures[0],
        erasures_since=erasures[1],
        quarantined=pages.quarantine_count(),
        aside=counted(pages),
        followed=meta.get("position", 0),
        dispatch_at=meta.get("alive_at", 0),
        leaving=leaving,
        free=usage.free,
        size=usage.total,
    )


def _outbox(data: Path) -> tuple[tuple[Leaving, ...], dict[str, int]]:
    if not has_database(data, "outbox"):
        return (), {}
    with closing(read_database(data, "outbox")) as db:
        return tuple(Leaving(*row) for row in db.execute(OUTBOX["waiting"])), dict(db.execute(OUTBOX["meta"]).fetchall())
