"""How long a question takes on about a million facts: asked cold, and of the board that the console holds."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable

from benchmarks.shop import large_shop
from benchmarks.timing import Table, seconds
from omtanke.insight.ask import ask
from omtanke.insight.board import Board
from omtanke.insight.board_making import made

ASKED = (("promises", None), ("promises", "region"), ("promises", "month"), ("promises", "carrier"), ("broken-cost", None), ("overview", None))


def run() -> None:
    """Print the table."""
    data = large_shop()
    facts = json.loads((data / "lake" / "manifest.json").read_text(encoding="utf-8"))["position"]
    table = Table(f"Questions on {facts:,} facts")
    cold: dict[tuple[str, str | None], float] = {}
    for question, by in ASKED:
        cold[question, by] = median(lambda question=question, by=by: ask(data, question, by=by))
        table.line(f"ask {question}" + (f" --by {by}" if by else ""), cold[question, by] * 1000, "ms", "bound 1,000")
    board = Board(data, making=made)
    began = time.perf_counter()
    board.kept_by("region")
    table.line("the board, first answer", (time.perf_counter() - began) * 1000, "ms")
    warm = median(lambda: board.kept_by("region"))
    table.line("the board, kept rate by region", warm * 1000, "ms", f"{cold['promises', 'region'] / warm:.0f} times faster than cold")


def median(run_once: Callable[[], object]) -> float:
    return statistics.median(seconds(run_once))
