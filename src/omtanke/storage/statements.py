"""SQL stands in files: each statement has a name and says what it is for.

-- name: facts_of_person
-- The facts of a person's customers, in log order.
SELECT …
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def script(path: str) -> str:
    """The text of a file under `storage/sql`."""
    return (files("omtanke.storage") / "sql" / path).read_text(encoding="utf-8")


@cache
def statements(path: str) -> dict[str, str]:
    """The named statements of a file under `storage/sql`."""
    parts = NAME.split(script(path))
    found = dict(zip(parts[1::2], (part.strip().rstrip(";") for part in parts[2::2]), strict=True))
    if len(found) != len(parts) // 2:
        raise ValueError(f"{path}: two statements have the same name")
    return found


def listed(values: Iterable[Any]) -> str:
    """Values as a statement takes many at once: an array in JSON."""
    return msgspec.json.encode(list(values)).decode()
