"""Every question finds the same on Spark as in DuckDB, to the last row and digit."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from omtanke.cli import main
from omtanke.insight.ask import ask
from omtanke.insight.question import QUESTIONS, question
from omtanke.spark.asking import OnSpark

ZONE = "Europe/Stockholm"
EVERY = tuple((name, by) for name in QUESTIONS for by in (None, *question(name).dimensions))
# Each question, and each dimension at least once.
FEW = (
    *((name, None) for name in QUESTIONS),
    ("promises", "region"),
    ("promises", "month"),
    ("satisfaction", "store"),
    ("recommendation", "month"),
    ("effort", "question"),
    ("feeling", "touchpoint"),
)
ASKED = EVERY if os.environ.get("OMTANKE_SOAK") else FEW


def counted(answer: object) -> int:
    """How much the rows count in all: a comparison of nothing with nothing says nothing."""
    return sum(value for record in answer.records for value in record.values() if isinstance(value, int))  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "by"), ASKED)
def test_a_question_finds_the_same(shop: Path, on_spark: OnSpark, name: str, by: str | None) -> None:
    here = ask(shop, name, by=by, zone=ZONE)
    assert counted(here) > 0
    assert ask(shop, name, by=by, zone=ZONE, run=on_spark) == here


def test_the_command_says_the_same(shop: Path, on_spark: OnSpark, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["ask", "promises", "--by", "carrier", "--format", "csv", "--data", str(shop)]
    assert main(call) == 0
    here = capsys.readouterr().out
    assert main([*call, "--on", "spark", "--master", "local[2]"]) == 0
    assert capsys.readouterr().out == here != ""


@pytest.mark.parametrize(("name", "by"), [("promises", "carrier"), ("satisfaction", "store"), ("overview", None)])
def test_about_a_period_it_finds_the_same(shop: Path, on_spark: OnSpark, name: str, by: str | None) -> None:
    period = {"since": "2026-09-08", "until": "2026-09-10"}
    here = ask(shop, name, by=by, zone=ZONE, **period)
    assert counted(here) not in (0, counted(ask(shop, name, by=by, zone=ZONE)))
    assert ask(shop, name, by=by, zone=ZONE, run=on_spark, **period) == here


def test_as_of_a_moment_it_finds_the_same(shop: Path, on_spark: OnSpark) -> None:
    moment = "2026-09-08T12:00"
    here = ask(shop, "promises", by="kind", as_of=moment, zone=ZONE)
    assert counted(here) not in (0, counted(ask(shop, "promises", by="kind", zone=ZONE)))
    assert ask(shop, "promises", by="kind", as_of=moment, zone=ZONE, run=on_spark) == here
