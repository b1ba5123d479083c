"""The contract between lake and questions."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from omtanke.insight.composing import DERIVED, FACTS, PERSON_OF, composed, derived_read, derived_text, recorded_read
from omtanke.insight.contract import lines
from omtanke.insight.duck import open_database
from omtanke.insight.log import NoStore
from omtanke.insight.question import QUESTIONS, question
from omtanke.insight.relations import create_relations, drop_relations, look
from omtanke.storage.lake_columns import SCHEMAS
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Observed
from unit.insight.stored import Stored, tell_everyone

EVERY = {*SCHEMAS, FACTS, PERSON_OF}


def contract_text() -> str:
    return (files("omtanke.insight") / "relations.sql").read_text(encoding="utf-8")


def described(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    return {name: [(row[0], row[1]) for row in connection.execute(f"DESCRIBE {name}").fetchall()] for name in EVERY}


def test_the_contract_is_written_down() -> None:
    assert contract_text().splitlines() == list(lines()), "run `python -m omtanke.insight.contract > src/omtanke/insight/relations.sql`"


@pytest.mark.parametrize("flushed", [False, True])
def test_relations_are_as_the_contract_says(tmp_path: Path, flushed: bool) -> None:
    stored = Stored(tmp_path)
    tell_everyone(stored)
    if flushed:
        stored.lake.flush(stored.log)
    with open_database() as real, duckdb.connect() as promised:
        create_relations(real, look(tmp_path), EVERY)
        promised.execute(contract_text())
        assert described(real) == described(promised)


def test_a_column_that_older_files_lack_is_null_in_them(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    tell_everyone(stored)
    stored.lake.flush(stored.log, upto=20)
    (part,) = stored.lake.manifest().parts["promise_made"]
    path = stored.lake.folder / part.path
    pq.write_table(pq.read_table(path, partitioning=None).drop_columns(["follows"]), path)
    manifest = stored.lake.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(part.shape, "as it was"))
    stored.lake.flush(stored.log)
    with open_database() as connection:
        create_relations(connection, look(tmp_path), ["promise_made", FACTS])
        assert connection.execute("SELECT count(*), count(follows) FROM promise_made").fetchall() == [(8, 8 - part.rows)]
        assert connection.execute("SELECT count(*) FROM facts WHERE type = 'promise_made'").fetchall() == [(8,)]


def test_facts_know_which_of_them_senders_told(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    tell_everyone(stored)
    with open_database() as connection:
        create_relations(connection, look(tmp_path), [FACTS])
        told = connection.execute("SELECT DISTINCT type FROM facts WHERE is_observed").fetchall()
        assert {row[0] for row in told} == {type_ for type_ in look(tmp_path).tail.tables if issubclass(BODIES[type_], Observed)}


def test_relations_can_be_let_go(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    tell_everyone(stored)
    with open_database() as connection:
        create_relations(connection, look(tmp_path), EVERY)
        connection.execute("CREATE TABLE mine AS SELECT promise FROM promise_made")
        drop_relations(connection)
        assert connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall() == []
        assert connection.execute("SELECT count(*) FROM mine").fetchall() == [(8,)]


def test_no_store_is_said_in_so_many_words(tmp_path: Path) -> None:
    with pytest.raises(NoStore, match=r"log\.db is not there"):
        look(tmp_path)


def test_derived_relations_come_after_those_that_they_rest_on() -> None:
    assert derived_read("SELECT 1 FROM answer") == ["promise", "answer"]
    assert "promise_made" in recorded_read("SELECT 1 FROM answer")


def test_a_statement_that_begins_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with a line WITH"):
        composed("SELECT 1 FROM promise")


@pytest.mark.parametrize("text", [*(question(name).text for name in QUESTIONS), *map(derived_text, DERIVED)], ids=[*QUESTIONS, *DERIVED])
def test_every_statement_says_what_it_is_on_top(text: str) -> None:
    head = text.partition("\nWITH\n")[0].lower()
    assert "grain: one row" in head
    assert "parameters: as_of" in head
