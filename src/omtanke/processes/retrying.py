"""Customers at whom we have failed are tried again from the command line: the same event as from Health, and a worker when none is at work."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from omtanke.folder import Folder
from omtanke.processes.erasing import is_at_work
from omtanke.runtime.clock import is_live
from omtanke.runtime.own_sources import ARCHIVE, CONSOLE, OwnSource
from omtanke.storage.aside import AsideSeen, seen
from omtanke.storage.pages import Pages
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.running import RetryRequested

LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 60.0
MOST = 100_000


def set_aside(data: Path) -> tuple[AsideSeen, ...]:
    """Everybody who is set aside, the longest first."""
    pages = Pages(data)
    try:
        return seen(pages, MOST)
    finally:
        pages.close()


def try_again(data: Path, customers: Sequence[int]) -> tuple[AsideSeen, ...]:
    """Ask for it, for these or (none named) for all, and wait until it has been tried; those who are set aside still. Raises CannotDo."""
    known = [one.person for one in set_aside(data)]
    strangers = [customer for customer in customers if customer not in known]
    if strangers:
        raise CannotDo(f"Customer {strangers[0]} is not set aside. `omtanke retry --list` shows who is.")
    wanted = {*(customers or known)}
    if not wanted:
        return ()
    folder = Folder(data)
    entry = _ask(folder, sorted(wanted))
    worker = None if is_at_work(folder) else _work(data)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = set_aside(data)
            if _consumed(data) >= entry and not any(one.is_returning for one in found if one.person in wanted):
                return tuple(one for one in found if one.person in wanted)
            time.sleep(LOOK_SECONDS)
        raise CannotDo("It has been asked for and has not ended yet; Health shows who is being tried again.")
    finally:
        if worker is not None:
            worker.wait(PATIENCE_SECONDS)


def _ask(folder: Folder, persons: Sequence[int]) -> int:
    """Make the events durable; the inbox's last entry. Data that have ended are not made live by it."""
    inbox, log, settings = folder.inbox(), folder.log(), folder.settings
    try:
        lives = is_live(inbox.sources().values())
        name, mode, clock = (CONSOLE, Mode.LIVE, folder.clock) if lives else (ARCHIVE, Mode.HISTORY, log.clock)
        source = OwnSource(inbox, name, settings.zone, settings.currency, clock, mode)
        return max(source.put(RetryRequested, f"command:{secrets.token_urlsafe(12)}", person, {}, touchpoint="command") for person in persons)
    finally:
        inbox.close()
        log.close()


def _work(data: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(data), "--until-idle"], start_new_session=True)


def _consumed(data: Path) -> int:
    pages = Pages(data)
    try:
        return pages.consumed()
    finally:
        pages.close()
