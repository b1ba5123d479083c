"""A session of Spark: what it needs on this machine, what we set for every one, and what is said when it fails."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import omtanke
from omtanke.vocabulary.refusal import CannotDo

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

EVERY_CORE = "local[*]"
LOOPBACK = "127.0.0.1"
MASTER = re.compile(r"local(\[(\*|\d+)(,\d+)?\])?|local-cluster\[\d+, *\d+, *\d+\]|spark://\S+|k8s://\S+|yarn")
PACKAGE = Path(omtanke.__file__).parent
QUIET = f"-Dlog4j2.configurationFile=file:{PACKAGE / 'spark' / 'log4j2.properties'}"
# What whoever runs it may set otherwise.
USUAL = {
    "spark.app.name": "omtanke",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "10000",
    "spark.driver.extraJavaOptions": QUIET,
}
# On this machine alone: nothing listens to others, and workers find this very installation.
ON_THIS_MACHINE = {
    "spark.driver.host": LOOPBACK,
    "spark.driver.bindAddress": LOOPBACK,
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "16",
    "spark.executorEnv.PYTHONPATH": str(PACKAGE.parent),
    "spark.executor.extraJavaOptions": QUIET,
}
# What answers rest on.
FIXED = {"spark.sql.session.timeZone": "UTC", "spark.sql.ansi.enabled": "true"}
# A line that names what was raised, in Python's words or in Java's.
CAUSE = re.compile(r"^(?:Caused by: )?((?:[\w$]+\.)*[A-Z]\w+: .*\S)", re.MULTILINE)


class NoSpark(CannotDo):
    """Spark cannot be had here."""


class SparkFailed(CannotDo):
    """Spark has begun and could not do it."""


def require_spark(master: str) -> None:
    """What a session needs is here. Raises NoSpark."""
    if not MASTER.fullmatch(master):
        raise NoSpark(
            f"--master {master!r} is no place that Spark runs in; name this machine (local[*], local[4]), a cluster of its own (spark://host:7077), yarn or k8s://…"
        )
    if find_spec("pyspark") is None:
        raise NoSpark("Spark is not installed here: pip install 'omtanke[spark]', or pip install --require-hashes -r requirements/spark.txt.")
    home = os.environ.get("JAVA_HOME")
    if not shutil.which(str(Path(home) / "bin" / "java") if home else "java"):
        place = f"JAVA_HOME is {home}, and there is no bin/java in it" if home else "there is no java here"
        raise NoSpark(f"Spark runs on Java 17 or 21, and {place}; install one (openjdk-17-jre-headless), or let JAVA_HOME name it.")


@contextmanager
def session(master: str = EVERY_CORE, settings: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """A session that ends with the block; one that has been begun is taken as it is, and stays. `settings` are Spark's own.

    Raises NoSpark, SparkFailed.
    """
    require_spark(master)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    is_here = master.startswith("local")
    if is_here:
        os.environ.setdefault("SPARK_LOCAL_IP", LOOPBACK)
        os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(master)
    for name, value in (USUAL | (ON_THIS_MACHINE if is_here else {}) | dict(settings or {}) | FIXED).items():
        builder = builder.config(name, value)
    had_begun = SparkSession.getActiveSession() is not None
    try:
        spark = builder.getOrCreate()
        try:
            yield spark
        finally:
            if not had_begun:
                spark.stop()
    except (PySparkException, Py4JError) as error:
        raise SparkFailed(f"Spark could not do it: {cause_in(str(error))}") from error


def cause_in(said: str) -> str:
    """The innermost cause that Spark names, in a line; where it names none, the first thing it says."""
    first = next((line.strip() for line in said.splitlines() if line.strip()), "it does not say why")
    causes: list[str] = CAUSE.findall(said)
    return [first, *causes][-1]
