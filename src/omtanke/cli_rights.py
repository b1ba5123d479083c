"""`omtanke rights`: what customers have asked about their own data, for whoever has the folder in hand."""

from __future__ import annotations

import argparse
import secrets
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from omtanke.cli_erasing import add_erasing
from omtanke.cli_retention import add_retention
from omtanke.settings import existing
from omtanke.vocabulary.refusal import CannotDo
from omtanke.vocabulary.rights import OUTCOMES, RIGHTS

if TYPE_CHECKING:
    from omtanke.folder import Folder

    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]

WAIT_SECONDS = 5.0


def add_rights(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    """The verb `rights` with its own verbs."""
    rights = verbs.add_parser("rights", help="what customers ask about their own data: list, request, answer, export, erase, receipts, retention")
    kinds = rights.add_subparsers(dest="kind", required=True, metavar="WHAT")
    add_requests(kinds, data)
    add_export(kinds, data)
    add_erasing(kinds, data)
    add_retention(kinds, data)


def add_requests(kinds: Verbs, data: argparse.ArgumentParser) -> None:
    listed = kinds.add_parser("list", parents=[data], help="requests that wait for an answer, the soonest due first")
    listed.set_defaults(run=list_command)
    request = kinds.add_parser("request", parents=[data], help="take a request down; the month begins")
    add_whom(request)
    request.add_argument("--right", required=True, choices=tuple(RIGHTS), help="which right")
    request.add_argument("--reached", metavar="DATE", help="when it reached us, as 2026-11-21 (default: now)")
    request.add_argument("--text", default="", help="what was asked, in their own words")
    request.set_defaults(run=request_command)
    answer = kinds.add_parser("answer", parents=[data], help="say that a request has been answered")
    answer.add_argument("request", type=int, help="its number, as `rights list` shows it")
    answer.add_argument("--outcome", required=True, choices=OUTCOMES, help="what came of it")
    answer.add_argument("--words", default="", help="what we answered, and why it cannot be done where it cannot")
    answer.set_defaults(run=answer_command)


def add_export(kinds: Verbs, data: argparse.ArgumentParser) -> None:
    export = kinds.add_parser("export", parents=[data], help="everything we know about somebody: data.json and readable.html in a ZIP")
    add_whom(export)
    export.add_argument("--out", type=Path, metavar="FILE", help="where a copy goes (default: it lies in the folder `exports` of the data folder)")
    export.add_argument("--staff", type=int, default=0, help="who asks for it, by their number in the console")
    export.set_defaults(run=export_command)


def add_whom(parser: argparse.ArgumentParser) -> None:
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--customer", type=int, metavar="N", help="whom, by our number")
    whom.add_argument("--user-id", metavar="ID", help="whom, by the shop's own id")
    whom.add_argument("--email", help="whom, by e-mail address")


def person_of(folder: Folder, asked: argparse.Namespace) -> int:
    """The person who is meant. Raises CannotDo."""
    from omtanke.storage.pages import Pages

    pages = Pages(folder.path)
    try:
        if asked.customer is not None:
            leads = pages.person_of(asked.customer)
            found = [leads[0]] if leads and leads[1] != "subject" else []
        else:
            kind, value = ("user_id", asked.user_id) if asked.user_id else ("email", asked.email)
            found = pages.by_identifier([folder.keys.identifier_key(kind, value)])
    finally:
        pages.close()
    if not found:
        raise CannotDo("We know nobody by that number, id or address.")
    return found[0]


def opened(data: Path) -> Folder:
    """The data folder, which has to be there. Raises CannotDo."""
    from omtanke.folder import Folder

    folder = Folder(existing(data))
    folder.log().close()
    return folder


def list_command(asked: argparse.Namespace) -> int:
    from omtanke.storage.pages import Pages
    from omtanke.storage.rights import RightsPages
    from omtanke.vocabulary.time import datetime_of, zone_named

    pages = Pages(opened(asked.data).path)
    try:
        found = RightsPages(pages).open_requests()
    finally:
        pages.close()
    for one in found:
        print(f"{one.promise}  {one.right:<14} customer {one.person}  answer by {datetime_of(one.until_at - 1, zone_named(one.zone)):%Y-%m-%d}")
    if not found:
        print("Nobody waits for an answer.")
    return 0


def request_command(asked: argparse.Namespace) -> int:
    from omtanke.vocabulary.rights import RightsRequested

    folder = opened(asked.data)
    said = {"right": asked.right, "text": asked.text, "reached": asked.reached}
    return put(folder, RightsRequested, person_of(folder, asked), {name: value for name, value in said.items() if value})


def answer_command(asked: argparse.Namespace) -> int:
    from omtanke.storage.pages import Pages
    from omtanke.storage.rights import RightsPages
    from omtanke.vocabulary.rights import RightsAnswered

    folder = opened(asked.data)
    pages = Pages(folder.path)
    try:
        request = RightsPages(pages).request(asked.request)
    finally:
        pages.close()
    if request is None:
        raise CannotDo(f"{asked.request} is not the number of a request; `omtanke rights list` shows them.")
    return put(folder, RightsAnswered, request.customer, {"promise": asked.request, "outcome": asked.outcome, "words": asked.words})


def put(folder: Folder, event: type, customer: int, said: dict[str, object]) -> int:
    """Into the inbox, and on to the log, by the worker that runs or by one of our own. Raises CannotDo when it is refused there."""
    from omtanke.flow import LakeFlow
    from omtanke.processes.worker import run
    from omtanke.runtime.own_sources import CONSOLE, OwnSource, wait_until
    from omtanke.storage.pages import Pages

    inbox, log, settings = folder.inbox(), folder.log(), folder.settings
    try:
        source = OwnSource(inbox, CONSOLE, settings.zone, settings.currency, folder.clock)
        entry = source.put(event, f"command:{secrets.token_urlsafe(12)}", customer, said, touchpoint="command")
        if not wait_until(log.consumed, entry, 0):
            run(folder.path, LakeFlow, ends_when_idle=True)
        done = wait_until(log.consumed, entry, WAIT_SECONDS)
    finally:
        inbox.close()
        log.close()
    pages = Pages(folder.path)
    try:
        refused = pages.refused(entry) if done else ""
    finally:
        pages.close()
    if refused:
        raise CannotDo(f"It was refused, and is not on record: {refused}.")
    print("It is on record." if done else "It is durable, and will be on record as soon as the worker has come to it.")
    return 0


def export_command(asked: argparse.Namespace) -> int:
    from omtanke.web.app import migrate

    folder = opened(asked.data)
    person = person_of(folder, asked)
    migrate(folder.path)
    from omtanke.web.accounts.models import Staff
    from omtanke.web.console.rights.making import make_export

    made = make_export(folder, person, Staff.objects.filter(pk=asked.staff).first())
    if asked.out is not None:
        shutil.copyfile(made, asked.out)
        asked.out.chmod(0o600)
    print(asked.out or made)
    print("Look through it before you hand it over: what others have written about themselves is not theirs to give.", file=sys.stderr)
    return 0
