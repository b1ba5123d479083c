"""The files of a back-up: databases as they stood at one moment, other files with them, and a manifest that says what belongs to it.

    <folder>/omtanke-20261126T161500Z/backup.json, log.db, inbox.db …

A back-up that is under way, or was interrupted, has a name that ends in `.part`, and is none.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from omtanke.storage import lake_manifest
from omtanke.storage.lake_manifest import MANIFEST, make_durable
from omtanke.storage.sqlite import connect
from omtanke.storage.statements import statements
from omtanke.vocabulary.refusal import CannotDo

SQL = statements("erasing/backup.sql")
NAME = "backup.json"
FORMAT = 1
PAGES_AT_ONCE = 2_000
CHUNK = 1 << 20
TRIES = 200
# Folders and files that are copied as they are; the journal of erasures last, so that none is missing.
FOLDERS = ("keys", "policy")
FILES = ("omtanke.toml", "clock.json", "demo.txt", "backups.json", "erasures.journal")

Progress = Callable[[str, int, int], None]


class File(Struct, frozen=True):
    """A file of a back-up."""

    size: int
    sha256: str


class Manifest(Struct, frozen=True):
    """What belongs to a back-up. Moments are the wall clock's, UTC microseconds. `position`: the last fact in it; `files`: by path."""

    format: int
    made_at: int
    keep_until: int
    position: int
    files: Mapping[str, File]


class Databases:
    """The databases of a data folder, each held as it stands at one moment, in an order in which nothing is lost.

    The outbox first: what it has followed of the log is then in the log, and what leaves twice leaves under one key. Then
    the log, then the inbox: what has not become facts in this log still lies in this inbox. Should the worker have tidied away more
    of the inbox in the moment between, both are opened again.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self.open: dict[str, sqlite3.Connection] = {}
        for name in ("outbox", "staff", "suggestions"):
            if (data / f"{name}.db").exists():
                self.open[name] = standing(data / f"{name}.db")
        self.lake = lake_manifest.read_manifest(data / "lake")
        for _ in range(TRIES):
            self.open["log"], self.open["inbox"] = standing(data / "log.db"), standing(data / "inbox.db")
            if self._is_whole():
                return
            self.open.pop("log").close()
            self.open.pop("inbox").close()
        raise CannotDo("The inbox is emptied faster than it can be copied. Try again in a quieter moment.")

    def _is_whole(self) -> bool:
        """Whether everything after the last message that the log has consumed is in the inbox."""
        row = self.open["log"].execute(SQL["log_consumed"]).fetchone()
        consumed = int(row[0]) if row else 0
        first = self.open["inbox"].execute(SQL["first_entry"]).fetchone()[0]
        last = self.open["inbox"].execute(SQL["last_given"]).fetchone()[0]
        return bool(first <= consumed + 1 if first else last <= consumed)

    def position(self) -> int:
        """The last fact."""
        return int(self.open["log"].execute(SQL["last_fact"]).fetchone()[0])

    def copy(self, to: Path, progress: Progress) -> None:
        """All of them into a folder."""
        for name, source in self.open.items():
            target = sqlite3.connect(to / f"{name}.db")
            source.backup(target, pages=PAGES_AT_ONCE, progress=lambda _, left, all_, name=name: progress(f"{name}.db, pages", all_ - left, all_))  # type: ignore[misc]
            target.close()

    def close(self) -> None:
        for connection in self.open.values():
            connection.close()


def standing(path: Path) -> sqlite3.Connection:
    """A connection that sees the database as it stands now, whatever is written meanwhile."""
    connection = connect(path, read_only=True)
    connection.execute("BEGIN")
    connection.execute(SQL["standing"]).fetchone()
    return connection


@contextmanager
def held(data: Path) -> Iterator[Databases]:
    """The databases of a folder as they stand, while the block runs."""
    databases = Databases(data)
    try:
        yield databases
    finally:
        databases.close()


def copy_files(data: Path, databases: Databases, to: Path, progress: Progress) -> None:
    """Everything of the data folder that belongs to a back-up."""
    databases.copy(to, progress)
    parts = [part.path for of_type in databases.lake.parts.values() for part in of_type]
    for n, path in enumerate(parts):
        progress("files of the lake", n, len(parts))
        (to / "lake" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(data / "lake" / path, to / "lake" / path)
    if parts:
        (to / "lake" / MANIFEST).write_bytes(msgspec.json.encode(msgspec.structs.replace(databases.lake, leaving={})))
    for folder in FOLDERS:
        if (data / folder).is_dir():
            shutil.copytree(data / folder, to / folder)
    for name in FILES:
        if (data / name).exists():
            shutil.copyfile(data / name, to / name)


def files_of(folder: Path, progress: Progress) -> dict[str, File]:
    """Every file with its digest; each is on the disk when this returns."""
    found = {}
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    for n, path in enumerate(paths):
        progress("files made sure of", n, len(paths))
        found[path.relative_to(folder).as_posix()] = file_of(path)
    return found


def file_of(path: Path) -> File:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
        os.fsync(file.fileno())
    return File(path.stat().st_size, digest.hexdigest())


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """From now on it is a back-up, once it has its name."""
    with (folder / NAME).open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        file.flush()
        os.fsync(file.fileno())
    for path in (*(path for path in folder.rglob("*") if path.is_dir()), folder):
        make_durable(path)


def read_manifest(folder: Path) -> Manifest:
    """What belongs to a back-up. Raises CannotDo when it is none, or a later version's."""
    try:
        manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise CannotDo(f"{folder} is no back-up: it has no {NAME}. A name that ends in .part was interrupted; begin it anew.") from error
    except msgspec.DecodeError as error:
        raise CannotDo(f"{folder / NAME} cannot be read: {error}. The back-up is damaged; take another one.") from error
    if manifest.format > FORMAT:
        raise CannotDo(f"{folder} has format {manifest.format}; this version of Omtanke reads up to {FORMAT}. Install a newer version.")
    return manifest


def require_sound(folder: Path, manifest: Manifest, progress: Progress) -> None:
    """Raises CannotDo, naming every file that is missing or not as it was."""
    faults = []
    for n, (name, wanted) in enumerate(manifest.files.items()):
        progress("files checked", n, len(manifest.files))
        path = folder / name
        if not path.is_file():
            faults.append(f"{name} is missing")
        elif file_of(path) != wanted:
            faults.append(f"{name} is not as it was")
    if faults:
        raise CannotDo(f"{folder} is damaged, and nothing has been restored: {'; '.join(faults)}. Take another back-up.")
