"""`omtanke message`: what customers get, looked through and looked at before anybody gets it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from omtanke.messages.languages import LANGUAGES
from omtanke.vocabulary.refusal import CannotDo

if TYPE_CHECKING:
    from omtanke.messages.checking import Draft
    from omtanke.messages.findings import Finding
    from omtanke.messages.folder import Messages

    Verbs: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]


def add_messages(verbs: Verbs) -> None:
    """The verb and what it can do."""
    message = verbs.add_parser("message", help="messages to customers: look them through, and see what they look like")
    doings = message.add_subparsers(dest="doing", required=True, metavar="DOING")
    check = doings.add_parser("check", help="say what is wrong with messages, or with any text to a customer")
    check.add_argument(
        "path", type=Path, nargs="?", metavar="FOLDER|FILE", help="a folder of messages, one message, or a text (default: the messages that Omtanke brings)"
    )
    check.add_argument("--language", choices=LANGUAGES, help="of a text whose name does not say it, as letter.sv.txt does")
    check.add_argument("--format", choices=("text", "json"), default="text", help="of the findings")
    check.set_defaults(run=check_command)
    show = doings.add_parser("show", help="a message as an example customer gets it")
    show.add_argument("name", metavar="NAME", help="the message, by the name of its folder")
    show.add_argument("--messages", type=Path, metavar="FOLDER", help="where it lies (default: the messages that Omtanke brings)")
    show.add_argument("--language", choices=LANGUAGES, default="sv", help="in which language")
    show.add_argument("--out", type=Path, metavar="FILE", help="where the mail goes, as HTML; the rest is printed")
    show.set_defaults(run=show_command)


def check_command(asked: argparse.Namespace) -> int:
    """0 when nothing is an error, 1 when something is."""
    from omtanke.messages.checking import is_error

    found = findings_at(asked.path, asked.language)
    if asked.format == "json":
        print(json.dumps([{name: getattr(one, name) for name in one.__struct_fields__} for one in found], ensure_ascii=False, indent=2))
    else:
        print("\n".join([*map(str, found), counted(found)]))
    return 1 if any(map(is_error, found)) else 0


def counted(found: Sequence[Finding]) -> str:
    errors = sum(one.severity == "error" for one in found)
    advice = len(found) - errors
    told = [f"{errors:,} error{'s' if errors > 1 else ''}"] * bool(errors) + [f"{advice:,} piece{'s' if advice > 1 else ''} of advice"] * bool(advice)
    return ", ".join(told) + "." if told else "Nothing to change."


def findings_at(path: Path | None, language: str | None) -> list[Finding]:
    """What is wrong with what lies there."""
    from omtanke.messages.checking import check_message
    from omtanke.messages.checking_folder import check_messages, check_one
    from omtanke.messages.folder import SETTINGS, read_layout, read_message

    if path is not None and path.is_file():
        return check_message(draft_of(path, language))
    if path is not None and (path / SETTINGS).exists():
        message, faults = read_message(path)
        layout = read_layout(path.parent / "layout", "layout")
        return sorted({*faults, *(check_one(message, layout) if message else ())})
    return check_messages(messages_at(path))


def draft_of(path: Path, language: str | None) -> Draft:
    """A file of a message by its name, mail.sv.mjml; any other is what a colleague has written."""
    from omtanke.messages.checking import Draft

    form, _point, rest = path.name.partition(".")
    named = next((one for one in LANGUAGES if f".{one}." in path.name), language)
    if named is None:
        raise CannotDo(f"{path.name} does not say in which language it is. Call it {path.stem}.sv{path.suffix or '.txt'}, or say --language.")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CannotDo(f"{path} is not UTF-8. Save it as UTF-8.") from error
    forms = {"mail": "mjml", "text": "txt", "sms": "txt"}
    is_part = forms.get(form) is not None and rest.endswith(forms[form])
    return Draft(text=text, language=named, form=form if is_part else "note", file=str(path), signed=form != "sms", ends=True)


def messages_at(folder: Path | None) -> Messages:
    from omtanke.messages.folder import read_messages, shipped_messages

    if folder is None:
        return shipped_messages()
    if not folder.is_dir():
        raise CannotDo(f"{folder} is not there. Give a folder of messages, as messages/.")
    found = read_messages(folder)
    if not found.by_name and not found.findings:
        raise CannotDo(f"There is no message in {folder}. A message is a folder with message.toml in it.")
    return found


def show_command(asked: argparse.Namespace) -> int:
    """0 when it could be made, 1 when it could not."""
    from omtanke.messages.example import NOW, example
    from omtanke.messages.findings import CannotRender
    from omtanke.messages.rendering import render

    messages = messages_at(asked.messages)
    message = messages.by_name.get(asked.name)
    if message is None:
        raise CannotDo(f"There is no message {asked.name}. There are {', '.join(messages.by_name)}.")
    try:
        made = render(message, messages.layout, asked.language, example(asked.language, asked.name), NOW)
    except CannotRender as cannot:
        print(cannot)
        return 1
    if asked.out:
        asked.out.write_text(made.html, encoding="utf-8")
    print(f"{made.subject}\n{made.preheader}\n\n{made.text}")
    if made.sms:
        print(f"SMS ({made.sms.segments}): {made.sms.text}\n")
    for one in made.stated:
        print(f"States {one.kind} {one.id}: {one.words}")
    return 0
