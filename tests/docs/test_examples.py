"""Examples do what the pages say they do."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from docs.documents import DOCS, ROOT, blocks, documents, text_of
from omtanke import cli
from omtanke.engine.finding import PlaybookFaults
from omtanke.engine.plays.play import StatePromise
from omtanke.engine.plays.reading import read_playbook
from omtanke.engine.plays.steps import Around
from omtanke.engine.policy import read_policy
from omtanke.engine.quote_policy import read_quotes
from omtanke.intake.importers.mapping import parse_map
from omtanke.intake.quotes.answering import said_of
from omtanke.intake.quotes.asked import read_asked
from omtanke.intake.quotes.learnt import Learnt
from omtanke.intake.quotes.told import Told
from omtanke.intake.senders.cloudevents import told
from omtanke.settings import Settings, read_settings
from omtanke.storage.keys import Keys
from omtanke.vocabulary.reading import message_id, read_message
from omtanke.vocabulary.time import moment_of

SOURCE = '[source]\nname = "s"\nzone = "Europe/Stockholm"\ncurrency = "SEK"\n'
EVENT = '[[event]]\nname = "{name}"\nkey = ["KEY"]\nat = "AT"\n'
ORDER = '[event.properties]\norder_id = "ORDER"\n'


def commands(text: str) -> list[list[str]]:
    """The words of each command of `omtanke` that a page shows."""
    lines = [line.removeprefix("$ ") for block in blocks("console", text) for line in block.splitlines() if line.startswith("$ ")]
    split = [shlex.split(line, comments=True) for line in lines]
    return [words[1:] for words in split if Path(words[0]).name == "omtanke"]


def targets(text: str) -> list[str]:
    lines = [line for block in blocks("console", text) for line in block.splitlines() if line.startswith("$ make ")]
    return [line.split()[2] for line in lines]


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_page_are_commands(page: Path) -> None:
    for words in commands(page.read_text(encoding="utf-8")):
        asked = cli.build_parser().parse_args(words)
        assert callable(asked.run), words


def test_make_targets_that_pages_name_exist() -> None:
    known = text_of("Makefile")
    assert [name for page in documents() for name in targets(page.read_text(encoding="utf-8")) if f"\n{name}:" not in known] == []


def test_console_blocks_say_what_is_typed() -> None:
    found = [block for page in documents() for block in blocks("console", page.read_text(encoding="utf-8"))]
    assert [block for block in found if not block.startswith("$ ")] == []


# Maps


def whole_map(part: str) -> str:
    """A part of a map, made whole by what stands around it."""
    first = part.lstrip().splitlines()[0]
    if first == "[source]":
        return part
    if first == "[[leave]]":
        return SOURCE + part + EVENT.format(name="Order Completed") + ORDER
    if first == "[event.properties]":
        return SOURCE + EVENT.format(name="Order Line Recorded") + part
    return SOURCE + EVENT.format(name="Order Completed") + ORDER + part


@pytest.mark.parametrize("path", ["docs/tutorial.md", "docs/how-to/import-any-export.md"])
def test_maps_of_page_can_be_read(path: str) -> None:
    parts = blocks("toml", text_of(path))
    assert [parse_map(whole_map(part), path).events[0].key for part in parts] == [parse_map(whole_map(part), path).events[0].key for part in parts]
    assert parts


@pytest.mark.parametrize("path", sorted((DOCS / "examples").glob("*.toml")), ids=lambda path: path.name)
def test_example_map_can_be_read(path: Path) -> None:
    assert parse_map(path.read_text(encoding="utf-8"), path.name).name == path.stem


# Policy, settings, messages


def test_policy_of_page_can_be_read() -> None:
    first = tomllib.loads(text_of("src/omtanke/engine/policy.toml"))
    for part in blocks("toml", text_of("docs/how-to/change-the-policy.md")):
        changed = tomllib.loads(part).get("promises", {})
        kinds = first["promises"] | changed
        lines = [f"[carts]\nidle_seconds = {first['carts']['idle_seconds']}"]
        lines += [f"[promises.{kind}]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in keys.items()) for kind, keys in kinds.items()]
        policy = read_policy("\n".join([*lines, "" if changed else part]), 2)
        assert {kind: policy.promises[kind].owner for kind in changed} == {kind: keys["owner"] for kind, keys in changed.items()}
        assert changed or policy.surveys != read_policy("\n".join(lines), 2).surveys


def test_play_of_page_can_be_read_and_its_slips_are_told() -> None:
    page, around = text_of("docs/how-to/write-a-play.md"), Around({"delayed": "service"}, frozenset({"service"}))
    (play,), (told,) = blocks("toml", page), blocks("text", page)
    assert [step for step in read_playbook({"late_and_dear": play}, around).plays["late_and_dear"].steps if isinstance(step, StatePromise)]
    with pytest.raises(PlaybookFaults) as raised:
        read_playbook({"late_and_dear": play.replace("or 1 day", "or 1 dag").replace("person.has_phone", "person.has_fone")}, around)
    assert str(raised.value) + "\n" == told


def test_settings_of_page_can_be_read(tmp_path: Path) -> None:
    for part in blocks("toml", text_of("docs/how-to/serve-a-data-set.md")):
        (tmp_path / "omtanke.toml").write_text(part, encoding="utf-8")
        assert read_settings(tmp_path / "omtanke.toml").host == tomllib.loads(part)["host"]


def test_messages_of_page_are_understood() -> None:
    now = moment_of(datetime(2026, 12, 1, tzinfo=UTC))
    for part in blocks("json", text_of("docs/how-to/send-events.md")):
        said = json.loads(part)
        message = told(said) if "specversion" in said else said
        assert message_id(message)
        understood = read_message(message, now, ZoneInfo("Europe/Stockholm"), "SEK", lambda kind, number: 1)
        assert understood.channel == message["context"]["channel"]


def test_quote_of_page_is_what_the_door_would_say() -> None:
    page = text_of("docs/how-to/quote-a-date.md")
    asked, answered, order = (json.loads(part) for part in blocks("json", page))
    policy = read_quotes(tomllib.loads(blocks("toml", page)[0])["quotes"], [])
    now = moment_of(datetime(2026, 11, 25, 11, 46, tzinfo=ZoneInfo("Europe/Stockholm")))
    door = Settings(), Keys(b"k" * 32), Learnt(Path("nowhere")), Told(0, (), "Europe/Stockholm")
    said = said_of(policy, answered["rests_on"]["policy"], read_asked(asked, now, "Europe/Stockholm", "sv"), *door)
    assert {**said, "id": answered["id"]} == answered
    faults: list[str] = []
    assert [(one.level, one.broken) for one in (read_quotes(tomllib.loads(part)["quotes"], faults) for part in blocks("toml", page)[1:])] == [
        (0.95, 0.0),
        (0.0, 80.0),
    ]
    assert faults == []
    assert answered["id"] == order["properties"]["quote_id"]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if " om du beställer " in line and line.startswith("| ")]
    friday = moment_of(datetime(2026, 11, 20, 14, tzinfo=ZoneInfo("Europe/Stockholm")))
    for (_, swedish, english), at, country in zip(rows, (now, now, friday), ("SE", "FI", "SE"), strict=True):
        for language, words in (("sv", swedish), ("en", english)):
            body = {"destination": {"country": country}, "language": language}
            assert said_of(policy, 1, read_asked(body, at, "Europe/Stockholm", "sv"), *door)["words"] == words


def test_element_of_page_listens_to_what_is_said_to_it() -> None:
    (snippet,) = blocks("html", text_of("docs/how-to/quote-a-date.md"))
    script = text_of("src/omtanke/intake/quotes/quotes.js")
    said = re.findall(r"([a-z-]+)=[\"']", snippet.partition("<omtanke-quote")[2])
    assert said == ["key", "country", "postal-code", "language", "items"]
    assert [name for name in (*said, "service", "origin", "timezone") if f"'{name}'" not in script] == []
    assert all(name in script for name in ("static quoteId()", "KEPT = 'omtanke-quote'", "sessionStorage.setItem(KEPT"))


# The tutorial, from its own files to its own figures


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store that the tutorial's last part makes, under the name that other pages use."""
    here = tmp_path_factory.mktemp("tutorial")
    text = text_of("docs/tutorial.md")
    (here / "orders.csv").write_text(blocks("csv", text)[0], encoding="utf-8")
    (here / "orders.toml").write_text(blocks("toml", text)[0], encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        for words in commands(text):
            if words[0] == "import":
                assert cli.main([*words[:-1], "shop"] if words[-2] == "--data" else [word.replace("my-shop", "shop") for word in words]) == 0
    return here / "shop"


def test_tutorial_leads_to_what_it_says(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", "promises", "--data", str(shop), "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert {name: row[name] for name in ("promises", "kept", "exceeded", "broken", "withdrawn", "open")} == {
        "promises": 3,
        "kept": 0,
        "exceeded": 1,
        "broken": 1,
        "withdrawn": 0,
        "open": 1,
    }


def test_programs_of_page_run(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(shop.parent)
    programs = blocks("python", text_of("docs/how-to/read-the-log.md"))
    assert programs
    for program in programs:
        exec(compile(program, "docs/how-to/read-the-log.md", "exec"), {})
        assert capsys.readouterr().out.strip()


def test_statements_of_page_run(shop: Path) -> None:
    log = sqlite3.connect(f"file:{shop / 'log.db'}?mode=ro", uri=True)
    try:
        for statement in blocks("sql", text_of("docs/how-to/read-the-log.md")):
            assert log.execute(statement).fetchall()
    finally:
        log.close()
