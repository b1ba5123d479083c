"""What looking for pairs costs in a large shop: seconds, memory, and how both grow. Every fortieth person has a second account.

python -m benchmarks suggestions_cost
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.truth import BATCH, work
from omtanke.folder import Folder
from omtanke.processes.suggest import suggest_links
from omtanke.simulate.people import Person, person
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode

SIZES = (50_000, 100_000, 200_000)
EVERY = 40
AT = 1_790_000_000_000_000


def told(one: Person, user: str, email: str) -> dict[str, Any]:
    address = {"street": one.street, "postalCode": one.postal_code, "city": one.city, "state": one.region}
    return {"type": "identify", "userId": user, "messageId": user, "traits": {"name": one.name, "email": email, "phone": one.phone, "address": address}}


def identified(persons: int) -> Iterator[dict[str, Any]]:
    """Everybody has told who they are; some a second time, from work, under another account."""
    rng = Random(1)
    for number in range(persons):
        one = person(rng, number, ())
        yield told(one, one.user_id, one.email)
        if number % EVERY == 0:
            yield told(one, f"{one.user_id}-b", f"b{number}@work.example")


def make(folder: Folder, persons: int) -> None:
    """The shop, through its own inbox and worker."""
    inbox = folder.inbox()
    source = inbox.source("shop", Mode.HISTORY, "Europe/Stockholm", "SEK")
    inbox.begin_telling(source.source, AT)
    batch: list[Incoming] = []
    for n, message in enumerate(identified(persons)):
        batch.append(Incoming(message["messageId"], AT + n, json.dumps(message).encode()))
        if len(batch) == BATCH:
            inbox.append(source.source, batch, AT + n)
            batch = []
    inbox.append(source.source, batch, AT + persons * 2)
    inbox.rest(source.source, True)
    inbox.close()
    work(folder)


def measure(data: str, out: Any) -> None:
    """The n-th who tells who they are is customer n; whoever has a second account is told of twice in a row."""
    began = time.perf_counter()
    searched = suggest_links(Path(data), 10_000_000, lambda what, done, of: None)
    seconds, megabytes = (time.perf_counter() - began, time.process_time()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with closing(Folder(Path(data)).suggestions()) as suggestions:
        right = sum(one.two == one.one + 1 and one.one % (EVERY + 1) == 1 for one in suggestions.open(searched.open))
    out.put((searched.persons, searched.open, right, seconds, megabytes))


def run() -> None:
    print("suggestions: cost")
    context = multiprocessing.get_context("spawn")
    for persons in SIZES:
        with tempfile.TemporaryDirectory() as data:
            make(Folder(Path(data)), persons)
            out = context.Queue()
            process = context.Process(target=measure, args=(data, out))
            process.start()
            count, found, right, seconds, megabytes = out.get()
            process.join()
        there = -(-persons // EVERY)
        cost = f"{seconds[0]:6.1f} s ({seconds[1]:.1f} s of one core), {megabytes:6.0f} MB at most"
        print(f"  {count:>7,} persons: {cost}; {found:,} pairs suggested, {right:,} of them right, {there:,} there", flush=True)
