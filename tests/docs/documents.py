"""The documentation as tests read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)


def documents() -> list[Path]:
    """Every page that is written for readers."""
    return [*sorted(DOCS.rglob("*.md")), ROOT / "README.md", ROOT / "CHANGELOG.md"]


def text_of(path: str) -> str:
    """A page by its path from the project's folder."""
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(language: str, text: str) -> list[str]:
    """The fenced blocks in one language."""
    return [body for named, body in FENCE.findall(text) if named == language]


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every table, heads and rulers left out."""
    lines = text.splitlines()
    for n, line in enumerate(lines):
        found = ROW.fullmatch(line)
        is_head = n + 1 < len(lines) and lines[n + 1].startswith("|---")
        if found and not is_head and not line.startswith("|---"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", found[1])]


def sections(text: str) -> dict[str, str]:
    """What stands under each heading of the third level, up to the next heading."""
    parts = re.split(r"^#{2,3} (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    plain = (re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(FENCE.sub("", text)))
    return {title.replace(" ", "-") for title in plain}
