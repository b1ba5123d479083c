"""The part of `omtanke` for what runs on Spark: its options, and what is done there."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from omtanke.progress import ProgressLine
from omtanke.vocabulary.refusal import CannotDo

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from omtanke.insight.ask import Run
    from omtanke.runtime.replay import Checked

EVERY_CORE = "local[*]"


def add_spark(parser: argparse.ArgumentParser) -> None:
    """Where it runs."""
    parser.add_argument("--on", choices=("spark",), help="run it on Spark (default: in this process)")
    parser.add_argument("--master", metavar="URL", help=f"with --on spark: where that is, as spark://host:7077, yarn or local[4] (default {EVERY_CORE})")
    parser.add_argument("--conf", action="append", default=[], metavar="NAME=VALUE", help="with --on spark: a setting of Spark; may be given several times")


def require_place(asked: argparse.Namespace) -> None:
    """Options of Spark are for Spark. Raises CannotDo."""
    if asked.on is None and (asked.master is not None or asked.conf):
        raise CannotDo("--master and --conf say how Spark runs; add --on spark, or leave them out.")


@contextmanager
def run_on(asked: argparse.Namespace) -> Iterator[Run]:
    """What runs a question, where it is to run."""
    from omtanke.insight.ask import in_duckdb

    require_place(asked)
    if asked.on is None:
        yield in_duckdb
        return
    from omtanke.spark.asking import OnSpark

    with spark_session(asked) as spark:
        yield OnSpark(spark)


def check_on_spark(asked: argparse.Namespace) -> Checked:
    """What a check on Spark comes to."""
    from omtanke.bootstrap import check_folder_in_spark

    with spark_session(asked) as spark, ProgressLine() as line:
        return check_folder_in_spark(spark, asked.data, line)


@contextmanager
def spark_session(asked: argparse.Namespace) -> Iterator[SparkSession]:
    """The session that the options describe."""
    from omtanke.spark.session import session

    with session(asked.master or EVERY_CORE, dict(map(read_setting, asked.conf))) as spark:
        yield spark


def read_setting(text: str) -> tuple[str, str]:
    """A setting of Spark as name and value. Raises CannotDo."""
    name, found, value = text.partition("=")
    if not found or not name.startswith("spark."):
        raise CannotDo(f"--conf {text!r} is no setting of Spark; write it as spark.executor.memory=8g.")
    return name, value
