"""A shop of about a million facts, made once and kept under `build/bench`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path("build") / "bench"
CUSTOMERS = 40_000


def omtanke(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the command and give what it said."""
    return subprocess.run([sys.executable, "-m", "omtanke.cli", *arguments], check=check, capture_output=True, text=True)


def large_shop() -> Path:
    """The data folder; about two minutes the first time."""
    data = FOLDER / "large"
    if not (data / "done").exists():
        print(f"making a shop of {CUSTOMERS:,} customers in {data} …", flush=True)
        omtanke("demo", "--no-serve", "--customers", str(CUSTOMERS), "--data", str(data))
        (data / "done").touch()
    return data
