"""Erasing from the command line: the same event as from the console, and a worker when none is at work."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from omtanke.folder import Folder
from omtanke.runtime.clock import is_live
from omtanke.runtime.erase import erasure_key
from omtanke.runtime.own_sources import ARCHIVE, CONSOLE, OwnSource
from omtanke.storage.erasing import Erasure, Erasures
from omtanke.storage.pages import Pages
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.erasure import ErasureRequested
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.refusal import CannotDo

LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 600.0


def find_customer(data: Path, customer: int | None = None, user_id: str | None = None, email: str | None = None) -> int:
    """The number of whoever is meant. Raises CannotDo when nobody is."""
    folder = Folder(data)
    log = folder.log()
    try:
        if customer is None:
            kind, value = ("user_id", user_id) if user_id is not None else ("email", email)
            found = log.identifier(folder.keys.identifier_key(kind, value or ""))
        else:
            found = customer if 0 < customer < log.counters()[0] and log.customer(customer)[1] != "subject" else 0
        if not found:
            raise CannotDo("Nobody is known by that. An erased person is known by nothing but the number; `omtanke rights receipts` lists those.")
        return found
    finally:
        log.close()


def erase_in(data: Path, customer: int) -> Erasure:
    """Ask for it and wait until it is done. Raises CannotDo when it did not happen."""
    folder = Folder(data)
    inbox, log = folder.inbox(), folder.log()
    try:
        entry = request_erasure(folder, inbox, log, customer)
        return wait_until_erased(folder, log, customer, entry)
    finally:
        inbox.close()
        log.close()


def request_erasure(folder: Folder, inbox: SqlInbox, log: SqlLog, customer: int) -> int:
    """Make the request durable; the inbox's last entry."""
    return own_source(folder, inbox, log).put(ErasureRequested, erasure_key(customer), customer, {})


def own_source(folder: Folder, inbox: SqlInbox, log: SqlLog) -> OwnSource:
    """Through which a command acts. Data that have ended are not made live by it: it is told as history, at their end."""
    settings, lives = folder.settings, is_live(inbox.sources().values())
    name, mode, clock = (CONSOLE, Mode.LIVE, folder.clock) if lives else (ARCHIVE, Mode.HISTORY, log.clock)
    return OwnSource(inbox, name, settings.zone, settings.currency, clock, mode)


def wait_until_erased(folder: Folder, log: SqlLog, customer: int, entry: int) -> Erasure:
    """With a worker beside, which waits when another one is at work and ends when all is done. Raises CannotDo."""
    worker = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(folder.path), "--until-idle"], start_new_session=True)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            consumed = log.consumed()  # before it is looked for: what is taken meanwhile is there then
            found = Erasures(log.connection).of(customer)
            if found is not None and found.status not in ("received", "running"):
                return found
            if found is None and consumed >= entry:
                raise CannotDo(f"Customer {customer} was not erased: {_why(folder, entry)}.")
            if worker.poll() is not None and not is_at_work(folder) and Erasures(log.connection).of(customer) == found:
                break
            time.sleep(LOOK_SECONDS)
        raise CannotDo("It has been asked for and has not happened yet. It will, once a worker is at work; `omtanke rights receipts` tells.")
    finally:
        worker.terminate()
        worker.wait()


def is_at_work(folder: Folder) -> bool:
    """Whether a worker is at work on the folder."""
    lock = folder.lock("worker")
    if lock.try_take():
        lock.release()
        return False
    return True


def _why(folder: Folder, entry: int) -> str:
    pages = Pages(folder.path)
    try:
        return pages.refused(entry) or "it had been asked for before, and was refused"
    finally:
        pages.close()
