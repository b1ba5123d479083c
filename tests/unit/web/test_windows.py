"""What shorter or longer windows would have held: the page, its picture, and what it says to write."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from fakes.living import Living
from omtanke.engine.quote_policy import NO_QUOTES, QuotePolicy, read_quotes
from omtanke.learning.delivery.curves import FOLDER, Curves, Point, keep
from omtanke.web.shop import Shop
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client

PAGE = "/promises/windows/"
LEVEL = tuple(
    Point(percent / 100, percent / 100 - 0.01, percent / 5, percent / 100 - 0.02, percent / 100, "Norrland", percent / 100 - 0.1) for percent in range(50, 100)
)
COST = (Point(10.0, 0.4, 3.0), Point(100.0, 0.9, 16.0), Point(1000.0, 0.97, 30.0), Point(3000.0, 0.98, 45.0))
CURVES = Curves("2026-06-01", "2026-09-01", 1200, 1.0, 0.0, LEVEL, COST, Point(0.0, 0.86, 21.0, 0.84, 0.88), 1100)
QUOTES = '\n[quotes]\ncountry = "SE"\nlanes.SE = [1, 4]\n'


@pytest.fixture
def tried(here: Shop) -> Iterator[Shop]:
    """The demo shop, in which windows have been tried out."""
    keep(here.data, CURVES, "2026-11-20")
    yield here
    shutil.rmtree(here.data / FOLDER)


@pytest.fixture
def by_level(here: Shop, tmp_path: Path) -> Iterator[Living]:
    """A shop that quotes windows of which nine of ten are kept."""
    living = quoting(tmp_path, "level = 0.9", CURVES)
    with over(living, here):
        yield living


@pytest.fixture
def by_cost(here: Shop, tmp_path: Path) -> Iterator[Living]:
    """A shop that quotes the cheapest windows, with another floor than was tried out."""
    living = quoting(tmp_path, "cost_day = 1\ncost_broken = 100\nfloor = 0.9", replace(CURVES, floor=0.85))
    with over(living, here):
        yield living


def quoting(data: Path, lines: str, curves: Curves) -> Living:
    """A shop with these lines in its policy, in which windows have been tried out."""
    living = Living(data)
    policy = data / "policy" / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8") + QUOTES + lines + "\n", encoding="utf-8")
    living.restart()
    keep(data, curves, "2026-11-20")
    return living


def cells(html: str) -> dict[str, list[str]]:
    """The numbers in the table, by the label of the row."""
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', html)
    return {re.sub(r"<[^>]+>", "", label).strip(): re.findall(r"<td[^>]*>(.*?)</td>", row) for label, row in rows}


def test_without_a_try_it_says_how_to_make_one(lead: Client, here: Shop) -> None:
    html = lead.get(PAGE).content.decode()
    assert "Shorter or longer windows have not been tried out yet." in html
    assert f"omtanke backtest quotes --data {here.data}" in html
    assert lead.get(f"{PAGE}curves.svg").status_code == 404


def test_without_a_model_the_own_dates_are_how_it_is_now(lead: Client, tried: Shop) -> None:
    html = lead.get(f"{PAGE}?by=level&at=0.95").content.decode()
    assert "The dates that we showed kept 86.0% of our promises, in 21.0 days." in html
    assert "1,200 orders placed from 1 June 2026 to 31 August 2026" in html
    assert "At 0.95: 94.0% kept, in 19.0 days; 2.0 days shorter, 8 of 100 more kept. Fewest in Norrland: 85.0%." in html
    assert "<code>[quotes]\nlevel = 0.95</code>" in html
    assert "The policy has no lanes yet" in html
    assert "Our own dates count the 1,100 orders with which we showed one." in html


def test_each_setting_stands_against_the_policy_that_counts(lead: Client, by_level: Living) -> None:
    html = lead.get(PAGE).content.decode()
    assert "Windows that are 90% sure would have kept 89.0% of our promises, in 18.0 days." in html
    found = cells(html)
    assert found["90% sure as it is now"] == ["18.0", "89.0%", "88.0–90.0", "", "Norrland 80.0%"]
    assert found["80% sure"][:4] == ["16.0", "79.0%", "78.0–80.0", "2.0 days shorter, 10 of 100 fewer kept"]
    assert found["The dates that we showed"][:4] == ["21.0", "86.0%", "84.0–88.0", "3.0 days longer, 3 of 100 fewer kept"]
    assert "To quote so from now on" not in html


def test_by_costs_it_says_what_goes_when_they_come(lead: Client, by_level: Living) -> None:
    html = lead.get(f"{PAGE}?by=cost&at=80").content.decode()
    assert "<code>[quotes]\ncost_day = 1\ncost_broken = 80</code>" in html
    assert "in place of <code>level</code>" in html
    assert '<option value="80" selected>a broken promise weighs 80 days' in html


def test_what_was_tried_with_a_floor_is_written_with_it(lead: Client, by_cost: Living) -> None:
    html = lead.get(f"{PAGE}?by=cost&at=80").content.decode()
    assert "The dates that we showed kept 86.0% of our promises" in html
    assert "<code>[quotes]\ncost_day = 1\ncost_broken = 80\nfloor = 0.85</code>" in html
    assert "By what it costs, no window is kept less often than 85%. The policy has another floor, which was not tried out." in html
    assert "in place of <code>cost_day, cost_broken, floor</code>" in lead.get(f"{PAGE}?by=level&at=0.9").content.decode()
    assert "in place of <code>cost_day, cost_broken, floor</code>" in lead.get(f"{PAGE}?by=cost&at=100").content.decode()


def test_shorter_and_longer_move_along_the_curve(lead: Client, by_level: Living) -> None:
    html = lead.get(f"{PAGE}?by=level&at=0.9").content.decode()
    shorter, longer = re.findall(r'<a class="button" href="([^"]+)">', html)
    assert (shorter, longer) == ("?by=level&amp;at=0.85#choose", "?by=level&amp;at=0.92#choose")
    last = lead.get(f"{PAGE}?by=level&at=0.98").content.decode()
    assert len(re.findall(r'<a class="button" href="([^"]+)">', last)) == 1


@pytest.mark.parametrize("query", ["by=moon", "at=-1", "by=cost&at=nan", "by=cost&at=1e99", "at=0.95'", "by=level&at=0.499"])
def test_what_makes_no_sense_is_as_it_is_now(lead: Client, tried: Shop, query: str) -> None:
    html = lead.get(f"{PAGE}?{query}").content.decode()
    assert "What would another setting have done?" in html
    assert 'class="calm spaced"' not in html


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("csv", b"part,asked,kept,kept_low,kept_high,days\nlevel,0.5,0.49")])
def test_curves_are_a_picture_and_numbers(lead: Client, tried: Shop, form: str, begins: bytes) -> None:
    found = lead.get(f"{PAGE}curves.{form}?by=level&at=0.95").content
    assert found.startswith(begins)
    if form == "csv":
        assert found.endswith(b"own,0.0,0.86,0.84,0.88,21.0\nchosen,0.95,0.94,0.9299999999999999,0.95,19.0\n")
    if form == "svg":
        assert all(words.encode() in found for words in ("as sure for everybody", "by what it costs", "our own dates", "what you look at"))


def test_file_that_cannot_be_read_is_said(lead: Client, tried: Shop) -> None:
    (tried.data / FOLDER / "0001.json").write_bytes(b"{")
    html = lead.get(PAGE).content.decode()
    assert "What was tried out cannot be read." in html
    assert "0001.json holds no curves" in html
    assert lead.get(f"{PAGE}curves.svg").status_code == 404


def test_promises_leads_there(lead: Client) -> None:
    assert f'href="{PAGE}"' in lead.get("/promises/").content.decode()


@pytest.mark.parametrize(("by", "asked"), [("level", 0.925), ("cost", 80.0)])
def test_what_it_says_to_write_is_what_the_policy_reads(here: Shop, by: str, asked: float) -> None:
    from omtanke.web.console.windows import Setting, lines_of, now_of

    faults: list[str] = []
    read = read_quotes(tomllib.loads(lines_of(Setting(by, asked), 0.85))["quotes"], faults)
    assert (now_of(read), read.floor) == (Setting(by, asked), 0.85 if by == "cost" else 0.0)
    assert faults == []


def test_what_is_looked_at_is_the_policys_own_until_something_is_chosen(here: Shop) -> None:
    from omtanke.web.console.windows import Setting, now_of, read_setting

    assert now_of(NO_QUOTES) is None
    assert read_setting({}, now_of(QuotePolicy(broken=80.0))) == ("cost", Setting("cost", 80.0))
    assert read_setting({"by": "level"}, now_of(QuotePolicy(broken=80.0))) == ("level", None)
