"""The board's tables made by another process: the same figures, and a fault of it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from omtanke.insight.board import Board, Filters
from omtanke.insight.board_made import CannotMake, made_by_another
from omtanke.insight.board_making import made
from unit.insight.stored import Stored, order, tell_everyone


def test_tables_of_another_process_give_the_same_figures(tmp_path: Path) -> None:
    stored = Stored(tmp_path)
    tell_everyone(stored)
    here, there = Board(stored.folder, making=made), Board(stored.folder, making=made_by_another)
    assert (there.position, there.as_of) == (here.position, here.as_of)
    for filters in (Filters(), Filters(status="broken"), Filters(region="Uppsala")):
        assert there.kept_by("month", filters).rows == here.kept_by("month", filters).rows != ()
        assert there.people(filters) == here.people(filters)
    assert there.broken_cost().rows == here.broken_cost().rows
    assert there.satisfaction(0, there.as_of, most=5) == here.satisfaction(0, here.as_of, most=5)
    story = stored.story()
    story.tell("2026-10-05 10:00", "Order Completed", **order("new", "2026-10-09"))
    stored.add(story.facts)
    assert there.refresh()
    assert there.position > here.position


def test_what_the_other_process_says_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match="NoStore"):
        made_by_another(tmp_path / "nothing", 0)
