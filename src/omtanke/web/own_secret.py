"""Secrets of the pages, each in a file that only the owner of the folder may read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

TOKEN_BYTES = 24


def own_secret(path: Path, new: Callable[[], str]) -> str:
    """The secret in the file, made at first use. Of several processes that make it at once, the first one counts for all."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        written = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(new())
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(written)
        written.unlink()
    return path.read_text(encoding="ascii").strip()


def metrics_token(data: Path) -> str:
    """What lets somebody elsewhere see the metrics."""
    return own_secret(data / "keys" / "metrics.key", lambda: secrets.token_urlsafe(TOKEN_BYTES))
