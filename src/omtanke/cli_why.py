"""`omtanke why`: for one person, why something was said, waits, was not said, or why a play did not begin."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from omtanke.settings import existing
from omtanke.vocabulary.refusal import CannotDo

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from omtanke.folder import Folder
    from omtanke.runtime.explaining import Why

    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]


def add_why(verbs: Verbs, data: argparse.ArgumentParser) -> None:
    """The verb."""
    why = verbs.add_parser("why", parents=[data], help="why something was said to a person, waits, or was not said: rule, version, facts and moment")
    why.add_argument("person", metavar="PERSON", help="our number of the customer, an e-mail address, or the shop's own id")
    why.add_argument("--play", metavar="PLAY", help="about one play, by its name")
    why.add_argument("--format", choices=("text", "json"), default="text", help="of the answer")
    why.set_defaults(run=why_command)


def why_command(asked: argparse.Namespace) -> int:
    """0, also when there is nothing to say."""
    from omtanke.folder import Folder
    from omtanke.runtime.explaining import why
    from omtanke.vocabulary.time import zone_named

    folder = Folder(existing(asked.data))
    person = person_called(folder, asked.person)
    log = folder.log()
    try:
        found = why(log, person, asked.play or "")
    finally:
        log.close()
    if asked.format == "json":
        from msgspec import structs

        print(json.dumps([structs.asdict(one) for one in found], ensure_ascii=False, indent=2))
        return 0
    zone = zone_named(folder.settings.zone)
    print("\n".join(said(one, zone) for one in found) or _nothing(folder.path, asked.play))
    return 0


def person_called(folder: Folder, name: str) -> int:
    """The person who is meant. Raises CannotDo."""
    from omtanke.storage.pages import Pages

    pages = Pages(folder.path)
    try:
        if name.isdecimal() and (leads := pages.person_of(int(name))) and leads[1] != "subject":
            return leads[0]
        kind = "email" if "@" in name else "user_id"
        found = pages.by_identifier([folder.keys.identifier_key(kind, name)])
    finally:
        pages.close()
    if not found:
        raise CannotDo(f"We know nobody called {name!r}: neither by our number, by e-mail address nor by the shop's own id.")
    return found[0]


def said(one: Why, zone: ZoneInfo) -> str:
    """2026-11-24 08:00  remembered_cart  message deferred (until 2026-11-25 08:00): why [quiet_hours], policy 2, fact 4711, by cart_left."""
    from omtanke.vocabulary.time import datetime_of

    def moment(at: int) -> str:
        return f"{datetime_of(at, zone):%Y-%m-%d %H:%M}"

    details = ", ".join(part for part in (one.channel, f"until {moment(one.until_at)}" if one.until_at else "") if part)
    line = f"{moment(one.at)}  {one.play or '–':<20} {one.what.replace('_', ' ')}" + (f" ({details})" if details else "")
    if one.reason:
        line += f": {one.means} [{one.reason}]"
    rests = f", by {', '.join(one.because)}" if one.because else ""
    return line + (f"; policy {one.policy}" if one.policy else "") + f", fact {one.position}{rests}"


def _nothing(data: Path, play: str | None) -> str:
    if not (data / "playbook").is_dir():
        return "No play is at work in this shop: it has no playbook. omtanke playbook write puts the shipped one there."
    return f"Nothing has happened that the play {play!r} is about." if play else "Nothing has happened that a play is about."
