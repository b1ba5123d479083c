"""Charts: one definition for page, slide and spreadsheet."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from msgspec import structs

from omtanke.insight import charts
from omtanke.insight.answer import Answer
from omtanke.insight.ask import ask
from omtanke.insight.board import Board
from omtanke.insight.board_making import made
from omtanke.insight.charts import KINDS, WORDS, Chart, UnknownLanguage
from omtanke.insight.palette import DARK, LIGHT
from omtanke.vocabulary.promise import KINDS as PROMISE_KINDS
from unit.insight.stored import Stored, tell_everyone

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(name="pictures", scope="module")
def every_chart(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Chart]:
    stored = Stored(tmp_path_factory.mktemp("store"))
    tell_everyone(stored)
    board = Board(stored.folder, making=made)
    return {
        "week": charts.kept_by_week(board.kept_by_week()),
        "kind": charts.kept_by(board.kept_by("kind")),
        "region": charts.kept_by(ask(stored.folder, "promises", by="region")),
        "cost": charts.broken_cost(board.broken_cost()),
    }


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("}text")]


def test_a_picture_speaks_swedish_and_english(pictures: dict[str, Chart]) -> None:
    assert "Så stor del av löftena höll vi efter slag" in texts(pictures["kind"].svg("sv"))
    assert "How many of our promises we kept by kind" in texts(pictures["kind"].svg("en"))
    assert "leverans" in texts(pictures["kind"].svg("sv"))
    assert "delivery" in texts(pictures["kind"].svg("en"))


def test_numbers_are_written_as_in_the_language(pictures: dict[str, Chart]) -> None:
    assert "50,0\u00a0% av 6" in texts(pictures["kind"].svg("sv"))
    assert "50.0% of 6" in texts(pictures["kind"].svg("en"))
    assert "100\u00a0%" in texts(pictures["kind"].svg("sv"))
    assert "4,50 · 2 svar" in texts(pictures["cost"].svg("sv"))


@pytest.mark.parametrize("name", ["week", "kind", "region", "cost"])
@pytest.mark.parametrize("dark", [False, True])
def test_every_picture_can_be_drawn_light_and_dark(pictures: dict[str, Chart], name: str, dark: bool) -> None:
    assert (DARK if dark else LIGHT).card in pictures[name].svg("sv", dark)
    assert pictures[name].png("en", dark).startswith(PNG)


def test_the_figures_go_with_the_picture(pictures: dict[str, Chart]) -> None:
    assert pictures["cost"].csv().splitlines()[1].startswith("kept or exceeded,2,4.5,")


def test_letters_are_large_enough_to_read(pictures: dict[str, Chart]) -> None:
    sizes = {float(size) for picture in pictures.values() for size in re.findall(r'font-size="([\d.]+)px"', picture.svg())}
    assert min(sizes) >= 13


def test_states_differ_in_shape_as_well_as_colour(pictures: dict[str, Chart]) -> None:
    spec = pictures["cost"].spec()
    data = next(iter(spec["datasets"].values())) if "datasets" in spec else spec["data"]["values"]
    shapes = {row["colour"]: row["shape"] for row in data}
    assert len({*shapes.values()}) == len(shapes) == 3


def test_weeks_with_few_promises_are_left_out_and_it_is_said(pictures: dict[str, Chart]) -> None:
    assert "Fältet visar 95 % osäkerhet. 2 veckor med färre än 10 löften visas inte" in texts(pictures["week"].svg("sv"))


def test_no_line_is_drawn_through_weeks_without_a_figure(pictures: dict[str, Chart]) -> None:
    records = [{"part": "2026-10-05"}, {"part": "2026-10-26"}]
    assert [one["part"] for one in charts.gaps(records)] == ["2026-10-12", "2026-10-19"]
    assert charts.gaps([]) == []


def test_an_empty_answer_is_a_picture_too(tmp_path: Path) -> None:
    Stored(tmp_path)
    board = Board(tmp_path, making=made)
    for chart in (charts.kept_by_week(board.kept_by_week()), charts.kept_by(board.kept_by("kind")), charts.broken_cost(board.broken_cost())):
        assert chart.svg().startswith("<svg")


def test_another_language_is_refused(pictures: dict[str, Chart]) -> None:
    with pytest.raises(UnknownLanguage, match="'fr' is not a language of charts"):
        pictures["week"].svg("fr")


def test_both_languages_have_every_word() -> None:
    assert WORDS["sv"].keys() == WORDS["en"].keys()
    assert KINDS["sv"].keys() == PROMISE_KINDS.keys()


def test_the_colours_are_those_of_the_pages() -> None:
    style = (files("omtanke.web") / "static" / "omtanke.css").read_text(encoding="utf-8")
    light, dark, *_ = (dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", style, re.S))
    for palette, tokens in ((LIGHT, light), (DARK, dark)):
        assert {name: tokens[name.replace("_", "-")] for name in palette.__struct_fields__} == structs.asdict(palette), "change palette.py too"


def test_an_answer_is_what_a_chart_is_made_of(pictures: dict[str, Chart]) -> None:
    assert isinstance(pictures["week"].answer, Answer)


@pytest.mark.parametrize("measure", ["satisfaction", "recommendation", "effort", "feeling", "stores"])
@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_measure_is_a_picture_worst_first_also_when_nobody_has_answered(tmp_path: Path, measure: str, lang: str) -> None:
    stored = Stored(tmp_path)
    story = stored.story()
    told = [
        (scale, score, place)
        for scale, scores in {"1-5": (5, 4, 1, 2), "0-10": (3, 6, 10, 9), "1-7": (7, 6, 2, 3)}.items()
        for place, score in enumerate(scores)
    ]
    for n, (scale, score, place) in enumerate(told):
        story.tell(f"2026-10-{n + 1:02d} 10:00", "Survey Answered", survey_id=str(n), score=score, scale=scale, question=f"q{place // 2}")
    stored.add(story.facts)
    stored.know(1)
    answer = Board(tmp_path, making=made).measure(measure, "all" if measure == "stores" else "question")
    spec = charts.measure(answer).spec(lang)
    worst_first = {"satisfaction": ["q1", "q0"], "effort": ["q1", "q0"], "recommendation": ["q0", "q1"]}
    assert spec["layer"][0]["encoding"]["y"]["sort"] == worst_first.get(measure, [])
    assert charts.measure(answer).svg(lang, dark=lang == "en").startswith("<svg")
