"""The schema is the truth, and every statement has a name, a description and a use."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from omtanke.storage.database import TooNew
from omtanke.storage.moving import tables_of
from omtanke.storage.sqlite import MIGRATIONS, connect
from omtanke.storage.statements import script, statements

SOURCES = Path(__file__).parent.parent.parent / "src" / "omtanke"
FILES = (
    "inbox/statements.sql",
    "log/statements.sql",
    "lake/statements.sql",
    "pages/log.sql",
    "pages/inbox.sql",
    "api/log.sql",
    "api/inbox.sql",
    "door/statements.sql",
    "outbox/deliveries.sql",
    "outbox/receivers.sql",
    "outbox/choices.sql",
    "outbox/log.sql",
    "erasing/log.sql",
    "erasing/elsewhere.sql",
    "suggestions/statements.sql",
    "suggestions/log.sql",
    "pages/rights.sql",
    "pages/plays.sql",
    "pages/messages.sql",
    "plays/log.sql",
    "export/log.sql",
    "export/inbox.sql",
    "export/outbox.sql",
    "export/door.sql",
    "erasing/backup.sql",
    "aside/log.sql",
    "standing/log.sql",
    "standing/inbox.sql",
    "standing/outbox.sql",
)


def described(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    return set(connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))


@pytest.mark.parametrize("database", MIGRATIONS)
def test_migrations_lead_to_the_schema(database: str, tmp_path: Path) -> None:
    migrated, wanted = connect(tmp_path / "migrated.db"), sqlite3.connect(":memory:")
    migrated.migrate(database)
    wanted.executescript(script(f"{database}/schema.sql"))
    assert described(migrated) == described(wanted)
    migrated.close()
    wanted.close()


def test_deliveries_of_the_first_format_stay_with_their_texts_and_tries(tmp_path: Path) -> None:
    """The table is made anew; deleting the old one takes nothing along, and no number is given twice."""
    db = connect(tmp_path / "outbox.db")
    db.executescript(script("outbox/format_1.sql") + "PRAGMA user_version = 1;")
    made = "INSERT INTO delivery (key, way, destination, type, made_at, due_at) VALUES (?, 'mail', 'mail', 'letter', 1, 1)"
    db.executemany(made, [("one",), ("two",), ("three",)])
    db.execute("INSERT INTO message VALUES (1, 'karin@butiken.example', 'Hej', 'text', '', 'sv')")
    db.execute("INSERT INTO attempt VALUES (2, 1, 5, 5, 451, 'later')")
    db.execute("DELETE FROM delivery WHERE key = 'three'")
    db.migrate("outbox")
    db.execute(made.replace("'mail', 'mail'", "'customer_mail', 'customer/mail'"), ("four",))
    kept = [sorted(db.execute(f"SELECT {columns} FROM {table}")) for table, columns in (("delivery", "delivery, key"), ("message", "delivery, text"))]
    assert kept == [[(1, "one"), (2, "two"), (4, "four")], [(1, "text")]]
    assert db.execute("SELECT delivery, answer FROM attempt").fetchall() == [(2, "later")]
    names = [table.name for table in tables_of(db)]
    assert names.index("delivery") < min(names.index("message"), names.index("attempt"))
    db.close()


@pytest.mark.parametrize("database", MIGRATIONS)
def test_database_of_a_later_version_is_refused(database: str, tmp_path: Path) -> None:
    connection = connect(tmp_path / "later.db")
    connection.execute("PRAGMA user_version = 99")
    with pytest.raises(TooNew, match="format 99"):
        connection.migrate(database)
    connection.close()


@pytest.mark.parametrize("path", FILES)
def test_every_statement_is_described_and_used(path: str) -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in SOURCES.rglob("*.py"))
    for name, statement in statements(path).items():
        assert statement.startswith("--"), f"{path}: {name} does not say what it is for"
        assert re.search(rf"""["']{name}["']""", code), f"{path}: nothing uses {name}"
