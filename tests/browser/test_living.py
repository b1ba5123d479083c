"""The living demo in Chromium: a promise comes at risk and breaks, gets a new date by hand, and the customer's next answer shows it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import LOCALES, SHOTS, SIZES
from browser.test_console import LOOKS, grave, overflows
from fakes.demo import Demo
from omtanke.folder import Folder
from omtanke.runtime.survey_links import survey_path

CUSTOMERS, SPEED = 150, 60
SIGNE = "Signe Holm"
WITHIN_SECONDS = 120
ANSWER = re.compile(r"(\d+)\s+of\s+(5|7|10)\b")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo as `omtanke demo` runs it."""
    running = Demo(tmp_path_factory.mktemp("living") / "data", CUSTOMERS, SPEED)
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def page(chromium: Browser, demo: Demo) -> Iterator[Page]:
    """Somebody signed in by the link of the demo, which works once."""
    context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(demo.link)
    yield page
    context.close()


def give_a_new_date(page: Page) -> None:
    """By hand, in her row of Today: the first window that is suggested, and the words that are."""
    row = page.locator(".row.acting", has_text=SIGNE)
    row.locator("details.others > summary").click()
    row.locator("a[href*='/act/new-date/']").click()
    form = page.locator("form.act")
    expect(form.locator("textarea")).to_have_value(re.compile("^Hej Signe, "))
    form.locator("button:not([name])").click()


def test_a_broken_promise_is_given_a_new_date_and_the_next_answer_shows_it(page: Page, demo: Demo) -> None:
    began = time.monotonic()
    row = page.locator(".row.acting", has_text=SIGNE)
    expect(row.locator(".tag")).to_have_text("at risk", timeout=60_000)
    expect(row.locator(".tag")).to_have_text("broken", timeout=60_000)
    give_a_new_date(page)
    expect(row).to_have_count(0, timeout=20_000)
    page.goto(f"http://127.0.0.1:{demo.pages}/tour/")
    page.locator("main a.button").first.click()
    expect(page.locator("h1")).to_contain_text("Signe")
    content = page.locator("section, div", has=page.get_by_role("heading", name="How content?")).last
    expect(content).to_contain_text(ANSWER, timeout=60_000)
    score, most = ANSWER.search(content.inner_text()).groups()  # type: ignore[union-attr]
    assert int(score) / int(most) > 0.5, "she was called when we said, and still is as little content as one whom nobody called"
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / "living-signe.png"), full_page=True)
    assert time.monotonic() - began < WITHIN_SECONDS


def question_of(demo: Demo) -> str:
    """The path of the link to a question that was asked; Signe is asked in the story above, if nobody else was before."""
    folder, deadline = Folder(demo.data), time.monotonic() + WITHIN_SECONDS
    log = folder.log()
    while not (found := log.connection.execute("SELECT position FROM fact WHERE type = 'survey_asked' LIMIT 1").fetchall()):
        assert time.monotonic() < deadline, "nobody was asked anything"
        time.sleep(0.5)
    log.close()
    return survey_path(folder.keys, found[0][0])


@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_tour_and_question_hold_in_every_look(chromium: Browser, page: Page, demo: Demo, language: str, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    known = page.context.storage_state()
    look = "dark" if scheme == "dark" else "light"
    context = chromium.new_context(viewport={"width": width, "height": height}, locale=LOCALES[language], color_scheme=look, storage_state=known)  # type: ignore[arg-type]
    seen = context.new_page()
    for name, path in (("tour", "/tour/"), ("question", question_of(demo))):
        seen.goto(f"http://127.0.0.1:{demo.pages}{path}")
        expect(seen.locator("h1")).to_have_count(1)
        if SHOTS:
            seen.screenshot(path=str(Path(SHOTS) / f"living-{name}-{language}-{size}-{scheme}.png"), full_page=True)
        assert (name, grave(seen), overflows(seen)) == (name, [], False)
    context.close()
