"""`omtanke rights retention`: what leaves by the shop's own rule, and what has left."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from omtanke.settings import existing
from omtanke.vocabulary.refusal import CannotDo

if TYPE_CHECKING:
    from omtanke.engine.retention_policy import RetentionPolicy
    from omtanke.storage.condensing import Retained

    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]


def add_retention(kinds: Verbs, data: argparse.ArgumentParser) -> None:
    """The verb, within `rights`."""
    retention = kinds.add_parser("retention", parents=[data], help="how long history is kept by the policy, and what has left by that rule")
    retention.add_argument("--now", action="store_true", help="let what is old leave now, where nothing is running that would")
    retention.set_defaults(run=retention_command)


def retention_command(asked: argparse.Namespace) -> int:
    """0; 1 when somebody's history was kept back, which is tried again the next day."""
    from omtanke.folder import Folder

    folder = Folder(existing(asked.data))
    rule = folder.policy().retention
    for line in said(rule):
        print(line)
    if asked.now and rule.says_anything:
        run_worker(folder.path)
    log = folder.log()
    try:
        retained = log.retained()
    finally:
        log.close()
    print(came_to(retained))
    return int(bool(retained.kept_back))


def run_worker(data: Path) -> None:
    """A worker that ends when nothing is left to do. Raises CannotDo when one is at work already."""
    from omtanke.folder import Folder
    from omtanke.processes.erasing import is_at_work

    if is_at_work(Folder(data)):
        raise CannotDo("A worker is at work on this folder. It lets what is old leave by itself, once a day and soon after the rule has changed.")
    subprocess.run([sys.executable, "-m", "omtanke.cli", "run", "worker", "--data", str(data), "--until-idle"], check=True)


def said(rule: RetentionPolicy) -> list[str]:
    """The rule in words, a line for each part."""

    def kept(months: int) -> str:
        return f"{months} months" if months else "for ever"

    return [
        f"Texts, addresses and numbers are kept {kept(rule.texts_months)}.",
        f"Facts are kept {kept(rule.history_months)}.",
        f"Customers who are not heard of are kept {kept(rule.customers_months)}.",
    ]


def came_to(retained: Retained) -> str:
    """What has left, in words."""
    if not retained.at:
        return "Nothing has left yet."
    left = f"So far {retained.facts} facts and {retained.texts} texts have left, and {retained.customers} customers were to be erased."
    return f"{left} {retained.kept_back} were kept back the last time." if retained.kept_back else left
