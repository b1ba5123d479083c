"""Pictures drawn by another process: as they would be drawn here, and whatever becomes of that process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from omtanke.insight import charts
from omtanke.insight.answer import Answer
from omtanke.insight.drawing import CannotDraw, Drawer, Wanted
from omtanke.insight.question import Column

UNITS = {"part": "code", "came_due": "count", "kept_rate": "share", "kept_rate_low": "share", "kept_rate_high": "share"}
COLUMNS = tuple(Column(name, unit, "") for name, unit in UNITS.items())
ROWS = (("PostNord", 40, 0.9, 0.8, 0.95), ("Budbee", 12, 0.75, 0.5, 0.9))
ANSWER = Answer("promises", "?", "", (), {"dimension": "carrier"}, 1_795_000_000_000_000, COLUMNS, ROWS)


@pytest.fixture(scope="module")
def drawer() -> Iterator[Drawer]:
    made = Drawer()
    yield made
    made.close()


def process(drawer: Drawer) -> int:
    assert drawer._process is not None
    return drawer._process.pid


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_picture_is_what_would_be_drawn_here(drawer: Drawer, lang: str) -> None:
    assert drawer.draw(Wanted("kept_by", ANSWER, "svg", lang)).decode() == charts.kept_by(ANSWER).svg(lang)
    assert drawer.draw(Wanted("kept_by", ANSWER, "png", lang, is_dark=True))[:4] == b"\x89PNG"


def test_what_cannot_be_drawn_says_so_and_the_next_is_drawn(drawer: Drawer) -> None:
    with pytest.raises(CannotDraw, match="KeyError"):
        drawer.draw(Wanted("kept_by", replace(ANSWER, columns=COLUMNS[:1], rows=(("PostNord",),)), "svg", "sv"))
    with pytest.raises(CannotDraw, match="'fi' is not a language of charts"):
        drawer.draw(Wanted("kept_by", ANSWER, "svg", "fi"))
    assert drawer.draw(Wanted("kept_by", ANSWER, "svg", "sv")).startswith(b"<svg")


def test_many_threads_have_each_their_own_picture(drawer: Drawer) -> None:
    wanted = [Wanted("kept_by", replace(ANSWER, rows=ANSWER.rows[: 1 + n % 2]), "svg", ("sv", "en")[n % 2]) for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(drawer.draw, wanted))
    assert len(set(pictures)) == 2
    assert all(("Budbee" in picture.decode()) == bool(n % 2) for n, picture in enumerate(pictures))


def test_process_that_was_killed_or_has_ended_by_itself_is_started_anew() -> None:
    drawer = Drawer(idle_seconds=0.3)
    first = drawer.draw(Wanted("kept_by", ANSWER, "svg", "sv"))
    one = process(drawer)
    assert drawer._process is not None
    drawer._process.kill()
    assert drawer.draw(Wanted("kept_by", ANSWER, "svg", "sv")) == first
    two = process(drawer)
    deadline = time.monotonic() + 20
    while drawer._process.poll() is None:
        assert time.monotonic() < deadline, "it does not end"
        time.sleep(0.05)
    assert drawer.draw(Wanted("kept_by", ANSWER, "svg", "sv")) == first
    assert len({one, two, process(drawer)}) == 3
    drawer.close()
