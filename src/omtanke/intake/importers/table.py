"""A file of rows, plain or gzipped, read so that every refused row is named by its line."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

from omtanke.intake.importers.report import FileReport

# A record of more lines than this has lost a quotation mark.
MOST_LINES = 200
GZIP = b"\x1f\x8b"
NOT_TEXT = re.compile("[\ud800-\udfff]")


class _RanAway(Exception):
    """A quotation mark was opened and not closed."""


class _Lines:
    """Lines for the csv reader, which can be given back after a record that went wrong."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream
        self.given_back: deque[str] = deque()
        self.taken: list[str] = []
        self.before = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MOST_LINES:
            raise _RanAway
        line = self.given_back.popleft() if self.given_back else next(self.stream)
        self.taken.append(line)
        return line

    def record_ends(self) -> None:
        self.before += len(self.taken)
        self.taken.clear()

    def give_back(self) -> None:
        """Only the first line of the record is spent."""
        self.given_back.extendleft(reversed(self.taken[1:]))
        self.before += 1
        self.taken.clear()


class Table:
    """The rows of a file. Use it as a context: it holds the file open.

    A row that is not a row (another number of cells than the header, an open quotation mark, bytes that
    are no text) is refused in the report, and reading goes on at the next line.
    """

    def __init__(self, path: Path, report: FileReport, delimiter: str = ",", encoding: str = "utf-8") -> None:
        self.report = report
        self.encoding = encoding
        self.header: list[str] = []
        self._stream = _open(path, "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding)
        self._lines = _Lines(self._stream)
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        for _, cells in self._records(0, 0):
            self.header = [cell.strip().removeprefix("\ufeff") for cell in cells]
            break

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *about: object) -> None:
        self._stream.close()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of each row that has as many cells as the header."""
        yield from self._records(len(self.header), 1)

    def refuse_rows(self) -> None:
        """None of the rows can be understood: the header has said why."""
        for _ in self.rows():
            self.report.refused += 1

    def _records(self, width: int, counts: int) -> Iterator[tuple[int, list[str]]]:
        lines, report, reader = self._lines, self.report, self._reader
        while True:
            line = lines.before + 1
            expected = ""
            cells: list[str] = []
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (OSError, EOFError, zlib.error, UnicodeError) as error:
                report.note_refusal(line, "", str(error), f"a whole file of {self.encoding} text: it cannot be read beyond this line")
                return
            except _RanAway:
                expected = f"a closing quotation mark within {MOST_LINES} lines"
            except csv.Error as error:
                expected = f"a row of cells with quotation marks in pairs ({error})"
            if not expected:
                if not cells:
                    lines.record_ends()
                    continue
                if width and len(cells) != width:
                    expected = f"{width} cells, as the header has; there are {len(cells)}"
            taken = lines.taken
            if not expected and any(not text.isascii() and NOT_TEXT.search(text) for text in taken):
                expected = f"{self.encoding} text"
            report.rows += counts
            if not expected:
                lines.record_ends()
                yield line, cells
                continue
            first = taken[0].rstrip("\r\n") if taken else ""
            lines.give_back()
            if counts:
                report.refuse(line, "", first, expected)
            else:
                report.note_refusal(line, "", first, expected + " in the header")
                return


def _open(path: Path, encoding: str) -> IO[str]:
    with path.open("rb") as file:
        zipped = file.read(2) == GZIP
    if zipped:
        return gzip.open(path, "rt", encoding=encoding, errors="surrogateescape", newline="")
    return path.open(encoding=encoding, errors="surrogateescape", newline="")
