"""A data folder of yesterday opens today: one for each released format lies under tests/data_folders."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from omtanke.bootstrap import check_folder
from omtanke.folder import Folder
from omtanke.insight.ask import ask
from omtanke.processes.worker import open_worker
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode

FOLDERS = sorted((Path(__file__).parent.parent / "data_folders").glob("format_*"))
LATER = 1_800_000_000_000_000


@pytest.fixture(params=FOLDERS, ids=[folder.name for folder in FOLDERS])
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy to work on."""
    return Path(shutil.copytree(request.param, tmp_path / "data"))


def test_there_is_one_for_today() -> None:
    assert [folder.name for folder in FOLDERS] == ["format_1", "format_2", "format_3", "format_4", "format_5", "format_6", "format_7", "format_8"]


def test_old_folder_decides_as_it_did(data: Path) -> None:
    *_, checked = check_folder(data)
    assert (checked.is_clean, checked.persons > 10, checked.decided + checked.other_engines > 100) == (True, True, True)


def test_old_folder_answers(data: Path) -> None:
    overview = {(record["section"], record["item"]): record["number"] for record in ask(data, "overview").records if record["month"] is None}
    promises = ask(data, "promises").records[0]
    assert overview["customers", "all"] > 10
    assert promises["promises"] == promises["kept"] + promises["exceeded"] + promises["broken"] + promises["withdrawn"] + promises["open"]


def test_old_folder_takes_what_is_new(data: Path) -> None:
    folder = Folder(data)
    source = folder.inbox().source("new", Mode.LIVE, "Europe/Stockholm", "SEK").source
    properties = {"order_id": "new", "promises": [{"kind": "delivery", "until": "2099-01-01"}]}
    wire = json.dumps({"type": "track", "event": "Order Completed", "userId": "kund-00001", "properties": properties}).encode()
    folder.inbox().append(source, [Incoming("1", 0, wire)], LATER)
    worker, _ = open_worker(folder)
    before = folder.log().last_position()
    worker.work(LATER)
    told = [logged.fact for logged in folder.log().facts_from(before, 10_000) if logged.fact.source == source]
    assert [fact.type for fact in told] == ["order_completed", "promise_made"]
    assert folder.log().facts_of([told[0].customer])[0].fact.source != source
