"""A shop of ten million facts, grown by the worker itself year by year and kept under `build/bench`; one of a hundred thousand beside it.

`python -m benchmarks.grown_shop`: most of an hour on two free cores, and 10 GB; goes on where it was stopped. Cohorts of customers live for four weeks
each and then rest, so that whoever is active is recent, as in a shop. Both shops are left in the midst of a cohort, with what happens next beside them.
"""

from __future__ import annotations

import json
import multiprocessing
import pickle
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from benchmarks.shop import FOLDER
from omtanke.flow import LakeFlow
from omtanke.folder import Folder
from omtanke.intake.calls import read_calls
from omtanke.intake.gathering import Sending
from omtanke.runtime.door_keys import open_write_keys
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.runtime.working import wall_clock
from omtanke.simulate.customer import draw
from omtanke.simulate.numbering import LARGE_SHOP
from omtanke.simulate.shop import FIRST_ORDINARY, Event, Shop
from omtanke.simulate.visits import orders_a_day
from omtanke.storage.keys import Keys
from omtanke.storage.lake import REPLACED_SPAN, Lake
from omtanke.storage.ports import Incoming
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import datetime_of, zone_named

SMALL, LARGE = 100_000, 10_000_000
PERSONS, COHORT, NUMBERS = 8_000, timedelta(days=28), 100_000
BATCH = 2_000
NEXT_EVENTS = 150_000
FACTS_OF_COHORT = 125_000  # at the least
ENDS = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)
SENDING = Sending("shop", Mode.LIVE, zone_named("Europe/Stockholm"), "SEK")

LAST_AT = "SELECT now FROM fact ORDER BY position DESC LIMIT 1"

# (when it was sent, messages)
Told = tuple[int, list[Incoming]]


class Cohort(Shop):
    """A shop whose customers and orders have numbers of their own, so that those of several cohorts are as many."""

    def __init__(self, number: int, begins_at: datetime) -> None:
        self._first = FIRST_ORDINARY + number * PERSONS
        super().__init__(number + 1, PERSONS, begins_at)
        self.world.last_number = LARGE_SHOP + number * NUMBERS

    def _people(self, seed: int, persons: int) -> None:
        world = self.world
        world.ordinary = [draw(Random(seed << 40 | number), number) for number in range(self._first, self._first + persons)]
        world.by_user = {one.user_id: one for one in world.ordinary}
        world.orders_a_day = orders_a_day(persons, world.settings.intensity)
        world.warehouse.a_day = max(1.0, world.settings.capacity * world.orders_a_day)


def cohorts(first: int, count: int) -> Iterator[Event]:
    """What those from the first on do, one cohort after another, and four weeks more of the last."""
    for number in range(first, count):
        begins = ENDS - (count - number) * COHORT
        yield from Cohort(number, begins).advance(begins + (2 if number == count - 1 else 1) * COHORT)


def messages(events: Iterator[Event], keys: Keys) -> Iterator[Told]:
    """Batches as the door hands them on; what it refuses is left out."""
    gathered: list[Event] = []
    for event in events:
        gathered.append(event)
        if len(gathered) == BATCH:
            at = gathered[-1].at
            yield at, read_calls("batch", {"batch": [json.loads(one.wire) for one in gathered]}, SENDING, lambda at=at: at, keys).taken  # type: ignore[misc]
            gathered = []


def tell(pipe: Connection, first: int, count: int, keys: Keys) -> None:
    """The other process: makes the messages while the worker works."""
    for told in messages(cohorts(first, count), keys):
        pipe.send(told)
    pipe.send(None)


def grow(data: Path, facts: int, count: int) -> None:
    """A folder with so many facts, and `next.pickle` beside: what happens then."""
    folder = Folder(data)
    inbox, log = folder.inbox(), folder.log()
    source = inbox.source(open_write_keys(data / "keys")[0].sender, SENDING.mode, SENDING.zone.key, SENDING.currency).source
    ours, theirs = multiprocessing.Pipe(duplex=False)
    teller = multiprocessing.get_context("fork").Process(target=tell, args=(theirs, next_cohort(log, count), count, folder.keys))
    teller.start()
    worker: Worker | None = None
    while log.last_position() < facts:
        at, incoming = ours.recv()
        worker = worker or Worker(inbox, log, folder.keys, activate(log, folder.policy_text(), at - 60_000_000))
        inbox.append(source, incoming, at)
        while not worker.work(at).was_idle:
            pass
        inbox.trim(worker.consumed())
        if worker.consumed() % 200_000 < BATCH:
            print(f"{datetime.now():%H:%M:%S} {log.last_position():,} facts", flush=True)
    following: list[Told] = []
    while sum(len(incoming) for _, incoming in following) < NEXT_EVENTS and (told := ours.recv()) is not None:
        following.append(told)
    teller.terminate()
    (data / "next.pickle").write_bytes(pickle.dumps(following))
    tidy(inbox)
    LakeFlow(folder).flush()
    for now in (wall_clock(), wall_clock() + REPLACED_SPAN):  # what was replaced in all these years has long gone
        Lake(folder.lake_path).sweep(now)
    (data / "done").touch()


def next_cohort(log: SqlLog, count: int) -> int:
    """The first, or the one after that in which growing was stopped."""
    last = log.connection.execute(LAST_AT).fetchone()
    return 1 + int(count - (ENDS - datetime_of(last[0])) / COHORT) if last else 0


def tidy(inbox: SqlInbox) -> None:
    """Leave nothing behind that a worker of today would have to do first."""
    inbox.tidy()
    inbox.close()


def grown(facts: int) -> Path:
    """The folder of so many facts; made when there is none yet."""
    data = FOLDER / f"grown-{facts}"
    if not (data / "done").exists():
        grow(data, facts, -(-facts // FACTS_OF_COHORT) + 1)
    return data


if __name__ == "__main__":
    for facts in map(int, sys.argv[1:] or (SMALL, LARGE)):
        print(grown(facts))
