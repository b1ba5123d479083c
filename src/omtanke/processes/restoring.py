"""A back-up becomes a data folder again, and whoever has been erased since is erased again before anybody can look.

Nobody else is: who was one person with them when the back-up was made, and had been parted from them by then, is parted from them first.

It is built beside the folder, under a name that ends in `.restoring`, and takes its place only when all is done.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from secrets import token_urlsafe

from omtanke.folder import Folder, Lock
from omtanke.folder_clock import wall_clock
from omtanke.processes.erasing import own_source, request_erasure
from omtanke.processes.worker import open_worker, other_stores
from omtanke.runtime.erase_rest import LOOK_SPAN, Rest
from omtanke.runtime.work import Worker
from omtanke.storage.backup_files import Manifest, Progress, read_manifest, require_sound
from omtanke.storage.backup_list import NAME as BACKUPS
from omtanke.storage.backup_list import list_backups, read_backups
from omtanke.storage.erasing import Backup, Erasures, firsts_of
from omtanke.storage.erasure_journal import NAME as JOURNAL
from omtanke.storage.erasure_journal import Line, join_journals, read_journal
from omtanke.storage.ports import Link
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.identity import SplitRequested
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import SECOND

RESTORING, REPLACED = ".restoring", ".replaced"
# What may lie in a folder that has nothing else to lose: put there so that it is not forgotten.
KEPT_ALONE = {JOURNAL, BACKUPS}


def restore(backup: Path, data: Path, is_over: bool, progress: Progress) -> int:
    """Put the back-up in the place of `data`; how many were erased again. Raises CannotDo, and then nothing has changed.

    `is_over`: what lies in `data` now is replaced, and deleted.
    """
    manifest = read_manifest(backup)
    if backup.resolve().is_relative_to(data.resolve()):
        raise CannotDo(f"{backup} lies in the folder that it is to replace. Move it elsewhere first.")
    locks = require_free(data, is_over)
    try:
        require_sound(backup, manifest, progress)
        built = data.with_name(data.name + RESTORING)
        shutil.rmtree(built, ignore_errors=True)
        build(backup, manifest, built, progress)
        join(backup, manifest, data, built)
        erased = erase_again(built, progress)
        put_in_place(built, data)
    finally:
        for lock in locks:
            lock.release()
    return erased


def require_free(data: Path, is_over: bool) -> list[Lock]:
    """Nobody works in the folder, and nobody can begin to. Raises CannotDo."""
    if not data.exists() or {path.name for path in data.iterdir()} <= KEPT_ALONE:
        return []
    if not is_over:
        raise CannotDo(f"{data} is not empty. With --over it is replaced by the back-up, and deleted.")
    if not (data / "log.db").exists():
        raise CannotDo(f"{data} is not a data folder, and is not replaced.")
    locks = []
    for name in ("worker", "dispatch", "backup"):
        lock = Folder(data).lock(name)
        if not lock.try_take():
            raise CannotDo(f"{data} is in use ({name}). Stop what runs there first.")
        locks.append(lock)
    return locks


def build(backup: Path, manifest: Manifest, built: Path, progress: Progress) -> None:
    """The files of the back-up as a folder; secrets only for the owner."""
    built.mkdir(parents=True, mode=0o700)
    for n, name in enumerate(manifest.files):
        progress("files restored", n, len(manifest.files))
        (built / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(backup / name, built / name)
        if name.startswith("keys/") or name in ("outbox.db", "staff.db", "suggestions.db"):
            (built / name).chmod(0o600)


def join(backup: Path, manifest: Manifest, data: Path, built: Path) -> None:
    """What the present folder knows of erasures and back-ups is not forgotten."""
    join_journals(read_journal(data), built)
    here = Backup(str(backup.resolve()), manifest.made_at, manifest.keep_until)
    known = {one.folder: one for one in (*read_backups(built), *read_backups(data), here)}
    list_backups(built, known.values())


def erase_again(built: Path, progress: Progress) -> int:
    """What had come in becomes facts; then everyone whom the journal names and who is here is erased, and nobody else; how many that were."""
    folder = Folder(built)
    (worker, inbox), log = open_worker(folder), folder.log()
    try:
        work_off(worker, folder, progress)
        again = [customer for customer in named(read_journal(built), log) if not log.is_erased(customer)]
        for link in links_of_others(again, log):
            request_parting(folder, inbox, log, link)
            work_off(worker, folder, progress)
        for customer in again:
            request_erasure(folder, inbox, log, customer)
            work_off(worker, folder, progress)
        tidy(worker, inbox, folder, log)
    finally:
        inbox.close()
        log.close()
    return len(again)


def work_off(worker: Worker, folder: Folder, progress: Progress) -> None:
    """Until nothing that had come in is left."""
    while not (done := worker.work(folder.clock())).was_idle:
        progress("messages that had come in", done.entries, 0)


def named(journal: Iterable[Line], log: SqlLog) -> list[int]:
    """Those of the journal who are in this log: by number, if the number's first fact is the same."""
    wanted = {int(customer): bytes.fromhex(first) for line in journal for customer, first in line.firsts.items()}
    return [customer for customer, first in firsts_of(log.connection, sorted(wanted)).items() if wanted[customer] == first]


def links_of_others(again: list[int], log: SqlLog) -> list[Link]:
    """The links by which those who are to be erased are one person with somebody who is not: they had been two when they were erased."""
    leaving = {*again}
    made = (link for link in log.links_of(again) if link.status == "made" and not {link.one, link.two} <= leaving)
    return [link for link in made if not (log.is_erased(link.one) or log.is_erased(link.two))]


def request_parting(folder: Folder, inbox: SqlInbox, log: SqlLog, link: Link) -> None:
    """As somebody who works here does it; the same two may have been linked and parted before."""
    own_source(folder, inbox, log).put(SplitRequested, f"restore:{token_urlsafe(12)}", link.one, {"one": link.one, "two": link.two}, touchpoint="command")


def tidy(worker: Worker, inbox: SqlInbox, folder: Folder, log: SqlLog) -> None:
    """What has become facts leaves the inbox, and every erasure is done."""
    inbox.trim(worker.consumed())
    inbox.tidy()
    rest = Rest(Erasures(log.connection), other_stores(folder), folder.keys.identifier_key, wall_clock)
    while not rest.look():
        time.sleep(LOOK_SPAN / SECOND)


def put_in_place(built: Path, data: Path) -> None:
    """The folder takes its place; what lay there is deleted."""
    replaced = data.with_name(data.name + REPLACED)
    shutil.rmtree(replaced, ignore_errors=True)
    if data.exists():
        data.rename(replaced)
    built.rename(data)
    shutil.rmtree(replaced, ignore_errors=True)
