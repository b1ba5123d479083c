"""What became of every line of an import."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
from msgspec import Struct, field

LONGEST_SHOWN = 80
MOST_KEPT = 10_000
MOST_TOLD = 20


class Unfit(ValueError):
    """A cell that cannot be understood; its row is refused. `column` is empty when it is the row as a whole."""

    def __init__(self, column: str, value: str, expected: str) -> None:
        super().__init__(column, value, expected)
        self.column = column
        self.value = value
        self.expected = expected


class Refusal(Struct, frozen=True):
    """Why a row was refused. `line` is where its record begins in the file, the header being line 1."""

    file: str
    line: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{where}: {self.value!r}; expected {self.expected}"


class FileReport(Struct):
    """One file. `rows` = told + reference + waiting + left aside + refused.

    `told` became events; `reference` rows describe others; `left_aside` are rows of no interest, by why;
    `refusals` are the first ten thousand of those refused. `messages` counts the events made, by name;
    `not_applicable` the questions that a row says it was not asked, by column.
    """

    file: str
    rows: int = 0
    told: int = 0
    reference: int = 0
    waiting: int = 0
    refused: int = 0
    left_aside: Counter[str] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    not_applicable: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, line: int, column: str, value: str, expected: str) -> None:
        """One row is refused."""
        self.refused += 1
        self.note_refusal(line, column, value, expected)

    def note_refusal(self, line: int, column: str, value: str, expected: str) -> None:
        """Say what is wrong, without counting a row (a header, a file that ends too soon)."""
        if len(self.refusals) < MOST_KEPT:
            self.refusals.append(Refusal(self.file, line, column, shown(value), expected))

    @property
    def accounted(self) -> int:
        return self.told + self.reference + self.waiting + self.refused + self.left_aside.total()


class Report(Struct):
    """An import as a whole. `new` and `repeated` count messages, as the inbox answered.

    `released` are rows of earlier imports whose order has come now; `still_waiting` counts every row of
    the source that waits, by what it waits for.
    """

    source: str
    files: list[FileReport]
    new: int = 0
    repeated: int = 0
    released: int = 0
    still_waiting: Counter[str] = field(default_factory=Counter)
    first_at: str = ""
    last_at: str = ""
    dry_run: bool = False

    @property
    def refused(self) -> int:
        return sum(file.refused for file in self.files)

    @property
    def faults(self) -> int:
        """Everything that was found wrong: rows refused, and files that could not be read."""
        return sum(max(file.refused, len(file.refusals)) for file in self.files)

    @property
    def messages(self) -> Counter[str]:
        """Events made, by name: those of this import's rows and of rows that had waited."""
        return sum((file.messages for file in self.files), Counter())

    def to_data(self) -> dict[str, Any]:
        """The report as plain lists and objects, for JSON."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        data["refused"] = self.refused
        data["messages"] = dict(self.messages)
        return data

    def to_text(self) -> str:
        """The report for people."""
        return "\n".join(_told(self)) + "\n"


def shown(value: str) -> str:
    """A value short enough to show; bytes that are no text are written out."""
    text = value if len(value) <= LONGEST_SHOWN else value[:LONGEST_SHOWN] + "…"
    return text.encode("utf-8", "backslashreplace").decode()


def _told(report: Report) -> list[str]:
    would = "would be new" if report.dry_run else "new"
    lines = [f"{report.source}: {report.new:,} events {would}, {report.repeated:,} known before" + (" (nothing was written)" if report.dry_run else "")]
    if report.first_at:
        lines.append(f"from {report.first_at} to {report.last_at}")
    lines += ["", f"{'file':<44}{'rows':>9}{'events of':>11}{'describe':>10}{'wait':>8}{'aside':>8}{'refused':>9}"]
    for file in report.files:
        lines.append(f"{file.file:<44}{file.rows:>9,}{file.told:>11,}{file.reference:>10,}{file.waiting:>8,}{file.left_aside.total():>8,}{file.refused:>9,}")
    lines += ["", *(f"{count:>9,}  {name}" for name, count in report.messages.items())]
    if report.released:
        lines.append(f"{report.released:,} rows of earlier imports had waited, and are told now")
    lines += [f"{count:,} rows wait for {what}" for what, count in sorted(report.still_waiting.items())]
    for file in report.files:
        lines += [f"{file.file}: {note}" for note in file.notes]
        lines += [f"{file.file}: {count:,} rows left aside: {why}" for why, count in file.left_aside.items()]
        lines += [f"{file.file}: {count:,} answers left out, not applicable: {column}" for column, count in file.not_applicable.items()]
        lines += [f"refused: {refusal}" for refusal in file.refusals[:MOST_TOLD]]
        if len(file.refusals) > MOST_TOLD:
            lines.append(f"refused: {file.file}: {file.refused - MOST_TOLD:,} more rows")
    return lines
