"""What commands do that takes several rooms: imports with a worker beside them, and the check."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from omtanke.flow import LakeFlow
from omtanke.folder import Folder
from omtanke.intake.importers.mapped import import_csv
from omtanke.intake.importers.mapping import read_map
from omtanke.intake.importers.olist import CURRENCY, NAME, ZONE_NAME, import_olist
from omtanke.intake.importers.ports import Progress
from omtanke.intake.importers.report import Report
from omtanke.runtime.clock import is_live
from omtanke.runtime.replay import Checked, check
from omtanke.runtime.working import FLUSH_EVERY_FACTS, wall_clock
from omtanke.storage.ports import Source
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.refusal import CannotDo

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

POLL_SECONDS = 0.1

T = TypeVar("T")


class WorkBeside:
    """A worker beside an import. When one is at work on the folder already, it waits, and ends when that has done all.

    It leaves the lake to this process, which has nothing else to do once everything is handed over.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def __enter__(self) -> Self:
        command = ["run", "worker", "--data", str(self._folder.path), "--until-idle", "--leave-lake"]
        self._process = subprocess.Popen([sys.executable, "-m", "omtanke.cli", *command], start_new_session=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, *about: object) -> None:
        if kind is not None:
            self._process.terminate()
        self._process.wait()

    def finish(self, inbox: SqlInbox, progress: Progress) -> None:
        """Until everything in the inbox has become facts and lies in the lake.

        Raises CannotDo when the worker has ended before.
        """
        log, flow, last = self._folder.log(), LakeFlow(self._folder), inbox.last_entry()
        first, flowed = log.consumed(), log.last_position()
        while self._process.poll() is None:
            progress("facts", log.consumed() - first, last - first)
            if log.last_position() - flowed >= FLUSH_EVERY_FACTS:
                flow.flush()
                flowed = log.last_position()
            time.sleep(POLL_SECONDS)
        if self._process.returncode:
            raise CannotDo("The worker has ended before its work was done; what it said stands above. The same command goes on from there.")
        flow.flush()


@contextmanager
def telling(inbox: SqlInbox, source: Source, ended: bool, clock: Callable[[], int] = wall_clock) -> Iterator[None]:
    """While the block runs, the source tells the past; interrupted, it is still telling."""
    inbox.begin_telling(source.source, clock())
    yield
    inbox.rest(source.source, ended)


def bring_in(folder: Folder, inbox: SqlInbox, source: Source, ended: bool, progress: Progress, tell: Callable[[], T]) -> T:
    """What `tell` puts into the inbox becomes facts, and lies in the lake when this is over."""
    with WorkBeside(folder) as work:
        with telling(inbox, source, ended):
            told = tell()
        work.finish(inbox, progress)
    return told


def import_olist_folder(data: Path, publisher: Path, progress: Progress, dry_run: bool, ended: bool) -> Report:
    """Olist's published files onto the timelines."""
    folder = Folder(data)
    inbox = folder.inbox()
    source = inbox.source(NAME, Mode.HISTORY, ZONE_NAME, CURRENCY)

    def tell() -> Report:
        return import_olist(publisher, inbox, source.source, wall_clock, progress=progress, dry_run=dry_run, ended=ended)

    return tell() if dry_run else bring_in(folder, inbox, source, ended, progress, tell)


def import_csv_file(data: Path, file: Path, map_file: Path, progress: Progress, dry_run: bool, ended: bool) -> Report:
    """Any export onto the timelines, by a map."""
    mapped = read_map(map_file)
    folder = Folder(data)
    inbox = folder.inbox()
    source = inbox.source(mapped.name, Mode.HISTORY, mapped.zone, mapped.currency)

    def tell() -> Report:
        return import_csv(file, mapped, inbox, source.source, wall_clock, progress=progress, dry_run=dry_run)

    return tell() if dry_run else bring_in(folder, inbox, source, ended, progress, tell)


def has_live_source(data: Path) -> bool:
    """Whether anything has come in at the door; time is the wall clock's then."""
    return is_live(Folder(data).inbox().sources().values())


def check_folder(data: Path) -> Iterator[Checked]:
    """`replay --check`, with the sum so far after each person."""
    folder = Folder(data)
    log = folder.log()
    return check(log, rests_at(folder, log))


def check_folder_in_spark(spark: SparkSession, data: Path, progress: Progress) -> Checked:
    """The same by the workers of Spark."""
    from omtanke.spark.checking import check_in_spark

    folder = Folder(data)
    log = folder.log()
    return check_in_spark(spark, folder, log, rests_at(folder, log), progress)


def rests_at(folder: Folder, log: SqlLog) -> int | None:
    """The store's clock when it stands still: nothing live comes in, nobody tells the past, and everything is done. Else None."""
    sources = folder.inbox().sources().values()
    rests = not is_live(sources) and not any(source.is_telling for source in sources) and log.consumed() >= folder.inbox().last_entry()
    return log.clock() if rests else None
