"""Questions in Spark: the same file of SQL, carried over, over the same lake and tail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from omtanke.insight.composing import derived_read, derived_text, recorded_read
from omtanke.insight.dialects import SPARK, carried_over, filled
from omtanke.insight.question import Question
from omtanke.insight.relations import Seen
from omtanke.spark.relations import create_relations

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

Record = dict[str, Any]


class OnSpark:
    """Runs questions in a session.

    What several steps or questions rest on (`promise`, `answer`, `survey`) is made once for a view of a store, a moment and a period, and
    kept by the workers, in memory as far as there is room: Spark would otherwise make it anew at each place that reads it.
    """

    def __init__(self, spark: SparkSession) -> None:
        self._spark = spark
        self._over: tuple[object, ...] = ()
        self._made: set[str] = set()

    def __call__(self, asked: Question, seen: Seen, parameters: Mapping[str, str]) -> list[Record]:
        """The rows that the question's statement finds in what was seen."""
        over = (seen.folder, seen.manifest, seen.position, seen.sought, parameters.get("as_of"))
        if over != self._over:
            self._over, self._made = over, set()
        self._make(seen, recorded_read(asked.text))
        for name in derived_read(asked.text):
            if name not in self._made:
                self._run(derived_text(name), parameters).localCheckpoint().createOrReplaceTempView(name)
                self._made.add(name)
        found: list[Record] = self._run(asked.text, parameters).toArrow().to_pylist()
        return found

    def _make(self, seen: Seen, names: set[str]) -> None:
        new = sorted(names - self._made)
        create_relations(self._spark, seen, new)
        self._made |= {*new}

    def _run(self, text: str, parameters: Mapping[str, str]) -> DataFrame:
        return self._spark.sql(carried_over(filled(text, parameters), SPARK))
