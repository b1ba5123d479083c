"""The board's tables, made by another process that ends when it has.

Making them takes a hundred megabytes or more, which no allocator gives back; what is made takes a few. So the pages, which live
long, let another process (`board_making`) write the tables into a file, and only read them.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import msgspec
from msgspec import Struct

from omtanke.insight.composing import quoted
from omtanke.insight.duck import MEMORY, open_file
from omtanke.vocabulary.time import datetime_of

FILE = "board.duckdb"
MAKER = "omtanke.insight.board_making"


class CannotMake(RuntimeError):
    """The other process has not made the tables; the text is what it said."""


class Seen(Struct, frozen=True):
    """What the tables rest on: the log up to a position, held against a moment."""

    position: int
    as_of: int


class Made(Struct, frozen=True):
    """The tables, and what they rest on."""

    connection: duckdb.DuckDBPyConnection
    seen: Seen


Making = Callable[[Path, int, str], Made]


def made_by_another(data: Path, fixed: int, memory: str = MEMORY) -> Made:
    """The same, made by a process of its own. The file has no name any more when this returns. Raises CannotMake."""
    with TemporaryDirectory(prefix="omtanke-board-") as folder:
        file = Path(folder) / FILE
        words = [sys.executable, "-m", MAKER, str(data), str(fixed), memory, str(file)]
        done = subprocess.run(words, capture_output=True, check=False)
        if done.returncode:
            raise CannotMake(done.stderr.decode(errors="replace").strip().rpartition("\n")[2])
        return Made(open_file(file, memory), msgspec.json.decode(done.stdout, type=Seen))


def moment_text(moment: int) -> str:
    """A moment as a literal of SQL."""
    return quoted(datetime_of(moment).isoformat())
