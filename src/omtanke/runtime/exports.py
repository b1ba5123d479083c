"""The files with everything about somebody: they lie in the data folder for their owner's eyes only, and go after some days."""

from __future__ import annotations

import os
import re
import secrets
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from omtanke.vocabulary.time import SECOND, datetime_of, moment_of

NAME = re.compile(r"person-(\d{1,19})-(\d{8}T\d{6})-[0-9a-f]{16}\.zip")
FORM = "%Y%m%dT%H%M%S"


class Made(Struct, frozen=True):
    """A file that is ready. `made_at`: UTC microseconds, to the second."""

    path: Path
    customer: int
    made_at: int


class Exports:
    """The folder `exports` of a data folder."""

    def __init__(self, data: Path) -> None:
        self.path = data / "exports"

    @contextmanager
    def making(self, customer: int, now: int) -> Iterator[tuple[zipfile.ZipFile, Path]]:
        """An archive to write into, and where it will lie: it is there whole, or not at all."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        path = self.path / f"person-{customer}-{datetime_of(now):{FORM}}-{secrets.token_hex(8)}.zip"
        part = path.with_suffix(".part")
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                yield archive, path
            part.rename(path)
        finally:
            part.unlink(missing_ok=True)

    def all(self) -> list[Made]:
        """Every file that is ready, the latest first."""
        found = [(path, match) for path in self.path.glob("*.zip") if (match := NAME.fullmatch(path.name))]
        made = [Made(path, int(match[1]), made_at(match[2])) for path, match in found]
        return sorted(made, key=lambda one: (one.made_at, one.path.name), reverse=True)

    def of(self, customers: Iterable[int]) -> list[Made]:
        wanted = set(customers)
        return [one for one in self.all() if one.customer in wanted]

    def sweep(self, before: int) -> int:
        """Those made before a moment go, and pieces that nobody finishes; how many."""
        pieces = [path for path in self.path.glob("*.part") if path.stat().st_mtime * SECOND < before]
        return sum(self._removed(path) for path in (*(one.path for one in self.all() if one.made_at < before), *pieces))

    def _removed(self, path: Path) -> int:
        path.unlink(missing_ok=True)
        return 1


def made_at(written: str) -> int:
    return moment_of(datetime.strptime(written + "+0000", FORM + "%z"))
