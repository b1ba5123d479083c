"""The folder and the command: what is there is read, what is wrong is said, and the status tells which."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from omtanke import cli, playbook
from omtanke.engine.finding import Finding
from omtanke.engine.policy import read_policy
from omtanke.messages.folder import shipped
from omtanke.vocabulary.refusal import CannotDo

PLAY = 'class = "service"\nkey = "order"\n[entry]\nfact = "order_completed"\n[[step]]\nsay = "hello"\nchannels = ["mail"]\n'
SHIPPED = Path(str(shipped()))
TASK = 'class = "service"\nkey = "order"\n[entry]\nfact = "order_completed"\n[[step]]\ntask = "garden"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A playbook without faults."""
    own = tmp_path / "shop" / "playbook"
    (own / "plays").mkdir(parents=True)
    shutil.copytree(SHIPPED / "order_sent", own / "messages" / "hello")
    (own / "plays" / "hello.toml").write_text(PLAY, encoding="utf-8")
    return own


@pytest.fixture
def data(folder: Path) -> Path:
    """A data folder with that playbook."""
    (folder.parent / "log.db").touch()
    return folder.parent


def test_playbook_of_a_folder_is_read(folder: Path) -> None:
    assert list(playbook.read(folder).plays) == ["hello"]
    assert playbook.check(folder) == []


def test_without_a_playbook_of_its_own_a_shop_has_the_shipped_one(tmp_path: Path) -> None:
    assert playbook.playbook_of(tmp_path) is None
    assert playbook.check(None) == []


def test_message_without_a_folder_is_found(folder: Path) -> None:
    shutil.rmtree(folder / "messages" / "hello")
    says = "message 'hello' is not there; write it in the folder messages/hello/"
    assert playbook.check(folder) == [Finding("plays/hello.toml", 6, "step[0].say", says)]


def test_message_that_the_shop_has_not_written_is_the_shipped_one(folder: Path) -> None:
    (folder / "plays" / "hello.toml").write_text(PLAY.replace("hello", "delayed"), encoding="utf-8")
    assert playbook.check(folder) == []


def test_play_and_message_have_the_same_class(folder: Path) -> None:
    settings = folder / "messages" / "hello" / "message.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"service"', '"promotional"'), encoding="utf-8")
    says = "message 'hello' is promotional and the play service; write one class in both"
    assert playbook.check(folder) == [Finding("plays/hello.toml", 6, "step[0].say", says)]


def test_what_is_wrong_with_a_message_is_said_with_the_plays(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["playbook", "check", "--folder", str(folder)]) == 0
    assert capsys.readouterr().out == "No faults.\nMessages: Nothing to change.\n"
    mail = folder / "messages" / "hello" / "mail.sv.mjml"
    mail.write_text(mail.read_text(encoding="utf-8") + "<mj-text>Hos dig på fredag.</mj-text>\n", encoding="utf-8")
    assert cli.main(["playbook", "check", "--folder", str(folder), "--format", "json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["faults"], {(one["file"], one["rule"]) for one in said["messages"]}) == ([], {("messages/hello/mail.sv.mjml", "untracked-date")})


def test_what_is_no_play_is_found_beside_what_is_broken(folder: Path) -> None:
    plays = folder / "plays"
    (plays / "old.toml.bak").write_text(PLAY, encoding="utf-8")
    (plays / "more.toml").mkdir()
    (plays / "README.md").write_text("Ours.", encoding="utf-8")
    (plays / ".git").mkdir()
    (plays / "latin.toml").write_bytes("# x\n# påsk".encode("latin-1"))
    (plays / "cut.toml").write_text("class =", encoding="utf-8")
    assert [str(finding) for finding in playbook.check(folder)] == [
        "plays/cut.toml:1: is not TOML: Invalid value",
        "plays/latin.toml:2: is not UTF-8 text: byte 0xe5 is none; save the file as UTF-8",
        "plays/more.toml:1: is not a play; a play is a file that ends in .toml",
        "plays/old.toml.bak:1: is not a play; a play is a file that ends in .toml",
    ]


def test_file_that_nobody_may_read_is_found(folder: Path) -> None:
    (folder / "plays" / "loop.toml").symlink_to("loop.toml")
    assert [str(finding) for finding in playbook.check(folder)] == ["plays/loop.toml:1: is not a play; a play is a file that ends in .toml"]


def test_file_without_end_is_read_as_far_as_a_play_goes(folder: Path) -> None:
    (folder / "plays" / "huge.toml").write_text("#" * 1_000_000, encoding="utf-8")
    assert [str(finding) for finding in playbook.check(folder)] == ["plays/huge.toml:1: has 256001 characters; a play has at most 64000"]


def test_playbook_without_plays_is_found(tmp_path: Path) -> None:
    assert [str(finding) for finding in playbook.check(tmp_path)] == ["plays:1: there is no play in it; write one as plays/order_confirmed.toml"]


def test_folder_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(CannotDo):
        playbook.check(tmp_path / "nowhere")


def test_units_are_those_of_the_policy(data: Path) -> None:
    text = (Path(cli.__file__).parent / "engine" / "policy.toml").read_text(encoding="utf-8") + "\n[units]\ngarden = [1]\n"
    units = playbook.units_of(read_policy(text, 1))
    assert units == {"logistics", "store", "finance", "service", "purchasing", "club", "garden"}


def test_check_says_that_nothing_is_wrong(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["playbook", "check", "--data", str(data)]) == 0
    assert capsys.readouterr().out == "No faults.\nMessages: Nothing to change.\n"


def test_check_of_a_data_folder_knows_the_units(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "playbook" / "plays" / "task.toml").write_text(TASK, encoding="utf-8")
    assert cli.main(["playbook", "check", "--data", str(data)]) == 1
    assert capsys.readouterr().out == (
        "plays/task.toml:6: step[0].task: unit 'garden' answers for nothing in the policy; "
        "known are club, finance, logistics, purchasing, service, store\n1 fault.\nMessages: Nothing to change.\n"
    )


def test_check_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plays" / "hello.toml").write_text(PLAY.replace("service", "serviec"), encoding="utf-8")
    assert cli.main(["playbook", "check", "--folder", str(folder), "--format", "json"]) == 1
    says = "'serviec' is not one of service, transactional, promotional, survey. Did you mean 'service'?"
    assert json.loads(capsys.readouterr().out) == {"faults": [{"file": "plays/hello.toml", "line": 1, "key": "class", "says": says}], "messages": []}


def test_shipped_playbook_is_written_once_and_holds(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own"
    assert cli.main(["playbook", "write", "--folder", str(own)]) == 0
    assert playbook.read(own) == playbook.read(None)
    assert {path.name for path in (own / "messages").iterdir()} == {one.name for one in SHIPPED.iterdir() if not one.name.startswith("__")}
    assert cli.main(["playbook", "check", "--folder", str(own)]) == 0
    assert cli.main(["playbook", "write", "--data", str(data)]) == 2
    assert "is not empty" in capsys.readouterr().err


def test_check_of_no_folder_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["playbook", "check", "--folder", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err == (f"omtanke: {tmp_path}/nowhere is not a folder. A playbook is a folder with plays/NAME.toml; name one with --folder.\n")


def test_list_says_what_each_play_does(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["playbook", "list", "--folder", str(folder)]) == 0
    assert capsys.readouterr().out == "hello                    service        by order_completed, once for a order; say\n"


def test_list_as_json_has_the_version_of_each_play(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["playbook", "list", "--folder", str(folder), "--format", "json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["name"], listed["class"], listed["version"]) == ("hello", "service", playbook.read(folder).plays["hello"].digest)


def test_list_of_what_is_broken_says_what_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plays" / "hello.toml").write_text("class =", encoding="utf-8")
    assert cli.main(["playbook", "list", "--folder", str(folder)]) == 1
    assert capsys.readouterr().out == "plays/hello.toml:1: is not TOML: Invalid value\n1 fault.\n"
