"""A check on Spark comes to the same as in one process, and finds what somebody has changed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from fakes.files import copied
from omtanke.bootstrap import check_folder, check_folder_in_spark
from omtanke.cli import main
from omtanke.folder import Folder
from omtanke.intake.importers.ports import silent
from omtanke.runtime.replay import Checked
from omtanke.spark.checking import PLACE, check_share
from omtanke.spark.parting import write_parted
from omtanke.spark.session import SparkFailed, session
from omtanke.vocabulary.refusal import CannotDo
from spark.conftest import HASTY

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CHANGES = (
    "UPDATE fact SET reason = 'time_near' WHERE position = (SELECT max(position) FROM fact WHERE type = 'promise_broken')",
    "DELETE FROM fact WHERE position = (SELECT min(position) FROM fact WHERE type = 'promise_kept')",
    "UPDATE snapshot SET next_wake_at = 5 WHERE person = (SELECT max(person) FROM snapshot)",
)


def in_one_process(data: Path) -> Checked:
    *_, checked = check_folder(data)
    return checked


def test_a_check_comes_to_the_same(shop: Path, spark: SparkSession) -> None:
    here = in_one_process(shop)
    assert (here.is_clean, here.facts > 5_000, here.decided > 500) == (True, True, True)
    assert check_folder_in_spark(spark, shop, silent) == here


def test_differences_are_found_and_said_as_in_one_process(shop: Path, spark: SparkSession, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = copied(shop, tmp_path / "changed")
    connection = sqlite3.connect(data / "log.db")
    for change in CHANGES:
        assert connection.execute(change).rowcount == 1
    connection.commit()
    connection.close()
    assert len(in_one_process(data).differences) >= len(CHANGES)
    call = ["replay", "--check", "--data", str(data)]
    assert main(call) == 1
    here = capsys.readouterr().out
    assert main([*call, "--on", "spark"]) == 1
    assert capsys.readouterr().out == here
    assert not (data / PLACE).exists()


def test_the_command_alone_says_the_same_and_nothing_else(shop: Path, spark: SparkSession, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["replay", "--check", "--format", "json", "--data", str(shop)]
    assert main(call) == 0
    options = ["--on", "spark", "--master", "local[2]", "--conf", f"spark.driver.extraJavaOptions={HASTY}"]
    alone = subprocess.run([sys.executable, "-m", "omtanke.cli", *call, *options], capture_output=True, text=True, check=True)
    assert alone.stdout == capsys.readouterr().out
    assert "ERROR" not in alone.stderr
    assert "Traceback" not in alone.stderr


def test_what_is_handed_to_spark_holds_nothing_personal(shop: Path, tmp_path: Path) -> None:
    log = Folder(shop).log()
    names = {value for row in log.connection.execute("SELECT name, email, phone FROM card LIMIT 200") for value in row if value}
    written = write_parted(log, tmp_path / "log.parquet", silent)
    rows = pq.read_table(tmp_path / "log.parquet").to_pylist()
    assert written == sum(1 for row in rows if row["position"]) > 5_000
    everything = b"".join(row["row"] for row in rows)
    assert len(names) > 50
    assert [name for name in names if name.encode() in everything] == []


def test_facts_of_a_check_that_was_killed_are_gone_after_the_next(shop: Path, tmp_path: Path, spark: SparkSession) -> None:
    left = shop / PLACE / "log.parquet"
    left.parent.mkdir()
    left.write_bytes(b"left")
    check_folder_in_spark(spark, shop, silent)
    assert not left.parent.exists()


def test_a_check_beside_another_is_refused(shop: Path, spark: SparkSession) -> None:
    lock = Folder(shop).lock("spark")
    assert lock.try_take()
    with pytest.raises(CannotDo, match="Another check on Spark is under way"):
        check_folder_in_spark(spark, shop, silent)
    lock.release()


def test_a_worker_of_another_version_refuses_and_the_command_says_why(spark: SparkSession) -> None:
    with pytest.raises(SparkFailed, match=r"OtherVersion: this worker has Omtanke .* and 0\.0\.1 asks"), session() as same:
        same.sparkContext.parallelize([()]).mapPartitions(partial(check_share, terms=None, version="0.0.1")).collect()  # type: ignore[arg-type]
