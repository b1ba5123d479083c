"""What time it is in a data folder."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from fakes.story import at
from omtanke import folder_clock
from omtanke.folder import Folder
from omtanke.folder_clock import FolderClock, read_clock, set_clock
from omtanke.vocabulary.refusal import CannotDo

SECOND = 1_000_000


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The wall clock, which the test moves."""
    moved = [at("2026-11-21 12:00")]
    monkeypatch.setattr(folder_clock, "wall_clock", lambda: moved[0])
    return moved


def test_folder_without_a_clock_has_the_wall_clocks_time(tmp_path: Path) -> None:
    before = time.time_ns() // 1000
    assert before <= Folder(tmp_path).clock() <= time.time_ns() // 1000
    assert read_clock(tmp_path / "clock.json") == FolderClock()


def test_fast_clock_begins_where_it_was_set_and_runs_ahead(tmp_path: Path, noon: list[int]) -> None:
    clock = set_clock(tmp_path / "clock.json", at("2026-11-01 08:00"), 60)
    assert clock() == at("2026-11-01 08:00")
    noon[0] += 60 * SECOND
    assert (clock(), read_clock(tmp_path / "clock.json")()) == (at("2026-11-01 09:00"), at("2026-11-01 09:00"))


def test_every_process_of_the_folder_reads_the_same(tmp_path: Path, noon: list[int]) -> None:
    set_clock(tmp_path / "clock.json", at("2026-11-01 08:00"), 60)
    noon[0] += 90 * SECOND
    assert Folder(tmp_path).clock() == Folder(tmp_path).clock() == at("2026-11-01 09:30")


def test_clock_that_is_set_again_replaces_the_first(tmp_path: Path, noon: list[int]) -> None:
    set_clock(tmp_path / "clock.json", at("2026-11-01 08:00"), 60)
    set_clock(tmp_path / "clock.json", at("2026-11-09 08:00"), 1)
    assert (read_clock(tmp_path / "clock.json")(), [one.name for one in tmp_path.iterdir()]) == (at("2026-11-09 08:00"), ["clock.json"])


@pytest.mark.parametrize("speed", [0, -3, 10_001])
def test_clock_that_stands_or_races_is_refused(tmp_path: Path, speed: int) -> None:
    with pytest.raises(CannotDo, match="choose 1 to 10,000"):
        set_clock(tmp_path / "clock.json", 0, speed)
    assert list(tmp_path.iterdir()) == []
