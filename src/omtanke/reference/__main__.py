"""Writes the reference pages into a folder."""

from __future__ import annotations

import sys
from pathlib import Path

from omtanke.reference.pages import write_pages

if __name__ == "__main__":
    write_pages(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
