"""Files of keys in the data folder's `keys/`: TOML tables, written whole or not at all, readable by the owner only."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.vocabulary.refusal import CannotDo

KEY_BYTES = 24


@lru_cache(maxsize=1024)
def digest(key: str) -> str:
    """What is kept of a read key. It is long and random, so that a plain hash cannot be guessed back."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def read_tables(path: Path) -> dict[str, Any]:
    """What stands in the file; nothing when there is none. Raises CannotDo for one that is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise CannotDo(f"{path}: is not TOML: {error}") from error


def write_tables(path: Path, name: str, rows: Sequence[Struct], title: str) -> None:
    """A table `[[name]]` for each row. Whole or not at all, and only for the owner."""
    lines = [f"# {title}"]
    for row in rows:
        said: Mapping[str, str] = msgspec.to_builtins(row)
        lines += ["", f"[[{name}]]", *(f"{field} = {json.dumps(value, ensure_ascii=False)}" for field, value in said.items())]
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)


def secret_in(folder: Path, name: str) -> str:
    """The only line of a file that the shop has put there; empty when there is none."""
    path = folder / name
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """One at a time: what was read is still so when it is written."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def new_secret() -> str:
    return secrets.token_urlsafe(KEY_BYTES)


def today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
