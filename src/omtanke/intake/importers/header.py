"""Columns asked for, held against the header of a file."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from omtanke.intake.importers.table import Table


def did_you_mean(name: str, names: Sequence[str]) -> str:
    """` Did you mean …?` when one of the names is near, else nothing."""
    near = get_close_matches(name.lower(), [other.lower() for other in names], n=1, cutoff=0.6)
    return next((f". Did you mean {other!r}?" for other in names if near and other.lower() == near[0]), "")


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
