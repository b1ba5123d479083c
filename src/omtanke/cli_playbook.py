"""`omtanke playbook`: the plays of a shop and its messages, checked; the plays listed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import structs

if TYPE_CHECKING:
    from omtanke.engine.plays.play import Play

    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]


def add_playbook(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    """The verb and what it can do."""
    playbook = verbs.add_parser("playbook", help="what we do for a customer when something happens: the plays, as files")
    doings = playbook.add_subparsers(dest="doing", required=True, metavar="DOING")
    check = doings.add_parser("check", parents=[data], help="everything that is wrong with the plays and the messages, each with file and line")
    check.set_defaults(run=check_command)
    listed = doings.add_parser("list", parents=[data], help="the plays: what lets a person in, and what they do")
    listed.set_defaults(run=list_command)
    written = doings.add_parser("write", parents=[data], help="the shipped plays and messages as files of yours, to change and to keep in git")
    written.set_defaults(run=write_command)
    written.add_argument("--folder", type=Path, metavar="FOLDER", help="where they go (default: playbook/ in the data folder)")
    for doing in (check, listed):
        doing.add_argument(
            "--folder", type=Path, metavar="FOLDER", help="a playbook that stands elsewhere (default: playbook/ in the data folder, else the shipped one)"
        )
        doing.add_argument("--format", choices=("text", "json"), default="text", help="of the answer")


def check_command(asked: argparse.Namespace) -> int:
    """0; 1 when something is wrong."""
    from omtanke.cli_messages import counted
    from omtanke.messages.checking import is_error
    from omtanke.messages.checking_folder import check_messages
    from omtanke.playbook import check, own_messages

    folder, units = _place(asked)
    findings, messages = check(folder, units), own_messages(folder)
    about = check_messages(messages) if messages else []
    if asked.format == "json":
        faults = [{"file": one.file, "line": one.line, "key": one.key, "says": one.says} for one in findings]
        print(json.dumps({"faults": faults, "messages": [structs.asdict(one) for one in about]}, ensure_ascii=False, indent=2))
    else:
        print("\n".join([*map(str, findings), _count(len(findings)), *map(str, about), *([f"Messages: {counted(about)}"] if messages else [])]))
    return int(bool(findings) or any(map(is_error, about)))


def list_command(asked: argparse.Namespace) -> int:
    """0; 1 when something is wrong, so that there is nothing to list."""
    from omtanke.engine.finding import PlaybookFaults
    from omtanke.playbook import read

    try:
        playbook = read(*_place(asked))
    except PlaybookFaults as faults:
        print(f"{faults}\n{_count(len(faults.findings))}")
        return 1
    plays = list(playbook.plays.values())
    if asked.format == "json":
        print(json.dumps([_as_data(play) for play in plays], ensure_ascii=False, indent=2))
    else:
        for play in plays:
            print(f"{play.name:<24} {play.class_:<14} by {play.entry.fact}, once for {_once(play)}; {_steps(play)}")
    return 0


def write_command(asked: argparse.Namespace) -> int:
    """0 when they are there."""
    from omtanke.playbook import write_shipped
    from omtanke.settings import existing

    folder = asked.folder or existing(asked.data) / "playbook"
    print(f"{write_shipped(folder)} files in {folder}. From now on its plays are the shop's: omtanke playbook check")
    return 0


def _place(asked: argparse.Namespace) -> tuple[Path | None, frozenset[str] | None]:
    """The folder of the playbook, and the units that its tasks may go to: with a data folder the policy says so."""
    from omtanke.playbook import playbook_of, units_of

    if asked.folder is not None:
        return asked.folder, None
    from omtanke.folder import Folder
    from omtanke.settings import existing

    data = existing(asked.data)
    return playbook_of(data), units_of(Folder(data).policy())


def _as_data(play: Play) -> dict[str, object]:
    from omtanke.engine.plays.play import to_wire

    return {**json.loads(to_wire(play)), "version": play.digest}


def _count(faults: int) -> str:
    return f"{faults} fault{'s' if faults > 1 else ''}." if faults else "No faults."


def _once(play: Play) -> str:
    """What the re-entry rule comes to, in words."""
    from omtanke.engine.plays.play import AFTER, EACH_TIME
    from omtanke.vocabulary.time import DAY

    if play.again.rule == EACH_TIME:
        return f"each fact about a {play.key}" if play.key != "person" else "each fact"
    return f"a {play.key}" + (f" in {play.again.span / DAY:g} days" if play.again.rule == AFTER else "")


def _steps(play: Play) -> str:
    names = [step.__struct_config__.tag for step in play.steps]
    return ", ".join(str(name) for name in names)
