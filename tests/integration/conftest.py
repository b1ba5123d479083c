"""Stores made of real data, one for all tests that only read them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from omtanke.bootstrap import import_olist_folder
from omtanke.intake.importers.ports import silent


@pytest.fixture(scope="session")
def olist_store(olist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole of Olist's part that is there, imported."""
    data = tmp_path_factory.mktemp("olist") / "data"
    import_olist_folder(data, olist, silent, dry_run=False, ended=True)
    return data


@pytest.fixture(scope="session")
def olist_spring(olist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The orders of the first half of 2017 with all that hangs on them, as files of the same form."""
    folder = tmp_path_factory.mktemp("spring")
    orders = rows_of(olist / "olist_orders_dataset.csv")
    kept = [row for row in orders[1:] if row[3].startswith(("2017-01", "2017-02", "2017-03", "2017-04"))]
    ids, customers = {row[0] for row in kept}, {row[1] for row in kept}
    write(folder / "olist_orders_dataset.csv", [orders[0], *kept])
    for name, column, wanted in (
        ("olist_customers_dataset.csv", 0, customers),
        ("olist_order_items_dataset.csv", 0, ids),
        ("olist_order_payments_dataset.csv", 0, ids),
        ("olist_order_reviews_dataset.csv", 1, ids),
    ):
        rows = rows_of(olist / name)
        write(folder / name, [rows[0], *(row for row in rows[1:] if row[column] in wanted)])
    for name in ("olist_products_dataset.csv", "olist_sellers_dataset.csv", "product_category_name_translation.csv"):
        (folder / name).write_bytes((olist / name).read_bytes())
    return folder


def rows_of(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def write(file: Path, rows: list[list[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)


def halves(folder: Path, to: Path) -> tuple[Path, Path]:
    """Every file of the folder split in two by rows."""
    parts = to / "first", to / "second"
    for part in parts:
        part.mkdir(parents=True)
    for file in sorted(folder.glob("*.csv")):
        rows = rows_of(file)
        middle = (len(rows) + 1) // 2
        write(parts[0] / file.name, [rows[0], *rows[1:middle]])
        write(parts[1] / file.name, [rows[0], *rows[middle:]])
    return parts
