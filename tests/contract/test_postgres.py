"""PostgreSQL understands every statement, and its schemas hold what those of SQLite hold."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import psycopg
import pytest

from contract.test_schema import FILES
from fakes.postgres import Cluster
from omtanke.storage.database import PostgresError, TooNew, reading, writing
from omtanke.storage.postgres import COPIED_FROM, MIGRATIONS, PostgresDatabase
from omtanke.storage.postgres_statements import in_postgres
from omtanke.storage.statements import script, statements

# Which schema a file of statements speaks to, where its name does not say so.
SPEAKS_TO = {"lake/statements.sql": "log", "pages/rights.sql": "log", "suggestions/log.sql": "log"}
# What is said to SQLite alone, or to the tables of Django.
OTHERS = {
    ("erasing/backup.sql", "standing"),
    ("erasing/backup.sql", "last_given"),
    ("erasing/elsewhere.sql", "sessions"),
    ("erasing/elsewhere.sql", "drop_session"),
}
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?s|%%")


@pytest.fixture(scope="module")
def url(postgres: Cluster) -> Iterator[str]:
    """A database with all schemas."""
    made = postgres.database()
    for name in MIGRATIONS:
        database = PostgresDatabase(made, name)
        database.migrate(name)
        database.close()
    yield made
    postgres.drop(made)


def numbered(statement: str) -> str:
    """A statement with the placeholders of PREPARE."""
    names: list[str] = []

    def place(found: re.Match[str]) -> str:
        if found.group() == "%%":
            return "%"
        name = found.group(1) or f"place {len(names)}"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return PLACEHOLDER.sub(place, in_postgres(statement))


@pytest.mark.parametrize("path", FILES)
def test_postgres_understands_every_statement(path: str, url: str) -> None:
    folder, _, name = path.partition("/")
    schemas = [SPEAKS_TO.get(path) or next((one for one in (name.removesuffix(".sql"), folder) if one in MIGRATIONS), "")]
    if not schemas[0]:
        schemas = ["log", "inbox", "door", "outbox"]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"SET search_path = {', '.join(f'omtanke_{schema}' for schema in schemas)}, omtanke")
        for named, statement in statements(path).items():
            if (path, named) not in OTHERS:
                connection.execute(f"PREPARE tried AS {numbered(statement)}".encode())
                connection.execute("DEALLOCATE tried")


@pytest.mark.parametrize("name", MIGRATIONS)
def test_schema_has_the_tables_columns_and_indexes_of_sqlite(name: str, url: str) -> None:
    wanted = sqlite3.connect(":memory:")
    wanted.executescript(script(f"{name}/schema.sql"))
    tables = [row[0] for row in wanted.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    columns = {(table, row[1]) for table in tables for row in wanted.execute(f"PRAGMA table_info({table})")}
    indexes = {row[0] for row in wanted.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")}
    wanted.close()
    with psycopg.connect(url) as connection:
        there = connection.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = %s", (f"omtanke_{name}",)).fetchall()
        indexed = connection.execute("SELECT indexname FROM pg_indexes WHERE schemaname = %s", (f"omtanke_{name}",)).fetchall()
    assert {one for one in there if one[0] != "last_entry"} == columns
    assert indexes <= {row[0] for row in indexed}


def test_database_of_a_later_version_is_refused(database_url: str) -> None:
    database = PostgresDatabase(database_url, "log")
    database.migrate("log")
    database.execute("UPDATE omtanke.format SET format = 99")
    with pytest.raises(TooNew, match="format 99"):
        database.migrate("log")
    database.close()


def test_connection_that_was_lost_is_made_anew_but_not_in_a_transaction(url: str) -> None:
    one, other = PostgresDatabase(url, "log"), PostgresDatabase(url, "log")
    end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = ?"

    def lose() -> None:
        (number,) = one.execute("SELECT pg_backend_pid()").fetchone()
        other.execute(end, (number,))
        with pytest.raises(PostgresError):
            one.execute("SELECT 1")

    lose()
    assert one.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(PostgresError), writing(one):
        one.execute("INSERT INTO meta (name, value) VALUES (?, ?)", ("lost", "1"))
        lose()
        one.execute("INSERT INTO meta (name, value) VALUES (?, ?)", ("alone", "1"))
    assert one.execute("SELECT count(*) FROM meta WHERE name IN ('lost', 'alone')").fetchone() == (0,)
    one.close()
    other.close()


def test_connection_that_was_lost_among_what_goes_together_gives_all_of_it_up(url: str) -> None:
    one, other = PostgresDatabase(url, "log"), PostgresDatabase(url, "log")
    (number,) = one.execute("SELECT pg_backend_pid()").fetchone()
    with pytest.raises(PostgresError), writing(one), one.together():
        one.execute("INSERT INTO meta (name, value) VALUES (?, ?)", ("lost", "1"))
        other.execute("SELECT pg_terminate_backend(?)", (number,))
        one.execute("INSERT INTO meta (name, value) VALUES (?, ?)", ("also", "1"))
    with writing(one), one.together():
        one.execute("INSERT INTO meta (name, value) VALUES (?, ?)", ("kept", "1"))
    assert one.execute("SELECT name FROM meta WHERE name IN ('lost', 'also', 'kept')").fetchall() == [("kept",)]
    one.execute("DELETE FROM meta WHERE name = ?", ("kept",))
    one.close()
    other.close()


def test_whoever_only_reads_does_not_notice_that_a_connection_was_lost(url: str) -> None:
    reader, other = PostgresDatabase(url, "log", read_only=True), PostgresDatabase(url, "log")
    for _ in range(2):
        (number,) = reader.execute("SELECT pg_backend_pid()").fetchone()
        other.execute("SELECT pg_terminate_backend(?)", (number,))
        with reading(reader):
            assert reader.execute("SELECT pg_backend_pid() <> ?", (number,)).fetchone() == (True,)
        (number,) = reader.execute("SELECT pg_backend_pid()").fetchone()
        other.execute("SELECT pg_terminate_backend(?)", (number,))
        assert reader.execute("SELECT pg_backend_pid() <> ?", (number,)).fetchone() == (True,)
    reader.close()
    other.close()


def test_odd_texts_come_back_whoever_brings_them(url: str) -> None:
    database, odd = PostgresDatabase(url, "log"), ['"', "\\", "{a,b}", "a\0b", "å 🦊", "", "NULL"]
    of_link = statements("log/statements.sql")["put_link"]
    database.put(of_link, [(n, n + 1, "made", text, 0, 0, 0, 0, text, 0) for n, text in enumerate(odd)])
    database.put(of_link, [(0, 1, "ended", "again", 0, 0, 0, 0, "", 0)])
    database.put("INSERT INTO policy (version, digest, text, activated_at) VALUES (?, ?, ?, ?)", [(n, text, text, n) for n, text in enumerate(odd)])
    plain = [text.replace("\0", "�") for text in odd]
    assert [row[0] for row in database.execute("SELECT by FROM link ORDER BY one")] == ["again", *plain[1:]]
    assert [row[0] for row in database.execute("SELECT text FROM policy ORDER BY version")] == plain
    database.put(
        "INSERT INTO snapshot (person, version, position, schema_hash, now, next_wake_at, state) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(1, 1, 1, b"", 1, None, b"\0\xff")],
    )
    assert database.execute("SELECT next_wake_at, state, schema_hash FROM snapshot").fetchone() == (None, b"\0\xff", b"")
    database.close()


def test_rows_of_every_size_go_together_in_the_order_in_which_they_are_given(database_url: str) -> None:
    database = PostgresDatabase(database_url, "log")
    database.migrate("log")
    add = "INSERT INTO policy (version, digest, text, activated_at) VALUES (?, ?, ?, ?)"
    many = [(n, f"{n}", "text", n) for n in range(1, COPIED_FROM + 1)]
    with writing(database), database.together():
        added = database.put(add, [(0, "few", "text", 0)])
        copied = database.put(add, many)
        moved = database.executemany("UPDATE policy SET digest = ? WHERE version = ?", [("moved", 0), ("moved", 1), ("moved", -1)])
        found = database.find("SELECT version, digest FROM policy WHERE version = :key", (0, 1, 2, -1))
    assert (added.rowcount, copied.rowcount, moved.rowcount) == (1, COPIED_FROM, 2)
    assert sorted(found) == [(0, "moved"), (1, "moved"), (2, "2")]
    database.close()


def test_failure_among_those_that_go_together_is_raised_in_its_own_words_and_nothing_stays(database_url: str) -> None:
    database = PostgresDatabase(database_url, "log")
    database.migrate("log")
    add, set_meta = "INSERT INTO erased (customer, erasure) VALUES (?, ?)", "INSERT INTO meta (name, value) VALUES (?, ?)"
    for last in ((), [(3, n) for n in range(COPIED_FROM)]):
        with pytest.raises(PostgresError, match="duplicate key value violates unique constraint"), writing(database), database.together():
            database.execute(set_meta, ("odd", "1"))
            for _ in range(2):
                database.put(add, [(1, 1)])
            database.execute(set_meta, ("even", "1"))
            database.put(add, last)
        assert database.execute("SELECT (SELECT count(*) FROM meta), (SELECT count(*) FROM erased)").fetchone() == (0, 0)
    database.close()


def test_text_with_a_nul_and_yes_and_no_are_stored(url: str) -> None:
    database = PostgresDatabase(url, "log")
    database.execute("INSERT INTO meta (name, value) VALUES (?, ?)", ("odd", "a\0b"))
    assert database.execute("SELECT value FROM meta WHERE name = 'odd'").fetchone() == ("a�b",)
    database.execute("INSERT INTO restriction (customer, restricted_at) VALUES (?, ?)", (1, True))
    assert database.execute("SELECT sum(restricted_at) FROM restriction").fetchone() == (1,)
    database.close()
