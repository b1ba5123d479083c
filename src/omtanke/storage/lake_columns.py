"""Facts as columns: the Arrow schema of each type of fact, and rows of the log as tables of it.

A table has the common columns and the body's fields under their own names. Moments are timestamps in UTC,
null for none; lists of lines or stated promises are lists of structs; numbers of orders, parcels … are 0 for none.
"""

from __future__ import annotations

import types
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import blake2b
from itertools import chain
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
from msgspec import Struct

from omtanke.storage.codec import READERS
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Body
from omtanke.vocabulary.fields import Field

MOMENT = pa.timestamp("us", tz="UTC")
ID = pa.binary(16)

# What every table begins with, in the order of the statement `facts_after`; its rows end with type and body.
COMMON = pa.schema(
    [
        ("position", pa.int64()),
        ("fact_id", ID),
        ("fact_kind", pa.string()),
        ("mode", pa.string()),
        ("source", pa.int32()),
        ("customer", pa.int64()),
        ("version", pa.int32()),
        ("occurred_at", MOMENT),
        ("received_at", MOMENT),
        ("now", MOMENT),
        ("channel", pa.string()),
        ("touchpoint", pa.string()),
        ("cause", ID),
        ("reason", pa.string()),
        ("policy_version", pa.int32()),
        ("engine_version", pa.int32()),
    ]
)
WORDS = {"fact_kind": ("input", "decided"), "mode": ("live", "history")}
TYPE, BODY = len(COMMON), len(COMMON) + 1
POSITION, CUSTOMER, OCCURRED, RECEIVED = (COMMON.names.index(name) for name in ("position", "customer", "occurred_at", "received_at"))

# Fields whose name in a table differs, and moments that neither name nor form tells.
RENAMED = {"timestamp": "sender_timestamp"}
MOMENTS_BY_NAME = frozenset({"exceeds_before", "valid_until"})
MOMENT_FORMS = ("moment", "moment or date")
SCALARS: dict[object, pa.DataType] = {int: pa.int64(), str: pa.string(), bool: pa.bool_(), float: pa.float64(), bytes: pa.binary()}

Row = Sequence[Any]


def arrow_type(name: str, hint: Any) -> pa.DataType:
    """The column type of a body's field. Raises TypeError for one that the lake cannot hold."""
    if get_origin(hint) is Annotated:
        hint, *extras = get_args(hint)
        if any(isinstance(extra, Field) and extra.form in MOMENT_FORMS for extra in extras):
            return MOMENT
    if hint is int and (name.endswith("_at") or name in MOMENTS_BY_NAME):
        return MOMENT
    if hint in SCALARS:
        return SCALARS[hint]
    if get_origin(hint) is tuple and len(get_args(hint)) == 2 and get_args(hint)[1] is Ellipsis:
        inner = get_args(hint)[0]
        if isinstance(inner, type) and issubclass(inner, Struct):
            return pa.list_(pa.struct(struct_columns(inner)))
        return pa.list_(arrow_type("", inner))
    raise TypeError(f"{name}: {hint} has no column type in the lake")


@cache
def struct_columns(struct: type[Struct]) -> tuple[pa.Field, ...]:
    """The columns of a struct's fields, in order."""
    hints = get_type_hints(struct, include_extras=True)
    names = [field.name for field in msgspec.structs.fields(struct)]
    return tuple(pa.field(RENAMED.get(name, name), arrow_type(name, hints[name])) for name in names)


@cache
def schema_of(type_: str) -> pa.Schema:
    """The schema of the table of a type of fact."""
    own = struct_columns(BODIES[type_])
    clash = {field.name for field in own} & set(COMMON.names)
    if clash:
        raise TypeError(f"{type_}: the names {', '.join(sorted(clash))} are common columns of every fact")
    return pa.schema([*COMMON, *own])


SCHEMAS: types.MappingProxyType[str, pa.Schema] = types.MappingProxyType({type_: schema_of(type_) for type_ in BODIES})


@cache
def shape_of(type_: str) -> str:
    """A word for the columns of a type of fact; another one when they change."""
    return blake2b(str(SCHEMAS[type_]).encode(), digest_size=8).hexdigest()


def column(values: Sequence[Any], type_: pa.DataType) -> pa.Array:
    """Values of one field as an array; moments of 0 become null."""
    if type_ == MOMENT:
        moments = pa.array(values, pa.int64())
        return pc.if_else(pc.equal(moments, 0), pa.scalar(None, pa.int64()), moments).cast(MOMENT)
    if pa.types.is_list(type_):
        offsets = [0]
        for value in values:
            offsets.append(offsets[-1] + len(value))
        items = list(chain.from_iterable(values))
        inner = type_.value_type
        flat = pa.StructArray.from_arrays(columns_of_structs(items, inner), fields=list(inner)) if pa.types.is_struct(inner) else column(items, inner)
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), flat, type=type_)
    return pa.array(values, type_)


def columns_of_structs(items: Sequence[Struct], fields: Iterable[pa.Field]) -> list[pa.Array]:
    """One array for each field of structs of one type."""
    described = list(fields)
    if not items:
        return [pa.array([], field.type) for field in described]
    values = zip(*map(msgspec.structs.astuple, items), strict=True)
    return [column(of_field, field.type) for of_field, field in zip(values, described, strict=True)]


def common_column(values: Sequence[Any], field: pa.Field) -> pa.Array:
    """A common column; kind and mode are numbers in the log and words in the lake."""
    words = WORDS.get(field.name)
    if words is None:
        return column(values, field.type)
    return pa.DictionaryArray.from_arrays(pa.array(values, pa.int8()), pa.array(words)).cast(pa.string())


def table_of(type_: str, rows: Sequence[Row]) -> pa.Table:
    """The table of facts of one type, in the order of their rows."""
    schema = SCHEMAS[type_]
    if not rows:
        return schema.empty_table()
    columns = list(zip(*rows, strict=True))
    arrays = [common_column(columns[n], field) for n, field in enumerate(COMMON)]
    versions = columns[COMMON.names.index("version")]
    bodies: list[Body] = [READERS[type_, version](data) for version, data in zip(versions, columns[BODY], strict=True)]
    arrays += columns_of_structs(bodies, list(schema)[len(COMMON) :])
    return pa.Table.from_arrays(arrays, schema=schema)


def tables_of(rows: Iterable[Row]) -> dict[str, pa.Table]:
    """Rows of the log by type of fact."""
    by_type: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_type[row[TYPE]].append(row)
    return {type_: table_of(type_, of_type) for type_, of_type in by_type.items()}
