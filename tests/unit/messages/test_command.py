"""`omtanke message`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from omtanke import cli
from unit.messages.broken import CASES, write_message


def told(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = cli.main(["message", *words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_check_of_what_is_shipped_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert told("check", capsys=capsys) == (0, "Nothing to change.\n", "")


def test_check_that_finds_an_error_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = told("check", str(write_message(tmp_path, CASES["clock"])), capsys=capsys)
    assert status == 1
    assert out.splitlines()[-1] == "1 error."


def test_check_that_finds_advice_alone_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = told("check", str(write_message(tmp_path, CASES["shouts"]) / "sent"), capsys=capsys)
    assert (status, out.splitlines()[-1]) == (0, "1 piece of advice.")


def test_findings_can_be_read_by_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _err = told("check", str(write_message(tmp_path, CASES["clock"])), "--format", "json", capsys=capsys)
    (found,) = json.loads(out)
    assert (status, found["file"], found["line"], found["rule"], found["severity"]) == (1, "messages/sent/mail.sv.mjml", 6, "untracked-date", "error")


def test_text_of_a_colleague_is_checked_by_the_language_of_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "reply.sv.txt").write_text("Hej Maja!\n\nDu har angett fel adress.\n", encoding="utf-8")
    status, out, _err = told("check", str(tmp_path / "reply.sv.txt"), capsys=capsys)
    assert status == 1
    assert "reply.sv.txt:3: error: “Du har angett fel”" in out


def test_text_without_language_is_asked_for_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "reply.txt").write_text("Hej!\n", encoding="utf-8")
    status, _out, err = told("check", str(tmp_path / "reply.txt"), capsys=capsys)
    assert (status, err) == (2, "omtanke: reply.txt does not say in which language it is. Call it reply.sv.txt, or say --language.\n")
    assert told("check", str(tmp_path / "reply.txt"), "--language", "sv", capsys=capsys)[0] == 0


def test_file_of_a_message_is_checked_as_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_message(tmp_path, CASES["two buttons"])
    assert "There is more than one button." in told("check", str(folder / "sent" / "mail.sv.mjml"), capsys=capsys)[1]


def test_folder_without_messages_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _out, err = told("check", str(tmp_path / "nowhere"), capsys=capsys)
    assert (status, err) == (2, f"omtanke: {tmp_path / 'nowhere'} is not there. Give a folder of messages, as messages/.\n")
    status, _out, err = told("check", str(tmp_path), capsys=capsys)
    assert (status, err) == (2, f"omtanke: There is no message in {tmp_path}. A message is a folder with message.toml in it.\n")


def test_message_that_is_not_there_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    status, _out, err = told("show", "order_sentt", capsys=capsys)
    assert status == 2
    assert err.startswith("omtanke: There is no message order_sentt. There are delayed, delivered,")


def test_message_that_cannot_be_made_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_message(tmp_path, CASES["date within days"])
    status, out, _err = told("show", "sent", "--messages", str(folder), capsys=capsys)
    assert (status, "“inom 3 dagar” is neither promise nor quote." in out) == (1, True)
