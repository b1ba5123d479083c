"""Writes `relations.sql`, the contract between the lake and everything that asks it:

python -m omtanke.insight.contract > src/omtanke/insight/relations.sql
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, get_args, get_origin, get_type_hints

import pyarrow as pa  # type: ignore[import-untyped]
from msgspec import structs

from omtanke.insight.composing import DERIVED, FACTS, PERSON_OF, derived_text
from omtanke.storage.lake import PERSON_OF as PERSON_OF_SCHEMA
from omtanke.storage.lake_columns import COMMON, RENAMED, SCHEMAS
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Body
from omtanke.vocabulary.fields import Field

HEAD = """\
-- The relations that questions read: their grain, columns and types (DuckDB's names). Written by
-- `python -m omtanke.insight.contract`; a test compares it with what the lake writes.
--
-- The lake holds one table of Parquet files for each type of fact; the files that count are those that
-- lake/manifest.json names. One row is one fact. Nothing here is of a person's identity, and there is no free text.
--
-- Every table begins with the common columns:
"""
COMMON_MEANINGS = {
    "position": "place in the one total order of the store",
    "fact_id": "16 bytes; the same fact has the same id wherever it is computed",
    "fact_kind": "input or decided; the engine's own are decided",
    "mode": "live or history",
    "source": "which sender",
    "customer": "the customer as recorded; join person_of before counting people",
    "version": "of the type",
    "occurred_at": "when it happened",
    "received_at": "when it came to us",
    "now": "the clock that it was decided under",
    "channel": "where: web, app, store, phone, mail, sms, chat, letter, delivery, survey, review, warehouse, none",
    "touchpoint": "as the shop names it",
    "cause": "fact_id of what led to it; for decided facts",
    "reason": "a code; for decided facts",
    "policy_version": "of the shop's policy; for decided facts",
    "engine_version": "for decided facts",
}
PERSON_OF_MEANINGS = {
    "customer": "as recorded in facts",
    "person": "the person it leads to today",
    "kind": "person, unnamed (known by an order or case only) or subject (a store's or product's own ledger)",
}
SCALARS = {
    pa.int64(): "BIGINT",
    pa.int32(): "INTEGER",
    pa.string(): "VARCHAR",
    pa.bool_(): "BOOLEAN",
    pa.float64(): "DOUBLE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}


def sql_type(type_: pa.DataType) -> str:
    """DuckDB's name of a column type."""
    if pa.types.is_list(type_):
        return f"{sql_type(type_.value_type)}[]"
    if pa.types.is_struct(type_):
        return "STRUCT(" + ", ".join(f'"{field.name}" {sql_type(field.type)}' for field in type_) + ")"
    if pa.types.is_fixed_size_binary(type_) or pa.types.is_binary(type_):
        return "BLOB"
    return SCALARS[type_]


def meanings(body: type[Body]) -> dict[str, str]:
    """What the fields of a body mean, as far as they say."""
    hints = get_type_hints(body, include_extras=True)
    said = {}
    for field in structs.fields(body):
        extras = get_args(hints[field.name])[1:] if get_origin(hints[field.name]) is Annotated else ()
        said[RENAMED.get(field.name, field.name)] = next((extra.what for extra in extras if isinstance(extra, Field)), "")
    return said | ({"sender_timestamp": "the sender's own, as written"} if "sender_timestamp" in said else {})


def lines() -> Iterator[str]:
    """The contract, line by line."""
    yield from HEAD.splitlines()
    for field in COMMON:
        yield f"--   {field.name} {sql_type(field.type)}: {COMMON_MEANINGS[field.name]}"
    yield "-- Numbers of orders, lines, parcels, products … are the store's own; 0 is none. Amounts are in minor units of the currency beside them."
    yield from ("", "-- Who is who today: one row per customer as recorded.")
    yield from table(PERSON_OF, [], PERSON_OF_SCHEMA, PERSON_OF_MEANINGS)
    yield from ("", "-- The common columns of every fact: one row per fact of any type.")
    extra = [("type", "VARCHAR", "the type of fact, as the tables below are named"), ("is_observed", "BOOLEAN", "whether a sender told it")]
    yield from table(FACTS, extra, COMMON, COMMON_MEANINGS)
    common = ", ".join(f"{field.name} {sql_type(field.type)}" for field in COMMON)
    for type_, schema in SCHEMAS.items():
        body = BODIES[type_]
        yield ""
        yield from (f"-- {line.strip()}" for line in (body.__doc__ or "").strip().splitlines() if line.strip())
        own = list(schema)[len(COMMON) :]
        said = meanings(body)
        yield f"CREATE TABLE {type_} ("
        yield f"    {common}{',' if own else ''}"
        yield from column_lines([(field.name, sql_type(field.type), said.get(field.name, "")) for field in own])
        yield ");"
    yield ""
    yield "-- Derived relations, whose definitions are in derived/<name>.sql; a printed question carries them with it."
    for name in DERIVED:
        yield f"--   {derived_text(name).splitlines()[0].removeprefix('-- ')}"


def table(name: str, extra: list[tuple[str, str, str]], schema: pa.Schema, said: dict[str, str]) -> Iterator[str]:
    yield f"CREATE TABLE {name} ("
    yield from column_lines([*extra, *((field.name, sql_type(field.type), said[field.name]) for field in schema)])
    yield ");"


def column_lines(columns: list[tuple[str, str, str]]) -> Iterator[str]:
    for n, (name, type_, meaning) in enumerate(columns):
        comma = "," if n < len(columns) - 1 else ""
        yield f'    "{name}" {type_}{comma}' + (f" -- {meaning}" if meaning else "")


if __name__ == "__main__":
    print("\n".join(lines()))
