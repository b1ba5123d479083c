"""`omtanke doctor` and `omtanke retry`: for whoever runs the shop's Omtanke."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, TypeAlias

from omtanke.settings import existing

if TYPE_CHECKING:
    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]


def add_operation(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    """What is looked at, and what is mended."""
    doctor = verbs.add_parser("doctor", parents=[data], help="say what is wrong here and what to do; reads only, and may run beside everything else")
    doctor.add_argument("--thorough", action="store_true", help="read databases through, however long it takes")
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.set_defaults(run=doctor_command)
    retry = verbs.add_parser("retry", parents=[data], help="try customers again at whom we have failed, and who are set aside")
    whom = retry.add_mutually_exclusive_group(required=True)
    whom.add_argument("--customer", type=int, action="append", metavar="N", help="by their number in the console; may be given several times")
    whom.add_argument("--all", action="store_true", help="everybody who is set aside")
    whom.add_argument("--list", action="store_true", help="say who is set aside and why, and try nobody")
    retry.set_defaults(run=retry_command)


def doctor_command(asked: argparse.Namespace) -> int:
    """0 when nothing is wrong, 1 when something is."""
    from omtanke.processes.doctor import as_data, as_text, examine

    data = existing(asked.data)
    examined = examine(data, asked.thorough)
    print(json.dumps(as_data(data, examined), indent=2) if asked.json else "\n".join(as_text(data, examined)))
    return 0 if examined.is_well else 1


def retry_command(asked: argparse.Namespace) -> int:
    """0 when nobody of those is set aside any more, 1 when somebody is."""
    from omtanke.processes.retrying import set_aside, try_again

    data = existing(asked.data)
    left = set_aside(data) if asked.list else try_again(data, asked.customer or ())
    for one in left:
        print(f"customer {one.person}: {one.waiting:,} waiting, failed {one.tries} times, last on {one.type}: {one.fault}")
    if not left:
        print("Nobody is set aside." if asked.list else "All of them are back; what waited is on record.")
    return 1 if left else 0
