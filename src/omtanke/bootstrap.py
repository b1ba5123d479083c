"""What commands do that takes several rooms: imports with a worker beside them, and the check."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from omtanke.folder import Folder
from omtanke.intake.importers.mapped import import_csv
from omtanke.intake.importers.mapping import read_map
from omtanke.intake.importers.olist import CURRENCY, NAME, ZONE_NAME, import_olist
from omtanke.intake.importers.ports import Progress
from omtanke.intake.importers.report import Report
from omtanke.runtime.replay import Checked, check
from omtanke.runtime.working import wall_clock
from omtanke.storage.ports import Source
from omtanke.storage.sqlite_inbox import SqliteInbox
from omtanke.vocabulary.fact import Mode

POLL_SECONDS = 0.2


@contextmanager
def worker_at_work(data: Path) -> Iterator[None]:
    """A worker for as long as the block runs and there is work, unless one is at work on the folder already."""
    process = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(data), "--until-idle"], start_new_session=True)
    try:
        yield
        process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise


@contextmanager
def telling(inbox: SqliteInbox, source: Source, ended: bool) -> Iterator[None]:
    """While the block runs, the source tells the past; interrupted, it is still telling."""
    inbox.begin_telling(source.source, wall_clock())
    yield
    inbox.rest(source.source, ended)


def import_olist_folder(data: Path, publisher: Path, progress: Progress, dry_run: bool, ended: bool) -> Report:
    """Olist's published files onto the timelines."""
    folder = Folder(data)
    inbox = folder.inbox()
    source = inbox.source(NAME, Mode.HISTORY, ZONE_NAME, CURRENCY)
    if dry_run:
        return import_olist(publisher, inbox, source.source, wall_clock, progress=progress, dry_run=True, ended=ended)
    with worker_at_work(data):
        with telling(inbox, source, ended):
            report = import_olist(publisher, inbox, source.source, wall_clock, progress=progress, ended=ended)
        wait_until_consumed(folder, inbox, progress)
    return report


def import_csv_file(data: Path, file: Path, map_file: Path, progress: Progress, dry_run: bool, ended: bool) -> Report:
    """Any export onto the timelines, by a map."""
    mapped = read_map(map_file)
    folder = Folder(data)
    inbox = folder.inbox()
    source = inbox.source(mapped.name, Mode.HISTORY, mapped.zone, mapped.currency)
    if dry_run:
        return import_csv(file, mapped, inbox, source.source, wall_clock, progress=progress, dry_run=True)
    with worker_at_work(data):
        with telling(inbox, source, ended):
            report = import_csv(file, mapped, inbox, source.source, wall_clock, progress=progress)
        wait_until_consumed(folder, inbox, progress)
    return report


def wait_until_consumed(folder: Folder, inbox: SqliteInbox, progress: Progress) -> None:
    """Until the worker has made facts of everything in the inbox; another's worker may be doing it."""
    log, last = folder.log(), inbox.last_entry()
    first = log.consumed()
    while (consumed := log.consumed()) < last:
        progress("facts", consumed - first, last - first)
        time.sleep(POLL_SECONDS)
    progress("facts", last - first, last - first)


def check_folder(data: Path) -> Iterator[Checked]:
    """`replay --check`, with the sum so far after each person."""
    folder = Folder(data)
    log = folder.log()
    sources = folder.inbox().sources().values()
    rests = all(source.mode is Mode.HISTORY and not source.is_telling for source in sources) and log.consumed() >= folder.inbox().last_entry()
    return check(log, log.clock() if rests else None)
