"""One session of Spark and one shop for all tests here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import missing
from omtanke.spark.asking import OnSpark
from omtanke.spark.session import QUIET, NoSpark, require_spark, session
from spark.simulated import simulated_shop

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SOAK = bool(os.environ.get("OMTANKE_SOAK"))
PERSONS, DAYS = (10_000, 28) if SOAK else (400, 21)
# Two workers in processes of their own on this machine; for a little shop without what pays off for large ones only.
MASTER = "local-cluster[2,1,1024]"
HASTY = f"{QUIET} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
FOR_LITTLE = {
    "spark.task.maxFailures": "1",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": HASTY,
    "spark.executor.extraJavaOptions": HASTY,
}


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """A session of Spark."""
    try:
        require_spark(MASTER)
    except NoSpark as error:
        missing(str(error))
    with session(MASTER, {} if SOAK else FOR_LITTLE) as begun:
        yield begun


@pytest.fixture(scope="session")
def on_spark(spark: SparkSession) -> OnSpark:
    """What runs questions there."""
    return OnSpark(spark)


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that tests only read."""
    return simulated_shop(tmp_path_factory.mktemp("spark") / "a shop [of=1]", PERSONS, DAYS)
