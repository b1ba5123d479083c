"""`make truth`: on many seeded runs of the living shop, do the questions recover what was planted?

Each run: 5,000 persons over four weeks through the real inbox, worker, log and lake; then the real questions. What they
say is held against the planted effect in a large sample. An interval of 95 % must cover it in 92 to 98 % of the runs.

    python -m benchmarks.truth [first] [last]

What each seed gave is kept in `build/truth/<digest of the source>.jsonl`, so that a run that was stopped goes on.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime, timedelta
from hashlib import blake2b
from multiprocessing import get_context
from operator import attrgetter
from pathlib import Path
from statistics import fmean

import msgspec
from msgspec import Struct

from omtanke.flow import LakeFlow
from omtanke.folder import Folder
from omtanke.insight.answer import Answer, Record
from omtanke.insight.ask import ask
from omtanke.processes.worker import open_worker
from omtanke.simulate.days import ZONE
from omtanke.simulate.planted import ShopSettings
from omtanke.simulate.shop import Event, Shop
from omtanke.simulate.truth import TrueEffects
from omtanke.storage.ports import Incoming
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.vocabulary.fact import Mode

PERSONS, DAYS = 5_000, 28
BEGINS = datetime(2026, 9, 1, tzinfo=ZONE)
SEEDS = range(1, 201)
LEAST, MOST = 0.92, 0.98
PROCESSES = 2
BATCH = 5_000
MADE_BY = ("truth", "reminder")
SOURCE = Path(__file__).parent.parent / "src" / "omtanke"
# What a run goes through: pages, doors and channels are not in it.
RUN_THROUGH = ("vocabulary", "engine", "storage", "simulate", "insight", "runtime", "flow.py", "folder.py")
FOLDER = Path("build") / "truth"


class Found(Struct, frozen=True):
    """What a question said of an effect in one run, and the truth. No interval: too few answers to say anything."""

    effect: str
    truth: float
    estimate: float | None
    low: float | None
    high: float | None
    n1: int
    n0: int

    @property
    def has_said(self) -> bool:
        return self.low is not None and self.high is not None

    @property
    def covers(self) -> bool:
        return self.low is not None and self.high is not None and self.low <= self.truth <= self.high


class Run(Struct, frozen=True):
    """One seeded run."""

    seed: int
    seconds: float
    events: int
    found: tuple[Found, ...]


def run_seed(seed: int, persons: int = PERSONS) -> Run:
    """The shop of a seed, and what the questions say of it."""
    began = time.process_time()
    shop = Shop(seed, persons, BEGINS, ShopSettings())
    events = sorted(shop.advance(BEGINS + timedelta(days=DAYS)), key=attrgetter("occurred_at"))
    with tempfile.TemporaryDirectory() as folder:
        bring_in(Folder(Path(folder)), events)
        answers = {name: ask(Path(folder), name) for name in ("broken-cost", "told-first", "stores")}
    return Run(seed, time.process_time() - began, len(events), tuple(recovered(answers, shop.truth.effects())))


def bring_in(folder: Folder, events: Sequence[Event]) -> None:
    """What the shop has sent becomes facts, in this process, and lies in the lake."""
    inbox = folder.inbox()
    source = inbox.source("shop", Mode.HISTORY, ZONE.key, "SEK")
    inbox.begin_telling(source.source, events[0].at)
    for first in range(0, len(events), BATCH):
        inbox.append(source.source, [Incoming(one.message_id, one.occurred_at, one.wire) for one in events[first : first + BATCH]], events[-1].at)
    inbox.rest(source.source, True)
    inbox.close()
    work(folder)
    LakeFlow(folder).flush()


def work(folder: Folder) -> None:
    """The worker, until nothing is left to do."""
    worker, inbox = open_worker(folder)
    assert isinstance(inbox, SqlInbox)
    while not worker.work(folder.clock()).was_idle:
        pass
    inbox.close()


def recovered(answers: dict[str, Answer], true: TrueEffects) -> Iterator[Found]:
    """Each planted effect beside what its question says."""
    yield beside("cost of a broken promise", answers["broken-cost"].records[-1], true.broken_of_broken.large_sample)
    yield beside("told first", answers["told-first"].records[-1], true.told_first.large_sample)
    of_stores = fmean(size.large_sample for size in true.stores.values())
    by_store = {str(record["part"]).removeprefix("store/"): record for record in answers["stores"].records}
    for store, size in true.stores.items():
        if store in by_store:
            yield beside(f"store {store}, less the mean over stores", by_store[store], size.large_sample - of_stores)


def beside(effect: str, record: Record, truth: float) -> Found:
    return Found(effect, truth, record["estimate"], record["low"], record["high"], record["n1"] or 0, record["n0"] or 0)


def digest() -> str:
    """A word for the source that a run goes through, as it is."""
    hashed = blake2b(digest_size=6)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem in MADE_BY:
            hashed.update(path.read_bytes())
    for path in sorted(path for path in SOURCE.rglob("*") if path.suffix in (".py", ".sql", ".toml")):
        if path.relative_to(SOURCE).parts[0] in RUN_THROUGH:
            hashed.update(path.read_bytes())
    return hashed.hexdigest()


def runs(seeds: Sequence[int], kept: Path, run_one: Callable[[int], Run] = run_seed) -> list[Run]:
    """The runs of these seeds: those kept, and the others now, two at a time."""
    done = {run.seed: run for line in kept.read_bytes().splitlines() if (run := msgspec.json.decode(line, type=Run))} if kept.exists() else {}
    missing = [seed for seed in seeds if seed not in done]
    with kept.open("ab") as file, ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        for coming in as_completed([pool.submit(run_one, seed) for seed in missing]):
            run = coming.result()
            file.write(msgspec.json.encode(run) + b"\n")
            file.flush()
            done[run.seed] = run
            print(f"\r{len([seed for seed in seeds if seed in done])} of {len(seeds)} runs", end="", file=sys.stderr, flush=True)
    return [done[seed] for seed in seeds]


def table(found: Sequence[Run]) -> tuple[str, bool]:
    """What came of each effect, and whether every interval covers as often as it says."""
    every = [one for run in found for one in run.found]
    effects = list(dict.fromkeys(one.effect for one in every))
    lines = [f"{'effect':<46}{'runs':>6}{'cover':>7}{'share':>9}{'truth':>9}{'mean':>9}{'width':>8}{'n1':>7}{'n0':>7}"]
    holds = True
    for effect in [*effects, *(["all stores"] if any(one.startswith("store ") for one in effects) else [])]:
        of_effect = [one for one in every if one.effect == effect or (effect == "all stores" and one.effect.startswith("store "))]
        said = [one for one in of_effect if one.has_said]
        covered = sum(one.covers for one in said)
        is_held = bool(said) and LEAST <= covered / len(said) <= MOST
        holds = holds and (is_held or effect.startswith("store "))
        figures = (fmean(one.truth for one in said), fmean(one.estimate or 0 for one in said), fmean((one.high or 0) - (one.low or 0) for one in said))
        counts = (fmean(one.n1 for one in said), fmean(one.n0 for one in said))
        lines.append(
            f"{effect:<46}{len(said):>6}{covered:>7}{covered / len(said):>9.1%}"
            + "".join(f"{one:>9.3f}" for one in figures[:2])
            + f"{figures[2]:>8.3f}"
            + "".join(f"{one:>7.0f}" for one in counts)
        )
    seconds = [run.seconds for run in found]
    lines.append(
        f"{len(found)} runs, {fmean(run.events for run in found):,.0f} events each, {fmean(seconds):.1f} s of one core each, {max(seconds):.1f} s at most"
    )
    return "\n".join(lines), holds


def main(arguments: Sequence[str]) -> int:
    return report(arguments, "", run_seed)


def report(arguments: Sequence[str], name: str, run_one: Callable[[int], Run]) -> int:
    """Print what came of the seeds named, or of all; 0 when every interval holds. `name`: under which the runs are kept."""
    first, last = (int(arguments[0]), int(arguments[1])) if len(arguments) == 2 else (SEEDS[0], SEEDS[-1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    found = runs(range(first, last + 1), FOLDER / f"{name}{digest()}.jsonl", run_one)
    text, holds = table(found)
    print(f"\n{text}\n{time.monotonic() - began:.0f} s in all")
    print(f"Every interval covers in {LEAST:.0%} to {MOST:.0%} of the runs." if holds else "NOT every interval covers as often as it says.")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
