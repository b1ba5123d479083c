"""`make bench`: every benchmark in turn, or those named."""

from __future__ import annotations

import sys
from importlib import import_module

ALL = (
    "steps",
    "plays",
    "letter",
    "handover",
    "shop",
    "store",
    "questions",
    "pages",
    "imports",
    "fold",
    "linking",
    "door",
    "quotes",
    "capacity",
    "throughput",
    "throughput_postgres",
    "erasures",
    "retention",
    "suggestions",
    "wakes",
    "wakes_postgres",
)

for name in sys.argv[1:] or ALL:
    import_module(f"benchmarks.{name}").run()
