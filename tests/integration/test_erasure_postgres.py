"""Somebody is erased from a shop that stands in PostgreSQL: no byte of its tables knows them any more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from conftest import missing
from fakes.marked import MARK, OTHER, holding
from fakes.postgres import Cluster, cluster
from integration.test_erasure import Erased
from omtanke.bootstrap import check_folder
from omtanke.storage.databases import VARIABLE


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with cluster(careful=True) as running:
        if running is None:
            missing("PostgreSQL's programs (initdb, pg_ctl) are not on this machine")
        assert running is not None
        yield running


@pytest.fixture(scope="module")
def erased(server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erased]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, server.database())
        yield Erased(tmp_path_factory.mktemp("erased") / "data")


def tables(server: Cluster, mark: str) -> list[str]:
    """The files of tables and indexes in which a mark stands, once all is written."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return holding(server.folder / "data" / "base", mark)


def test_no_table_knows_who_has_been_erased(server: Cluster, erased: Erased) -> None:
    assert erased.run.returncode == 0, erased.run.stderr
    assert [one["status"] for one in json.loads(erased.run.stdout)] in (["done"], ["partly_done"])
    assert (tables(server, MARK), holding(erased.data, MARK)) == ([], [])
    assert len(tables(server, OTHER)) > 5


def test_check_is_clean_and_what_had_ended_counts_as_before(erased: Erased) -> None:
    *_, checked = check_folder(erased.data)
    assert checked.is_clean, checked.differences[:5]
    assert Path(erased.data / "erasures.journal").exists()
