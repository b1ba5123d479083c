"""Write keys: which sender a message is from. A key can only write."""

from __future__ import annotations

import os
import secrets
import tomllib
from pathlib import Path

KEY_BYTES = 24
FIRST_SENDER = "shop"


def open_write_keys(folder: Path) -> dict[str, str]:
    """Key to sender's name, from `write_keys.toml`; one for the sender `shop` is made at first use."""
    path = folder / "write_keys.toml"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path.with_suffix(".new"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f'# name of the sender = "its write key"\n{FIRST_SENDER} = "{secrets.token_urlsafe(KEY_BYTES)}"\n')
        path.with_suffix(".new").rename(path)
    return {key: name for name, key in tomllib.loads(path.read_text(encoding="utf-8")).items()}
