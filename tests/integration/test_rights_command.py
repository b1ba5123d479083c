"""`omtanke rights` in a folder where nothing runs: taken down, listed, copied, answered."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT
from fakes.living import NAMES, Living, a_saturday
from omtanke.folder import Folder
from omtanke.processes.erasing import request_erasure, wait_until_erased


def omtanke(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        [sys.executable, "-m", "omtanke.cli", *map(str, arguments)], check=False, capture_output=True, text=True, env=environment, timeout=120
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    living: Living = a_saturday(tmp_path / "data")
    living.close()
    return tmp_path / "data"


def test_request_is_taken_down_copied_and_answered_by_command(data: Path, tmp_path: Path) -> None:
    assert omtanke("rights", "list", "--data", data).stdout == "Nobody waits for an answer.\n"
    asked = omtanke("rights", "request", "--email", "Maja@example.com", "--right", "access", "--text", "Allt, tack.", "--data", data)
    assert (asked.returncode, asked.stdout) == (0, "It is on record.\n")
    (number, right, customer) = re.findall(r"(\d+) +(\w+) +customer (\d+)  answer by \d{4}-\d\d-\d\d", omtanke("rights", "list", "--data", data).stdout)[0]
    assert right == "access"

    made = omtanke("rights", "export", "--user-id", "maja", "--out", tmp_path / "maja.zip", "--data", data)
    assert (made.returncode, made.stdout.strip(), oct((tmp_path / "maja.zip").stat().st_mode)[-3:]) == (0, str(tmp_path / "maja.zip"), "600")
    with zipfile.ZipFile(tmp_path / "maja.zip") as archive:
        said = json.loads(archive.read("data.json"))
    assert ([one["name"] for one in said["customers"]], said["person"]) == ([NAMES["maja"]], int(customer))

    assert omtanke("rights", "answer", number, "--outcome", "done", "--words", "Här är allt.", "--data", data).returncode == 0
    assert omtanke("rights", "list", "--data", data).stdout == "Nobody waits for an answer.\n"
    checked = omtanke("replay", "--check", "--data", data)
    assert (checked.returncode, "Nothing differs." in checked.stdout) == (0, True)


def test_erasure_answers_its_request_and_nothing_more_can_be_said_of_it(data: Path) -> None:
    assert omtanke("rights", "request", "--user-id", "maja", "--right", "erasure", "--data", data).returncode == 0
    (number,) = re.findall(r"^(\d+) +erasure", omtanke("rights", "list", "--data", data).stdout)
    assert omtanke("rights", "erase", "--user-id", "maja", "--yes", "--data", data).returncode == 0
    assert omtanke("rights", "list", "--data", data).stdout == "Nobody waits for an answer.\n"
    again = omtanke("rights", "answer", number, "--outcome", "done", "--data", data)
    assert (again.returncode, again.stdout) == (2, "")
    assert "It was refused, and is not on record: customer the customer has been erased, and nothing more is noted about them." in again.stderr
    assert omtanke("replay", "--check", "--data", data).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("request", "--email", "nobody@example.com", "--right", "access"), "We know nobody by that number, id or address."),
        (("export", "--customer", "9999"), "We know nobody by that number, id or address."),
        (("answer", "5", "--outcome", "done"), "5 is not the number of a request"),
    ],
)
def test_what_cannot_be_is_said(data: Path, arguments: tuple[str, ...], fault: str) -> None:
    done = omtanke("rights", *arguments, "--data", data)
    assert (done.returncode, fault in done.stderr) == (2, True)


def test_folder_that_is_none_is_said(tmp_path: Path) -> None:
    done = omtanke("rights", "list", "--data", tmp_path / "none")
    assert (done.returncode, "is not a data folder" in done.stderr, (tmp_path / "none").exists()) == (2, True, False)


def test_an_erasure_that_comes_between_two_looks_is_not_called_a_failure(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(data)
    inbox, log = folder.inbox(), folder.log()
    looked, person = log.consumed, log.identifier(folder.keys.identifier_key("user_id", "maja"))

    def consumed() -> int:
        """The worker comes to it just when it is looked how far the log has come."""
        assert omtanke("run", "worker", "--until-idle", "--data", data).returncode == 0
        return looked()

    monkeypatch.setattr(log, "consumed", consumed)
    assert wait_until_erased(folder, log, person, request_erasure(folder, inbox, log, person)).status == "done"
    inbox.close()
    log.close()
