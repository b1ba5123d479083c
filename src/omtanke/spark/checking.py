"""`replay --check` in Spark: each worker takes whole clusters, and the pure engine decides their facts anew there."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from omtanke import __version__
from omtanke.folder import Folder
from omtanke.runtime.replay import Checked, Terms, check_cluster, terms_of
from omtanke.spark.parting import Progress, read_cluster, write_parted
from omtanke.spark.relations import address
from omtanke.storage.codec import encode
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.refusal import CannotDo

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PLACE, LOCK = "spark", "spark"
FACTS_AT_ONCE = 50_000
TASKS_PER_CORE = 4
NOTHING = Checked(0, 0, 0, 0, ())

# (cluster, position, bytes)
Rows: TypeAlias = Iterable[tuple[int, int, bytes]]


class OtherVersion(CannotDo):
    """A worker has another version of Omtanke than the one who asks."""


def check_in_spark(spark: SparkSession, folder: Folder, log: SqlLog, rests_at: int | None, progress: Progress) -> Checked:
    """What a check comes to, from all workers together. The log's facts lie in the folder as Parquet while it lasts."""
    lock, place = folder.lock(LOCK), folder.path / PLACE
    if not lock.try_take():
        raise CannotDo(f"Another check on Spark is under way in {folder.path}; let it end first.")
    try:
        shutil.rmtree(place, ignore_errors=True)  # of one that was killed
        place.mkdir(mode=0o700)
        terms = terms_of(log, rests_at)
        facts = write_parted(log, place / "log.parquet", progress)
        return check_parted(spark, place / "log.parquet", facts, terms)
    finally:
        shutil.rmtree(place, ignore_errors=True)
        lock.release()


def check_parted(spark: SparkSession, file: Path, facts: int, terms: Terms) -> Checked:
    """The sum over all clusters of a file, differences in the order of clusters."""
    tasks = max(TASKS_PER_CORE * spark.sparkContext.defaultParallelism, facts // FACTS_AT_ONCE)
    rows = spark.read.parquet(address(file)).repartition(tasks, "cluster").sortWithinPartitions("cluster", "position")
    found = rows.rdd.mapPartitions(partial(check_share, terms=terms, version=__version__)).collect()
    checked = msgspec.structs.replace(NOTHING, facts=terms.policies.activations)
    for _, one in sorted(found):
        checked = checked.and_also(msgspec.msgpack.decode(one, type=Checked))
    return checked


def check_share(rows: Rows, terms: Terms, version: str) -> Iterator[tuple[int, bytes]]:
    """What a worker makes of its share of the rows, which come cluster by cluster and in order."""
    require_version(version)
    return ((cluster, encode(checked)) for cluster, checked in summed(checked_clusters(rows, terms)))


def require_version(version: str) -> None:
    """This is the version that asks. Raises OtherVersion."""
    if version != __version__:
        raise OtherVersion(f"this worker has Omtanke {__version__}, and {version} asks; install the same on both")


def checked_clusters(rows: Rows, terms: Terms) -> Iterator[tuple[int, Checked]]:
    """What the check of each cluster comes to."""
    for cluster, of_cluster in groupby(rows, key=itemgetter(0)):
        kept, facts = read_cluster([(position, row) for _, position, row in of_cluster])
        yield cluster, check_cluster(terms, facts, kept, kept.leads)


def summed(several: Iterable[tuple[int, Checked]]) -> Iterator[tuple[int, Checked]]:
    """Each cluster in which something differs, and all others together as number 0."""
    clean = NOTHING
    for cluster, checked in several:
        if checked.is_clean:
            clean = clean.and_also(checked)
        else:
            yield cluster, checked
    yield 0, clean
