"""`omtanke suggest-links` as somebody runs it: what it says, stopped half-way, and run again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fakes.living import Living
from omtanke.cli import main
from omtanke.processes.suggest import suggest_links
from omtanke.storage.suggestions import Suggestions

MAJA = {"name": "Maja Lindqvist", "email": "maja@example.com"}


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """Maja has two accounts."""
    shop = Living(tmp_path)
    for user in ("maja", "maja-work"):
        shop.tell_of(user, MAJA)
    shop.work()
    shop.close()
    yield tmp_path


def waiting(data: Path) -> list[tuple[int, int]]:
    with closing(Suggestions(data)) as suggestions:
        return [(one.one, one.two) for one in suggestions.open(9)]


def test_it_says_how_many_wait(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest-links", "--data", str(data)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("2 persons looked through; 1 likely pairs wait")
    assert waiting(data) == [(1, 2)]


def test_no_value_of_a_person_stands_in_its_file(data: Path) -> None:
    main(["suggest-links", "--data", str(data)])
    kept = b"".join(path.read_bytes() for path in data.glob("suggestions.db*")).lower()
    assert (b"likeness" in kept, b"maja" in kept, b"lindqvist" in kept, b"example.com" in kept) == (True, False, False, False)


def test_stopped_it_can_be_run_again(data: Path) -> None:
    def stop(what: str, done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        suggest_links(data, 100, stop)
    assert waiting(data) == []
    assert main(["suggest-links", "--data", str(data)]) == main(["suggest-links", "--data", str(data)]) == 0
    assert waiting(data) == [(1, 2)]


def test_what_is_no_data_folder_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest-links", "--data", str(tmp_path / "none")]) == 2
    assert "is not a data folder" in capsys.readouterr().err


def test_a_shop_to_which_nobody_has_come_has_no_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Living(tmp_path).close()
    assert main(["suggest-links", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("0 persons looked through; 0 likely pairs")
