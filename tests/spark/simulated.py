"""A small simulated shop in a data folder: facts in the lake, in files of several days and shapes, and a tail of the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path
from zlib import crc32

import pyarrow.parquet as pq
from msgspec.structs import replace

from omtanke.folder import Folder
from omtanke.playbook import write_shipped
from omtanke.processes.worker import open_worker
from omtanke.simulate.days import ZONE
from omtanke.simulate.shop import Shop
from omtanke.storage.lake import Lake
from omtanke.storage.lake_manifest import publish
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import HOUR, moment_of

BEGINS = datetime(2026, 9, 1, tzinfo=ZONE)
BATCH = 2_000
STRETCHES = 4
SCALES = {"0-10": (0, 6, 7, 9, 10, 10), "1-7": (1, 4, 5, 7, 7), "1-3": (1, 2, 3, 3), "0-1": (0, 1, 1)}
ADDED_LATER = "asked"


def simulated_shop(folder: Path, persons: int, days: int) -> Path:
    """What has happened is made facts; the first stretches of them lie in the lake, the last in the log alone."""
    write_shipped(folder / "playbook")
    there = Folder(folder)
    inbox, ends = there.inbox(), BEGINS + timedelta(days=days)
    told = [Incoming(one.message_id, one.occurred_at, with_sureness(one.wire)) for one in Shop(7, persons, BEGINS).advance(ends)]
    told = sorted([*told, *surveys(persons, days)], key=attrgetter("stamped_at"))
    source = inbox.source("shop", Mode.HISTORY, ZONE.key, "SEK").source
    inbox.begin_telling(source, moment_of(BEGINS))
    worker, _ = open_worker(there)
    for first in range(0, len(told), BATCH):
        inbox.append(source, told[first : first + BATCH], moment_of(ends))
    inbox.rest(source, has_ended=True)
    while not worker.work(moment_of(ends)).was_idle:
        pass
    live = inbox.source("till", Mode.LIVE, ZONE.key, "SEK").source
    inbox.append(live, [*orders_today(ends)], moment_of(ends))
    while not worker.work(moment_of(ends) + HOUR).was_idle:
        pass
    flow(there)
    return folder


def orders_today(at: datetime) -> Iterator[Incoming]:
    """Orders told as they come in, which plays answer: nothing is said about what was told as history."""
    for number in range(30):
        said = {"order_id": f"today {number}", "total": 100, "promises": [{"kind": "delivery", "until": "2099-01-01", "words": "Snart"}]}
        for name, more in (
            ("identify", {"traits": {"name": "Kim Berg", "email": f"kim{number}@example.com"}}),
            ("track", {"event": "Order Completed", "properties": said}),
        ):
            message = {"type": name, "messageId": f"{name} {number}", "userId": f"today {number}", "timestamp": at.isoformat(), **more}
            yield Incoming(f"{name} {number}", moment_of(at), json.dumps(message).encode())


def with_sureness(wire: bytes) -> bytes:
    """A message as the shop tells it; two quotes of three as a model gives one, which says how sure it is."""
    if b'"Quote Given"' not in wire:
        return wire
    message = json.loads(wire)
    number = crc32(message["messageId"].encode())
    sure = {"sure_permille": (800, 900, 950)[number % 5 % 3]} if number % 3 else {}
    return json.dumps(message | {"properties": message["properties"] | sure}).encode()


def surveys(persons: int, days: int) -> Iterator[Incoming]:
    """Answers on the scales that the shop's own surveys do not have, some of them twice, some in lists."""
    for number in range(8 * days):
        scale, at = list(SCALES)[number % len(SCALES)], BEGINS + timedelta(hours=3 * number)
        scores = SCALES[scale]
        answers = [{"question": f"q{n}", "scale": scale, "score": scores[(number + n) % len(scores)], "touchpoint": f"store/{n}"} for n in range(number % 3)]
        said = {"survey_id": f"s{number // 2}", "scale": scale, "score": scores[number % len(scores)], "answers": answers, "channel": "web"}
        message = {
            "type": "track",
            "event": "Survey Answered",
            "messageId": f"survey {number}",
            "userId": f"asked {number % persons}",
            "timestamp": at.isoformat(),
            "properties": said,
        }
        yield Incoming(message["messageId"], moment_of(at), json.dumps(message).encode())


def flow(folder: Folder) -> None:
    """All but the last stretch of the log into the lake; one file is as an older version wrote it, without a column that came later."""
    log, lake = folder.log(), Lake(folder.lake_path)
    last = log.last_position()
    for stretch in range(1, STRETCHES):
        lake.flush(log.connection, upto=last * stretch // STRETCHES)
    log.close()
    manifest = lake.manifest()
    part, *others = manifest.parts["survey_answered"]
    place = lake.folder / part.path
    pq.write_table(pq.read_table(place, partitioning=None).drop_columns([ADDED_LATER]), place)
    publish(lake.folder, replace(manifest, parts=manifest.parts | {"survey_answered": (replace(part, shape="before"), *others)}))
