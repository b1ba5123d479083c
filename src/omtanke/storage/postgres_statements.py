"""Statements in PostgreSQL's words: those of SQLite translated, and one for a row made one for many.

What is written twice, because the two have no words in common, stands in `sql/postgres` under the same path and name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from struct import Struct as Packing
from typing import Any

from msgspec import Struct

from omtanke.storage.statements import statements

TOKEN = re.compile(r"'(?:[^']|'')*'|--[^\n]*|::|:(\w+)|\?|%")
INSERT = re.compile(r"(.*?)INSERT INTO (\w+) \(([^)]*)\)\s*VALUES \(([^)]*)\)(.*)", re.DOTALL)
ARRAY = re.compile(r"%s::(\w+)\[\]")
# Dimensions, whether there may be a NULL, the type of the elements, how many, the number of the first; then each with its length.
HEAD, LENGTH, NUMBER, NULL = Packing("!iiIii"), Packing("!i"), Packing("!iq"), b"\xff" * 4
ELEMENTS = {"bigint": 20, "bytea": 17, "text": 25}


@cache
def _written_twice() -> dict[str, str]:
    """SQLite's text of a statement to PostgreSQL's."""
    found: dict[str, str] = {}
    root = Path(str(files("omtanke.storage") / "sql"))
    for file in sorted((root / "postgres").rglob("*.sql")):
        path = file.relative_to(root / "postgres").as_posix()
        if (root / path).exists() and "format_" not in path:
            of_sqlite = statements(path)
            found |= {of_sqlite[name]: text for name, text in statements(f"postgres/{path}").items()}
    return found


@cache
def in_postgres(statement: str) -> str:
    """A statement in PostgreSQL's words, with psycopg's placeholders."""
    text = _written_twice().get(statement, statement)
    return TOKEN.sub(_token, text.replace("json_each(", "each(").replace("x''", "''::bytea"))


def _token(found: re.Match[str]) -> str:
    text = found.group()
    if text == "?":
        return "%s"
    if found.group(1):
        return f"%({found.group(1)})s"
    return text.replace("%", "%%")


@cache
def of_many(statement: str, type_: str) -> str:
    """A statement that asks for one key (`:key`), made one for the keys of an array."""
    return statement.replace(":key", f"ANY (:key::{type_}[])")


class Form(Struct, frozen=True):
    """A statement for one row as one for many, which gets them column by column. `is_plain`: nothing but an INSERT, and rows can be copied."""

    of_columns: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    copied: str
    is_plain: bool

    def columns_of(self, rows: Sequence[Sequence[Any]]) -> list[Column]:
        """The columns of the rows, each as an array."""
        return [array_of(column, type_) for column, type_ in zip(zip(*rows, strict=True), self.types, strict=True)]


def form_of(text: str, types_of: Callable[[str], dict[str, str]]) -> Form:
    """What becomes of a statement. One that is written twice for PostgreSQL's sake gets columns already, each with its type."""
    found = INSERT.fullmatch(text)
    if found is None:
        return Form(text, (), tuple(ARRAY.findall(text)), "", False)
    comment, table, names, values, rest = found.groups()
    columns, given = [name.strip() for name in names.split(",")], [value.strip() for value in values.split(",")]
    of_table = types_of(table)
    taken = tuple(name for name, value in zip(columns, given, strict=True) if value == "%s")
    types = tuple(of_table[name] for name in taken)
    arrays = ", ".join(f"%s::{type_}[]" for type_ in types)
    shown = ", ".join(f"new.{name}" if value == "%s" else value for name, value in zip(columns, given, strict=True))
    of_columns = f"{comment}INSERT INTO {table} ({names}) SELECT {shown} FROM unnest({arrays}) AS new ({', '.join(taken)}){rest}"
    is_plain = len(taken) == len(columns) and not rest.strip()
    return Form(of_columns, taken, types, f"COPY {table} ({', '.join(taken)}) FROM STDIN (FORMAT BINARY)", is_plain)


class Column(bytes):
    """The values of a column as an array in PostgreSQL's binary form (`array_recv`): psycopg's own takes ten times as long, and text has to be parsed."""


def array_of(values: Collection[Any], type_: str) -> Column:
    """Values of a column of that type, None for NULL."""
    match type_:
        case "bigint":
            elements = [NULL if value is None else NUMBER.pack(8, value) for value in values]
        case "text":
            elements = [NULL if value is None else _element(value.replace("\0", "�").encode()) for value in values]
        case _:
            elements = [NULL if value is None else _element(value) for value in values]
    return Column(HEAD.pack(1, 1, ELEMENTS[type_], len(elements), 1) + b"".join(elements))


def _element(value: bytes) -> bytes:
    return LENGTH.pack(len(value)) + value
