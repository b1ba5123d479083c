"""Every command, with its options and examples."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from omtanke.cli import build_parser
from omtanke.reference.markdown import code, page, table
from omtanke.reference.meanings import ARGUMENTS, COMMANDS


def commands_page() -> str:
    """The page."""
    return page("Commands", opening(), *(command_part(name, parser, text) for name, parser, text in commands()))


def opening() -> Iterator[str]:
    yield "`omtanke VERB --help` says the same on the spot. Exit status: 0 it holds, 1 it did not (rows were refused, something differs), 2"
    yield "wrong call, 130 stopped by Ctrl-C. Every command that works on a data folder takes `--data`."


def commands() -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """(name, parser, what it is for) of every command that can be run, subcommands by their whole name."""
    yield from inside(build_parser(), "")


def inside(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for word, sub in action.choices.items():
                whole = f"{name} {word}".strip()
                deeper = list(inside(sub, whole))
                yield from deeper or [(whole, sub, helps[word])]


def arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in parser._actions if not isinstance(action, argparse._HelpAction)]


def command_part(name: str, parser: argparse.ArgumentParser, text: str) -> Iterator[str]:
    yield f"## omtanke {name}"
    yield ""
    yield text[0].upper() + text[1:] + "."
    yield ""
    yield from table(("argument", "meaning"), ((written(action), meaning(action)) for action in arguments(parser)))
    yield ""
    yield "```console"
    for example, note in COMMANDS[name]:
        yield f"$ {example}" + (f"    # {note}" if note else "")
    yield "```"


def written(action: argparse.Action) -> str:
    if not action.option_strings:
        return code(action.metavar or action.dest.upper())
    choices = "|".join(map(str, action.choices or ()))
    word = "" if action.nargs == 0 else f" {action.metavar or choices or action.dest.upper()}"
    return ", ".join(code(option + word) for option in action.option_strings)


def meaning(action: argparse.Action) -> str:
    """The parser's own words, and what it leaves to the reader."""
    text = action.help or ARGUMENTS.get(action.dest, "")
    if not text and action.choices:
        text = "how the answer is written"
    if action.choices:
        text += f": {', '.join(map(str, action.choices))}"
    if isinstance(action.default, str) and "default" not in text:
        text += f" (default {action.default})"
    return text + (" (required)" if action.required and action.option_strings else "")
