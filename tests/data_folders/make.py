"""Makes the data folder of the format of today: `python tests/data_folders/make.py tests/data_folders/format_1`.

One is made for each released format, and opened by every later version; none is ever changed.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

STORE_KEY = b"a key that everybody may know !!"
BEGUN = "2026-11-20T12:14+01:00 12 7\n"


def make(folder: Path) -> None:
    """A few customers, seed 7, up to a fixed moment, under a known key."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "store.key").write_bytes(STORE_KEY)
    (folder / "demo.txt").write_text(BEGUN, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "omtanke.cli", "demo", "--no-serve", "--data", str(folder)], check=True)
    for name in ("inbox.db", "log.db"):
        connection = sqlite3.connect(folder / name)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
        connection.close()
    for left in folder.glob("*.lock"):
        left.unlink()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
