"""Markdown by the line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

NOTE = "<!-- Written by `python -m omtanke.reference`; change the code it is about, and run it again. -->"


def page(title: str, *parts: Iterable[str]) -> str:
    """A page of its parts, a blank line between them."""
    bodies = ["\n".join(part) for part in parts]
    return "\n\n".join([NOTE, f"# {title}", *(body for body in bodies if body)]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table; nothing at all when it would have no rows."""
    written = [f"| {' | '.join(map(cell, row))} |" for row in rows]
    if written:
        yield f"| {' | '.join(head)} |"
        yield f"|{'---|' * len(head)}"
        yield from written


def cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def code(text: object) -> str:
    return f"`{text}`"


def said(documented: object) -> str:
    """The docstring of a thing as one paragraph a blank line."""
    text = (documented.__doc__ or "").strip()
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
