"""A question's statement in the words of other engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from omtanke.insight.composing import quoted, recorded_read
from omtanke.insight.question import Question
from omtanke.vocabulary.refusal import CannotDo

HOME, SPARK = "duckdb", "spark"
DIALECTS = (HOME, SPARK, "snowflake", "bigquery", "clickhouse")
AS_OF = "CAST($as_of AS TIMESTAMPTZ)"
NOW = "CURRENT_TIMESTAMP"
# An element of a list in questions is called so, and these of its fields are whole numbers.
ITEM = "item"
WHOLE_FIELDS = ("score",)


class UnknownDialect(CannotDo):
    """There is no such dialect."""


def printed(asked: Question, values: Mapping[str, str], dialect: str) -> str:
    """The statement with its parameters filled in; without a value for `as_of` it reads the engine's clock."""
    if dialect not in DIALECTS:
        raise UnknownDialect(f"{dialect!r} is not a dialect that is tested; those are {', '.join(DIALECTS)}")
    statement = asked.statement if "as_of" in values else asked.statement.replace(AS_OF, NOW)
    statement = filled(statement, values)
    if dialect == HOME:
        head = "-- What `omtanke ask` runs, over the relations of relations.sql."
    elif dialect == SPARK:
        head = "-- What `omtanke ask --on spark` runs, over the relations of relations.sql, in a session whose time zone is UTC."
        statement = carried_over(statement, dialect)
    else:
        head = f"-- For {dialect}: printed, not run. Carried over from DuckDB; check it against relations.sql and your engine before you trust it."
        statement = carried_over(statement, dialect)
    return f"{head}\n-- Reads: {', '.join(sorted(recorded_read(asked.text)))}.\n{statement.strip()}\n"


def filled(statement: str, values: Mapping[str, str]) -> str:
    """The statement with its parameters as literals."""
    for name, value in values.items():
        statement = statement.replace(f"${name}", quoted(value))
    return statement


def carried_over(statement: str, dialect: str) -> str:
    """The statement as sqlglot writes it for another engine."""
    import sqlglot  # takes a third of a second, and only those who print need it
    from sqlglot import exp

    def local_time(node: Any) -> Any:
        if isinstance(node, exp.AtTimeZone):
            return exp.func("toTimeZone", node.this, node.args["zone"], dialect=dialect)
        return node

    def list_joined(node: Any) -> Any:
        """ClickHouse joins a list by ARRAY JOIN."""
        if isinstance(node, exp.Join) and isinstance(node.this, exp.Unnest):
            each = exp.alias_(node.this.expressions[0].copy(), node.this.args["alias"].columns[0].name)
            return exp.Join(this=each, kind="ARRAY")
        return node

    def item_field(node: Any) -> Any:
        """Snowflake's lists hold variants, whose fields are found by name and have no type of their own."""
        if isinstance(node, exp.Column) and node.table == ITEM:
            found = exp.func("GET", exp.column(ITEM), exp.Literal.string(node.name), dialect=dialect)
            return exp.cast(found, "BIGINT" if node.name in WHOLE_FIELDS else "VARCHAR", dialect=dialect)
        return node

    tree = sqlglot.parse_one(statement, read=HOME)
    if dialect == "clickhouse":
        tree = tree.transform(local_time).transform(list_joined)
    if dialect == "snowflake":
        tree = tree.transform(item_field)
    return tree.sql(dialect=dialect, pretty=True)
