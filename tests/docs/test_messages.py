"""The message of the how-to is one that the check lets through, and that can be shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.documents import FENCE, text_of
from omtanke import cli

FILE = re.compile(r"`messages/(back_in_stock/[\w.]+)`")


def files() -> dict[str, str]:
    """Every file that the page shows, by its path: the block that follows its name."""
    text = text_of("docs/how-to/write-a-message.md")
    return {FILE.findall(text[: found.start()])[-1]: found[2] for found in FENCE.finditer(text) if found[1] in ("toml", "xml", "text")}


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    folder = tmp_path / "messages"
    for name, text in files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_message_of_page_has_no_findings(messages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(path.name for path in messages.rglob("*.*")) == ["mail.en.mjml", "mail.sv.mjml", "message.toml", "sms.sv.txt"]
    assert cli.main(["message", "check", str(messages)]) == 0
    assert capsys.readouterr().out == "Nothing to change.\n"


def test_message_of_page_can_be_shown(messages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mail.html"
    assert cli.main(["message", "show", "back_in_stock", "--messages", str(messages), "--out", str(out)]) == 0
    assert "kommit in!" in out.read_text(encoding="utf-8")
    assert "States promise 1041: mellan torsdag 26 och fredag 27 november" in capsys.readouterr().out
