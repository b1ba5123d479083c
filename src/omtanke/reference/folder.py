"""The data folder and the shop's settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from omtanke.reference.markdown import code, page, table
from omtanke.reference.meanings import FILES, TABLES
from omtanke.settings import Settings
from omtanke.storage.sqlite import MIGRATIONS
from omtanke.storage.statements import script

COLUMN = re.compile(r"^    ([a-z_]+) +[A-Z]+", re.MULTILINE)
TABLE = re.compile(r"((?:^--[^\n]*\n)*)^CREATE TABLE (\w+) \(\n(.*?)^\)", re.MULTILINE | re.DOTALL)


def settings_page() -> str:
    """The page."""
    return page("Settings", settings_opening(), settings_table())


def settings_opening() -> Iterator[str]:
    yield "`omtanke.toml` in the data folder. Every setting has a default; the file need not be there. It is read when a process starts,"
    yield "and all that is wrong with it is said together."


def settings_table() -> Iterator[str]:
    yield from table(("setting", "default", "meaning"), ((code(name), code(default), text) for name, default, text in settings()))


def settings() -> list[tuple[str, object, str]]:
    """(name, default as TOML, meaning) of each setting; the meaning is that of the class's own description."""
    names = Settings.__struct_fields__
    text = " ".join((Settings.__doc__ or "").split())
    mark = re.compile(rf"\b((?:{'|'.join(names)})(?:, (?:{'|'.join(names)}))*): ")
    parts = mark.split(text)[1:]
    meanings = {name: said.strip().rstrip(".") for group, said in zip(parts[::2], parts[1::2], strict=True) for name in group.split(", ")}
    return [(field.name, as_toml(field.default), meanings[field.name]) for field in msgspec.structs.fields(Settings)]


def as_toml(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, msgspec.Struct):
        return "{ " + ", ".join(f"{name} = {as_toml(getattr(value, name))}" for name in value.__struct_fields__) + " }"
    return "[]" if value == () else str(value)


def folder_page() -> str:
    """The page."""
    databases = (database(f"{name}.db", f"{name}/schema.sql") for name in ("log", "inbox", "outbox", "door", "suggestions"))
    return page("The data folder", folder_opening(), folder_files(), *databases)


def folder_opening() -> Iterator[str]:
    yield "Everything that a shop has is in one folder: `--data`, else `OMTANKE_DATA`, else `./omtanke-data`. `omtanke backup` makes a copy of it"
    yield "while everything runs ([how](../how-to/back-up-and-restore.md))."


def folder_files() -> Iterator[str]:
    yield from table(("file", "what it holds"), ((code(name), text) for name, text in FILES.items()))


def database(name: str, schema: str) -> Iterator[str]:
    """The tables of a database, from its schema."""
    yield f"## {name}"
    yield ""
    yield f"Format {MIGRATIONS[name.removesuffix('.db')][-1][0]}; an older one is brought to it when the folder is opened."
    yield ""
    yield from (line.removeprefix("--").strip() for line in script(schema).splitlines()[:2])
    yield ""
    yield from table(("table", "what a row is", "columns"), tables(schema))


def tables(schema: str) -> Iterator[tuple[str, str, str]]:
    for comment, name, columns in TABLE.findall(script(schema)):
        said = " ".join(line.removeprefix("--").strip() for line in comment.splitlines())
        yield code(name), said or TABLES[name], ", ".join(map(code, COLUMN.findall(columns)))
