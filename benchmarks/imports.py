"""How long the Olist import takes, where its files are, and how much memory; beside it the check of what it made. And the airline survey, by its map."""

from __future__ import annotations

import os
import resource
import shutil
import time
from pathlib import Path

from benchmarks.shop import FOLDER, omtanke
from benchmarks.timing import Table

RUNS = 3
AIRLINE_MAP = Path("docs") / "examples" / "airline.toml"


def run() -> None:
    """Print the table; nothing where the files are not."""
    published = Path(os.environ.get("OMTANKE_SHARED", "../shared")) / "data"
    olist(published / "olist")
    airline(published / "airline" / "airline_passenger_satisfaction.csv.gz")


def olist(publisher: Path) -> None:
    if not publisher.is_dir():
        print(f"\nno Olist files in {publisher}; the import is not measured")
        return
    data = FOLDER / "olist"
    measured = []
    for _ in range(RUNS):
        shutil.rmtree(data, ignore_errors=True)
        began = time.perf_counter()
        omtanke("import", "olist", str(publisher), "--data", str(data))
        measured.append(time.perf_counter() - began)
    began = time.perf_counter()
    omtanke("replay", "--check", "--data", str(data))
    checked = time.perf_counter() - began
    table = Table("The Olist import: 254,649 messages, about 337,000 facts, two processes")
    whole = sorted(measured)[RUNS // 2]
    table.line("import olist, median", whole, "s", "bound 30")
    table.line("replay --check of it", checked, "s", f"{checked / whole:.1f} times the import")
    table.line("peak memory of the largest process", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, "MiB")
    shutil.rmtree(data, ignore_errors=True)


def airline(file: Path) -> None:
    if not file.exists():
        print(f"\nno {file}; the import of the survey is not measured")
        return
    data = FOLDER / "airline"
    measured = []
    for _ in range(RUNS):
        shutil.rmtree(data, ignore_errors=True)
        began = time.perf_counter()
        omtanke("import", "csv", str(file), "--map", str(AIRLINE_MAP), "--ended", "--data", str(data))
        measured.append(time.perf_counter() - began)
    Table("The airline survey: 103,904 answers of 14 scores each").line("import csv, median", sorted(measured)[RUNS // 2], "s", "bound 60")
    shutil.rmtree(data, ignore_errors=True)
