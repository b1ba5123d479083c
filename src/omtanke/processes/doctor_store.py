"""What `omtanke doctor` looks at in the store: databases, processes, inbox, wakes, quarantine, who is set aside, lake, outbox, clock."""

from __future__ import annotations

import fcntl
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from omtanke.processes.finding import Finding, Folder, look, wrong
from omtanke.storage.aside import seen
from omtanke.storage.database import FAILURES
from omtanke.storage.databases import database_url, has_database, read_database
from omtanke.storage.lake import Lake
from omtanke.storage.lake_manifest import LakeTooNew
from omtanke.storage.pages import Pages
from omtanke.storage.sqlite import MIGRATIONS, connect
from omtanke.storage.standing import LOG, OUTBOX, Standing, standing
from omtanke.storage.statements import statements
from omtanke.vocabulary.time import DAY, HOUR, MINUTE, SECOND

INBOX = statements("standing/inbox.sql")
CHECK_SECONDS = 3.0
STEPS = 100_000
DATABASES = (*MIGRATIONS, "staff")
LONG_WAIT = 2 * MINUTE
MOST_NAMED, MOST_COUNTED = 3, 1_000
MANY_QUARANTINED = 20


def databases(folder: Folder) -> Iterator[Finding]:
    """Each database can be read, has a format that we know, and is whole, as far as that is seen in a few seconds."""
    if url := database_url(folder.path):
        yield from in_postgres(url)
        return
    for name in DATABASES:
        path = folder.path / f"{name}.db"
        if not path.exists():
            if name in ("log", "inbox"):
                yield wrong("databases", f"{name}.db is not there", "a store has it", "name the right folder with --data, or put back a back-up")
            continue
        try:
            with closing(connect(path, read_only=True)) as db:
                yield from of_format(name, db)
                yield from of_pages(name, db, folder.is_thorough)
        except sqlite3.Error as error:
            yield wrong("databases", f"{name}.db cannot be read: {error}", "SQLite reads every page of it", restoring(name))


def in_postgres(url: str) -> Iterator[Finding]:
    """The server answers, and its schemas have formats that we know; whether its pages are whole is for the server to watch."""
    from omtanke.storage.postgres import MIGRATIONS, formats_of

    try:
        formats = formats_of(url)
    except FAILURES as error:
        yield wrong("databases", str(error), "the shop stands in PostgreSQL, which answers", "start it, or mend `database` in omtanke.toml (OMTANKE_DATABASE)")
        return
    for name, versions in MIGRATIONS.items():
        current, newest = formats.get(name, 0), versions[-1][0]
        if name in ("log", "inbox") and not current:
            yield wrong("databases", f"there is no schema omtanke_{name}", "a store has it", "name the right database, or omtanke move")
        if current > newest:
            yield wrong(
                "databases", f"omtanke_{name} has format {current}", f"this version reads up to {newest}", "install the version that wrote it, or a later one"
            )


def of_format(name: str, db: sqlite3.Connection) -> Iterator[Finding]:
    (current,) = db.execute("PRAGMA user_version").fetchone()
    newest = MIGRATIONS[name][-1][0] if name in MIGRATIONS else current
    if current > newest:
        yield wrong("databases", f"{name}.db has format {current}", f"this version reads up to {newest}", "install the version that wrote it, or a later one")


def of_pages(name: str, db: sqlite3.Connection, is_thorough: bool) -> Iterator[Finding]:
    """SQLite's own check. It reads; the others write meanwhile."""
    until = time.monotonic() + CHECK_SECONDS
    if not is_thorough:
        db.set_progress_handler(lambda: int(time.monotonic() > until), STEPS)
    try:
        for (said,) in db.execute("PRAGMA quick_check(3)"):
            if said != "ok":
                yield wrong("databases", f"{name}.db: {said}", "every page is what SQLite wrote there", restoring(name))
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        yield look(
            "databases",
            f"{name}.db is too large to be read through in {CHECK_SECONDS:.0f} seconds",
            "the check is whole",
            "omtanke doctor --thorough, in a quiet hour",
        )


def restoring(name: str) -> str:
    return "stop everything, keep a copy of the folder as it is, and put back the newest back-up (docs/how-to/back-up-and-restore.md)"


def clock(folder: Folder) -> Iterator[Finding]:
    """The machine's clock has not gone back behind what was received."""
    if not has_database(folder.path, "inbox"):
        return
    with closing(read_database(folder.path, "inbox")) as db:
        row = db.execute(INBOX["last_received_at"]).fetchone()
    ahead = (row[0] - folder.shop_now) / SECOND if row else 0.0
    if ahead > 5:
        rule = "what is received is never earlier than what was received before, so until then everything counts as received at that moment"
        yield wrong(
            "clock",
            f"the clock is {ahead:,.0f} seconds behind the last message",
            rule,
            "set the machine's clock by NTP (timedatectl); nothing else has to be done",
        )


def is_held(data: Path, name: str) -> bool:
    """Whether a process has the lock; it is not touched."""
    if url := database_url(data):
        from omtanke.storage.postgres import is_locked

        return is_locked(url, name)
    lock = data / f"{name}.lock"
    if not lock.exists():
        return False
    with lock.open("r") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def work(folder: Folder) -> Iterator[Finding]:
    """What comes in becomes facts, what is due happens, and what leaves leaves."""
    pages = Pages(folder.path)
    try:
        found = standing(folder.path, pages, folder.shop_now)
        yield from of_worker(folder, found)
        yield from of_dispatch(folder, found)
        yield from of_people(pages, found, folder)
    finally:
        pages.close()


def of_worker(folder: Folder, found: Standing) -> Iterator[Finding]:
    is_at_work = is_held(folder.path, "worker")
    waited = (folder.shop_now - found.waiting_since) / SECOND if found.waiting_since else 0.0
    if found.waiting and not is_at_work:
        rule = "a worker makes facts of them; they are durable until then"
        yield wrong("worker", f"no worker is at work, and {found.waiting:,} messages wait", rule, "omtanke serve, or omtanke run worker")
    elif waited * SECOND > LONG_WAIT and not found.is_told:
        rule = "a message waits two minutes at most, unless an import is under way"
        yield wrong(
            "worker",
            f"{found.waiting:,} messages wait, the oldest for {waited:,.0f} seconds",
            rule,
            "see the worker's log, and whether the machine is busy with something else",
        )
    overdue = (folder.shop_now - found.due_since) / SECOND if found.due_since else 0.0
    if is_at_work and overdue * SECOND > LONG_WAIT and not found.is_told:
        yield wrong("wakes", f"{found.due:,} are due, the first for {overdue:,.0f} seconds", "a wake is late by a second at most", "see the worker's log")


def of_dispatch(folder: Folder, found: Standing) -> Iterator[Finding]:
    is_at_work, now = is_held(folder.path, "dispatch"), folder.now
    if is_at_work and now - found.dispatch_at > MINUTE:
        yield wrong("dispatch", "it has given no sign for more than a minute", "it does every five seconds", "end it; omtanke serve starts it again")
    waiting = sum(one.count for one in found.leaving)
    if waiting and not is_at_work:
        yield wrong(
            "dispatch", f"it is not at work, and {waiting:,} deliveries wait", "webhooks, mail and chat leave by it", "omtanke serve, or omtanke run dispatch"
        )
    if not has_database(folder.path, "outbox"):
        return
    with closing(read_database(folder.path, "outbox")) as db:
        off, failed = db.execute(OUTBOX["receivers_off"]).fetchall(), db.execute(OUTBOX["failed"], {"since": now - DAY}).fetchall()
    for (receiver,) in off:
        yield look(
            "dispatch", f"receiver {receiver} is off: it answered 410", "who is off is told nothing", "mend its address on the page Receivers, or remove it"
        )
    for way, count in failed:
        yield look(
            "dispatch",
            f"{count:,} by {way} did not arrive within the last day",
            "what has failed to the end is not tried again",
            "the page Deliveries says why, and sends again",
        )


def of_people(pages: Pages, found: Standing, folder: Folder) -> Iterator[Finding]:
    """Who needs somebody: set aside, in quarantine, waiting to be forgotten."""
    if found.aside.persons:
        faults = Counter(f"{one.fault}, on {one.type}" for one in seen(pages, MOST_COUNTED)).most_common(MOST_NAMED)
        named = "; ".join(f"{count:,} by {fault}" for fault, count in faults)
        value = f"{found.aside.persons:,} customers are set aside, {found.aside.waiting:,} facts wait: {named}"
        yield wrong("set aside", value, "we fail at nobody", "report the fault; after an upgrade they return by themselves, or by omtanke retry --all")
    names = {source.source: source.name for source in pages.sources()}
    lately = pages.ask(LOG["quarantined"], since=folder.shop_now - DAY)
    for source, rule, count in lately:
        if count >= MANY_QUARANTINED:
            value = f"{count:,} messages of {names.get(source, 'an unknown sender')} within a day: {rule}"
            yield look("quarantine", value, "what is sent can be understood", "Health shows them; mend the sender, or ask for what is missing")
    waited = (folder.shop_now - found.erasures_since) / HOUR if found.erasures_since else 0.0
    if waited > 1:
        yield wrong(
            "erasures",
            f"{found.erasures:,} wait, the first for {waited:,.0f} hours",
            "somebody is forgotten within minutes",
            "see whether the worker is at work, and whether they are set aside",
        )
    ((partly,),) = pages.ask(LOG["partly_erased"])
    if partly:
        yield look("erasures", f"{partly:,} are partly done", "what is left has a date in the receipt", "omtanke rights receipts says what, and until when")


def lake(folder: Folder) -> Iterator[Finding]:
    """The files that the manifest names are there, and it keeps up with the log."""
    place = Lake(folder.path / "lake")
    way_out = "stop everything, move the folder lake/ away and start: it is written anew from the log"
    try:
        manifest = place.manifest()
    except LakeTooNew as too_new:
        yield wrong("lake", str(too_new), "the lake is of our version or an older one", "install the version that wrote it, or a later one")
        return
    except (ValueError, OSError) as error:
        yield wrong("lake", f"manifest.json cannot be read: {error}", "it names the files that count", way_out)
        return
    parts = [part for of_type in manifest.parts.values() for part in of_type]
    missing = [part.path for part in parts if not is_file(place.folder / part.path)]
    if missing:
        yield wrong("lake", f"{len(missing):,} of {len(parts):,} files are missing, as {missing[0]}", "every file that the manifest names is there", way_out)
    pages = Pages(folder.path)
    try:
        last = pages.last_fact()[0]
    finally:
        pages.close()
    if manifest.position > last:
        yield wrong(
            "lake", f"it is complete to position {manifest.position:,}, and the log ends at {last:,}", "the lake never knows more than the log", way_out
        )


def is_file(path: Path) -> bool:
    """Whether there is a file with something in it."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
