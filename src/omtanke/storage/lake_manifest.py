"""The lake's manifest: which files count, and the position that they are complete to. Reading it takes no Arrow."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from omtanke.vocabulary.refusal import CannotDo

MANIFEST = "manifest.json"
FORMAT = 1
# Columns of which the manifest says in what range they lie in a file. Numbers of these things are given in order, so that those of
# one month lie close together; numbers of promises and of our own surveys are hashes, and lie anywhere.
RANGED = ("occurred_at", "until_at", "customer", "order", "parcel", "case", "survey", "subject")


class Part(Struct, frozen=True):
    """A file: its path within the lake, when its facts were received (a day, or a month that is over), its rows and their positions.

    `shape` tells files with other columns apart. `ranges`: least and greatest value of RANGED columns, moments in microseconds, without
    those that are none (0 or null); a column that is not named has no value here. None in files of older versions: not known.
    """

    path: str
    received: str
    rows: int
    first: int
    last: int
    shape: str = ""
    ranges: dict[str, tuple[int, int]] | None = None

    def may_hold(self, sought: Sought) -> bool:
        """Whether a fact that is sought can be in the file."""
        return any(one.values and self.last >= one.first and self._reaches(column, one.values) for column, one in sought.items())

    def _reaches(self, column: str, values: Sequence[int]) -> bool:
        if column not in RANGED or self.ranges is None:
            return True
        low, high = self.ranges.get(column, (0, -1))
        place = bisect_left(values, low)
        return place < len(values) and values[place] <= high


class Among(Struct, frozen=True):
    """Values of a column: numbers in order, or a span of moments in microseconds; in facts from a position on."""

    values: Sequence[int]
    first: int = 0


# Facts of a type: those that have one of the values in one of the columns.
Sought: TypeAlias = Mapping[str, Among]


class Manifest(Struct, frozen=True):
    """What the lake holds: every fact up to `position`; nothing happened to a customer after `last_at`.

    `leaving`: files that count no longer, and when they were first seen to (0: not yet seen).
    """

    format: int = FORMAT
    position: int = 0
    last_at: int = 0
    parts: dict[str, tuple[Part, ...]] = {}
    leaving: dict[str, int] = {}


class LakeTooNew(CannotDo):
    """The lake was written by a later version of Omtanke."""


def read_manifest(folder: Path) -> Manifest:
    """The manifest as it stands; an empty one where there is none yet."""
    try:
        data = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        return Manifest()
    manifest = msgspec.json.decode(data, type=Manifest)
    if manifest.format > FORMAT:
        raise LakeTooNew(f"{folder} has format {manifest.format}; this version of Omtanke reads up to {FORMAT}. Install a newer version.")
    return manifest


def publish(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest as a whole, durably."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{MANIFEST}.new"
    with unfinished.open("wb") as file:
        file.write(msgspec.json.encode(manifest))
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(folder / MANIFEST)
    make_durable(folder)


def make_durable(folder: Path) -> None:
    """Names in a folder reach the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
