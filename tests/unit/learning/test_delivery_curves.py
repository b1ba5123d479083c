"""Curves as they are kept, and what is read off them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from omtanke.insight.statistics import wilson
from omtanke.learning.delivery.curves import FOLDER, FORMAT, Curves, Point, at_asked, at_kept, keep, newest
from omtanke.learning.delivery.numbered import numbers
from omtanke.learning.delivery.orders import NEVER
from omtanke.learning.delivery.scoring import Trial, own_dates_shown, point
from omtanke.vocabulary.refusal import CannotDo

CURVE = (Point(0.8, 0.78, 10.0, 0.76, 0.80, "north", 0.7), Point(0.9, 0.88, 14.0, 0.86, 0.90, "south", 0.8))
KEPT = Curves("2026-01-01", "2026-04-01", 700, 1.0, 0.0, CURVE, (), Point(0.0, 0.85, 20.0), 600)


def test_each_time_is_a_version_and_the_newest_counts(tmp_path: Path) -> None:
    assert newest(tmp_path) is None
    first, second = keep(tmp_path, KEPT, "2026-06-01"), keep(tmp_path, msgspec.structs.replace(KEPT, orders=800), "2026-06-02")
    assert (first.version, second.version, numbers(tmp_path / FOLDER)) == (1, 2, [1, 2])
    assert newest(tmp_path) == second


def test_what_a_later_version_adds_is_passed_over(tmp_path: Path) -> None:
    kept = keep(tmp_path, KEPT, "2026-06-01")
    path = tmp_path / FOLDER / "0001.json"
    path.write_bytes(path.read_bytes().replace(b'"orders":700', b'"orders":700,"seasons":["winter"]'))
    assert newest(tmp_path) == kept


@pytest.mark.parametrize(("text", "why"), [(b"{", "holds no curves"), (b'{"format": 1}', "holds no curves")])
def test_file_that_is_broken_is_named_with_the_way_out(tmp_path: Path, text: bytes, why: str) -> None:
    keep(tmp_path, KEPT, "2026-06-01")
    (tmp_path / FOLDER / "0001.json").write_bytes(text)
    with pytest.raises(CannotDo, match=f"0001.json {why}.*omtanke backtest quotes"):
        newest(tmp_path)


def test_format_of_a_later_version_is_not_guessed_at(tmp_path: Path) -> None:
    keep(tmp_path, KEPT, "2026-06-01")
    path = tmp_path / FOLDER / "0001.json"
    path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format":2'))
    with pytest.raises(CannotDo, match=f"has format 2, and this version reads {FORMAT}"):
        newest(tmp_path)


def test_between_two_points_lies_a_straight_line() -> None:
    half = at_asked(CURVE, 0.85)
    assert half is not None
    assert [round(one, 6) for one in (half.asked, half.kept, half.days, half.kept_low, half.kept_high)] == [0.85, 0.83, 12.0, 0.81, 0.85]
    assert at_asked(CURVE, 0.8) == CURVE[0] and at_asked(CURVE, 0.9) == CURVE[1]
    assert at_asked(CURVE, 0.79) is None and at_asked(CURVE, 0.91) is None
    assert at_kept(CURVE, 0.83) == half and at_kept(CURVE, 0.95) is None


def test_ratios_lie_between_by_their_logarithms() -> None:
    halfway = at_asked((Point(10.0, 0.8, 10.0), Point(1000.0, 0.9, 20.0)), 100.0, is_ratio=True)
    assert halfway is not None and round(halfway.days, 6) == 15.0


def trial(took: list[int], own: list[int], regions: tuple[str, ...], region_of: list[int]) -> Trial:
    size = len(took)

    def interval(kept: float, of: float) -> tuple[float, float]:
        found = wilson(kept, of)
        return (found.low, found.high) if found else (0.0, 1.0)

    zeros = np.zeros(size, np.int64)
    return Trial(
        np.zeros((size, 5)), np.zeros((size, 5)), np.array(took), np.array(own), np.ones(size), ("2026-01",), zeros, regions, np.array(region_of), interval
    )


def test_worst_region_has_enough_orders_and_a_name() -> None:
    took = [2] * 300 + [2] * 270 + [9] * 30 + [9] * 10 + [9] * 300
    found = point(trial(took, [5] * 910, ("a", "b", "few", ""), [0] * 300 + [1] * 300 + [2] * 10 + [3] * 300), 0.9, np.full(910, 4))
    assert (found.worst, round(found.worst_kept, 3), round(found.kept, 3)) == ("b", 0.9, round(570 / 910, 3))
    assert found.kept_low < found.kept < found.kept_high


def test_own_dates_are_those_that_were_shown() -> None:
    own, shown = own_dates_shown(trial([2, 9, NEVER, 3], [5, 5, 5, -1], ("a",), [0, 0, 0, 0]))
    assert own is not None
    assert (round(own.kept, 3), own.days, shown) == (0.333, 5.0, 3)
    assert own_dates_shown(trial([2], [-1], ("a",), [0])) == (None, 0)
