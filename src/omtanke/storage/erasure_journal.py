"""The journal of erasures (`erasures.journal`): who has been erased, by number and keyed hash, so that a restored back-up can be made to forget them again.

A line is JSON. It is durable before the erasure is, so that none can be lost; a line that was written twice says the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

NAME = "erasures.journal"


class Line(Struct, frozen=True):
    """erased_at: UTC microseconds. firsts: each customer by number, with the id of its first fact in hexadecimal: another store's customer of that
    number has another. needed_until: when the last back-up goes that existed then (the wall clock's), 0 when there was none."""

    erased_at: int
    firsts: Mapping[str, str]
    needed_until: int = 0


def write_down(data: Path, line: Line) -> None:
    """Add a line; it is on the disk when this returns."""
    descriptor = os.open(data / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        is_cut_off = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, b"\n" * is_cut_off + msgspec.json.encode(line) + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_journal(data: Path) -> list[Line]:
    """Every line, the first first. The last one may have been cut off by a power failure, before its erasure: it is passed over."""
    try:
        written = (data / NAME).read_bytes()
    except FileNotFoundError:
        return []
    return [msgspec.json.decode(line, type=Line) for line in written.split(b"\n")[:-1] if _is_whole(line)]


def _is_whole(line: bytes) -> bool:
    return line.startswith(b"{") and line.endswith(b"}")


def join_journals(lines: Iterable[Line], data: Path) -> None:
    """What the folder's journal does not say yet is added to it."""
    known = {_identity(line) for line in read_journal(data)}
    for line in lines:
        if _identity(line) not in known:
            write_down(data, line)
            known.add(_identity(line))


def _identity(line: Line) -> frozenset[tuple[str, str]]:
    return frozenset(line.firsts.items())
