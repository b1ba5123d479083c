"""A demo shop that is the same on every machine, and its pages in this process."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from fakes.evening import Evening, an_evening
from omtanke.folder import Folder
from omtanke.insight.board import Board
from omtanke.insight.board_making import made
from omtanke.processes.demo import demo
from omtanke.vocabulary.time import moment_of
from omtanke.web import app
from omtanke.web.shop import Shop, shop
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client

NOW = moment_of(datetime.fromisoformat("2026-11-21T16:30+01:00"))
SEED, CUSTOMERS = 7, 150


def silent(what: str, done: int, of: int) -> None:
    """Progress that nobody reads."""


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a shop of 150 customers, told up to a Saturday at 16.30."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "demo.txt").write_text(f"2026-11-21T16:30+01:00 {CUSTOMERS} {SEED}\n", encoding="utf-8")
    demo(folder, CUSTOMERS, SEED, silent)
    return folder


@pytest.fixture(scope="session")
def here(data: Path) -> Iterator[Shop]:
    """The shop as views see it; the clock stands."""
    app.application(data, keys=Folder(data).keys, board=Board(data, as_of=NOW, making=made), as_of=NOW)
    app.migrate(data)
    yield shop()
    shop().pages.close()


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def swedish() -> Iterator[None]:
    with translation.override("sv"):
        yield


@pytest.fixture
def visitor(here: Shop) -> Client:
    """Somebody who has not signed in."""
    from django.test import Client

    return Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "en"})


@pytest.fixture
def lead(here: Shop, visitor: Client, data: Path) -> Client:
    """The lead of the demo, signed in by the link."""
    visitor.get(app.demo_link(data))
    return visitor


@pytest.fixture
def evening(here: Shop, tmp_path: Path) -> Iterator[Evening]:
    """A shop whose customers have links, with its worker at work; the pages are about it."""
    living = an_evening(tmp_path)
    with over(living, here):
        yield living


@pytest.fixture
def guest(here: Shop) -> Client:
    """A browser of somebody who has never been here, that is as strict about forms as can be."""
    from django.test import Client

    return Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1", headers={"accept-language": "en"})
