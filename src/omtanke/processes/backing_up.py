"""Back-ups while everything runs, and letting old ones go."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from omtanke.folder import Folder
from omtanke.folder_clock import wall_clock
from omtanke.storage.backup_files import NAME, Manifest, Progress, copy_files, files_of, held, read_manifest, write_manifest
from omtanke.storage.backup_list import list_backups, read_backups
from omtanke.storage.databases import database_url
from omtanke.storage.erasing import Backup
from omtanke.storage.lake_manifest import make_durable
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.time import DAY

PART = ".part"
KEEP_DAYS = 30
MOST_DAYS = 3_660


def back_up(data: Path, to: Path, keep_days: int, progress: Progress) -> Backup:
    """Make a back-up in the folder `to`, and let those go that are past their date. Raises CannotDo.

    The list names it before anything is copied, so that whoever is erased meanwhile is told of it.
    """
    if not 1 <= keep_days <= MOST_DAYS:
        raise CannotDo(f"--keep-days {keep_days}: a back-up is kept 1 to {MOST_DAYS:,} days.")
    if database_url(data):
        raise CannotDo("The databases stand in PostgreSQL: copy them with pg_dump, and the folder beside it (docs/how-to/run-on-postgresql.md).")
    lock = Folder(data).lock("backup")
    if not lock.try_take():
        raise CannotDo(f"Another back-up of {data} is under way.")
    try:
        to.mkdir(parents=True, exist_ok=True, mode=0o700)
        prune(data, to)
        made_at = wall_clock()
        folder = to.resolve() / datetime.fromtimestamp(made_at / 1e6, UTC).strftime("omtanke-%Y%m%dT%H%M%S.%fZ")
        backup = Backup(str(folder), made_at, made_at + keep_days * DAY)
        list_backups(data, [*read_backups(data), backup])
        _make(data, backup, progress)
        return backup
    finally:
        lock.release()


def _make(data: Path, backup: Backup, progress: Progress) -> None:
    folder = Path(backup.folder)
    part = folder.with_name(folder.name + PART)
    part.mkdir(mode=0o700)
    with held(data) as databases:
        copy_files(data, databases, part, progress)
        position = databases.position()
    files = files_of(part, progress)
    write_manifest(part, Manifest(format=1, made_at=backup.made_at, keep_until=backup.keep_until, position=position, files=files))
    part.rename(folder)
    make_durable(folder.parent)


def prune_alone(data: Path, to: Path | None = None) -> list[Path]:
    """The same, unless a back-up is under way, which does it itself."""
    lock = Folder(data).lock("backup")
    if not lock.try_take():
        return []
    try:
        return prune(data, to)
    finally:
        lock.release()


def prune(data: Path, to: Path | None = None) -> list[Path]:
    """Delete back-ups that are past their date, those on the list and those in the folder `to`, and what interrupted ones have left; which went."""
    now, listed = wall_clock(), read_backups(data)
    found = {Path(one.folder): one.keep_until for one in listed} | dict(_in_folder(to))
    gone = [folder for folder, until in found.items() if until <= now and _is_backup(folder)]
    broken = [part for one in listed if (part := Path(one.folder + PART)).is_dir()]
    for folder in (*gone, *broken):
        shutil.rmtree(folder)
    kept = [one for one in listed if one.keep_until > now and Path(one.folder + PART) not in broken]
    if kept != listed:
        list_backups(data, kept)
    return gone


def _in_folder(to: Path | None) -> Iterable[tuple[Path, int]]:
    for manifest in to.glob(f"omtanke-*/{NAME}") if to is not None else ():
        yield manifest.parent.resolve(), read_manifest(manifest.parent).keep_until


def _is_backup(folder: Path) -> bool:
    return (folder / NAME).is_file()
