"""What processes take: cores and memory, as the kernel counts them."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def crew_of(parent: int) -> dict[str, int]:
    """A parent and its children by name (`omtanke run NAME …`), with their numbers."""
    found = {"serve": parent}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _parent_of(entry) == parent:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
            found[words[words.index("run") + 1] if "run" in words else words[-2]] = int(entry.name)
    return found


def _parent_of(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def cpu_seconds(process: int) -> float:
    """What a process, and those it started that have ended, have used of the cores so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def proportional_memory(process: int) -> float:
    """MB that a process holds; what several share is shared out among them (PSS)."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0
