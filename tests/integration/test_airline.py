"""The published airline survey through map, worker, lake and question, held against a count of the file without any of them."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from statistics import NormalDist, fmean, stdev

import pytest

from omtanke.bootstrap import import_csv_file
from omtanke.insight.ask import ask
from omtanke.intake.importers.mapping import read_map
from omtanke.intake.importers.ports import silent
from omtanke.intake.importers.report import Report

MAP = Path(__file__).parents[2] / "docs" / "examples" / "airline.toml"
Z = NormalDist().inv_cdf(0.975)


@pytest.fixture(name="file", scope="module")
def published_file(airline: Path) -> Path:
    return airline / "airline_passenger_satisfaction.csv.gz"


@pytest.fixture(name="rows", scope="module")
def read_rows(file: Path) -> list[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(name="told", scope="module")
def imported(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Report]]:
    folder = tmp_path_factory.mktemp("airline")
    report = import_csv_file(folder, file, MAP, silent, dry_run=False, ended=True)
    yield folder, report


def columns() -> dict[str, str]:
    """Touchpoint by column of the file, as the map has them."""
    return {answer.score.column: answer.touchpoint for answer in read_map(MAP).events[0].answers}


def independently(scores: list[int]) -> tuple[int, float, float, float, float, float]:
    """Count, mean with interval and top-two-box share with interval: t by its expansion for many (Abramowitz and Stegun 26.7.5)."""
    n, mean = len(scores), fmean(scores)
    reach = (Z + (Z**3 + Z) / (4 * (n - 1))) * stdev(scores) / n**0.5
    share = sum(score >= 4 for score in scores) / n
    a, b, c = 1 + Z * Z / n, -(2 * share + Z * Z / n), share * share  # the p that the share just does not speak against
    low = (-b - (b * b - 4 * a * c) ** 0.5) / (2 * a)
    return n, mean, mean - reach, mean + reach, share, low


def test_every_score_by_touchpoint_equals_a_count_of_the_file(told: tuple[Path, Report], rows: list[dict[str, str]]) -> None:
    records = {record["part"]: record for record in ask(told[0], "satisfaction", by="touchpoint").records if record["scale"] == "1-5"}
    assert records.keys() == set(columns().values())
    for column, touchpoint in columns().items():
        expected = independently([int(row[column]) for row in rows if row[column] != "0"])
        names = ("answers", "mean_score", "mean_score_low", "mean_score_high", "satisfied", "satisfied_low")
        assert [records[touchpoint][name] for name in names] == pytest.approx(expected, abs=1e-9)


def test_zeros_are_left_out_and_counted(told: tuple[Path, Report], rows: list[dict[str, str]]) -> None:
    (report,) = told[1].files
    zeros = {column: sum(row[column] == "0" for row in rows) for column in columns()}
    assert dict(report.not_applicable) == {column: count for column, count in zeros.items() if count}
    assert (report.rows, report.told, report.refused, sum(zeros.values())) == (103_904, 103_904, 0, 15_932)
    (total, _overall) = ask(told[0], "satisfaction").records
    assert (total["answers"], total["persons"]) == (103_904 * 14 - 15_932, 103_904)


def test_the_overall_question_stands_by_itself(told: tuple[Path, Report], rows: list[dict[str, str]]) -> None:
    (overall,) = [record for record in ask(told[0], "satisfaction", by="question").records if record["part"] == "overall"]
    satisfied = sum(row["Satisfaction"] == "Satisfied" for row in rows)
    assert (overall["scale"], overall["answers"], overall["satisfied"]) == ("0-1", 103_904, satisfied / 103_904)
