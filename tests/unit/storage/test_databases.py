"""Where the databases of a shop stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from omtanke.storage.databases import open_database, read_database


@pytest.mark.parametrize("name", ["shop", "a shop?mode=rw", "50 % & #1", "butik för åtta"])
def test_folder_of_whatever_name_is_written_and_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    open_database(folder, "log").execute("CREATE TABLE said AS SELECT 7 AS number")
    assert read_database(folder, "log").execute("SELECT number FROM said").fetchone()[0] == 7
