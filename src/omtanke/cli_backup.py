"""`omtanke backup`, `omtanke restore` and `omtanke move`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from omtanke.progress import ProgressLine
from omtanke.settings import existing

if TYPE_CHECKING:
    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]


def add_backup(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    """The three verbs."""
    backup = verbs.add_parser("backup", parents=[data], help="a copy of the data folder, made while everything runs")
    backup.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where back-ups lie; each becomes a folder of its own there")
    backup.add_argument("--keep-days", type=int, default=30, help="after so many days it is deleted (default 30)")
    backup.add_argument("--prune", action="store_true", help="make none; only delete those that are past their date")
    backup.set_defaults(run=backup_command)
    restore = verbs.add_parser("restore", parents=[data], help="put a back-up in the place of a data folder, and erase again whoever has been erased since")
    restore.add_argument("--from", dest="source", type=Path, required=True, metavar="BACKUP", help="the back-up, a folder")
    restore.add_argument("--over", action="store_true", help="replace what lies in the data folder now, and delete it")
    restore.set_defaults(run=restore_command)
    move = verbs.add_parser("move", parents=[data], help="take a shop from the files of its folder into PostgreSQL; it stands still meanwhile")
    move.add_argument("--to", required=True, metavar="URL", help="an empty database, as in postgresql://omtanke@db.example/shop")
    move.set_defaults(run=move_command)


def backup_command(asked: argparse.Namespace) -> int:
    from omtanke.processes.backing_up import back_up, prune_alone
    from omtanke.runtime.receipts import moment

    data = existing(asked.data)
    if asked.prune:
        gone = prune_alone(data, asked.to)
        print("\n".join(f"Deleted {folder}." for folder in gone) or "No back-up is past its date.")
        return 0
    with ProgressLine() as line:
        made = back_up(data, asked.to, asked.keep_days, line)
    print(f"{made.folder}, to be kept until {moment(made.keep_until)}. The store's key is in it: keep it as safe as the data folder.")
    return 0


def restore_command(asked: argparse.Namespace) -> int:
    from omtanke.processes.restoring import restore

    with ProgressLine() as line:
        erased = restore(asked.source, asked.data, asked.over, line)
    again = f" {erased:,} who had been erased since were erased again." if erased else ""
    print(f"{asked.data} is as it was when the back-up was made.{again} `omtanke replay --check` says whether all holds.")
    return 0


def move_command(asked: argparse.Namespace) -> int:
    from omtanke.processes.moving import move

    with ProgressLine() as line:
        facts = move(asked.data, asked.to, line)
    print(f"{facts:,} facts and all that belongs to them stand in PostgreSQL, compared row by row. {asked.data / 'omtanke.toml'} names it from now on.")
    print(f"The files lie in {asked.data / 'before-move'}; delete them when `omtanke replay --check` finds that all holds.")
    return 0
