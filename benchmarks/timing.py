"""Timing a few runs, and a table of what came out."""

from __future__ import annotations

import gc
import platform
import statistics
import time
from collections.abc import Callable

from omtanke.processes.doctor_house import is_plain_python

RUNS = 5


def seconds(run: Callable[[], object], runs: int = RUNS) -> list[float]:
    """Wall time of each run, after one that does not count."""
    run()
    measured = []
    for _ in range(runs):
        gc.collect()
        began = time.perf_counter()
        run()
        measured.append(time.perf_counter() - began)
    return measured


def median_rate(count: int, measured: list[float]) -> float:
    """How many a second, by the median run."""
    return count / statistics.median(measured)


class Table:
    """Lines of (what, figure, unit, beside): printed as they come."""

    def __init__(self, title: str) -> None:
        print(f"\n{title}\n{'-' * len(title)}\nPython {platform.python_version()}{', built without optimisations' if is_plain_python() else ''}")

    def line(self, what: str, figure: float, unit: str, beside: str = "") -> None:
        shown = f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:,.2f}"
        print(f"{what:<58} {shown:>12} {unit:<10} {beside}", flush=True)
