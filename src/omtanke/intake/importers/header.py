"""Columns asked for, held against the header of a file."""

from __future__ import annotations

from collections.abc import Sequence

from omtanke.intake.importers.table import Table
from omtanke.vocabulary.parts import did_you_mean


def wrong_header(table: Table, columns: Sequence[str]) -> list[int] | None:
    """Where the columns stand; None when one is missing, and then every row of the file has been refused."""
    header, report = table.header, table.report
    faults = [(name, f"a column {name!r} in the header{did_you_mean(name, header)}") for name in columns if name not in header]
    faults += [(name, f"one column {name!r}; the header has {header.count(name)}") for name in columns if header.count(name) > 1]
    if not faults:
        return [header.index(name) for name in columns]
    for name, expected in faults:
        report.note_refusal(1, name, ", ".join(header), expected)
    table.refuse_rows()
    return None
