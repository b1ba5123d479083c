"""A small shop's Olist folder, and the real one where it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.unit.importers.small_shop import FILES


@pytest.fixture
def olist_folder(tmp_path: Path) -> Path:
    """One delivered order with everything, one called off."""
    folder = tmp_path / "olist"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data: OMTANKE_SHARED, else `../shared/data` beside the repository."""
    told = os.environ.get("OMTANKE_SHARED")
    folder = Path(told) if told else Path(__file__).parents[4] / "shared" / "data"
    if not (folder / "olist").is_dir():
        pytest.skip(f"the real data are not here: {folder} (set OMTANKE_SHARED)")
    return folder
