"""Numbered files of a folder: `0001.json` and so on. None is written over; the newest counts."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def numbers(folder: Path) -> list[int]:
    """Those that are there, ascending."""
    return sorted(int(path.stem) for path in folder.glob("*.json") if path.stem.isdecimal())


def newest(folder: Path) -> Path | None:
    """The file with the highest number; None when there is none."""
    known = numbers(folder)
    return folder / f"{known[-1]:04d}.json" if known else None


def write_next(folder: Path, content: Callable[[int], bytes]) -> int:
    """Write a file under the next number, whole or not at all; that number. `content`: what is in it, by its number."""
    folder.mkdir(parents=True, exist_ok=True)
    number = max(numbers(folder), default=0) + 1
    path, part = folder / f"{number:04d}.json", folder / f"{number:04d}.part"
    with part.open("wb") as file:
        file.write(content(number))
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    return number
