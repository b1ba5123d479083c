"""Broken messages, each with what is said of it. `broken.txt` holds the words; nothing ends in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from omtanke.messages.checking_folder import check_messages
from omtanke.messages.folder import read_messages, shipped, shipped_messages
from unit.messages.broken import CASES, write_message


def expected() -> dict[str, list[str]]:
    """What is said of each case."""
    parts = Path(__file__).with_name("broken.txt").read_text(encoding="utf-8").split("## ")[1:]
    return {part.splitlines()[0]: [line for line in part.splitlines()[1:] if line] for part in parts}


SAID = expected()


def test_every_case_has_its_words() -> None:
    assert SAID.keys() == CASES.keys()


@pytest.mark.parametrize("case", CASES)
def test_broken_message_is_told_how(case: str, tmp_path: Path) -> None:
    found = check_messages(read_messages(write_message(tmp_path, CASES[case])))
    assert [str(one) for one in found] == SAID[case]


def test_good_message_has_no_findings(tmp_path: Path) -> None:
    assert check_messages(read_messages(write_message(tmp_path, {}))) == []


def test_shipped_messages_have_no_findings() -> None:
    assert list(map(str, check_messages(shipped_messages()))) == []


def test_layout_of_ones_own_is_checked(tmp_path: Path) -> None:
    messages = write_message(tmp_path, {})
    (messages / "layout").mkdir()
    (messages / "layout" / "closing.sv.mjml").write_text("<mj-text>{{ shop.nam }}</mj-text>", encoding="utf-8")
    found = [one for one in check_messages(read_messages(messages)) if one.rule == "name"]
    assert [(one.file, one.line, one.words) for one in found] == [("messages/layout/closing.sv.mjml", 1, "shop has no nam.")]


def test_closing_that_hides_a_temporary_colleague_is_found(tmp_path: Path) -> None:
    messages = write_message(tmp_path, {})
    (messages / "layout").mkdir()
    for form in ("mjml", "txt"):
        text = "{{ shop.name }}" if form == "txt" else "<mj-text>{{ shop.name }}</mj-text>"
        (messages / "layout" / f"closing.sv.{form}").write_text(text, encoding="utf-8")
    assert [one.words for one in check_messages(read_messages(messages))] == ["It does not say that a temporary colleague writes."]


def test_promotional_message_that_cannot_be_stopped_is_found(tmp_path: Path) -> None:
    messages = write_message(tmp_path, {"message.toml": CASES_SETTINGS})
    (messages / "layout").mkdir()
    for name in ("closing.sv.txt", "closing.en.txt"):
        (messages / "layout" / name).write_text("{{ shop.name }}{% if shop.writer and shop.writer.is_temporary %} vikarie{% endif %}", encoding="utf-8")
    assert {one.rule for one in check_messages(read_messages(messages))} == {"unsubscribe"}


CASES_SETTINGS = (shipped() / "remembered_cart" / "message.toml").read_text(encoding="utf-8")
