"""`omtanke rights erase` and `receipts`: somebody is forgotten in every store, and what came of it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from omtanke.settings import existing

if TYPE_CHECKING:
    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

MOST_RECEIPTS = 1_000


def add_erasing(kinds: Verbs, data: argparse.ArgumentParser) -> None:
    """The two verbs, within `rights`."""
    erase = kinds.add_parser("erase", parents=[data], help="forget somebody in every store, and print the receipt")
    whom = erase.add_mutually_exclusive_group(required=True)
    whom.add_argument("--customer", type=int, help="by their number in the console")
    whom.add_argument("--user-id", help="by the id of their account at the shop")
    whom.add_argument("--email", help="by an e-mail address")
    erase.add_argument("--yes", action="store_true", help="do not ask again: what is erased cannot be brought back")
    erase.add_argument("--format", choices=("text", "json"), default="text", help="of the receipt")
    erase.set_defaults(run=erase_command)
    receipts = kinds.add_parser("receipts", parents=[data], help="every erasure, the latest first, with what went and what remains")
    receipts.add_argument("--format", choices=("text", "json"), default="text")
    receipts.set_defaults(run=receipts_command)


def erase_command(asked: argparse.Namespace) -> int:
    """0 when everything has been erased, 1 when it was not, or something remains that nobody can take out."""
    from omtanke.processes.erasing import erase_in, find_customer

    data: Path = existing(asked.data)
    customer = find_customer(data, asked.customer, asked.user_id, asked.email)
    if not asked.yes and not _is_sure(customer):
        print("Nothing has been erased.")
        return 1
    erasure = erase_in(data, customer)
    _say([erasure], asked.format)
    return 0 if erasure.status == "done" else 1


def _is_sure(customer: int) -> bool:
    return input(f"Everything personal of customer {customer} will be erased, and cannot be brought back. Type yes: ").strip().lower() == "yes"


def receipts_command(asked: argparse.Namespace) -> int:
    from omtanke.folder import Folder
    from omtanke.storage.erasing import Erasures

    log = Folder(existing(asked.data)).log()
    try:
        found = Erasures(log.connection).latest(MOST_RECEIPTS)
    finally:
        log.close()
    _say(found, asked.format)
    return 0


def _say(erasures: list, form: str) -> None:  # type: ignore[type-arg]
    from omtanke.runtime.receipts import receipt_data, receipt_text

    if form == "json":
        print(json.dumps([receipt_data(one) for one in erasures], indent=2))
    else:
        print("\n\n".join(map(receipt_text, erasures)) if erasures else "Nobody has been erased.")
