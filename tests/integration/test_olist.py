"""The publisher's own files: the figures that have to come out, and the same ones whichever way they come in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from integration.conftest import halves, rows_of, write
from omtanke.bootstrap import check_folder, import_olist_folder
from omtanke.insight.ask import ask
from omtanke.intake.importers.ports import silent
from omtanke.storage.databases import read_database
from omtanke.storage.sql_log import SqlLog

BY = (None, "kind", "month", "region", "carrier", "touchpoint")


def import_all(data: Path, *folders: Path) -> None:
    """One import after the other; only the last says that nothing more will come."""
    for folder in folders:
        import_olist_folder(data, folder, silent, dry_run=False, ended=folder is folders[-1])


def answers(data: Path) -> list[str]:
    """What the questions answer, to the letter."""
    asked = [ask(data, "promises", by=by) for by in BY]
    return [one.render("csv") for one in (*asked, ask(data, "broken-cost"), ask(data, "overview"))]


def differences(data: Path) -> list[str]:
    *_, checked = check_folder(data)
    return [one.what for one in checked.differences]


def test_the_published_olist_files_answer_as_counted_by_hand(olist_store: Path) -> None:
    """The figures of shared/data/README.md and of a count over the files without a database."""
    (promises,) = ask(olist_store, "promises").records
    names = ("orders", "came_due", "held", "withdrawn", "open", "delivered", "delivered_on_time")
    assert [promises[name] for name in names] == [30_814, 29_817, 26_190, 997, 0, 28_361, 26_190]
    assert (round(promises["kept_rate"], 4), round(promises["on_time_among_delivered"], 4)) == (0.8784, 0.9235)
    cost = ask(olist_store, "broken-cost").records
    assert [(record["part"], record["answers"], record["mean_score"] and round(record["mean_score"], 3)) for record in cost[:-1]] == [
        ("kept or exceeded", 16_828, 4.257),
        ("broken", 2_808, 1.959),
        ("- never arrived", 1_470, 1.8),
        ("- arrived before an agreed slot", 0, None),
        ("- arrived late", 1_338, 2.134),
        ("- - answered while waiting", 980, 1.6),
        ("- - answered after arrival", 358, 3.595),
        ("withdrawn", 1_003, 1.671),
        ("still open", 0, None),
        ("no delivery promised", 0, None),
        ("on another scale", 0, None),
    ]


def test_whole_import_is_clean_and_every_order_has_a_person(olist_store: Path) -> None:
    log = SqlLog(read_database(olist_store, "log"))
    (without,) = log.connection.execute(
        "SELECT count(*) FROM fact LEFT JOIN customer USING (customer) WHERE type = 'order_completed' AND person IS NULL"
    ).fetchone()
    log.close()
    assert (differences(olist_store), without) == ([], 0)


def test_every_line_is_accounted_for_and_a_second_import_adds_nothing(olist_spring: Path, tmp_path: Path) -> None:
    import_all(tmp_path / "data", olist_spring)
    again = import_olist_folder(tmp_path / "data", olist_spring, silent, dry_run=False, ended=True)
    lines = {file.file: len(rows_of(olist_spring / file.file)) - 1 for file in again.files}
    assert {file.file: file.accounted for file in again.files} == lines
    assert (again.new, again.faults) == (0, 0)


@pytest.mark.skipif(not os.environ.get("OMTANKE_SOAK"), reason="a minute: make soak")
def test_halves_in_either_order_answer_as_one(olist_spring: Path, tmp_path: Path) -> None:
    first, second = halves(olist_spring, tmp_path / "halves")
    import_all(tmp_path / "one", olist_spring)
    import_all(tmp_path / "forth", first, second)
    import_all(tmp_path / "back", second, first)
    wanted = answers(tmp_path / "one")
    assert (answers(tmp_path / "forth"), answers(tmp_path / "back")) == (wanted, wanted)
    assert [differences(tmp_path / name) for name in ("one", "forth", "back")] == [[], [], []]


def test_interrupted_import_goes_on_and_answers_as_one(olist_spring: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-m", "omtanke.cli", "import", "olist", str(olist_spring), "--data", str(data)]
    for seconds in (0.8, 1.2, 1.6):
        importing = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        importing.send_signal(signal.SIGINT)
        importing.wait(30)
    import_all(data, olist_spring)
    import_all(tmp_path / "one", olist_spring)
    assert (answers(data), differences(data)) == (answers(tmp_path / "one"), [])


def test_newer_export_adds_only_what_is_new(olist_spring: Path, tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.mkdir()
    for file in olist_spring.glob("*.csv"):
        (older / file.name).write_bytes(file.read_bytes())
    orders = rows_of(older / "olist_orders_dataset.csv")
    delivered = next(n for n, cells in enumerate(orders) if cells[6].startswith("2017"))
    orders[delivered][6], orders[delivered][2] = "", "shipped"
    write(older / "olist_orders_dataset.csv", orders)
    import_olist_folder(tmp_path / "data", older, silent, dry_run=False, ended=False)
    newer = import_olist_folder(tmp_path / "data", olist_spring, silent, dry_run=False, ended=True)
    import_all(tmp_path / "one", olist_spring)
    assert newer.new == 1
    assert (answers(tmp_path / "data"), differences(tmp_path / "data")) == (answers(tmp_path / "one"), [])
