"""The relations that questions read, in Spark: files of the lake that the manifest names, and the log's tail, as views.

The same as `omtanke.insight.relations` makes in DuckDB, under the same names and with the same columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa  # type: ignore[import-untyped]

from omtanke.insight.composing import FACTS, PERSON_OF, quoted
from omtanke.insight.relations import Seen, condition, numbers_sought
from omtanke.storage.lake_columns import COMMON, MOMENT, SCHEMAS
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Observed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SCALARS = {
    pa.int64(): "BIGINT",
    pa.int32(): "INT",
    pa.string(): "STRING",
    pa.bool_(): "BOOLEAN",
    pa.float64(): "DOUBLE",
    MOMENT: "TIMESTAMP",
}
PATTERN = re.compile(r"[*?\[\]{}\\]")
# The type of a file's facts is the folder in which it lies: <lake>/<type>/<day>/<file>.
TYPE_OF_FILE = "element_at(split(_metadata.file_path, '/'), -3)"


def create_relations(spark: SparkSession, seen: Seen, names: Iterable[str]) -> None:
    """The relations of those names over what was seen."""
    for name in names:
        those_sought(spark, seen, name).createOrReplaceTempView(name)


def those_sought(spark: SparkSession, seen: Seen, name: str) -> DataFrame:
    """The relation of that name, or what is sought of it."""
    whole, sought = relation(spark, seen, name), seen.sought.get(name)
    if sought is None:
        return whole
    for table, values in numbers_sought(name, sought).items():
        frame(spark, values).createOrReplaceTempView(table)
    return whole.where(condition(name, sought, quote="`", moment="TIMESTAMP"))


def relation(spark: SparkSession, seen: Seen, name: str) -> DataFrame:
    """The relation of that name."""
    if name == PERSON_OF:
        return frame(spark, seen.person_of)
    if name == FACTS:
        return every_fact(spark, seen)
    parts = [frame(spark, table) for type_, table in seen.tail.tables.items() if type_ == name]
    if files := files_of(seen, (name,), name):
        parts.append(read(spark, SCHEMAS[name], files))
    return united(parts) if parts else spark.createDataFrame([], columns_of(SCHEMAS[name]))


def every_fact(spark: SparkSession, seen: Seen) -> DataFrame:
    """The common columns of every fact, which every file has, with the type and whether a sender told it."""
    observed = ", ".join(quoted(type_) for type_, body in BODIES.items() if issubclass(body, Observed))
    tails = [table.select(COMMON.names).append_column("type", pa.repeat(pa.scalar(type_), len(table))) for type_, table in seen.tail.tables.items()]
    empty = pa.schema([*COMMON, pa.field("type", pa.string())]).empty_table()
    parts = [frame(spark, pa.concat_tables([empty, *tails]))]
    if files := files_of(seen, SCHEMAS, FACTS):
        parts.append(read(spark, COMMON, files).selectExpr("*", f"{TYPE_OF_FILE} AS type"))
    return united(parts).selectExpr("*", f"type IN ({observed}) AS is_observed")


def files_of(seen: Seen, types: Collection[str], relation: str) -> list[str]:
    """The files that may hold what a relation has of some types, as addresses."""
    return [address(file) for type_ in types for file in seen.files(type_, relation)]


def address(file: Path) -> str:
    """A file as Spark reads it, with what it would take for a pattern marked as meant."""
    return "file://" + PATTERN.sub(r"\\\g<0>", str(file.absolute()))


def read(spark: SparkSession, schema: pa.Schema, files: list[str]) -> DataFrame:
    """Files of Parquet; columns that older ones do not have are null."""
    return spark.read.schema(columns_of(schema)).parquet(*files)


def frame(spark: SparkSession, table: pa.Table) -> DataFrame:
    """A table of Arrow; ids, which have a fixed size, as bytes."""
    fields = [field.with_type(pa.binary()) if pa.types.is_fixed_size_binary(field.type) else field for field in table.schema]
    return spark.createDataFrame(table.cast(pa.schema(fields))) if len(table) else spark.createDataFrame([], columns_of(table.schema))


def united(parts: list[DataFrame]) -> DataFrame:
    """All rows, columns by name."""
    whole, *others = parts
    for one in others:
        whole = whole.unionByName(one)
    return whole


def columns_of(schema: pa.Schema) -> str:
    """A schema in Spark's words."""
    return ", ".join(f"`{field.name}` {type_of(field.type)}" for field in schema)


def type_of(type_: pa.DataType) -> str:
    """Spark's name of a column type."""
    if pa.types.is_list(type_):
        return f"ARRAY<{type_of(type_.value_type)}>"
    if pa.types.is_struct(type_):
        return "STRUCT<" + ", ".join(f"`{field.name}`: {type_of(field.type)}" for field in type_) + ">"
    if pa.types.is_fixed_size_binary(type_) or pa.types.is_binary(type_):
        return "BINARY"
    return SCALARS[type_]
